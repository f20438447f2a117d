"""Take what was heard in one message into the case facts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .facts import ABSENT, PRESENT, Event, Facts
from .mentions import Mention


@dataclass(frozen=True)
class Change:
    """One fact that became known or changed: ``old`` is None when it was not known before."""

    fact: str
    old: Any
    new: Any
    text: str = ""


@dataclass(frozen=True)
class Merged:
    """The facts after a message, what changed, and what contradicts an earlier answer.

    A conflict is a change that was *not* made: the message denies what was told before (or the
    other way round) without the words of a correction, so the person is asked. A danger sign
    said to be present is never held back as a conflict.
    """

    facts: Facts
    changes: tuple[Change, ...] = ()
    conflicts: tuple[Change, ...] = ()


def merge(facts: Facts, mentions: Sequence[Mention]) -> Merged:
    """Take ``mentions`` into ``facts``, in order; a pure function."""
    changes: list[Change] = []
    conflicts: list[Change] = []
    for mention in mentions:
        taker = _TAKERS.get(mention.kind)
        if taker is None:
            continue
        name, old, new, after = taker(facts, mention)
        if old == new:
            continue
        change = Change(name, old, new, mention.text)
        if _contradicts(mention, old, new):
            conflicts.append(change)
        else:
            changes.append(change)
            facts = after
    return Merged(facts, tuple(changes), tuple(conflicts))


def _contradicts(mention: Mention, old: Any, new: Any) -> bool:
    """Only a denial of what was told waits for an answer; more care is taken at once."""
    return not mention.correction and old == PRESENT and new == ABSENT


_Taken = tuple[str, Any, Any, Facts]


def _take_symptom(facts: Facts, mention: Mention) -> _Taken:
    name = str(mention.value)
    return name, facts.symptoms.get(name), mention.assertion, facts.with_symptom(name, mention.assertion)


def _take_risk_factor(facts: Facts, mention: Mention) -> _Taken:
    name = str(mention.value)
    after = facts.with_risk_factor(name, mention.assertion)
    return name, facts.risk_factors.get(name), mention.assertion, after


def _take_event(facts: Facts, mention: Mention) -> _Taken:
    """A new event joins the list, most telling first as the ear orders them; a correction replaces."""
    new = Event(str(mention.value))
    if mention.assertion != PRESENT:
        kept = tuple(event for event in facts.events if event.type != new.type)
        old = new.type if len(kept) < len(facts.events) else None
        return "event_type", old, None, replace(facts, events=kept)
    if new.type in facts.event_types():
        return "event_type", new.type, new.type, facts
    kept = () if mention.correction or facts.event_types() == {"none"} else facts.events
    first = facts.events[0].type if facts.events and not kept else None
    after = replace(facts, events=(*kept, new), unknown=facts.unknown - {"event_type"})
    return "event_type", first, new.type, after


def _value_taker(name: str, cast: Callable[[Any], Any]) -> Callable[[Facts, Mention], _Taken]:
    def take(facts: Facts, mention: Mention) -> _Taken:
        new = cast(mention.value)
        after = replace(facts, **{name: new, "unknown": facts.unknown - {name}})
        return name, getattr(facts, name), new, after

    return take


_TAKERS: dict[str, Callable[[Facts, Mention], _Taken]] = {
    "symptom": _take_symptom,
    "risk_factor": _take_risk_factor,
    "event": _take_event,
    "body_site": _value_taker("body_site", str),
    "weeks_since_event": _value_taker("weeks_since_event", float),
    "age": _value_taker("age", int),
    "sex": _value_taker("sex", str),
    "course": _value_taker("course", str),
}
