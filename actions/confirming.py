"""Are you sure? Asked before answers are put aside or deleted on words that may have been meant otherwise."""

from __future__ import annotations

from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.clinical.facts import Facts

from .memory import records, reminders
from .message import Message
from .session import forgotten
from .state import FORM, Progress, State

START_AGAIN, FORGET, WHOSE = "confirm_start_again", "confirm_forget", "confirm_whose"
#: Questions of the form that are answered with yes or no; their words are ``utter_ask_<name>``.
CONFIRMATIONS = (START_AGAIN, FORGET, WHOSE)


def ask_to_confirm(state: State, message: Message, which: str) -> list[EventType]:
    """Put the open question off and ask ``which`` in its place."""
    if state.open_question not in CONFIRMATIONS:
        state.progress.waiting = state.open_question or ""
    state.progress.heard = message.id
    return [*state.to_events(), SlotSet("requested_slot", which), FollowupAction(FORM)]


def confirmed(dispatcher: CollectingDispatcher, state: State, message: Message) -> bool | None:
    """Yes or no to "are you sure?"; None when it was not asked, or not answered. The old question returns."""
    if state.open_question not in CONFIRMATIONS:
        return None
    undoes = state.open_question != WHOSE
    state.open_question = state.progress.waiting or None
    loose = not undoes and message.answer != "yes" and message.intent != "deny"
    if message.answer is None or message.values("about") or loose:
        return None  # "no, it is about me" turns back again; "it is about the same" puts nothing aside
    state.progress.heard, state.progress.style = message.id, "again"
    if undoes and message.answer != "yes":
        dispatcher.utter_message(response="utter_left_as_it_was")
    return message.answer == "yes"


def put_aside(state: State, message: Message) -> None:
    """Begin a new case in ``state``; the consent stands."""
    kept = state.progress
    reminders().stop(state.conversation_id)
    state.facts, state.verdict, state.complete, state.open_question = Facts(), None, False, None
    state.progress = Progress(
        introduced=kept.introduced, consent=kept.consent, heard=message.id, style="first"
    )


def restart(dispatcher: CollectingDispatcher, state: State, message: Message) -> None:
    """Put the old case aside and say so."""
    put_aside(state, message)
    dispatcher.utter_message(response="utter_restarted")


def about_another(dispatcher: CollectingDispatcher, state: State, message: Message, same: bool) -> str | None:
    """What was told stays when it is about the ``same`` person; else a new case begins. The next question."""
    if same:
        dispatcher.utter_message(response="utter_told_stays")
        return state.open_question
    someone_else = state.progress.someone_else
    put_aside(state, message)
    state.progress.someone_else = someone_else
    dispatcher.utter_message(response="utter_told_is_put_aside")
    return None


def erase(dispatcher: CollectingDispatcher, sender: str) -> list[EventType]:
    """Erase the records and say the receipt; the conversation is erased on saving."""
    receipt = records().forget(sender, unheard_too=False)
    shown = {"type": "forgotten", "receipt": receipt.id}
    dispatcher.utter_message(response="utter_forgotten", receipt=receipt.id, json_message=shown)
    return forgotten(receipt.id)
