"""What a person only supposes: "what if I also had a fever and my leg was swollen?".

The words are ``vocabulary/supposing.yml``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from bot.clinical.mentions import Mention

from . import understand
from .patterns import PatternSet
from .pipeline import language
from .vocabulary import pattern_set, read

SUPPOSED = "supposed"
_SENTENCE_ENDS = frozenset(".?!")
_KINDS = ("symptom", "risk_factor", "event", "body_site", "weeks_since_event", "age", "course")


def only_supposes(text: str) -> bool:
    """Whether the message begins as a what-if."""
    words = [token.text for token in language().make_doc(text)]
    return any(hit.start == 0 for hit in _patterns("begins").find(words))


def supposed(text: str) -> Iterator[Mention]:
    """What the message supposes, a ``supposed`` mention each, its value ``"<kind>:<value>"``."""
    for mention in understand(_supposition(text)):
        if mention.kind in _KINDS:
            yield Mention(SUPPOSED, f"{mention.kind}:{mention.value}", mention.assertion, mention.text)


def _supposition(text: str) -> str:
    """The words after the what-if, as if they were told."""
    words = [token.text for token in language().make_doc(text)]
    opened = min((hit.end for hit in _patterns("openers").find(words)), default=0)
    closed = [hit.start for hit in _patterns("ends").find(words) if hit.start > opened]
    closed += [at for at, word in enumerate(words) if at > opened and word in _SENTENCE_ENDS]
    return " ".join(words[opened : min(closed, default=len(words))]).rstrip(" ?!.")


@lru_cache(maxsize=3)
def _patterns(key: str) -> PatternSet:
    return pattern_set((key, pattern) for pattern in read("supposing")[key])
