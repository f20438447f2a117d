"""Which answer a person wants to put right: "change the date", "line 3 is wrong", "leave it".

The words are ``vocabulary/changing.yml``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from bot.clinical.mentions import Mention

from .intents import normal
from .numbers import number_words
from .patterns import Hit, PatternSet
from .vocabulary import pattern_set, read

CHANGE, LINE, NOTHING = "change", "line", "nothing"
_FINDINGS = ("symptom", "risk_factor")
#: What a message may tell beside the wish to change an answer, without telling a new one.
_BARE = ("answer", "number", "about", "not_understood", "body_site", "agreement", "if_asked", CHANGE, LINE)
_LONGEST = 14


def asked_change(text: str, mentions: Sequence[Mention]) -> Mention | None:
    """The fact, or the line of the ledger, that the message wants to change without saying to what."""
    words = normal(text)
    if len(words) > _LONGEST or not _patterns("asks").find(words):
        return None
    mentions = [m for m in mentions if not any(_is_inside(m, other) for other in mentions)]
    told = {"event" if m.kind == "event" else m.value for m in mentions if m.kind not in _BARE}
    lines = _patterns("lines").find(words)
    if lines and not told:
        return Mention(LINE, _number(words, lines[0]))
    if set(read("changing")["values"]) & set(words):
        return None
    findings = [m for m in mentions if m.kind in _FINDINGS]
    named = {str(hit.label) for hit in _names().find(words)} | {str(m.value) for m in findings}
    if len(named) != 1 or (findings and not _only_names(words, text, findings)):
        return None
    return Mention(CHANGE, named.pop()) if told <= {"event", *(m.value for m in findings)} else None


def _only_names(words: Sequence[str], text: str, findings: Sequence[Mention]) -> bool:
    """Whether nothing stands beside the wish and the finding's name: "I have chest pain" tells of it."""
    asking = {word for hit in _patterns("asks").find(words) for word in (words[i] for i in hit.words)}
    name = {word for m in findings for word in normal(text[m.start : m.end])}
    return set(words) <= asking | name | set(read("changing")["fillers"])


def _is_inside(mention: Mention, other: Mention) -> bool:
    """The pain of "chest pain"."""
    around = other.start <= mention.start and mention.end <= other.end
    return mention.kind in _FINDINGS and around and other.end - other.start > mention.end - mention.start


def leaves_it(text: str) -> bool:
    """Whether the message says to leave an answer as it was; of use only where one is being changed."""
    words = normal(text)
    return len(words) <= _LONGEST // 2 and bool(_patterns("leave").find(words))


def was_another(text: str) -> bool:
    """Whether somebody else at the keyboard gave the last answer ("that was my brother talking")."""
    words = normal(text)
    return len(words) <= _LONGEST and bool(_patterns("not_me").find(words))


def means_another(text: str) -> bool:
    """Whether the case is somebody else's after all ("I mean my wife, not me")."""
    return bool(_patterns("meant").find(normal(text)))


def _number(words: Sequence[str], hit: Hit) -> float:
    """The first number of the pattern: of "the third one" it is the third."""
    known = {**number_words(), **{word: float(n) for word, n in read("times")["ordinals"].items()}}
    said = [words[position] for position in hit.words]
    return next((float(w) if w.isdecimal() else known[w] for w in said if w.isdecimal() or w in known), 0.0)


@lru_cache(maxsize=8)
def _patterns(key: str) -> PatternSet:
    return pattern_set((key, pattern) for pattern in read("changing")[key])


@lru_cache(maxsize=1)
def _names() -> PatternSet:
    names = read("changing")["names"]
    return pattern_set((fact, pattern) for fact, patterns in names.items() for pattern in patterns)
