"""Stop, start again, and what is met outside the questions: the curious, other languages."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.clinical.facts import Facts
from bot.clinical.judge import judge

from .changing import close_change
from .confirming import START_AGAIN, ask_to_confirm, restart
from .message import Message
from .reminders import stop_reminders
from .saying import first_new, say_first_new
from .state import State

_DIGITS = re.compile(r"\d{3,}")


class Stop(Action):
    """End the questions; what was told is kept, and any message goes on from here."""

    def name(self) -> str:
        return "action_stop"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        state = State.of(tracker)
        _not_asked(state)
        urgent = state.complete and judge(state.facts).urgency == "emergency"
        goodbyes = ("utter_closing_emergency" if urgent else "utter_goodbye", "utter_goodbye_again")
        say_first_new(dispatcher, state, *goodbyes if state.complete else ("utter_stopped", *goodbyes))
        if Message.of(tracker).intent == "stop" and stop_reminders(state):
            dispatcher.utter_message(response="utter_reminders_stopped")
        return [*state.to_events(), ActiveLoop(None), SlotSet("requested_slot", None)]


def _not_asked(state: State) -> None:
    """The open question was not answered: it may be put again, as if for the first time."""
    if state.is_changing:
        close_change(state)
    progress, fact = state.progress, state.open_question
    if fact in progress.asked:
        progress.asked = {**progress.asked, fact: progress.asked[fact] - 1}
        progress.asked = {name: times for name, times in progress.asked.items() if times}
        progress.order = [name for name in progress.order if name != fact]


class RestartInterview(Action):
    """Begin a new case; asked about first where answers would be put aside on loose words."""

    def name(self) -> str:
        return "action_restart_interview"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        state, message = State.of(tracker), Message.of(tracker)
        if state.facts != Facts() and not message.is_exactly("start_again"):
            return ask_to_confirm(state, message, START_AGAIN)
        restart(dispatcher, state, message)
        return [*state.to_events(), SlotSet("requested_slot", None)]


class JustCurious(Action):
    """Nobody to ask about: offer to teach, and ask nothing."""

    def name(self) -> str:
        return "action_just_curious"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        state = State.of(tracker)
        _not_asked(state)
        dispatcher.utter_message(response="utter_just_curious")
        return [*state.to_events(), ActiveLoop(None), SlotSet("requested_slot", None)]


def _number_in_digits(tracker: Tracker) -> str:
    """The emergency numbers without English words, for a sentence in another language."""
    return ", ".join(_DIGITS.findall(tracker.get_slot("emergency_number") or "")) or "112"


class OtherLanguage(Action):
    """Say in the person's language that only English works here, and the emergency number."""

    def name(self) -> str:
        return "action_other_language"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        state = State.of(tracker)
        number = _number_in_digits(tracker)
        for code in Message.of(tracker).values("language"):
            chosen = first_new(state, f"utter_other_language_{code}", "utter_english_only")
            dispatcher.utter_message(response=chosen, emergency_number=number)
        return state.to_events()
