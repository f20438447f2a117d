"""One message of the person, as Rasa understood it."""

from __future__ import annotations

from dataclasses import dataclass

from rasa_sdk import Tracker

from bot.clinical.mentions import KINDS, Mention

#: Intents that answer a question as a whole, and what they answer.
_WHOLE_ANSWERS = {
    "affirm": "yes",
    "deny": "no",
    "none_of_these": "none",
    "dont_know": "unknown",
    "skip": "unknown",
}
#: Intents of a question, beside those that begin with ``ask_``.
_ASKING = {"explain_word", "why_ask"}
#: Words of a question about a word; a longer message may tell something beside it.
_LONGEST_WORD_QUESTION = 7
#: A nod is a yes to "may I?"; whether it is one to a sign is asked with ``Message.only_agrees``.
_NODS = {"ok": "yes"}
#: The case's facts, and the yes or no that opens a longer message.
_HEARD = {*KINDS, "answer"}


@dataclass(frozen=True)
class Message:
    """``answer`` is yes, no, none, unknown or None; ``option`` is a button's ``"<fact>:<number>"``."""

    id: str
    text: str
    intent: str
    mentions: tuple[Mention, ...]
    option: str | None

    @classmethod
    def of(cls, tracker: Tracker) -> Message:
        latest = tracker.latest_message or {}
        entities = latest.get("entities") or []
        intent = (latest.get("intent") or {}).get("name") or ""
        # Despair ("I can't take this any more") answers no question; "what do you mean by darker?" asks.
        despairs = any(e.get("entity") == "self_harm" for e in entities)
        asks = intent in _ASKING or intent.startswith("ask_")
        heard = _HEARD - {"if_asked"} if despairs or asks else _HEARD
        if intent == "explain_word" and len((latest.get("text") or "").split()) <= _LONGEST_WORD_QUESTION:
            heard = heard - {"symptom", "risk_factor"}  # "what does numb mean" tells of no numbness
        return cls(
            id=str(latest.get("message_id") or _place(tracker)),
            text=latest.get("text") or "",
            intent=intent,
            mentions=tuple(Mention.from_entity(e) for e in entities if e.get("entity") in heard),
            option=next((str(e["value"]) for e in entities if e.get("entity") == "option"), None),
        )

    @property
    def said(self) -> str | None:
        """The yes or no that opens a longer message."""
        return next((str(m.value) for m in self.mentions if m.kind == "answer"), None)

    @property
    def answer(self) -> str | None:
        return _NODS.get(self.said or "", self.said) or _WHOLE_ANSWERS.get(self.intent)

    @property
    def only_agrees(self) -> bool:
        """Polite, or willing to go on; no yes to a sign."""
        return self.said in _NODS or bool(self.values("agreement"))

    def is_exactly(self, command: str) -> bool:
        """Whether the message is the command to the letter, and not only close to it."""
        return command in self.values("command")

    def values(self, kind: str) -> list[str | float]:
        return [mention.value for mention in self.mentions if mention.kind == kind]


def _place(tracker: Tracker) -> int:
    """Where the message stands in the conversation, for channels that give no message id."""
    return sum(event.get("event") == "user" for event in tracker.events)
