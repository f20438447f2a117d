"""Stop, and start again."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.clinical.facts import Facts

from .message import Message
from .state import Progress, State


class Stop(Action):
    """End the questions; what was told is kept, and any message goes on from here."""

    def name(self) -> str:
        return "action_stop"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        done = State.of(tracker).complete
        dispatcher.utter_message(response="utter_goodbye" if done else "utter_stopped")
        return [ActiveLoop(None), SlotSet("requested_slot", None)]


class RestartInterview(Action):
    """Begin a new case; the consent stands."""

    def name(self) -> str:
        return "action_restart_interview"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        state = State.of(tracker)
        kept = state.progress
        state.facts, state.verdict, state.complete = Facts(), None, False
        state.progress = Progress(
            introduced=kept.introduced, consent=kept.consent, heard=Message.of(tracker).id, style="first"
        )
        dispatcher.utter_message(response="utter_restarted")
        return [*state.to_events(), SlotSet("requested_slot", None)]
