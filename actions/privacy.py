"""What do you keep about me, and delete my data."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, AllSlotsReset, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from .memory import records
from .session import emergency_slots


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
    """Erase the records; the tracker store erases the conversation when it sees ``forget_requested``."""

    def name(self) -> str:
        return "action_forget"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        receipt = records().forget(tracker.sender_id)
        shown = {"type": "forgotten", "receipt": receipt.id}
        dispatcher.utter_message(response="utter_forgotten", receipt=receipt.id, json_message=shown)
        return [*forgotten(receipt.id), ActiveLoop(None), SlotSet("requested_slot", None)]


def forgotten(receipt: str) -> list[EventType]:
    """Events after which nothing of the conversation is left: the tracker store erases it on saving."""
    return [AllSlotsReset(), *emergency_slots(), SlotSet("forget_requested", receipt)]
