"""The verdict: given, judged again, explained, and what would change it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

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
    still_emergency,
    supposed_so_far,
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
_ANYTHING_ELSE = ("utter_nothing_new", "utter_repair", "utter_nothing_new_last")
_IN_AN_EMERGENCY = ("utter_nothing_new_urgent", "utter_repair", "utter_closing_emergency")
#: "No, that is all" to "what else would you like to know?"
_CLOSES = {"deny", "none_of_these"}


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
    state.progress.said = "utter_still_right"
    dispatcher.utter_message(response=state.progress.said)


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
    chosen = _said_to_nothing(state, message, verdict)
    if chosen == "utter_ask_change":
        ask_what_to_change(dispatcher, state)
    else:
        advice = knowledge().levels[verdict.urgency].advice
        dispatcher.utter_message(response=chosen, advice=advice)
    return state.to_events()


def _said_to_nothing(state: State, message: Message, verdict: Verdict) -> str:
    """The response to what changes nothing; what is not followed is met in three steps."""
    urgent = verdict.urgency == "emergency"
    steps = _IN_AN_EMERGENCY if urgent else _ANYTHING_ELSE
    if message.intent in _CLOSES and state.progress.said != "utter_still_right":
        closing = "utter_closing_emergency" if urgent else "utter_closing"
        return first_new(state, closing, "utter_goodbye_again")
    if names_no_line(state, message):
        return first_new(state, "utter_no_such_line", *steps)
    known = "utter_ask_change" if message.intent in _CLOSES else _NOTHING_HEARD.get(message.intent)
    if known and known != "utter_repair":
        return first_new(state, known, *steps)
    after = steps.index(state.progress.said) + 1 if state.progress.said in steps else 0
    if known and not after:
        after = steps.index(known)
    return first_new(state, steps[after % len(steps)])


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
    if _is_the_same_emergency(old, new):
        number = tracker.get_slot("emergency_number") or ""
        _keep_advice(dispatcher, tracker, state, new, still_emergency(changes, number))
        return state.to_events()
    said = change_summary(old, new, changes)
    if _same_advice(old, new):
        _keep_advice(dispatcher, tracker, state, new, said)
    else:
        give(dispatcher, tracker, state, new, said)
    return state.to_events()


def _is_the_same_emergency(old: Verdict, new: Verdict) -> bool:
    """Whether it was an emergency and no other sign of one has come: what to do was said in full."""
    before = {flag.id for flag in old.red_flags}
    urgent = {flag.id for flag in new.red_flags if flag.urgency == "emergency"}
    return old.urgency == new.urgency == "emergency" and urgent <= before


def _same_advice(old: Verdict, new: Verdict) -> bool:
    """Whether all that a person would act on stays; a new sign of an emergency is always said in full."""
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
        state, message = State.of(tracker), Message.of(tracker)
        if message.intent == "ask_if":
            _suppose(dispatcher, state, _supposed(message))
            return []
        if not state.complete:
            dispatcher.utter_message(response="utter_no_verdict_yet")
            return []
        for text in what_would_change_lines(judge(state.facts)):
            dispatcher.utter_message(text=text)
        return []


def _supposed(message: Message) -> list[Mention]:
    """What the what-if supposes, as mentions that take the place of what was told."""
    parts = [(m, *str(m.value).partition(":")) for m in message.mentions if m.kind == "supposed"]
    return [Mention(kind, value, m.assertion, m.text, correction=True) for m, kind, _, value in parts]


def _suppose(dispatcher: CollectingDispatcher, state: State, told: list[Mention]) -> None:
    """Judge what is supposed beside the facts, also while questions are open; the facts stay."""
    supposed = merge(state.facts, told)
    if not supposed.changes:
        known = "utter_supposed_is_so" if state.complete else "utter_known"
        dispatcher.utter_message(response=known if told else "utter_no_hypothesis")
        return
    worded = partial(change_summary, supposed=True) if state.complete else supposed_so_far
    text = worded(judge(state.facts), judge(supposed.facts), supposed.changes)
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
        if not state.complete:
            dispatcher.utter_message(response="utter_questions_will_tell")
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
