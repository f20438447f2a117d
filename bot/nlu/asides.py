"""What outranks the intent of a message: despair, mere politeness, exact commands, other languages.

Runs after the guard of ``bot.nlu.components``, so that nothing can take back what is heard here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.clinical.mentions import Mention

from .changing import CHANGE, NOTHING, asked_change, leaves_it, means_another, was_another
from .intents import CORRECT, EMERGENCY, INFORM, is_question, normal
from .patterns import PatternSet
from .pipeline import language
from .supposing import only_supposes, supposed
from .vocabulary import pattern_set, read

SELF_HARM, OTHER_LANGUAGE, CURIOUS, WHAT_IF = "self_harm", "other_language", "just_curious", "ask_if"
_DISTRESS, _AFFIRM, GO_BACK, SOMEONE_ELSE = "distress", "affirm", "go_back", "someone_else"
#: Commands that undo answers: said beside a fact, and not exactly, they are no commands.
_UNDOING = ("go_back", "start_again", "forget_me")
_FACTS = ("symptom", "risk_factor", "event", "body_site", "weeks_since_event", "symptom_weeks", "age", "sex")
#: Intents beside which "just curious" stands for the whole message.
_VAGUE = (INFORM, "deny", "none_of_these", "nlu_fallback", _AFFIRM, "chitchat", "out_of_scope", "greet", "")
#: Of the words of a message in another language at least this share is in its list.
_SHARE = 0.4
#: ... and this share where a fact was heard.
_SHARE_BESIDE_FACTS = 0.6


def speaks_of_self_harm(text: str) -> bool:
    """Whether a message has words of suicide, self-harm or despair, whatever else it tells."""
    return _found("self_harm", "self_harm", text)


def only_agrees(text: str) -> bool:
    """Whether a message is polite or wants to go on ("ok thanks"), and says no real yes."""
    words = normal(text)
    real = set(read("manners")["real_yes"])
    starts = {hit.start for hit in _patterns("manners", "agreement").find(words)}
    return 0 in starts and not real & set(words)


def _is_only_curious(text: str) -> bool:
    """Whether "just curious" and its like are all that a message says, whatever its words resemble."""
    words = [token.text for token in language().make_doc(text) if token.text[0].isalnum()]
    hits = _patterns("manners", "curious").find(words)
    return bool(words) and {position for hit in hits for position in hit.words} == set(range(len(words)))


def _says_curious(text: str) -> bool:
    return _found("manners", "curious", text) and not is_question(text)


def command(text: str) -> str | None:
    """The command that a message is, to the letter; None when it says more, or less."""
    return _commands().get(normal(text))


@lru_cache(maxsize=1)
def _commands() -> dict[tuple[str, ...], str]:
    said = read("manners")["commands"].items()
    return {normal(phrase): str(intent) for intent, phrases in said for phrase in phrases}


def other_language(text: str) -> str | None:
    """The code (ISO 639-1) of the language other than English that a message is in, when it is known."""
    words = re.findall(r"[^\W\d_]+", _bare(text))
    data = read("languages")
    for code, (first, last) in data["scripts"].items():
        if words and sum(first <= word[0] <= last for word in words) > len(words) / 2:
            own = (one for one, letters in data["letters"].items() if set(letters) & set("".join(words)))
            return next(own, str(code))
    if len(words) == 1:
        return next((str(code) for code, said in data["greetings"].items() if words[0] in said), None)
    counts = {code: sum(word in common for word in words) for code, common in data["common"].items()}
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] >= max(2, _SHARE * len(words)) else None


def _is_mostly_foreign(text: str) -> bool:
    """Of such a message a fact was heard by chance: "Knie" is near enough to a knee."""
    code, words = other_language(text), re.findall(r"[^\W\d_]+", _bare(text))
    common = read("languages")["common"].get(code, ())
    return sum(word in common for word in words) > _SHARE_BESIDE_FACTS * len(words)


def _bare(text: str) -> str:
    split = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in split if not unicodedata.combining(letter))


def _found(file: str, key: str, text: str) -> bool:
    words = [token.text for token in language().make_doc(text)]
    return bool(_patterns(file, key).find(words))


@lru_cache(maxsize=8)
def _patterns(file: str, key: str) -> PatternSet:
    return pattern_set((key, pattern) for pattern in read(file)[key])


def settled_aside(text: str, intent: str, mentions: Sequence[Mention]) -> tuple[str, Mention | None]:
    """The intent that stands in the end, and what is to be told beside the mentions."""
    if speaks_of_self_harm(text):
        return SELF_HARM, Mention(SELF_HARM, "yes", text=text)
    wanted = asked_change(text, mentions)
    if wanted and intent != EMERGENCY:
        return CORRECT, wanted
    if was_another(text) and not _tells(mentions):
        return GO_BACK, None
    if means_another(text) and not any(mention.kind == "about" for mention in mentions):
        return intent if _tells(mentions) else SOMEONE_ELSE, Mention("about", "relative")
    if leaves_it(text):
        return intent, Mention(CHANGE, NOTHING)
    if _is_what_if(text, intent, mentions):
        return WHAT_IF, None
    told = [mention for mention in mentions if mention.kind in _FACTS]
    if not told or (intent != EMERGENCY and _is_mostly_foreign(text)):
        return _without_facts(text, intent)
    exact = command(text)
    if intent in _UNDOING and exact != intent:
        return INFORM, None
    if intent == _DISTRESS and not _found("self_harm", "fear", text):
        return INFORM, None
    return intent, Mention("command", exact) if exact else None


def _tells(mentions: Sequence[Mention]) -> bool:
    """Whether the message tells of a finding or an event."""
    return any(mention.kind in ("symptom", "risk_factor", "event") for mention in mentions)


def _is_what_if(text: str, intent: str, mentions: Sequence[Mention]) -> bool:
    """Whether a sign is only supposed; one that the ear hears as told is never taken for that."""
    return not _tells(mentions) and only_supposes(text) and (intent == WHAT_IF or any(supposed(text)))


def _without_facts(text: str, intent: str) -> tuple[str, Mention | None]:
    foreign, exact = other_language(text), command(text)
    if foreign:
        return OTHER_LANGUAGE, Mention("language", foreign)
    if exact:
        return exact, Mention("command", exact)
    if _is_only_curious(text) or (intent in _VAGUE and _says_curious(text)):
        return CURIOUS, None
    if intent == _AFFIRM and only_agrees(text):
        return intent, Mention("agreement", "yes")
    return intent, None


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=False)
class Asides(GraphComponent):
    """Rasa's way to ``settled_aside``; a button (``/answer...``) is left alone."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Asides:
        speaks_of_self_harm("hello")  # reads the vocabulary now, not at the first message
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = str(message.get(TEXT) or "")
            if text.strip() and not text.startswith("/"):
                _settle(message, text)
        return messages


def _settle(message: Message, text: str) -> None:
    entities = message.get(ENTITIES) or []
    mentions = [Mention.from_entity(entity) for entity in entities if "value" in entity]
    before = (message.get(INTENT) or {}).get(INTENT_NAME_KEY) or ""
    intent, beside = settled_aside(text, before, mentions)
    added = [beside] if beside else []
    if intent == GO_BACK and was_another(text):
        entities = []  # the brother who typed is not the patient
    if intent == WHAT_IF:
        entities = entities if _tells(mentions) else []  # what is told beside a what-if is told
        added = list(supposed(text))
    if intent == OTHER_LANGUAGE:
        entities = []  # "no hablo" is no "no"
    if added or intent in (OTHER_LANGUAGE, WHAT_IF, GO_BACK):
        message.set(ENTITIES, [*entities, *(one.to_entity() for one in added)], add_to_output=True)
    if intent != before:
        chosen = {INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: 1.0}
        message.set(INTENT, chosen, add_to_output=True)
