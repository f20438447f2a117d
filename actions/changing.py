"""Putting one answer right: a line of the ledger is chosen, asked for again, and set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.clinical.facts import UNKNOWN, Event, Facts
from bot.clinical.knowledge_base import knowledge
from bot.handoff.summary import ledger_items

from .message import Message
from .questions import change_question
from .state import State, change_slot

#: What opens the option of a button that asks to change a fact: ``change:<fact>``.
_OPTION = "change:"
#: In place of a fact: the answer stays as it was.
_NOTHING = "nothing"
_EVENT = "event_type"


def open_change(state: State, message: Message) -> bool:
    """Ask in place of the open question for the fact that ``message`` wants to change, if it names one."""
    fact = _wanted(state, message)
    if fact is None or not state.progress.consent or change_question(fact) is None:
        return False
    progress = state.progress
    if not state.is_changing:
        progress.put_off = state.open_question or ""
    progress.changing, progress.misses, progress.style = fact, 0, "first"
    state.open_question = change_slot(fact)
    return True


def _wanted(state: State, message: Message) -> str | None:
    if (message.option or "").startswith(_OPTION):
        return str(message.option).removeprefix(_OPTION)
    named = [str(fact) for fact in message.values("change") if fact != _NOTHING]
    if named:
        return named[-1]
    items = ledger_items(state.facts)
    lines = [int(number) for number in message.values("line")]
    return items[lines[-1] - 1]["fact"] if lines and 0 < lines[-1] <= len(items) else None


def names_no_line(state: State, message: Message) -> bool:
    """Whether the message asks for a line that the ledger does not have."""
    return bool(message.values("line")) and _wanted(state, message) is None


def keeps_answer(message: Message) -> bool:
    """Whether the message says to leave the answer that is being changed as it was."""
    return _NOTHING in message.values("change") or message.intent == "go_back"


def close_change(state: State) -> None:
    """The question that was put off is open again."""
    progress = state.progress
    state.open_question = progress.put_off or None
    progress.changing, progress.put_off, progress.misses, progress.style = "", "", 0, "again"


# -- the facts without the old answer, and with the new one ------------------------------------------
def put_blank(facts: Facts, fact: str) -> Facts:
    """``facts`` as if ``fact`` had not been told; of several events the others are put aside with it."""
    name = fact.partition(".")[0]
    facts = replace(facts, unknown=facts.unknown - {name})
    if name == _EVENT:
        return replace(facts, events=())
    if name in knowledge().symptoms or name in knowledge().risk_factors:
        return facts.with_symptom(name, None).with_risk_factor(name, None)
    if name == "weeks_since_event":
        facts = replace(facts, events=tuple(replace(event, weeks=None) for event in facts.events))
    cleared: dict[str, Any] = {name: None}
    return replace(facts, **cleared)


def put_together(before: Facts, after: Facts, fact: str) -> Facts:
    """``after`` with the events that were not asked about, each in its old place."""
    name, _, number = fact.partition(".")
    if name != _EVENT:
        return after
    place = int(number or 1) - 1
    events = _unique([*before.events[:place], *after.events, *before.events[place + 1 :]])
    told = tuple(event for event in events if event.type != "none") if len(events) > 1 else tuple(events)
    return replace(after, events=told)


def _unique(events: Sequence[Event]) -> list[Event]:
    return list({event.type: event for event in events}.values())


def is_doubt(before: Facts, after: Facts, fact: str) -> bool:
    """Whether "not sure" would take back what was told: it stays, for doubt never means less care."""
    name = fact.partition(".")[0]
    doubts = after.assertion(name) == UNKNOWN or name in after.unknown
    return doubts and (before.has(name) or _told(before, name))


def _told(facts: Facts, name: str) -> bool:
    return bool(facts.events) if name == _EVENT else getattr(facts, name, None) is not None
