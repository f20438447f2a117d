"""Which intent a message has, where the words alone decide it; pure, and without Rasa."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.clinical.facts import Facts
from bot.clinical.judge import judge
from bot.clinical.mentions import Mention
from bot.clinical.merge import merge

from .patterns import PatternSet
from .pipeline import language
from .vocabulary import pattern_set, read

INFORM, CORRECT, FALLBACK = "inform", "correct", "nlu_fallback"
EMERGENCY = "emergency"
#: kinds of mentions that tell something of the case
_CLINICAL = frozenset(
    [
        "symptom",
        "risk_factor",
        "event",
        "body_site",
        "side",
        "weeks_since_event",
        "symptom_weeks",
        "age",
        "sex",
        "course",
        "number",
    ]
)
_FINDINGS = frozenset({"symptom", "risk_factor", "event"})
_LONGEST_SHORT_ANSWER = 9
#: From this confidence a guess may stand beside a fact, in a message of at most so many words.
_SURE, _LONGEST_SURE = 0.35, 14
_MARKS = frozenset(".,!?;:-\"'()*…")


@lru_cache(maxsize=1)
def _short_answers() -> dict[tuple[str, ...], str]:
    return {
        normal(phrase): intent
        for intent, phrases in read("short_answers")["intents"].items()
        for phrase in phrases
    }


@lru_cache(maxsize=1)
def _polite() -> tuple[tuple[str, ...], ...]:
    return tuple(
        sorted((normal(phrase) for phrase in read("short_answers")["polite"]), key=len, reverse=True)
    )


def normal(text: str) -> tuple[str, ...]:
    """The words of a short text as the ear reads them, without punctuation."""
    words = tuple(token.text for token in language().make_doc(text))
    bare = tuple(word for word in words if word not in _MARKS and not word.isspace())
    return bare or words


def short_answer(text: str) -> str | None:
    """The intent of a message that is a short answer and nothing else ("nope", "idk", "none of these")."""
    if len(text) > 80:
        return None
    words = normal(text)
    if not words or len(words) > _LONGEST_SHORT_ANSWER:
        return None
    known = _short_answers()
    return known.get(words) or known.get(_unpolite(words))


def _unpolite(words: tuple[str, ...]) -> tuple[str, ...]:
    """Without "please", "um", "thanks" at either end, as long as something is left."""
    for phrase in _polite():
        size = len(phrase)
        if len(words) > size and words[-size:] == phrase:
            return _unpolite(words[:-size])
        if len(words) > size and words[:size] == phrase:
            return _unpolite(words[size:])
    return words


def decided(
    text: str, mentions: Sequence[Mention], guessed: str, asks: bool, confidence: float = 0.0
) -> str | None:
    """The intent that the words decide, whatever the classifier ``guessed``; None leaves its guess.

    A short answer is what it says; a message that tells of an emergency is always taken in; so is
    one that tells something of the case, unless it asks about HO (``asks``), gives a command, or is
    short and the guess sure (``confidence``, 0 to 1): "yeah that's about right" names no right side.
    """
    answer = short_answer(text)
    clinical = [mention for mention in mentions if mention.kind in _CLINICAL]
    if answer and not clinical:
        return answer
    if not clinical:
        return None
    if is_emergency(clinical):
        return INFORM
    if any(mention.correction for mention in clinical) or (guessed == CORRECT and confidence >= _SURE):
        return CORRECT
    if answer or asks or guessed in read("short_answers")["kept"]:
        return answer
    return None if _stands(text, clinical, guessed, confidence) else INFORM


def _stands(text: str, clinical: Sequence[Mention], guessed: str, confidence: float) -> bool:
    """Whether a sure guess outweighs what was heard; a yes or no never hides a finding."""
    if confidence < _SURE or len(normal(text)) > _LONGEST_SURE:
        return False
    return guessed.startswith("ask_") or not any(mention.kind in _FINDINGS for mention in clinical)


def overheard(guessed: str, confidence: float) -> frozenset[str]:
    """The findings that do not count beside this guess: the second ear's votes, where the guess is surely one
    that brings help of its own ("I can't stop crying")."""
    data = read("likeness")
    if confidence < _SURE or guessed not in data["yields_to"]:
        return frozenset()
    return frozenset(level["finding"] for level in data["levels"].values())


@dataclass(frozen=True)
class Thresholds:
    """The least confidence (0 to 1) of a guess that counts: of any intent, and of a weighty one."""

    plain: float
    weighty: float


def settled(
    text: str, mentions: Sequence[Mention], guessed: str, confidence: float, thresholds: Thresholds
) -> str:
    """The intent of a message from the classifier's guess and from what was heard; or ``nlu_fallback``."""
    mentions = [mention for mention in mentions if mention.value not in overheard(guessed, confidence)]
    if guessed in _commands() and not _is_command(text, guessed):
        guessed, confidence = "", 0.0
    guesses_question, asked = guessed.startswith("ask_"), is_question(text)
    if guesses_question and _states(text):
        guessed, confidence = "", 0.0
    asks = guesses_question and asked
    intent = decided(text, mentions, guessed, asks, confidence)
    if intent:
        return intent
    is_weighty = guessed in weighty_intents() or (guesses_question and not asked)
    needed = thresholds.weighty if is_weighty else thresholds.plain
    return guessed if confidence >= needed else FALLBACK


def _states(text: str) -> bool:
    """ "I walk with a stick": tells something, however much it resembles a question about HO."""
    data, words = read("short_answers"), normal(text)
    opens = bool(words) and words[0] in data["states"] and not is_question(text)
    return opens and not set(data["wants_to_know"]) & set(words)


@lru_cache(maxsize=1)
def _commands() -> dict[str, PatternSet]:
    phrases = read("short_answers")["commands"]
    return {intent: pattern_set((intent, p) for p in patterns) for intent, patterns in phrases.items()}


def _is_command(text: str, intent: str) -> bool:
    return short_answer(text) == intent or bool(_commands()[intent].find(normal(text)))


def weighty_intents() -> frozenset[str]:
    """Intents that agree to something or end it: these need a surer guess."""
    return frozenset(read("short_answers")["weighty"])


def is_emergency(mentions: Sequence[Mention]) -> bool:
    """Whether what this one message tells is an emergency by itself."""
    return judge(merge(Facts(), mentions).facts).urgency == EMERGENCY


def is_question(text: str) -> bool:
    """Whether the message asks something, by its mark or its first word."""
    words = normal(text)
    first = words[0] if words else ""
    openers = read("short_answers")["question_openers"]
    return text.rstrip().endswith("?") or first in openers or words[:2] in {tuple(o.split()) for o in openers}
