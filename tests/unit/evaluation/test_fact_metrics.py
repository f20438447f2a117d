from __future__ import annotations

from typing import Any

import pytest

from bot.clinical.facts import Facts
from bot.evaluation.cases import Case
from bot.evaluation.fact_metrics import facts_report, value_accuracy, weeks_match
from bot.evaluation.metrics import Outcome


def outcome(label: dict[str, Any], heard: dict[str, Any], said: str = "") -> Outcome:
    case = Case("X", Facts.from_json(label), "routine")
    return Outcome(case, "routine", "low", Facts.from_json(heard), said)


def accuracy(name: str, label: dict[str, Any], heard: dict[str, Any], said: str = "") -> tuple[int, int]:
    rate = value_accuracy([outcome(label, heard, said)])[name]
    return rate.hits, rate.n


def test_precision_recall_and_f1_are_counted_over_all_cases_together() -> None:
    report = facts_report(
        [
            outcome({"symptoms_present": ["pain", "fever"]}, {"symptoms_present": ["pain"]}),
            outcome({"symptoms_present": ["lump"]}, {"symptoms_present": ["lump", "redness", "warmth"]}),
        ]
    )
    assert report["symptoms_present"] == {
        "precision": 0.5,
        "recall": pytest.approx(2 / 3),
        "f1": pytest.approx(4 / 7),
    }


def test_a_denied_symptom_heard_as_present_is_a_polarity_error() -> None:
    report = facts_report([outcome({"symptoms_absent": ["fever"]}, {"symptoms_present": ["fever"]})])
    assert report["polarity_errors"] == 1
    assert report["polarity_error_cases"] == [{"id": "X", "symptom": "fever"}]


def test_a_denied_symptom_that_was_not_heard_is_no_polarity_error() -> None:
    assert facts_report([outcome({"symptoms_absent": ["fever"]}, {})])["polarity_errors"] == 0


@pytest.mark.parametrize(
    ("expected", "heard", "matches"),
    [
        (10.0, 12.0, True),
        (10.0, 12.1, False),
        (0.3, 1.3, True),
        (0.3, 1.4, False),
        (52.0, 42.0, True),
        (6.0, None, False),
        (None, 6.0, None),
    ],
)
def test_weeks_are_right_within_a_fifth_or_one_week(
    expected: float | None, heard: float | None, matches: bool | None
) -> None:
    assert weeks_match(expected, heard) is matches


def test_hearing_no_event_is_right_where_the_label_is_none() -> None:
    assert accuracy("event_type", {"event_type": "none"}, {}) == (1, 1)


def test_the_most_telling_event_is_the_one_that_counts() -> None:
    heard = {"event_type": "fall", "events": [{"type": "fall"}, {"type": "thr"}]}
    assert accuracy("event_type", {"event_type": "thr"}, heard) == (0, 1)


def test_an_age_that_the_patient_never_wrote_is_not_held_against_the_ear() -> None:
    assert accuracy("age", {"age": 61}, {}, said="my hip is stiff for 161 days") == (0, 0)
    assert accuracy("age", {"age": 61}, {}, said="61m, stiff hip") == (0, 1)


@pytest.mark.parametrize("said", ["45m, stiff hip", "my husband fell", "he can't walk", "58 male."])
def test_a_sex_counts_where_a_word_tells_it(said: str) -> None:
    assert accuracy("sex", {"sex": "male"}, {"sex": "male"}, said=said) == (1, 1)


def test_a_side_that_the_patient_never_said_is_not_held_against_the_ear() -> None:
    label = {"body_site": "right hip"}
    assert accuracy("side", label, {"body_site": "hip"}, said="my hip is stiff") == (0, 0)
    assert accuracy("side", label, {"body_site": "hip"}, said="my right hip is stiff") == (0, 1)


def test_a_sex_that_no_word_tells_does_not_count() -> None:
    assert accuracy("sex", {"sex": "male"}, {}, said="my wife stretches my leg") == (0, 0)
