"""The ear as Rasa graph components: ``MentionExtractor`` and ``RedFlagGuard``."""

from __future__ import annotations

import logging
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.clinical.mentions import Mention

from . import understand
from .intents import FALLBACK, decided, is_question

logger = logging.getLogger(__name__)
_LONGEST = 4_000


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False)
class MentionExtractor(GraphComponent):
    """Adds what ``understand`` hears in a message as entities; the assertion is the entity's role."""

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> MentionExtractor:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT) or ""
            # Channels cap the length; a longer text that comes by another way must not block everybody.
            heard = [mention.to_entity() for mention in understand(text[:_LONGEST])]
            message.set(ENTITIES, [*message.get(ENTITIES, []), *heard], add_to_output=True)
        return messages


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=False)
class RedFlagGuard(GraphComponent):
    """Lets the words overrule the intent classifier; never relies on it for an emergency.

    ``fallback_threshold``: below this confidence the classifier's guess is ``nlu_fallback``.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"fallback_threshold": 0.3}

    def __init__(self, threshold: float) -> None:
        self._threshold = threshold

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> RedFlagGuard:
        return cls(float(config["fallback_threshold"]))

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            self._guard(message)
        return messages

    def _guard(self, message: Message) -> None:
        text = message.get(TEXT) or ""
        guess = message.get(INTENT) or {}
        name, confidence = guess.get(INTENT_NAME_KEY) or "", guess.get(PREDICTED_CONFIDENCE_KEY) or 0.0
        mentions = [Mention.from_entity(e) for e in message.get(ENTITIES, []) if e.get("extractor") == "MentionExtractor"]
        asks = name.startswith("ask_") and is_question(text)
        intent = decided(text[:_LONGEST], mentions, name, asks)
        if intent:
            _set_intent(message, intent, 1.0)
        elif confidence < self._threshold:
            _set_intent(message, FALLBACK, 1.0 - confidence)


def _set_intent(message: Message, name: str, confidence: float) -> None:
    chosen = {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: confidence}
    message.set(INTENT, chosen, add_to_output=True)
    ranking = [other for other in message.get(INTENT_RANKING_KEY, []) if other.get(INTENT_NAME_KEY) != name]
    message.set(INTENT_RANKING_KEY, [chosen, *ranking], add_to_output=True)
