"""Questions about HO, about words, and about why something is asked."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from bot.clinical.knowledge_base import knowledge

from .message import Message
from .questions import question_for
from .state import State

_PREFIX = "ask_ho_"


class Teach(Action):
    """Answer from the teaching entry that the intent names."""

    def name(self) -> str:
        return "action_teach"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        topic = Message.of(tracker).intent.removeprefix(_PREFIX)
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
        question = question_for(State.of(tracker).open_question)
        asked = question.text.self if question else ""
        entry = _glossary_entry(Message.of(tracker).text) or _glossary_entry(asked)
        if entry is None:
            dispatcher.utter_message(response="utter_unknown_word")
        else:
            dispatcher.utter_message(text=entry)
        return []


def _glossary_entry(text: str) -> str | None:
    words = f" {''.join(c if c.isalnum() or c == '-' else ' ' for c in text.casefold())} "
    entries = ((word, entry) for entry in knowledge().glossary.values() for word in entry.words)
    # The longest word wins: "bone scan" before "bone".
    for word, entry in sorted(entries, key=lambda pair: -len(pair[0])):
        if f" {word.casefold()} " in words:
            return entry.text
    return None


class WhyAsk(Action):
    """Why do you ask? The open question's own reason."""

    def name(self) -> str:
        return "action_why_ask"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        question = question_for(State.of(tracker).open_question)
        if question is None:
            dispatcher.utter_message(response="utter_why_general")
        else:
            dispatcher.utter_message(text=question.why)
        return []
