"""The verdict: given, judged again, explained, and what would change it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.clinical.interview import next_question
from bot.clinical.judge import judge
from bot.clinical.merge import Merged, merge
from bot.clinical.verdict import Verdict
from bot.handoff.letter import doctor_letter
from bot.handoff.summary import (
    change_line,
    change_summary,
    chat_summary,
    cited_sources,
    emergency_message,
    what_would_change_lines,
    why_lines,
)

from .asking import show_ledger
from .hearing import hear
from .interview import FORM
from .memory import remember_facts, remember_verdict
from .message import Message
from .state import State

Events = list[EventType]

#: What to say after the verdict to a message that changes nothing, by its intent.
_NOTHING_HEARD = {
    "correct": "utter_ask_change",
    "nlu_fallback": "utter_repair",
    "repeat": "utter_after_verdict",
}


class GiveVerdict(Action):
    """Judge the facts and say how soon to be seen, how likely HO is, why, and what to ask for."""

    def name(self) -> str:
        return "action_give_verdict"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        state = State.of(tracker)
        give(dispatcher, tracker, state, judge(state.facts))
        return state.to_events()


def give(
    dispatcher: CollectingDispatcher, tracker: Tracker, state: State, verdict: Verdict, before: str = ""
) -> None:
    """Say ``verdict``, after the words ``before``; keep it in the state and in the records."""
    state.complete, state.verdict = True, verdict.to_json()
    remember_verdict(state, state.verdict)
    number = tracker.get_slot("emergency_number") or ""
    result = {
        "type": "triage_result",
        **state.verdict,
        "emergency_number": number,
        "facts": state.facts.to_json(),
        "sources": cited_sources(verdict),
    }
    messages = [emergency_message(verdict, number, state.progress.someone_else)] if verdict.urgency == "emergency" else []
    messages += chat_summary(verdict, state.facts, number, state.progress.someone_else)
    if before:
        dispatcher.utter_message(text=before)
    # One message: the page shows the card in place of the text; other channels split it at the empty lines.
    dispatcher.utter_message(text="\n\n".join(messages), json_message=result)
    dispatcher.utter_message(response="utter_after_verdict")


class UpdateVerdict(Action):
    """After the verdict: take in what is new, judge again, say whether the advice moved and why."""

    def name(self) -> str:
        return "action_update_verdict"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        state, message = State.of(tracker), Message.of(tracker)
        before, old = state.facts, judge(state.facts)
        heard = hear(state, message)
        for conflict in heard.conflicts:
            was, _, now = change_line(conflict).partition(" -> ")
            dispatcher.utter_message(response="utter_conflict", old=was, new=now)
        remember_facts(state, message, heard.changes)
        if state.facts == before:
            if not heard.conflicts:
                dispatcher.utter_message(response=_NOTHING_HEARD.get(message.intent, "utter_nothing_new"))
            return state.to_events()
        return _judge_again(
            dispatcher, tracker, state, old, change_summary(old, judge(state.facts), heard.changes)
        )


def _judge_again(
    dispatcher: CollectingDispatcher, tracker: Tracker, state: State, old: Verdict, said: str
) -> Events:
    new = judge(state.facts)
    if old.urgency == "emergency" != new.urgency and next_question(state.facts, state.progress.asked):
        # A false alarm taken back: the questions it cut short go on.
        state.complete = False
        dispatcher.utter_message(text=said)
        return [*state.to_events(), FollowupAction(FORM)]
    give(dispatcher, tracker, state, new, said)
    return state.to_events()


class ExplainVerdict(Action):
    """Why this advice: every reason with its source."""

    def name(self) -> str:
        return "action_explain_verdict"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        state = State.of(tracker)
        if not state.complete:
            dispatcher.utter_message(response="utter_no_verdict_yet")
            return []
        for text in why_lines(judge(state.facts)):
            dispatcher.utter_message(text=text)
        return []


class WhatWouldChange(Action):
    """What would change the advice, or what it would be if one thing were so. Changes no fact."""

    def name(self) -> str:
        return "action_what_would_change"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        state = State.of(tracker)
        if not state.complete:
            dispatcher.utter_message(response="utter_no_verdict_yet")
            return []
        message = Message.of(tracker)
        supposed = merge(state.facts, message.mentions)
        verdict = judge(state.facts)
        if message.intent == "ask_if":
            _suppose(dispatcher, verdict, supposed)
            return []
        for text in what_would_change_lines(verdict):
            dispatcher.utter_message(text=text)
        return []


def _suppose(dispatcher: CollectingDispatcher, verdict: Verdict, supposed: Merged) -> None:
    if not supposed.changes:
        dispatcher.utter_message(response="utter_no_hypothesis")
        return
    text = change_summary(verdict, judge(supposed.facts), supposed.changes, supposed=True)
    dispatcher.utter_message(text=text)


class ShowFacts(Action):
    """What have you heard so far?"""

    def name(self) -> str:
        return "action_show_facts"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        show_ledger(dispatcher, State.of(tracker))
        return []


class CopyForDoctor(Action):
    """A copy of the facts and the verdict in a physician's words."""

    def name(self) -> str:
        return "action_copy_for_doctor"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        state = State.of(tracker)
        if not state.complete:
            dispatcher.utter_message(response="utter_no_verdict_yet")
            return []
        letter = doctor_letter(state.facts, judge(state.facts))
        dispatcher.utter_message(text=letter, json_message={"type": "doctor_letter", "markdown": letter})
        return [SlotSet("action_failed", None)]
