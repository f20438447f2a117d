"""The copy for the physician: medical terms, timings, what was asked for, and where each point comes from."""

from __future__ import annotations

from datetime import date

import pytest
import yaml

from bot.clinical.facts import Facts
from bot.clinical.judge import judge
from bot.clinical.knowledge_base import knowledge
from bot.handoff import letter as letter_module
from bot.handoff.summary import doctor_letter

TODAY = date(2026, 11, 22)
CASE = Facts.from_json(
    {
        "event_type": "thr",
        "body_site": "left hip",
        "weeks_since_event": 6,
        "symptoms_present": ["loss_of_motion", "redness"],
        "symptoms_absent": ["breathlessness"],
        "symptoms_unknown": ["night_pain"],
        "risk_factors": ["previous_clot"],
        "age": 61,
        "sex": "male",
    }
)


@pytest.fixture(scope="module")
def letter() -> str:
    return doctor_letter(CASE, judge(CASE), today=TODAY)


@pytest.mark.parametrize(
    "term", ["total hip arthroplasty", "erythema", "dyspnoea", "nocturnal pain", "venous thromboembolism"]
)
def test_the_letter_uses_medical_terms(letter: str, term: str) -> None:
    assert term in letter.lower()


def test_present_denied_and_unknown_findings_are_kept_apart(letter: str) -> None:
    section = letter.split("## Reported findings\n")[1].split("\n\n")[0]
    lines = {line.split(":")[0]: line for line in section.splitlines()}
    assert "erythema" in lines["- Present"]
    assert "dyspnoea" in lines["- Denied"]
    assert "nocturnal pain" in lines["- Asked, not known"]


def test_the_time_since_the_event_is_given_in_weeks_and_as_a_date(letter: str) -> None:
    assert "6 weeks (about 2026-10-11)" in letter


def test_urgency_band_score_and_rules_version_are_given(letter: str) -> None:
    verdict = judge(CASE)
    assert f"{verdict.risk_band} ({verdict.score} points)" in letter
    assert knowledge().levels[verdict.urgency].label in letter
    assert verdict.rules_version in letter


def test_imaging_asked_for_is_in_the_letter(letter: str) -> None:
    verdict = judge(CASE)
    assert verdict.imaging
    assert all(picture.ask_for in letter for picture in verdict.imaging)


def test_every_source_that_is_cited_is_listed_with_its_title(letter: str) -> None:
    verdict = judge(CASE)
    cited = {
        source
        for entry in (*verdict.red_flags, *verdict.reasons, *verdict.imaging)
        for source in entry.sources
    }
    assert cited
    for source in cited:
        assert f"- {source}: {knowledge().sources[source].title}" in letter


def test_the_letter_says_that_it_is_reported_by_the_patient_and_no_diagnosis(letter: str) -> None:
    assert "Patient-reported and unverified" in letter
    assert "not a diagnosis" in letter


def test_a_toe_malformation_warns_against_biopsy() -> None:
    facts = CASE.with_risk_factor("big_toe_malformation", "present")
    assert "avoid biopsy" in doctor_letter(facts, judge(facts), today=TODAY)
    assert "avoid biopsy" not in doctor_letter(CASE, judge(CASE), today=TODAY)


def test_an_empty_case_still_gives_a_letter_without_blanks() -> None:
    text = doctor_letter(Facts(), judge(Facts()), today=TODAY)
    assert "not stated" in text
    assert "{" not in text


def test_each_medical_term_stands_for_a_fact_that_the_knowledge_defines() -> None:
    path = letter_module.__file__.replace("letter.py", "letter.yml")
    with open(path, encoding="utf-8") as file:
        terms = yaml.safe_load(file)["terms"]
    known = knowledge()
    assert not [name for name in terms if known.finding(name) is None and name not in known.triggers]
