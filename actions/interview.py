"""The form: hear a message, keep what it tells, choose what to ask next."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.clinical.conditions import URGENCIES
from bot.clinical.facts import UNKNOWN, Facts
from bot.clinical.interview import MAX_ASKED, answered, is_missing, next_question
from bot.clinical.judge import judge
from bot.clinical.knowledge_base import knowledge
from bot.clinical.merge import Change
from bot.clinical.verdict import Verdict
from bot.handoff.summary import change_line
from bot.records.conversations import CONSENT_WAS_DECLINED

from .asking import show_ledger
from .changing import close_change, names_no_line
from .confirming import FORGET, WHOSE, about_another, confirmed, erase, restart
from .hearing import Heard, hear, undo_answer
from .memory import remember_consent, remember_facts
from .message import Message
from .saying import say_with_care
from .session import forgotten
from .state import CONFLICT, CONSENT, FORM, LEDGER, STORY, State

#: Questions that are no facts count among the most that may be asked, before they are asked too.
_COUNTED = {CONSENT: 1, LEDGER: 1}
#: Danger signs told in one message; the verdict tells all of them.
DANGERS_AT_ONCE = 2

#: What the form takes in itself. Any other intent is a digression: a rule answers it and returns here.
ANSWERS = {
    "affirm", "deny", "none_of_these", "dont_know", "skip", "answer",
    "inform", "correct", "someone_else", "go_back", "repeat", "greet", "self_harm", "nlu_fallback", "",
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
            slot = _back(dispatcher, state, message)
            return [*state.to_events(), SlotSet("requested_slot", slot)]
        asked_to_confirm = state.open_question
        sure = confirmed(dispatcher, state, message)
        if sure is not None:
            return _as_confirmed(dispatcher, state, message, str(asked_to_confirm), sure)
        if message.values("self_harm"):
            say_with_care(dispatcher, state)
        heard = hear(state, message)
        if asked_to_confirm == WHOSE:
            heard = replace(heard, reassigned=False)
        verdict = judge(state.facts)
        remember_facts(state, message, heard.changes)
        digresses = message.intent not in ANSWERS and not heard.title
        if digresses and verdict.urgency != "emergency":
            return [*state.to_events(), ActionExecutionRejected(FORM)]
        slot = _next_slot(dispatcher, state, message, heard, verdict)
        if state.progress.consent == "no":
            return [*forgotten(CONSENT_WAS_DECLINED), SlotSet("requested_slot", None)]
        return [*state.to_events(), SlotSet("requested_slot", slot)]


def _as_confirmed(
    dispatcher: CollectingDispatcher, state: State, message: Message, asked: str, sure: bool
) -> list[EventType]:
    """Do what was confirmed, or go back to the question that was put off."""
    if sure and asked == FORGET:
        return [*erase(dispatcher, state.conversation_id), SlotSet("requested_slot", None)]
    slot = state.open_question
    if asked == WHOSE:
        slot = about_another(dispatcher, state, message, sure) or choose(state)
    elif sure:
        restart(dispatcher, state, message)
        slot = choose(state) if state.progress.consent else CONSENT
    return [*state.to_events(), SlotSet("requested_slot", slot)]


def _back(dispatcher: CollectingDispatcher, state: State, message: Message) -> str | None:
    """Back from a digression the open question returns in fewer words; after a new start there is none."""
    _tell_dangers(dispatcher, state, judge(state.facts))
    if message.intent == "distress":
        dispatcher.utter_message(response="utter_when_ready")
    question = state.question
    if question is not None and not state.is_changing and not is_missing(question.fact, state.facts):
        return choose(state)  # answered beside the digression
    if state.open_question is not None:
        state.progress.style = "simple" if state.progress.explained > 1 and question else "again"
        return state.open_question
    return choose(state) if state.progress.consent else CONSENT


def _next_slot(
    dispatcher: CollectingDispatcher, state: State, message: Message, heard: Heard, verdict: Verdict
) -> str | None:
    """Say what must be said to this message and choose the next question; None ends the form."""
    if verdict.urgency == "emergency":
        state.complete = True
        return None
    _take_back(dispatcher, state, heard, verdict)
    _tell_dangers(dispatcher, state, verdict)
    if message.values("self_harm") and state.open_question and not heard.changes:
        state.progress.style = "again"
        dispatcher.utter_message(response="utter_when_ready")
        return state.open_question
    if not state.progress.introduced:
        return _introduce(dispatcher, state, heard)
    if not state.progress.consent:
        return _ask_consent(dispatcher, state, message, heard)
    if state.progress.returning:
        return _sum_up(dispatcher, state, heard)
    if state.open_question is None:
        _welcome_back(dispatcher, state)
    acknowledged = _acknowledge(dispatcher, state, heard)
    if heard.reassigned:
        state.progress.waiting = state.open_question or ""
        return WHOSE
    steered = _steer(dispatcher, state, message, heard)
    if steered:
        return steered
    slot = _after_change(state) if heard.changed else _go_on(dispatcher, state, heard)
    if slot is not None and slot == state.open_question and not acknowledged:
        dispatcher.utter_message(response="utter_noted" if heard.changes else "utter_known")
    return slot


def _steer(dispatcher: CollectingDispatcher, state: State, message: Message, heard: Heard) -> str | None:
    """The question to stay with, or to go back to; None when the interview goes on."""
    if heard.asks_change:
        return state.open_question
    if heard.changed:
        return None
    if message.intent == "repeat":
        state.progress.style = "first"
        dispatcher.utter_message(response="utter_repeated")
        return state.open_question
    if names_no_line(state, message):
        state.progress.style = "again"
        dispatcher.utter_message(response="utter_no_such_line")
        return state.open_question
    if state.is_changing and not heard.dead_button:
        return _change_not_followed(dispatcher, state, heard)
    if message.intent == "go_back":
        return _go_back(dispatcher, state)
    if heard.dead_button or (message.intent == "greet" and not heard.followed):
        state.progress.style = "again"
        said = "utter_dead_button" if heard.dead_button else "utter_greet_again"
        dispatcher.utter_message(response=said)
        return state.open_question
    if state.open_question == LEDGER:
        return _after_ledger(dispatcher, state, message, heard)
    return None if heard.followed else _not_followed(dispatcher, state, message)


# -- consent and story ---------------------------------------------------------------------------


def _introduce(dispatcher: CollectingDispatcher, state: State, heard: Heard) -> str:
    """Who I am, then may I ask; whatever was told already is kept for later."""
    state.progress.introduced = True
    dispatcher.utter_message(response="utter_introduction")
    if heard.turned:
        dispatcher.utter_message(response="utter_someone_else")
    elif _told(state.facts):
        dispatcher.utter_message(response="utter_story_kept")
    return CONSENT


def _told(facts: Facts) -> bool:
    """Whether anything is known that need not be asked again; "do I have HO?" tells nothing."""
    findings = {*facts.symptoms.values(), *facts.risk_factors.values()} - {UNKNOWN}
    return bool(facts.events or facts.body_site or facts.age or findings)


def _ask_consent(
    dispatcher: CollectingDispatcher, state: State, message: Message, heard: Heard
) -> str | None:
    """Take a yes, a no or a "not sure"; anything else is asked once more, and then is not sure."""
    progress = state.progress
    answer = None if heard.changes or heard.dead_button else message.answer
    if answer == "no":
        progress.consent = "no"
        dispatcher.utter_message(response="utter_consent_declined")
        return None
    if message.intent == "repeat":
        progress.style = "first"
        dispatcher.utter_message(response="utter_repeated")
        return CONSENT
    if answer is None and progress.misses == 0:
        progress.misses, progress.style = 1, "again"
        dispatcher.utter_message(response="utter_noted" if heard.changes else "utter_consent_needed")
        return CONSENT
    progress.consent = "yes" if answer == "yes" else "unsure"
    remember_consent(state, progress.consent)
    if progress.consent == "unsure":
        dispatcher.utter_message(response="utter_consent_unsure")
    remember_facts(state, message, [])
    return choose(state)


def _welcome_back(dispatcher: CollectingDispatcher, state: State) -> None:
    dispatcher.utter_message(response="utter_welcome_back")
    if state.facts != Facts():
        show_ledger(dispatcher, state)


def _sum_up(dispatcher: CollectingDispatcher, state: State, heard: Heard) -> str:
    """After a long pause: what was told last time, and what this message adds, is confirmed first."""
    state.progress.returning, state.progress.style = False, "return"
    dispatcher.utter_message(response="utter_welcome_back_later")
    _acknowledge(dispatcher, state, heard)
    state.progress.asked.pop(LEDGER, None)
    return LEDGER


# -- what the person just said -------------------------------------------------------------------


def _acknowledge(dispatcher: CollectingDispatcher, state: State, heard: Heard) -> bool:
    """Say whose case it is now, what changed, and that the present fact stays when no one settled it."""
    said = []
    if heard.turned:
        said.append("utter_someone_else" if state.progress.someone_else else "utter_about_self")
        dispatcher.utter_message(response=said[-1])
    lines = [change_line(one) for one in heard.changes if heard.changed or _worth_saying(state, one)]
    if lines:
        said.append("utter_changed")
        dispatcher.utter_message(response="utter_changed", change="; ".join(lines))
    elif heard.kept or heard.changed:
        said.append("utter_conflict_kept" if heard.kept else "utter_left_as_it_was")
        dispatcher.utter_message(response=said[-1])
    return bool(said)


def _worth_saying(state: State, change: Change) -> bool:
    """A changed answer is said, more of the same ("left", of a hip) is not; at the ledger all is."""
    adds = change.old in (None, UNKNOWN) or str(change.old) in str(change.new)
    return state.open_question == LEDGER or not adds


def _tell_dangers(dispatcher: CollectingDispatcher, state: State, verdict: Verdict) -> None:
    """Each danger sign that needs a doctor today, and whom the chat is not for: once, and at once."""
    told = state.progress.told
    for excluded in verdict.exclusions:
        if excluded.id not in told:
            told.append(excluded.id)
            dispatcher.utter_message(response="utter_excluded", say=excluded.sentence)
    new = [flag for flag in verdict.red_flags if flag.urgency == "same_day" and flag.id not in told]
    told += [flag.id for flag in new]
    if new:
        says = " ".join(flag.say for flag in new[:DANGERS_AT_ONCE])
        dispatcher.utter_message(response="utter_danger_heard", say=says)


def _take_back(dispatcher: CollectingDispatcher, state: State, heard: Heard, verdict: Verdict) -> None:
    """That "a doctor today" no longer holds is said, with the answer that it is due to; never in silence."""
    held, flags = {flag.id for flag in verdict.red_flags}, knowledge().red_flags
    gone = [name for name in state.progress.told if name in flags and name not in held]
    if not (gone and heard.changes):
        return
    state.progress.told = [name for name in state.progress.told if name not in gone]
    if URGENCIES.index(verdict.urgency) < URGENCIES.index("same_day"):
        why = "; ".join(change_line(change) for change in heard.changes)
        what = ", ".join(flags[name].label for name in gone)
        dispatcher.utter_message(response="utter_danger_gone", why=why, what=what)


def _not_followed(dispatcher: CollectingDispatcher, state: State, message: Message) -> str | None:
    """Simpler words the first time, "not sure" the second: a question is never asked a third time."""
    progress, fact = state.progress, state.open_question
    if fact == STORY and message.answer in ("no", "none", "unknown"):
        dispatcher.utter_message(response="utter_step_by_step")
        return None
    if fact is None or fact == CONFLICT:
        return None
    progress.misses += 1
    if progress.misses == 1 and progress.asked.get(fact, 0) < MAX_ASKED:
        progress.style = "simple"
        progress.asked[fact] = progress.asked.get(fact, 0) + 1
        dispatcher.utter_message(response="utter_not_understood_answer")
        return fact
    progress.asked[fact] = MAX_ASKED
    if fact == STORY:
        dispatcher.utter_message(response="utter_step_by_step")
    return None


def _go_back(dispatcher: CollectingDispatcher, state: State) -> str | None:
    """Undo the answer before the open question and ask it again."""
    order = state.progress.order
    state.progress.asked.pop(LEDGER, None)
    if order and order[-1] == state.open_question:
        order.pop()
    if not order:
        state.progress.style = "again"
        dispatcher.utter_message(response="utter_cannot_go_back")
        return state.open_question
    fact = order[-1]
    undo_answer(state, fact)
    state.progress.style, state.progress.misses = "again", 0
    dispatcher.utter_message(response="utter_gone_back")
    return fact


# -- an answer put right ----------------------------------------------------------------------------


def _change_not_followed(dispatcher: CollectingDispatcher, state: State, heard: Heard) -> str | None:
    """Simpler words the first time; the second time the answer stays as it was, and the interview goes on."""
    state.progress.misses += 1
    if state.progress.misses == 1:
        state.progress.style = "again" if heard.followed else "simple"
        dispatcher.utter_message(response="utter_noted" if heard.followed else "utter_not_understood_answer")
        return state.open_question
    close_change(state)
    dispatcher.utter_message(response="utter_left_as_it_was")
    return _after_change(state)


def _after_change(state: State) -> str | None:
    """Back to the question that was put off, if it is still open; the list is shown anew."""
    state.progress.asked.pop(LEDGER, None)
    question = state.question
    answered_by_now = question is not None and not is_missing(question.fact, state.facts)
    if answered_by_now or state.open_question in (None, LEDGER, CONFLICT):
        return choose(state)
    return state.open_question


# -- what comes next -----------------------------------------------------------------------------


def _go_on(dispatcher: CollectingDispatcher, state: State, heard: Heard) -> str | None:
    """The next question; one that was asked twice and is still open is put down as "not sure", aloud.

    Who tells something new beside the open question has not missed it: a first asking does not count then.
    """
    question = None if state.is_changing else state.question
    if state.open_question == STORY and _is_thin(state, heard):
        return _more_of_the_story(state)
    if question is None or not is_missing(question.fact, state.facts):
        return choose(state)
    asked = state.progress.asked.get(question.fact, 0)
    if heard.changes and not heard.answered and asked < MAX_ASKED:
        state.progress.asked[question.fact] = max(0, asked - 1)
        slot = choose(state)
        state.progress.style = "again" if slot == question.fact else state.progress.style
        return slot
    if asked >= MAX_ASKED:
        state.facts = answered(question, "unknown", state.facts)
        dispatcher.utter_message(response="utter_question_skipped")
    return choose(state)


def _is_thin(state: State, heard: Heard) -> bool:
    """Whether the story has only a place, a time or a person so far, and more of it comes each time."""
    facts, asked = state.facts, state.progress.asked.get(STORY, 0)
    tells = facts.events or facts.symptoms or facts.risk_factors or facts.course
    return not tells and asked <= MAX_ASKED and bool(heard.changes or heard.turned)


def _more_of_the_story(state: State) -> str:
    asked = state.progress.asked
    state.progress.style = "more" if asked.get(STORY, 0) < MAX_ASKED else "again"
    asked[STORY] = asked.get(STORY, 0) + 1
    return STORY


def choose(state: State) -> str | None:
    """The next question's fact: a contradiction first, then the story, the missing facts, the ledger.

    None closes the interview.
    """
    progress = state.progress
    progress.style, progress.misses, progress.explained = "first", 0, 0
    if progress.conflicts:
        return CONFLICT
    if state.facts == Facts() and STORY not in progress.asked:
        return _asking(state, STORY)
    question = next_question(state.facts, {**progress.asked, **_COUNTED})
    if question is not None:
        return _asking(state, question.fact)
    if LEDGER not in progress.asked and state.facts != Facts():
        return _asking(state, LEDGER)
    state.complete = True
    return None


def _asking(state: State, fact: str) -> str:
    progress = state.progress
    progress.asked[fact] = progress.asked.get(fact, 0) + 1
    # The second time in other words.
    progress.style = "again" if progress.asked[fact] > 1 else "first"
    if progress.order[-1:] != [fact]:
        progress.order.append(fact)
    return fact


def _after_ledger(
    dispatcher: CollectingDispatcher, state: State, message: Message, heard: Heard
) -> str | None:
    """Right, changed (then judge), or wrong without saying what: ask what to change, once."""
    if message.text.rstrip().endswith("?") and not (heard.changes or heard.conflicts):
        state.progress.style = "again"
        dispatcher.utter_message(response="utter_result_answers")
        return LEDGER
    settled = heard.changes or heard.conflicts or message.answer in ("yes", "unknown")
    if settled or state.progress.asked.get(LEDGER, 0) >= MAX_ASKED:
        return None
    state.progress.asked[LEDGER] = MAX_ASKED
    state.progress.style = "simple"
    return LEDGER
