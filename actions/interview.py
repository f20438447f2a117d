"""The form: hear a message, keep what it tells, choose what to ask next."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.clinical.facts import Facts
from bot.clinical.interview import answered, next_question
from bot.clinical.judge import judge
from bot.clinical.verdict import Verdict
from bot.handoff.summary import change_line

from .hearing import Heard, hear, undo_answer
from .memory import remember_consent, remember_facts
from .message import Message
from .privacy import forgotten
from .questions import question_for
from .state import CONSENT, LEDGER, STORY, State

FORM = "triage_form"
#: What the tracker store keeps in place of a conversation whose consent was refused.
DECLINED = "declined"

#: What the form takes in itself. Any other intent is a digression: a rule answers it and returns here.
ANSWERS = {
    "affirm", "deny", "none_of_these", "dont_know", "skip", "answer",
    "inform", "correct", "someone_else", "go_back", "repeat", "greet", "nlu_fallback", "",
}  # fmt: skip


class ValidateTriageForm(Action):
    """Hear the message, then set ``requested_slot`` to the next fact, or to None when all is known.

    It is an Action and not a FormValidationAction because the next question is judged from all facts
    together, not slot by slot.
    """

    def name(self) -> str:
        return f"validate_{FORM}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        state, message = State.of(tracker), Message.of(tracker)
        if state.progress.heard == message.id:
            # Back from a digression: the open question returns in fewer words.
            state.progress.style = "again"
            return [*state.to_events(), SlotSet("requested_slot", state.open_question)]
        heard = hear(state, message)
        verdict = judge(state.facts)
        remember_facts(state, message, heard.changes)
        if verdict.urgency != "emergency" and message.intent not in ANSWERS:
            return [*state.to_events(), ActionExecutionRejected(FORM)]
        slot = _next_slot(dispatcher, state, message, heard, verdict)
        if state.progress.consent == "no":
            return [*forgotten(DECLINED), SlotSet("requested_slot", None)]
        return [*state.to_events(), SlotSet("requested_slot", slot)]


def _next_slot(
    dispatcher: CollectingDispatcher, state: State, message: Message, heard: Heard, verdict: Verdict
) -> str | None:
    """Say what must be said to this message and choose the next question; None ends the form."""
    if verdict.urgency == "emergency":
        state.complete = True
        return None
    if not state.progress.consent:
        return _ask_consent(dispatcher, state, message)
    if state.open_question is None:
        dispatcher.utter_message(response="utter_welcome_back")
    _acknowledge(dispatcher, state, heard, verdict)
    if message.intent == "repeat":
        state.progress.style = "first"
        return state.open_question
    if message.intent == "go_back":
        return _go_back(dispatcher, state)
    if state.open_question == LEDGER:
        return _after_ledger(dispatcher, state, message, heard)
    if not heard.followed and question_for(state.open_question):
        repeated = _repair(dispatcher, state, message)
        if repeated:
            return repeated
    return choose(state, verdict)


# -- consent and story ---------------------------------------------------------------------------


def _ask_consent(dispatcher: CollectingDispatcher, state: State, message: Message) -> str | None:
    """Who I am, then may I ask; whatever was told before is kept for later."""
    progress = state.progress
    if not progress.introduced:
        progress.introduced = True
        dispatcher.utter_message(response="utter_introduction")
        if state.facts != Facts():
            dispatcher.utter_message(response="utter_story_kept")
        return CONSENT
    if message.answer == "no" and not message.mentions:
        progress.consent = "no"
        dispatcher.utter_message(response="utter_consent_declined")
        return None
    progress.consent = "yes" if message.answer == "yes" else "unsure"
    remember_consent(state, progress.consent)
    if progress.consent == "unsure":
        dispatcher.utter_message(response="utter_consent_unsure")
    return choose(state, judge(state.facts))


# -- what the person just said -------------------------------------------------------------------


def _acknowledge(dispatcher: CollectingDispatcher, state: State, heard: Heard, verdict: Verdict) -> None:
    """Say what changed, what contradicts, whom the chat is not for, and each danger sign once."""
    if heard.turned:
        other = state.progress.someone_else
        dispatcher.utter_message(response="utter_someone_else" if other else "utter_about_self")
    for change in heard.changes:
        if change.old is not None:
            dispatcher.utter_message(response="utter_changed", change=change_line(change))
    for conflict in heard.conflicts:
        _ask_which(dispatcher, conflict)
    for excluded in verdict.exclusions:
        _tell_once(dispatcher, state, excluded.id, "utter_excluded", excluded.sentence)
    for flag in verdict.red_flags:
        if flag.urgency == "same_day":
            _tell_once(dispatcher, state, flag.id, "utter_danger_heard", flag.say)


def _tell_once(dispatcher: CollectingDispatcher, state: State, what: str, response: str, say: str) -> None:
    if what not in state.progress.told:
        state.progress.told.append(what)
        dispatcher.utter_message(response=response, say=say)


def _ask_which(dispatcher: CollectingDispatcher, conflict: Any) -> None:
    old, _, new = change_line(conflict).partition(" -> ")
    dispatcher.utter_message(response="utter_conflict", old=old, new=new)


def _repair(dispatcher: CollectingDispatcher, state: State, message: Message) -> str | None:
    """Simpler words the first time, "not sure" the second: a question is never asked a third time."""
    progress = state.progress
    progress.misses += 1
    fact = state.open_question or ""
    if progress.misses == 1 and progress.asked.get(fact, 0) < 2:
        progress.style = "simple"
        progress.asked[fact] = progress.asked.get(fact, 0) + 1
        dispatcher.utter_message(response="utter_not_understood_answer")
        return fact
    hear_unknown(state, fact)
    dispatcher.utter_message(response="utter_question_skipped")
    return None


def hear_unknown(state: State, fact: str) -> None:
    """Put down "not sure" for the question of ``fact``."""
    question = question_for(fact)
    if question is not None:
        state.facts = answered(question, "unknown", state.facts)


def _go_back(dispatcher: CollectingDispatcher, state: State) -> str | None:
    """Undo the answer before the open question and ask it again."""
    order = state.progress.order
    if order and order[-1] == state.open_question:
        order.pop()
    if not order:
        dispatcher.utter_message(response="utter_cannot_go_back")
        return state.open_question
    fact = order[-1]
    undo_answer(state, fact)
    state.progress.style, state.progress.misses = "again", 0
    dispatcher.utter_message(response="utter_gone_back")
    return fact


# -- what comes next -----------------------------------------------------------------------------


def choose(state: State, verdict: Verdict) -> str | None:
    """The next question's fact; the story, the ledger and then None close the interview."""
    progress = state.progress
    progress.style, progress.misses = "first", 0
    if state.facts == Facts() and STORY not in progress.asked:
        return _asking(state, STORY)
    question = next_question(state.facts, progress.asked)
    if question is not None:
        return _asking(state, question.fact)
    if LEDGER not in progress.asked and state.facts != Facts():
        return _asking(state, LEDGER)
    state.complete = True
    return None


def _asking(state: State, fact: str) -> str:
    progress = state.progress
    progress.asked[fact] = progress.asked.get(fact, 0) + 1
    progress.order.append(fact)
    return fact


def _after_ledger(
    dispatcher: CollectingDispatcher, state: State, message: Message, heard: Heard
) -> str | None:
    """Right, changed (then judge), or wrong without saying what: ask what to change, once."""
    asks_how = message.answer == "no" or (message.intent == "correct" and not heard.changes)
    if asks_how and not heard.changes and not heard.conflicts and state.progress.asked.get(LEDGER, 0) < 2:
        state.progress.asked[LEDGER] = 2
        state.progress.style = "simple"
        return LEDGER
    return choose(state, judge(state.facts))
