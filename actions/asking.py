"""The form's questions. One action a question, made from ``bot/clinical/knowledge/questions.yml``."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from bot.clinical.interview import offered, progress, worded
from bot.clinical.knowledge_base import Question
from bot.clinical.merge import Change
from bot.handoff.summary import change_line, is_told, item_line, ledger_items, ledger_lines, ledger_text

from .hearing import CONFLICT_ANSWERS
from .questions import by_fact, question_for
from .state import CHANGE, CONFLICT, CONSENT, LEDGER, STORY, State


def question_message(question: Question, state: State) -> dict[str, Any]:
    """The question as a bot message: text, buttons, and the same as JSON for a page that can do more."""
    place = state.progress
    old = _old_answer(state) if state.is_changing and place.style == "first" else None
    style = "again" if state.is_changing and place.style == "first" and old is None else place.style
    text = worded(question, state.facts, style, place.someone_else)
    if old is None:
        return {"text": text, **_choices(question, state)}
    blanks = {"old": item_line(old), "question": text}
    return {"response": "utter_ask_change_fact", **blanks, **_choices(question, state)}


def _old_answer(state: State) -> dict[str, str] | None:
    """The line of the ledger that is being put right; None where it has none."""
    return next((one for one in ledger_items(state.facts) if one["fact"] == state.progress.changing), None)


def _choices(question: Question, state: State) -> dict[str, Any]:
    buttons = [
        {"title": option.title, "payload": f'/answer{{"option": "{question.fact}:{number}"}}'}
        for number, option in offered(question, state.facts)
    ]
    section, sections = progress(question, state.progress.asked)
    shown = {
        "type": "question",
        "fact": question.fact,
        "several": question.kind == "several",
        "options": [button["title"] for button in buttons],
        "section": [section, sections],
    }
    return {"buttons": buttons, "json_message": shown}


class AskFact(Action):
    """Ask for one fact; ``fact`` is set on the class made for each question."""

    fact = ""

    def name(self) -> str:
        return f"action_ask_{self.fact}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        ask(dispatcher, State.of(tracker), self.fact)
        return []


def ask(dispatcher: CollectingDispatcher, state: State, fact: str = "") -> None:
    """Put the open question, or that of ``fact``."""
    question = state.question if state.is_changing else question_for(fact)
    if question is not None:
        dispatcher.utter_message(**question_message(question, state))


class AskChange(Action):
    """Which is right, for a fact that shares its question with others?"""

    def name(self) -> str:
        return f"action_ask_{CHANGE}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        ask(dispatcher, State.of(tracker))
        return []


class AskConsent(Action):
    """May I ask and keep your answers?"""

    def name(self) -> str:
        return f"action_ask_{CONSENT}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        dispatcher.utter_message(response=_plain("utter_ask_consent", State.of(tracker)))
        return []


class AskStory(Action):
    """The one open question: what happened, and what do you notice now?"""

    def name(self) -> str:
        return f"action_ask_{STORY}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        dispatcher.utter_message(response=_plain("utter_ask_story", State.of(tracker)))
        return []


def _plain(response: str, state: State) -> str:
    """The name of the response, or of its shorter form after a digression."""
    style = state.progress.style
    if style == "first":
        return response
    return f"{response}_more" if style == "more" else f"{response}_again"


class AskConflict(Action):
    """A sign was told, then denied: which is right?"""

    def name(self) -> str:
        return f"action_ask_{CONFLICT}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        ask_which(dispatcher, State.of(tracker))
        return []


def ask_which(dispatcher: CollectingDispatcher, state: State) -> None:
    """Ask about the first contradiction, with a button for each side."""
    fact = state.progress.conflicts[0]
    old, new = (change_line(Change(fact, None, answer)) for answer in CONFLICT_ANSWERS)
    buttons = [
        {"title": title, "payload": f'/answer{{"option": "{CONFLICT}:{number}"}}'}
        for number, title in enumerate((old, new))
    ]
    response = "utter_ask_conflict_again" if state.progress.style == "again" else "utter_ask_conflict"
    dispatcher.utter_message(response=response, buttons=buttons, old=old, new=new)


class AskLedger(Action):
    """This is what I heard: every line can be corrected before the verdict."""

    def name(self) -> str:
        return f"action_ask_{LEDGER}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        state = State.of(tracker)
        if state.progress.style == "simple":
            ask_what_to_change(dispatcher, state)
            return []
        if state.progress.style == "return":
            show_ledger(dispatcher, state, intro="")
            dispatcher.utter_message(response="utter_still_right")
            return []
        if state.progress.style == "first":
            show_ledger(dispatcher, state)
        dispatcher.utter_message(response="utter_ask_ledger_confirmed")
        return []


def show_ledger(
    dispatcher: CollectingDispatcher, state: State, intro: str = "utter_ledger_intro", **blanks: str
) -> None:
    """Say every fact heard, a line each, after the response ``intro`` with its ``blanks`` filled."""
    lines = ledger_lines(state.facts)
    if not lines:
        dispatcher.utter_message(response="utter_ledger_empty")
        return
    if intro:
        dispatcher.utter_message(response=intro, **blanks)
    shown = {"type": "ledger", "lines": lines, "items": _changeable(state)}
    dispatcher.utter_message(text=ledger_text(state.facts), json_message=shown)
    if state.progress.not_followed:
        words = "; ".join(f'"{text}"' for text in state.progress.not_followed)
        dispatcher.utter_message(response="utter_not_understood", words=words)


def _changeable(state: State) -> list[dict[str, str]]:
    """The lines of the ledger with the payload that asks to change each."""
    items = ledger_items(state.facts)
    return [{**item, "payload": f'/answer{{"option": "change:{item["fact"]}"}}'} for item in items]


def ask_what_to_change(dispatcher: CollectingDispatcher, state: State) -> None:
    """Which line is wrong? With a button for each line that the chat numbers."""
    told = [item for item in _changeable(state) if is_told(state.facts, item["fact"])]
    buttons = [{"title": item["label"], "payload": item["payload"]} for item in told]
    dispatcher.utter_message(response="utter_ask_change", buttons=buttons)


# The action server registers classes, so each question gets one of its own.
ASK_ACTIONS = [type(f"Ask_{fact}", (AskFact,), {"fact": fact}) for fact in by_fact()]
