"""The start of a conversation, and what comes from configuration instead of the tracker."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, AllSlotsReset, EventType, SessionStarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.clinical.facts import Facts
from bot.clinical.knowledge_base import knowledge

from .state import State

SECONDS_IN_WEEK = 7 * 24 * 3600.0
A_DAY_IN_WEEKS = 1 / 7


def emergency_slots() -> list[EventType]:
    """The numbers for the country in ``HO_TRIAGE_COUNTRY`` (ISO 3166 code), or the worded default.

    An unset or unknown country leaves the words of domain.yml, which name several numbers: a number is
    never guessed.
    """
    entry = knowledge().emergency_numbers.get(os.environ.get("HO_TRIAGE_COUNTRY", "").upper())
    if entry is None:
        return []
    return [SlotSet("emergency_number", entry.emergency)]


def forgotten(receipt: str) -> list[EventType]:
    """Events after which nothing of the conversation is left: the tracker store erases it on saving."""
    return [AllSlotsReset(), *emergency_slots(), SlotSet("forget_requested", receipt)]


def grown_older(facts: Facts, weeks: float) -> Facts:
    """``facts`` told so many weeks ago: what happened then is longer ago by now."""
    if weeks < A_DAY_IN_WEEKS:
        return facts
    events = tuple(e if e.weeks is None else replace(e, weeks=e.weeks + weeks) for e in facts.events)
    since = facts.weeks_since_event
    return replace(facts, events=events, weeks_since_event=None if since is None else since + weeks)


class SessionStart(Action):
    """Begin a session: what is known is carried over, and the emergency numbers are set.

    A session ends with a pause (``session_expiration_time``). The open question went with it; what was
    told is confirmed before the interview goes on.
    """

    def name(self) -> str:
        return "action_session_start"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        slots = {name: value for name, value in tracker.slots.items() if value is not None}
        kept = [SlotSet(name, value) for name, value in slots.items() if name != "requested_slot"]
        return [
            SessionStarted(), *kept, *_back(tracker), *emergency_slots(), ActionExecuted("action_listen"),
        ]  # fmt: skip


def _back(tracker: Tracker) -> list[EventType]:
    """Slots of someone who comes back: nothing to confirm when nothing was told."""
    state = State.of(tracker)
    if state.facts == Facts() or not state.progress.consent:
        return []
    last = max((event.get("timestamp") or 0 for event in tracker.events), default=0)
    state.facts = grown_older(state.facts, max(0.0, time.time() - last) / SECONDS_IN_WEEK if last else 0.0)
    state.progress = replace(state.progress, returning=True, changing="", put_off="", waiting="")
    return state.to_events()
