"""The light intent classifier."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.nlu.intent_model import IntentModel

EXAMPLES = {
    "greet": ["hello there", "good morning", "hi friend"],
    "goodbye": ["bye now", "see you later", "good night"],
    "ask_xray": ["what does an x-ray show", "will an x-ray see it", "is an x-ray enough"],
}


def _model(intents: tuple[str, ...] = tuple(EXAMPLES)) -> IntentModel:
    pairs = [(text, intent) for intent in intents for text in EXAMPLES[intent]]
    return IntentModel.trained([text for text, _ in pairs], [intent for _, intent in pairs])


def test_an_unseen_wording_is_given_its_intent() -> None:
    assert _model().rank("does the x-ray show it")[0][0] == "ask_xray"


def test_confidences_are_shares_of_one() -> None:
    ranking = _model().rank("hello")
    assert sum(share for _, share in ranking) == pytest.approx(1.0)
    assert [share for _, share in ranking] == sorted((share for _, share in ranking), reverse=True)


def test_two_intents_are_enough() -> None:
    assert _model(("greet", "goodbye")).rank("good morning to you")[0][0] == "greet"


def test_a_saved_model_ranks_as_before(tmp_path: Path) -> None:
    model = _model()
    model.save(tmp_path)
    assert IntentModel.load(tmp_path).rank("hi, an x-ray?") == model.rank("hi, an x-ray?")


def test_a_model_file_holds_no_pickle(tmp_path: Path) -> None:
    _model().save(tmp_path)
    assert {path.suffix for path in tmp_path.iterdir()} == {".json", ".npz"}
