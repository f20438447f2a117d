from __future__ import annotations

import pytest

from bot.clinical.facts import Facts
from bot.evaluation.cases import Case
from bot.evaluation.simulated_patient import SimulatedPatient, event_in_words, weeks_in_words

CASE = Case(
    "X",
    Facts.from_json(
        {
            "event_type": "thr",
            "body_site": "left hip",
            "weeks_since_event": 6,
            "symptoms_present": ["stiffness"],
            "symptoms_absent": ["fever"],
            "risk_factors": ["previous_ho"],
            "age": 61,
            "sex": "male",
        }
    ),
    "routine",
    patient_voice="my hip is stiff",
)


@pytest.mark.parametrize(
    ("slot", "answer"),
    [
        ("stiffness", "yes"),
        ("previous_ho", "yes"),
        ("fever", "no"),
        ("breathlessness", "I don't know"),
        ("diabetes", "I don't know"),
        ("event_type", "hip replacement"),
        ("body_site", "left hip"),
        ("weeks_since_event", "6 weeks"),
        ("age", "61"),
        ("sex", "male"),
        ("course", "I don't know"),
        ("consent", "yes"),
        ("ledger_confirmed", "yes"),
        ("story", "my hip is stiff"),
    ],
)
def test_the_patient_answers_from_the_case_in_typed_words(slot: str, answer: str) -> None:
    assert SimulatedPatient(CASE).answer(slot) == answer


@pytest.mark.parametrize("slot", ["event_type", "body_site", "weeks_since_event", "age", "sex"])
def test_what_the_case_does_not_state_is_not_known(slot: str) -> None:
    assert SimulatedPatient(Case("Y", Facts(), "routine", patient_voice="x")).answer(slot) == "I don't know"


def test_a_case_without_an_event_says_that_nothing_happened() -> None:
    case = Case("Y", Facts.from_json({"event_type": "none"}), "routine", patient_voice="x")
    assert SimulatedPatient(case).answer("event_type") == "nothing happened"


def test_everything_typed_is_kept() -> None:
    patient = SimulatedPatient(CASE)
    patient.opening()
    patient.answer("age")
    assert patient.said == "my hip is stiff\n61"


def test_asked_nothing_the_patient_agrees_then_tells_the_story_then_is_at_a_loss() -> None:
    patient = SimulatedPatient(CASE)
    assert [patient.answer(None) for _ in range(3)] == ["yes", "my hip is stiff", "I don't know"]


@pytest.mark.parametrize(
    ("weeks", "words"),
    [(0.3, "2 days"), (1.4, "10 days"), (1, "1 week"), (6, "6 weeks"), (52, "52 weeks"), (572, "11 years")],
)
def test_weeks_are_said_as_people_say_them(weeks: float, words: str) -> None:
    assert weeks_in_words(weeks) == words


def test_an_event_without_words_is_said_as_its_name() -> None:
    assert event_in_words("crush_injury") == "crush injury"
