"""Stop, and start again."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.clinical.facts import Facts

from .message import Message
from .saying import say_first_new
from .state import Progress, State


class Stop(Action):
    """End the questions; what was told is kept, and any message goes on from here."""

    def name(self) -> str:
        return "action_stop"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        state = State.of(tracker)
        _not_asked(state)
        goodbyes = ("utter_goodbye", "utter_goodbye_again")
        say_first_new(dispatcher, state, *goodbyes if state.complete else ("utter_stopped", *goodbyes))
        return [*state.to_events(), ActiveLoop(None), SlotSet("requested_slot", None)]


def _not_asked(state: State) -> None:
    """The open question was not answered: it may be put again, as if for the first time."""
    progress, fact = state.progress, state.open_question
    if fact in progress.asked:
        progress.asked = {**progress.asked, fact: progress.asked[fact] - 1}
        progress.asked = {name: times for name, times in progress.asked.items() if times}
        progress.order = [name for name in progress.order if name != fact]


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
