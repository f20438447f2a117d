"""The verdict: given, judged again, explained, and what would change it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.clinical.facts import Facts
from bot.clinical.interview import next_question
from bot.clinical.judge import judge
from bot.clinical.knowledge_base import knowledge
from bot.clinical.mentions import Mention
from bot.clinical.merge import Change, merge
from bot.clinical.verdict import Verdict
from bot.handoff.letter import doctor_letter
from bot.handoff.summary import (
    change_line,
    change_summary,
    chat_summary,
    cited_sources,
    emergency_message,
    lookalike_lines,
    what_would_change_lines,
    why_lines,
)

from .asking import ask, ask_what_to_change, ask_which, show_ledger
from .changing import close_change, names_no_line
from .hearing import Heard, hear
from .interview import FORM
from .memory import remember_facts, remember_verdict
from .message import Message
from .reminders import hear_answer, offer_reminder
from .saying import first_new, offer_what_follows, say_with_care
from .state import State
from .teaching import named_in

Events = list[EventType]

#: What to say after the verdict to a message that changes nothing, by its intent.
_NOTHING_HEARD = {
    "correct": "utter_ask_change",
    "go_back": "utter_ask_change",
    "nlu_fallback": "utter_repair",
    "affirm": "utter_still_right_kept",
    "greet": "utter_after_verdict",
    "repeat": "utter_after_verdict",
    "answer": "utter_dead_button",
}
#: What is met with care is not followed by a menu.
_NO_OFFER = {"distress", "abuse"}
_ANYTHING_ELSE = ("utter_nothing_new", "utter_repair")


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
    number, other = tracker.get_slot("emergency_number") or "", state.progress.someone_else
    messages = chat_summary(verdict, state.facts, number, other)
    if verdict.urgency == "emergency":
        messages = [emergency_message(verdict, number, other), *messages]
    if before and verdict.urgency != "emergency":
        dispatcher.utter_message(text=before)
    # One message: the page shows the card in place of the text; other channels split it at the empty lines.
    dispatcher.utter_message(text="\n\n".join(messages), json_message=_result(state, verdict, number))
    offer_reminder(dispatcher, tracker, state)
    offer_what_follows(dispatcher, state)


def _result(state: State, verdict: Verdict, number: str) -> dict[str, Any]:
    """The verdict as programs read it."""
    return {
        "type": "triage_result",
        **verdict.to_json(),
        "emergency_number": number,
        "facts": state.facts.to_json(),
        "sources": cited_sources(verdict),
    }


class UpdateVerdict(Action):
    """After the verdict: take in what is new, judge again, say whether the advice moved and why."""

    def name(self) -> str:
        return "action_update_verdict"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        state, message = State.of(tracker), Message.of(tracker)
        answered = hear_answer(dispatcher, tracker, state, message)
        said = answered or update(dispatcher, tracker, state, message)
        return said or _nothing_new(dispatcher, tracker, state, message)


def update(dispatcher: CollectingDispatcher, tracker: Tracker, state: State, message: Message) -> Events:
    """Hear ``message`` after the verdict; no events when it changes nothing and nothing was said."""
    asked = state.open_question
    events = _heard(dispatcher, tracker, state, message)
    if state.is_changing and events:
        ask(dispatcher, state)
    if state.open_question != asked:
        return [*events, SlotSet("requested_slot", state.open_question)]
    return events


def _heard(dispatcher: CollectingDispatcher, tracker: Tracker, state: State, message: Message) -> Events:
    before, old = state.facts, judge(state.facts)
    returns, state.progress.returning = state.progress.returning, False
    if returns:
        _welcome_back(dispatcher, state, old)
    heard = hear(state, message)
    if heard.asks_change:
        return state.to_events()
    remember_facts(state, message, heard.changes)
    said_to, despairs = _acknowledged(state, heard), bool(message.values("self_harm"))
    if despairs:
        say_with_care(dispatcher, state)
    for response in said_to:
        dispatcher.utter_message(response=response)
    events: Events = state.to_events() if said_to or despairs or returns else []
    if state.facts != before:
        events = _judge_again(dispatcher, tracker, state, old, heard.changes)
    if state.progress.conflicts and state.complete:
        ask_which(dispatcher, state)
        return events or state.to_events()
    return events


def _welcome_back(dispatcher: CollectingDispatcher, state: State, verdict: Verdict) -> None:
    """After a long pause: the advice and what was told last time, to be confirmed or put right."""
    label = knowledge().levels[verdict.urgency].label
    show_ledger(dispatcher, state, "utter_welcome_back_verdict", urgency=label)
    dispatcher.utter_message(response="utter_still_right")


def _acknowledged(state: State, heard: Heard) -> list[str]:
    """What to say to a message beside what it changes."""
    if heard.turned:
        return ["utter_someone_else" if state.progress.someone_else else "utter_about_self"]
    if heard.changed and not heard.changes:
        return ["utter_left_as_it_was"]
    return ["utter_conflict_kept"] if heard.kept else []


def _nothing_new(
    dispatcher: CollectingDispatcher, tracker: Tracker, state: State, message: Message
) -> Events:
    """Nothing changed. Whoever tells of an emergency again is told again what to do."""
    if state.is_changing:
        return _change_not_followed(dispatcher, state)
    verdict = judge(state.facts)
    if verdict.urgency == "emergency" and message.values("symptom"):
        number = tracker.get_slot("emergency_number") or ""
        text = emergency_message(verdict, number, state.progress.someone_else)
        dispatcher.utter_message(text=text, json_message=_result(state, verdict, number))
        offer_what_follows(dispatcher, state)
        return state.to_events()
    no_line = names_no_line(state, message)
    first = "utter_no_such_line" if no_line else _NOTHING_HEARD.get(message.intent, _ANYTHING_ELSE[0])
    chosen = first_new(state, first, *_ANYTHING_ELSE)
    if chosen == "utter_ask_change":
        ask_what_to_change(dispatcher, state)
    else:
        dispatcher.utter_message(response=chosen)
    return state.to_events()


def _change_not_followed(dispatcher: CollectingDispatcher, state: State) -> Events:
    """Simpler words the first time; the second time the answer stays as it was."""
    state.progress.misses += 1
    if state.progress.misses > 1:
        close_change(state)
        dispatcher.utter_message(response="utter_left_as_it_was")
        return [*state.to_events(), SlotSet("requested_slot", state.open_question)]
    state.progress.style = "simple"
    dispatcher.utter_message(response="utter_not_understood_answer")
    ask(dispatcher, state)
    return state.to_events()


def _judge_again(
    dispatcher: CollectingDispatcher, tracker: Tracker, state: State, old: Verdict, changes: Sequence[Change]
) -> Events:
    new = judge(state.facts)
    if old.urgency == "emergency" != new.urgency and next_question(state.facts, state.progress.asked):
        # A false alarm taken back: the questions it cut short go on.
        state.complete = False
        told = "; ".join(change_line(change) for change in changes)
        dispatcher.utter_message(response="utter_changed", change=told)
        dispatcher.utter_message(response="utter_false_alarm")
        return [*state.to_events(), FollowupAction(FORM)]
    said = change_summary(old, new, changes)
    if _same_advice(old, new):
        _keep_advice(dispatcher, tracker, state, new, said)
    else:
        give(dispatcher, tracker, state, new, said)
    return state.to_events()


def _same_advice(old: Verdict, new: Verdict) -> bool:
    """Whether all that a person would act on stays; in an emergency it is always said again."""
    return new.urgency != "emergency" and all(
        getattr(old, part) == getattr(new, part)
        for part in ("urgency", "risk_band", "who_to_see", "advice", "exclusions", "red_flags", "imaging")
    )


def _keep_advice(
    dispatcher: CollectingDispatcher, tracker: Tracker, state: State, verdict: Verdict, said: str
) -> None:
    """One line, with the whole verdict for programs."""
    state.verdict = verdict.to_json()
    remember_verdict(state, state.verdict)
    shown = _result(state, verdict, tracker.get_slot("emergency_number") or "")
    dispatcher.utter_message(text=said, json_message=shown)
    offer_what_follows(dispatcher, state)


class Offer(Action):
    """After an answer outside the questions: what else there is; and nothing told on the way is lost."""

    def name(self) -> str:
        return "action_offer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        state, message = State.of(tracker), Message.of(tracker)
        state.progress.reminder_offered = ""
        if state.complete:
            said = update(dispatcher, tracker, state, message)
            if said:
                return said
        else:
            heard = hear(state, message)
            remember_facts(state, message, heard.changes)
            if judge(state.facts).urgency == "emergency":
                give(dispatcher, tracker, state, judge(state.facts))
                return state.to_events()
        if state.is_changing:
            state.progress.style = "again"
            ask(dispatcher, state)
        else:
            dispatcher.utter_message(response=_offer(state, message))
        return state.to_events()


def _offer(state: State, message: Message) -> str:
    if message.intent in _NO_OFFER:
        return "utter_still_here"
    if state.complete:
        return "utter_anything_else"
    return "utter_offer_to_go_on" if state.progress.consent else "utter_offer_to_start"


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
        verdict, message = judge(state.facts), Message.of(tracker)
        if message.intent == "ask_if":
            _suppose(dispatcher, verdict, state.facts, _supposed(message))
            return []
        for text in what_would_change_lines(verdict):
            dispatcher.utter_message(text=text)
        return []


def _supposed(message: Message) -> list[Mention]:
    """What the what-if supposes, as mentions that take the place of what was told."""
    parts = [(m, *str(m.value).partition(":")) for m in message.mentions if m.kind == "supposed"]
    return [Mention(kind, value, m.assertion, m.text, correction=True) for m, kind, _, value in parts]


def _suppose(dispatcher: CollectingDispatcher, verdict: Verdict, facts: Facts, told: list[Mention]) -> None:
    supposed = merge(facts, told)
    if not supposed.changes:
        dispatcher.utter_message(response="utter_supposed_is_so" if told else "utter_no_hypothesis")
        return
    text = change_summary(verdict, judge(supposed.facts), supposed.changes, supposed=True)
    dispatcher.utter_message(text=text)


class WhyNot(Action):
    """Why not a clot, an infection, a break? What speaks for and against it; a chat rules out none."""

    def name(self) -> str:
        return "action_why_not"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        state, text = State.of(tracker), Message.of(tracker).text
        named = named_in(text, knowledge().lookalikes)
        if named is None:
            dispatcher.utter_message(response="utter_which_lookalike")
            return []
        for line in lookalike_lines(named, state.facts):
            dispatcher.utter_message(text=line)
        return []


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
