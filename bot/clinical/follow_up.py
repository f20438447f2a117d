"""When to ask a person again after a verdict. A pure function of the facts, as the verdict is."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .cases import prepare
from .facts import Facts
from .judge import urgency_and_band
from .knowledge_base import FollowUp, Knowledge
from .knowledge_base import knowledge as shipped_knowledge

_WEEK = 7
#: From so many days on a time is told in weeks.
_IN_WEEKS_FROM = 2 * _WEEK


@dataclass(frozen=True)
class Offer:
    """To ask again in ``days``, in words ``time``; ``sentence`` offers it, ``id`` is the follow-up's."""

    id: str
    days: int
    time: str
    sentence: str


def offer(facts: Facts, knowledge: Knowledge | None = None) -> Offer | None:
    """What may be offered after the verdict on ``facts``; None in an emergency, where nobody is to wait."""
    known = knowledge or shipped_knowledge()
    case = prepare(facts, known)
    case.urgency, case.band = urgency_and_band(facts, known)
    fitting = [rule.entry for rule in known.rules.follow_ups if rule.when.holds(case)]
    if not fitting:
        return None
    entry = fitting[0]
    days = _days(entry, case.weeks)
    time = _in_words(days, known)
    return Offer(entry.id, days, time, entry.offer.format(time=time))


def _days(entry: FollowUp, weeks: float | None) -> int:
    if entry.week is None or weeks is None:
        return entry.days
    return max(entry.days, math.ceil((entry.week - weeks) * _WEEK))


def _in_words(days: int, known: Knowledge) -> str:
    if days < _IN_WEEKS_FROM:
        return known.sayings["in_days"].self.format(n=days)
    return known.sayings["in_weeks"].self.format(n=round(days / _WEEK))
