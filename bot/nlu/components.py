"""The ear as Rasa graph components: the intents' classifier, the mentions, and the guard over both."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import (
    ENTITIES,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.clinical.mentions import Mention

from . import understand
from .intent_model import IntentModel
from .intents import CORRECT, FALLBACK, INFORM, Thresholds, is_emergency, overheard, settled

_TYPES = DefaultV1Recipe.ComponentType
_EXTRACTOR = "MentionExtractor"
#: Channels cap the length at less; a longer text that comes by another way must not block everybody.
_LONGEST = 4_000
_RANKED = 5
#: Intents that tell something of the case; only beside these is it worth showing what was not followed.
_TELLING = frozenset({INFORM, CORRECT, FALLBACK})


def _text(message: Message) -> str:
    return str(message.get(TEXT) or "")[:_LONGEST]


@DefaultV1Recipe.register([_TYPES.INTENT_CLASSIFIER], is_trainable=True)
class LightIntentClassifier(GraphComponent):
    """Guesses the intent with ``bot.nlu.intent_model``."""

    def __init__(self, storage: ModelStorage, resource: Resource, model: IntentModel | None = None) -> None:
        self._storage, self._resource, self._model = storage, resource, model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LightIntentClassifier:
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LightIntentClassifier:
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, IntentModel.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        examples = [e for e in training_data.intent_examples if e.get(TEXT)]
        self._model = IntentModel.trained([_text(e) for e in examples], [e.get(INTENT) for e in examples])
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            ranked = self._model.rank(_text(message))[:_RANKED] if self._model and _text(message) else []
            ranking = [_intent(name, confidence) for name, confidence in ranked]
            message.set(INTENT, ranking[0] if ranking else _intent("", 0.0), add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages


@DefaultV1Recipe.register([_TYPES.ENTITY_EXTRACTOR], is_trainable=False)
class MentionExtractor(GraphComponent):
    """Adds what ``understand`` hears in a message as entities; the assertion is the entity's role.

    A "yes" or "no" that opens a longer message ("no, but my leg is swollen") is an ``answer``.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MentionExtractor:
        understand("hello")  # builds the pipeline now, so that the first message does not wait for it
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            heard = [mention.to_entity() for mention in understand(_text(message))]
            message.set(ENTITIES, [*message.get(ENTITIES, []), *heard], add_to_output=True)
        return messages


@DefaultV1Recipe.register([_TYPES.INTENT_CLASSIFIER], is_trainable=False)
class RedFlagGuard(GraphComponent):
    """Lets the words overrule the intent classifier, which is never relied on for an emergency.

    ``fallback_threshold``: a guess with less confidence (0 to 1) becomes ``nlu_fallback``;
    ``weighty_threshold``: the same for intents that agree to something or end it.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"fallback_threshold": 0.08, "weighty_threshold": 0.15}

    def __init__(self, thresholds: Thresholds) -> None:
        self._thresholds = thresholds

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RedFlagGuard:
        is_emergency(())  # reads the knowledge now, so that the first message does not wait for it
        both = {**cls.get_default_config(), **config}
        return cls(Thresholds(float(both["fallback_threshold"]), float(both["weighty_threshold"])))

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            self._guard(message)
        return messages

    def _guard(self, message: Message) -> None:
        guess = message.get(INTENT) or {}
        name, confidence = guess.get(INTENT_NAME_KEY) or "", guess.get(PREDICTED_CONFIDENCE_KEY) or 0.0
        _drop(message, "value", overheard(name, confidence))
        heard = [e for e in message.get(ENTITIES, []) if e.get("extractor") == _EXTRACTOR]
        mentions = [Mention.from_entity(e) for e in heard]
        intent = settled(_text(message), mentions, name, confidence, self._thresholds)
        if intent == FALLBACK:
            _set_intent(message, FALLBACK, 1.0 - confidence)
        elif intent != name:
            _set_intent(message, intent, 1.0)
        if (message.get(INTENT) or {}).get(INTENT_NAME_KEY) not in _TELLING:
            # A command or a question about HO was followed, although it says nothing of the case.
            _drop(message, "entity", frozenset({"not_understood"}))


def _drop(message: Message, key: str, values: frozenset[str]) -> None:
    """Take out the entities that have one of ``values`` under ``key``."""
    entities = message.get(ENTITIES, [])
    kept = [entity for entity in entities if entity.get(key) not in values]
    if len(kept) < len(entities):
        message.set(ENTITIES, kept, add_to_output=True)


def _intent(name: str, confidence: float) -> dict[str, Any]:
    return {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: confidence}


def _set_intent(message: Message, name: str, confidence: float) -> None:
    chosen = _intent(name, confidence)
    ranking = [other for other in message.get(INTENT_RANKING_KEY, []) if other.get(INTENT_NAME_KEY) != name]
    message.set(INTENT, chosen, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [chosen, *ranking], add_to_output=True)
