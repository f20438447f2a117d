"""Lead one case through the real dialogue, and note how it went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.clinical.facts import Facts

from .cases import Case
from .metrics import Outcome
from .simulated_patient import SimulatedPatient

#: A conversation without a verdict after so many messages of the patient is a dead end.
MAX_TURNS = 40
#: The same question asked more often than this is a loop.
MAX_ASKED = 2
RESULT_TYPE = "triage_result"


class Dialogue(Protocol):
    """One conversation with the assistant."""

    async def say(self, text: str) -> Sequence[Mapping[str, Any]]:
        """Send one message; the bot's messages (``text``, ``custom``, ``buttons`` ...) of that turn."""

    async def requested_slot(self) -> str | None:
        """The fact that the open question asks for."""


@dataclass
class _Course:
    """How the conversation has gone so far."""

    questions: int = 0
    asked: Counter[str] = field(default_factory=Counter)

    def note(self, replies: Sequence[Mapping[str, Any]], slot: str | None) -> None:
        if slot is not None:
            self.asked[slot] += 1
        self.questions += slot is not None or any("?" in str(reply.get("text")) for reply in replies)

    @property
    def looped(self) -> bool:
        return any(times > MAX_ASKED for times in self.asked.values())


async def converse(case: Case, dialogue: Dialogue) -> Outcome:
    """Open with the patient's story and answer every question until the verdict or a dead end."""
    patient, course = SimulatedPatient(case), _Course()
    replies = await dialogue.say(patient.opening())
    result = find_result(replies)
    for _ in range(MAX_TURNS - 1):
        if result is not None or not replies:
            break
        slot = await dialogue.requested_slot()
        course.note(replies, slot)
        replies = await dialogue.say(patient.answer(slot))
        result = find_result(replies)
    return _outcome(case, patient, course, result)


def _outcome(
    case: Case, patient: SimulatedPatient, course: _Course, result: Mapping[str, Any] | None
) -> Outcome:
    found = result or {}
    return Outcome(
        case=case,
        urgency=found.get("urgency"),
        risk_band=found.get("risk_band"),
        facts=Facts.from_json(found.get("facts") or {}),
        said=patient.said,
        questions=course.questions,
        looped=course.looped,
        dead_end=result is None,
    )


def find_result(replies: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The ``triage_result`` among the messages of a turn; channels nest ``custom`` differently."""
    for reply in replies:
        inner: Any = reply
        while isinstance(inner, Mapping):
            if inner.get("type") == RESULT_TYPE:
                return inner
            inner = inner.get("custom") or inner.get("data")
    return None
