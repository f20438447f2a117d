"""The start of a conversation, and what comes from configuration instead of the tracker."""

from __future__ import annotations

import os
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, AllSlotsReset, EventType, SessionStarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.clinical.knowledge_base import knowledge


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


class SessionStart(Action):
    """Begin a session: what is known is carried over, and the emergency numbers are set."""

    def name(self) -> str:
        return "action_session_start"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        kept = [SlotSet(name, value) for name, value in tracker.slots.items() if value is not None]
        return [SessionStarted(), *kept, *emergency_slots(), ActionExecuted("action_listen")]
