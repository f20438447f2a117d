"""What the dialogue knows: the case facts and where the interview is, read from slots and written back."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from bot.clinical.facts import VALUE_FACTS, Facts
from bot.clinical.knowledge_base import Question

from .questions import by_fact, change_question, question_for

FORM = "triage_form"
#: Questions of the form that are not facts.
CONSENT, STORY, LEDGER, CONFLICT = "consent", "story", "ledger_confirmed", "conflict"
#: The slot asked for where an answer is put right whose fact has no question, and so no slot, of its own.
CHANGE = "change"


@dataclass
class Progress:
    """Where the interview is. Plain JSON in the slot ``progress``."""

    asked: dict[str, int] = field(default_factory=dict)  # question's fact -> times asked
    order: list[str] = field(default_factory=list)  # facts in the order they were asked
    style: str = "first"  # how the open question is worded: first, again, simple
    misses: int = 0  # answers to the open question that were not followed
    not_followed: list[str] = field(default_factory=list)  # words of the person that were not understood
    conflicts: list[str] = field(default_factory=list)  # told as present, then denied: which is right?
    said: str = ""  # the response last given to a message that brought nothing, not to be said twice running
    told: list[str] = field(default_factory=list)  # red flags and exclusions already announced
    waiting: str = ""  # the question put off while "are you sure?" is asked
    changing: str = ""  # the fact whose answer is being put right
    put_off: str = ""  # the question that was open before that
    returning: bool = False  # back after a pause: what was told is to be summed up and confirmed
    explained: int = 0  # how often the open question was explained
    heard: str = ""  # id of the message last taken in, so that a repeated turn changes nothing
    someone_else: bool = False
    introduced: bool = False
    reminder_offered: str = ""  # follow-up that the last message offered
    reminder_refused: str = ""  # follow-up that the person does not want
    consent: str = ""  # yes, no, or unsure: go on, keep no record


@dataclass
class State:
    """The dialogue's state of one conversation."""

    conversation_id: str
    facts: Facts
    progress: Progress
    verdict: dict[str, Any] | None
    open_question: str | None
    complete: bool
    slots: Mapping[str, Any] = field(default_factory=dict)  # as they were when the turn began

    @classmethod
    def of(cls, tracker: Tracker) -> State:
        return cls(
            conversation_id=tracker.sender_id,
            facts=Facts.from_json(tracker.get_slot("facts") or {}),
            progress=_progress(tracker.get_slot("progress") or {}),
            verdict=tracker.get_slot("verdict"),
            open_question=tracker.get_slot("requested_slot"),
            complete=tracker.get_slot("interview") == "complete",
            slots=dict(tracker.slots),
        )

    @property
    def question(self) -> Question | None:
        """The open question, also when it asks to put an answer right; None for what is no fact."""
        if self.is_changing:
            return change_question(self.progress.changing)
        return question_for(self.open_question)

    @property
    def is_changing(self) -> bool:
        """Whether the open question asks to put an answer right."""
        changing = self.progress.changing
        return bool(changing) and self.open_question == change_slot(changing)

    def to_events(self) -> list[EventType]:
        """Slot events for the facts, their mirrors that the form can see, and the progress.

        Only what changed: every event is stored and read again in each turn to come. ``progress``
        is always set, since a form that sets no slot at all rejects itself.
        """
        now = {
            "facts": self.facts.to_json(),
            "verdict": self.verdict,
            "interview": "complete" if self.complete else "open",
            **{fact: mirrored(self.facts, fact) for fact in by_fact()},
        }
        changed = [SlotSet(name, value) for name, value in now.items() if self.slots.get(name) != value]
        return [SlotSet("progress", asdict(self.progress)), *changed]


def change_slot(fact: str) -> str:
    """The slot that is asked for while ``fact`` is put right."""
    name = fact.partition(".")[0]
    return name if question_for(name) else CHANGE


def mirrored(facts: Facts, fact: str) -> Any:
    """The value a fact's own slot shows: an assertion, a value, ``unknown``, or None."""
    if fact in facts.unknown:
        return "unknown"
    if fact == "event_type":
        return facts.events[0].type if facts.events else None
    return getattr(facts, fact) if fact in VALUE_FACTS else facts.assertion(fact)


def _progress(held: Mapping[str, Any]) -> Progress:
    known = {f.name for f in fields(Progress)}
    # A copy: what an action that fails half-way has changed must not stay in the tracker's own lists.
    return Progress(**{key: deepcopy(value) for key, value in held.items() if key in known})
