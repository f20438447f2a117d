"""Questions about HO, about words, and about why something is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from bot.clinical.judge import judge
from bot.clinical.knowledge_base import knowledge

from .message import Message
from .state import State

_PREFIX = "ask_ho_"
_HOME_CARE = "self_care"


class Teach(Action):
    """Answer from the teaching entry that the intent names."""

    def name(self) -> str:
        return "action_teach"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        topic = Message.of(tracker).intent.removeprefix(_PREFIX)
        state = State.of(tracker)
        if state.complete and judge(state.facts).urgency == "emergency":
            # "What should I do?": help comes before all that can be learnt, and in place of home care.
            dispatcher.utter_message(response="utter_help_first")
            if topic == _HOME_CARE:
                return []
        taught = knowledge().teaching
        entry = taught.get(topic) or taught["what"]
        shown = {"type": "teaching", "id": entry.id, "sources": entry.sources}
        dispatcher.utter_message(text=entry.text[0], json_message=shown)
        for paragraph in entry.text[1:]:
            dispatcher.utter_message(text=paragraph)
        return []


class ExplainWord(Action):
    """What does that word mean? The words of the message, else those of the open question."""

    def name(self) -> str:
        return "action_explain_word"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        state = State.of(tracker)
        question = state.question
        named = _glossary_entry(Message.of(tracker).text)
        if named or question is None:
            _explain(dispatcher, named)
            return []
        return _explain_question(dispatcher, state, _glossary_entry(question.text.self) or question.why)


def _explain(dispatcher: CollectingDispatcher, entry: str | None) -> None:
    if entry is None:
        dispatcher.utter_message(response="utter_unknown_word")
    else:
        dispatcher.utter_message(text=entry)


def _explain_question(dispatcher: CollectingDispatcher, state: State, entry: str) -> list[EventType]:
    """The explanation once, then other words for the question (the form has them), then a way out."""
    state.progress.explained += 1
    if state.progress.explained == 1:
        dispatcher.utter_message(text=entry)
    else:
        second = state.progress.explained == 2
        dispatcher.utter_message(response="utter_in_other_words" if second else "utter_may_be_unsure")
    return state.to_events()


def _glossary_entry(text: str) -> str | None:
    found = named_in(text, knowledge().glossary)
    return knowledge().glossary[found].text if found else None


def named_in(text: str, entries: Mapping[str, Any]) -> str | None:
    """The id of the entry one of whose ``words`` stands in ``text``; the longest word wins ("bone scan")."""
    words = f" {''.join(c if c.isalnum() or c == '-' else ' ' for c in text.casefold())} "
    named = ((word, name) for name, entry in entries.items() for word in entry.words)
    for word, name in sorted(named, key=lambda pair: -len(pair[0])):
        if f" {word.casefold()} " in words:
            return name
    return None


class WhyAsk(Action):
    """Why do you ask? The open question's own reason."""

    def name(self) -> str:
        return "action_why_ask"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        question = State.of(tracker).question
        if question is None:
            dispatcher.utter_message(response="utter_why_general")
        else:
            dispatcher.utter_message(text=question.why)
        return []
