"""The ear inside Rasa: graph components on real messages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.clinical.mentions import Mention
from bot.nlu.components import LightIntentClassifier, MentionExtractor, RedFlagGuard

EXAMPLES = [
    Message.build(text, intent)
    for intent, texts in {
        "greet": ["hello", "good morning", "hi there"],
        "ask_ho_xray": ["what does an x-ray show", "does an x-ray show it", "is an x-ray enough"],
        "forget_me": ["delete my data", "forget what i said", "erase all of it"],
    }.items()
    for text in texts
]


@pytest.fixture
def classifier(tmp_path: Path) -> LightIntentClassifier:
    storage, resource = LocalModelStorage(tmp_path), Resource("intents")
    LightIntentClassifier.create({}, storage, resource, None).train(TrainingData(EXAMPLES))
    return LightIntentClassifier.load({}, storage, resource, None)


def _parsed(classifier: LightIntentClassifier, text: str) -> dict[str, Any]:
    message = Message.build(text)
    guard = RedFlagGuard.create({"fallback_threshold": 0.5}, None, None, None)
    for component in (classifier, MentionExtractor.create({}, None, None, None), guard):
        component.process([message])
    return message.as_dict(only_output_properties=True)


def test_a_trained_and_loaded_classifier_knows_its_intents(classifier: LightIntentClassifier) -> None:
    assert _parsed(classifier, "does the x-ray show it")["intent"]["name"] == "ask_ho_xray"


def test_the_assertion_of_a_mention_is_the_role_of_its_entity(classifier: LightIntentClassifier) -> None:
    entities = _parsed(classifier, "knee is swollen but no fever")["entities"]
    roles = {e["value"]: e["role"] for e in entities if e["entity"] == "symptom"}
    assert roles == {"swelling": "present", "fever": "absent"}


def test_an_emergency_is_inform_with_full_confidence(classifier: LightIntentClassifier) -> None:
    assert _parsed(classifier, "hello i have chest pain and cant breathe")["intent"] == {
        "name": "inform",
        "confidence": 1.0,
    }


def test_a_guess_without_confidence_falls_back(classifier: LightIntentClassifier) -> None:
    assert _parsed(classifier, "purple elephants sing")["intent"]["name"] == "nlu_fallback"


def _entities(guessed: str, confidence: float, vote: str = "emergency_words") -> list[str]:
    """The values of the entities that are left after the guard, beside a vote of the second ear."""
    message = Message.build("it is all too much for me")
    message.set("intent", {"name": guessed, "confidence": confidence})
    message.set("entities", [Mention("symptom", vote).to_entity()])
    RedFlagGuard.create({}, None, None, None).process([message])
    return [message.get("intent")["name"], *[entity["value"] for entity in message.get("entities")]]


def test_a_vote_of_the_second_ear_does_not_count_beside_distress() -> None:
    assert _entities("distress", 0.9) == ["distress"]


def test_a_vote_of_the_second_ear_counts_beside_an_unsure_guess_at_distress() -> None:
    assert _entities("distress", 0.2) == ["inform", "emergency_words"]


def test_a_sign_that_the_rules_heard_counts_beside_distress() -> None:
    assert _entities("distress", 0.9, "chest_pain") == ["inform", "chest_pain"]


def test_a_short_answer_needs_no_training(classifier: LightIntentClassifier) -> None:
    assert _parsed(classifier, "nope")["intent"]["name"] == "deny"


def test_a_yes_or_no_before_more_is_an_answer(classifier: LightIntentClassifier) -> None:
    entities = _parsed(classifier, "no, my leg is swollen")["entities"]
    assert [e["value"] for e in entities if e["entity"] == "answer"] == ["no"]


def test_nothing_is_reported_as_not_understood_in_a_command(classifier: LightIntentClassifier) -> None:
    parsed = _parsed(classifier, "please delete all my data now")
    assert not [e for e in parsed["entities"] if e["entity"] == "not_understood"]


def test_an_empty_message_falls_back(classifier: LightIntentClassifier) -> None:
    assert _parsed(classifier, "")["intent"]["name"] == "nlu_fallback"
