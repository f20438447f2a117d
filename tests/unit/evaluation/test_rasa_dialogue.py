"""The simulated patient talks to the real assistant."""

from __future__ import annotations

import os
from typing import Any

import pytest

from bot.clinical.facts import Facts
from bot.evaluation.cases import Case
from bot.evaluation.conversation import converse
from bot.evaluation.rasa_dialogue import RasaDialogue, own_records

STIFF = Case(
    "stiff",
    Facts.from_json(
        {
            "event_type": "thr",
            "body_site": "left hip",
            "weeks_since_event": 12,
            "symptoms_present": ["stiffness", "loss_of_motion"],
            "symptoms_absent": ["fever"],
            "age": 61,
            "sex": "male",
        }
    ),
    "routine",
    patient_voice="61m had my left hip replaced 3 months ago and it is getting stiff. no fever",
)


async def test_a_case_reaches_its_verdict_in_typed_words(agent: Any) -> None:
    outcome = await converse(STIFF, RasaDialogue(agent, "evaluation-stiff"))
    assert not outcome.dead_end
    assert not outcome.looped
    assert outcome.facts.event_types() == {"thr"}
    assert outcome.facts.has("stiffness")


async def test_an_emergency_is_told_before_the_questions_end(agent: Any) -> None:
    case = Case("breath", Facts(), "emergency", patient_voice="i cant breathe and my chest hurts")
    outcome = await converse(case, RasaDialogue(agent, "evaluation-breath"))
    assert outcome.urgency == "emergency"
    assert (outcome.questions or 0) <= 1


def test_made_up_patients_leave_no_record_in_the_operators_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HO_TRIAGE_DATA", "/operator")
    with own_records():
        assert os.environ["HO_TRIAGE_DATA"] != "/operator"
    assert os.environ["HO_TRIAGE_DATA"] == "/operator"
