"""What do you keep about me, and delete my data."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from .confirming import FORGET, ask_to_confirm, erase
from .memory import records
from .message import Message
from .state import State


class ShowKept(Action):
    """Say what is kept of this conversation."""

    def name(self) -> str:
        return "action_show_kept"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        kept = records().what_is_kept(tracker.sender_id)
        dispatcher.utter_message(response="utter_privacy")
        if kept["facts"] or kept["verdicts"]:
            counts = {"answers": len(kept["facts"]), "verdicts": len(kept["verdicts"])}
            dispatcher.utter_message(response="utter_kept", json_message={"type": "kept", **kept}, **counts)
        return []


class Forget(Action):
    """Erase the records; the tracker store erases the conversation when it sees ``forget_requested``.

    Words that are not exactly the command are asked about first: it cannot be undone.
    """

    def name(self) -> str:
        return "action_forget"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        message = Message.of(tracker)
        if not message.is_exactly("forget_me"):
            return ask_to_confirm(State.of(tracker), message, FORGET)
        return [*erase(dispatcher, tracker.sender_id), ActiveLoop(None), SlotSet("requested_slot", None)]
