from __future__ import annotations

import logging

import pytest

from bot.clinical.facts import Facts
from bot.evaluation.cases import Case
from bot.evaluation.metrics import Outcome
from bot.evaluation.modes import from_facts, from_messages, from_text, run

CASE = Case(
    "X",
    Facts.from_json({"event_type": "thr", "symptoms_present": ["stiffness"]}),
    "routine",
    patient_voice="my left hip was replaced 6 weeks ago and now i have chest pain",
)


def test_facts_mode_judges_the_hand_coded_facts_alone() -> None:
    outcome = from_facts(CASE)
    assert outcome.facts == CASE.facts
    assert outcome.urgency != "emergency"


def test_text_mode_judges_what_the_patient_wrote() -> None:
    outcome = from_text(CASE)
    assert outcome.urgency == "emergency"
    assert outcome.said == CASE.patient_voice


def test_what_is_told_in_two_messages_is_heard_together() -> None:
    outcome = from_messages(CASE, ["my left hip was replaced 6 weeks ago", "it is stiff"])
    assert outcome.facts.event_types() == {"thr"}
    assert outcome.facts.has("stiffness")


def test_a_case_on_which_the_assistant_fails_is_not_answered_and_is_reported(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fails(case: Case) -> Outcome:
        raise KeyError("no such rule")

    with caplog.at_level(logging.ERROR, logger="bot.evaluation.faults"):
        outcomes = run([CASE], fails)
    assert outcomes == [Outcome(CASE, None, None)]
    assert ["was not answered" in record.msg for record in caplog.records] == [True]
