from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from bot.clinical.facts import Facts
from bot.evaluation.cases import Case
from bot.evaluation.conversation import MAX_TURNS, converse, find_result
from bot.evaluation.metrics import Outcome

CASE = Case("X", Facts.from_json({"symptoms_absent": ["fever"]}), "routine", patient_voice="my hip is stiff")
RESULT = {
    "custom": {
        "type": "triage_result",
        "urgency": "routine",
        "risk_band": "low",
        "facts": {"symptoms_present": ["stiffness"]},
    }
}


class ScriptedDialogue:
    """A dialogue that asks for one slot a turn; None ends it with a verdict, an empty list with silence."""

    def __init__(self, *slots: str | None) -> None:
        self._slots = iter(slots)
        self._open: str | None = None
        self.heard: list[str] = []

    async def say(self, text: str) -> Sequence[Mapping[str, Any]]:
        self.heard.append(text)
        self._open = next(self._slots, None)
        if self._open == "silence":
            return []
        return [{"text": "And?"}] if self._open else [{"text": "So:"}, RESULT]

    async def requested_slot(self) -> str | None:
        return self._open


def talk(*slots: str | None) -> tuple[Outcome, ScriptedDialogue]:
    dialogue = ScriptedDialogue(*slots)
    return asyncio.run(converse(CASE, dialogue)), dialogue


def test_the_patient_opens_with_the_story_and_answers_what_is_asked() -> None:
    _, dialogue = talk("consent", "fever", "age")
    assert dialogue.heard == ["my hip is stiff", "yes", "no", "I don't know"]


def test_the_verdict_message_ends_the_conversation_and_gives_the_outcome() -> None:
    outcome, _ = talk("consent", "fever")
    assert (outcome.urgency, outcome.risk_band, outcome.dead_end) == ("routine", "low", False)
    assert outcome.facts.has("stiffness")


def test_every_question_is_counted() -> None:
    assert talk("consent", "fever", "age")[0].questions == 3


def test_a_verdict_at_once_took_no_question() -> None:
    assert talk()[0].questions == 0


def test_a_question_asked_twice_is_no_loop_but_three_times_is() -> None:
    assert not talk("age", "age")[0].looped
    assert talk("age", "age", "age")[0].looped


def test_a_silent_bot_is_a_dead_end() -> None:
    outcome, _ = talk("fever", "silence")
    assert (outcome.dead_end, outcome.urgency) == (True, None)


def test_a_conversation_without_a_verdict_ends_as_a_dead_end() -> None:
    outcome, dialogue = talk(*(f"fact_{number}" for number in range(100)))
    assert outcome.dead_end
    assert len(dialogue.heard) == MAX_TURNS


@pytest.mark.parametrize(
    "message",
    [
        {"custom": {"type": "triage_result"}},
        {"custom": {"custom": {"type": "triage_result"}}},
        {"custom": {"data": {"type": "triage_result"}}},
    ],
)
def test_the_verdict_is_found_however_the_channel_nests_it(message: dict[str, Any]) -> None:
    assert find_result([{"text": "hello"}, message]) == {"type": "triage_result"}


def test_other_custom_messages_are_no_verdict() -> None:
    assert find_result([{"custom": {"type": "question"}}, {"text": "hello"}]) is None
