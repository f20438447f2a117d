"""Reminders: offered after a verdict, asked for, said, and stopped by a word."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from bot.clinical.follow_up import Offer, offer
from bot.clinical.knowledge_base import knowledge

from .memory import reminders
from .message import Message
from .state import State

#: Channels on which a person can be written to unasked; the page shows what is due when they return.
_PUSHED = ("slack", "telegram")
_ON_RETURN = ("web",)
_ANSWERS = ("yes", "no", "none")
#: What says more than a yes or a no is heard as ever.
_SAYS_MORE = ("symptom", "risk_factor", "event", "course", "weeks_since_event", "body_site")


def offer_reminder(dispatcher: CollectingDispatcher, tracker: Tracker, state: State) -> None:
    """After a verdict, on a channel that can push: may I ask you again? Not where one waits already."""
    found = offer(state.facts)
    wanted = tracker.get_latest_input_channel() in _PUSHED and state.progress.consent == "yes"
    if found is None or not wanted or state.progress.reminder_refused == found.id:
        return
    waiting = reminders().waiting(state.conversation_id)
    if waiting is None or waiting.kind != found.id:
        state.progress.reminder_offered = found.id
        dispatcher.utter_message(response="utter_offer_reminder", offer=found.sentence)


def hear_answer(
    dispatcher: CollectingDispatcher, tracker: Tracker, state: State, message: Message
) -> list[EventType]:
    """Take a yes or a no to the offer just made; no events when the message is none."""
    offered, state.progress.reminder_offered = state.progress.reminder_offered, ""
    if not offered or message.answer not in _ANSWERS or any(map(message.values, _SAYS_MORE)):
        return []
    state.progress.heard = message.id
    if message.answer == "yes":
        _ask(dispatcher, tracker, state)
    else:
        state.progress.reminder_refused = offered
        dispatcher.utter_message(response="utter_reminder_refused")
    return state.to_events()


def stop_reminders(state: State) -> bool:
    """End them at once; whether one was waiting."""
    state.progress.reminder_offered = ""
    return reminders().stop(state.conversation_id)


class SetReminder(Action):
    """Keep a reminder; the time follows from the verdict."""

    def name(self) -> str:
        return "action_set_reminder"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        state = State.of(tracker)
        _ask(dispatcher, tracker, state)
        return state.to_events()


def _ask(dispatcher: CollectingDispatcher, tracker: Tracker, state: State) -> None:
    state.progress.reminder_offered = state.progress.reminder_refused = ""
    found = offer(state.facts)
    refusal = _why_not(tracker, state, found)
    if refusal or found is None:
        dispatcher.utter_message(response=refusal)
        return
    due = datetime.now(timezone.utc) + timedelta(days=found.days)
    reminders().ask(state.conversation_id, found.id, due)
    pushed = tracker.get_latest_input_channel() in _PUSHED
    response = "utter_reminder_set" if pushed else "utter_reminder_set_here"
    dispatcher.utter_message(response=response, time=found.time, date=f"{due.day} {due:%B}")


def _why_not(tracker: Tracker, state: State, found: Offer | None) -> str | None:
    """The response that says why no reminder can be kept; None when it can."""
    if not state.complete:
        return "utter_no_verdict_yet"
    if tracker.get_latest_input_channel() not in (*_PUSHED, *_ON_RETURN):
        return "utter_reminder_not_here"
    if state.progress.consent != "yes":
        return "utter_reminder_needs_consent"
    return None if found else "utter_reminder_not_now"


class StopReminders(Action):
    """No more reminders, from this moment."""

    def name(self) -> str:
        return "action_stop_reminders"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        state = State.of(tracker)
        stopped = stop_reminders(state)
        dispatcher.utter_message(response="utter_reminders_stopped" if stopped else "utter_no_reminders")
        return state.to_events()


class Remind(Action):
    """Ask how it goes, as the person wanted. The service sends ``/remind`` when the time has come.

    Said again when the turn is run again; not at all when it was stopped in the meantime.
    """

    def name(self) -> str:
        return "action_remind"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        entities = (tracker.latest_message or {}).get("entities") or []
        number = next((int(e["value"]) for e in entities if e.get("entity") == "reminder"), 0)
        due = reminders().get(number)
        if due is None or due.conversation_id != tracker.sender_id:
            return []
        reminders().mark_said(due.id)
        entry = knowledge().follow_ups.get(due.kind)
        dispatcher.utter_message(response="utter_reminder", asks=entry.asks if entry else "")
        return []
