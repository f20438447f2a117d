from __future__ import annotations

from typing import Any

from bot.clinical.facts import Facts
from bot.evaluation.cases import Case
from bot.evaluation.metrics import (
    Outcome,
    baselines,
    case_row,
    conversation_figures,
    risk_band_accuracy,
    summary,
    under_triaged_urgent,
    urgency_rates,
)


def outcome(expected: str, urgency: str | None, **rest: Any) -> Outcome:
    case = Case(rest.pop("id", "X"), Facts(), expected, rest.pop("band", "low"), (expected,))
    return Outcome(case, urgency, rest.pop("risk_band", "low"), **rest)


MIXED = [
    outcome("emergency", "emergency", id="right"),
    outcome("emergency", "routine", id="severe"),
    outcome("same_day", "emergency", id="over"),
    outcome("same_day", None, id="silent"),
    outcome("routine", "self_care", id="under"),
]


def rate(name: str) -> float | None:
    return urgency_rates(MIXED)[name].value


def test_an_unanswered_case_lowers_comprehensiveness() -> None:
    assert rate("comprehensiveness") == 0.8


def test_an_unanswered_case_is_neither_right_nor_safe() -> None:
    assert rate("urgency_accuracy") == 0.2
    assert rate("strict_safety") == 0.4


def test_more_urgent_than_the_label_is_safe_and_counts_as_over_triage() -> None:
    assert rate("over_triage") == 0.2


def test_severe_under_triage_is_an_emergency_given_routine_or_self_care() -> None:
    assert urgency_rates(MIXED)["severe_under_triage"].to_json()["value"] == 0.5
    assert urgency_rates([outcome("emergency", "same_day")])["severe_under_triage"].value == 0.0


def test_emergency_sensitivity_looks_at_emergencies_alone() -> None:
    found = urgency_rates(MIXED)["emergency_sensitivity"]
    assert (found.hits, found.n) == (1, 2)


def test_inclination_is_the_share_of_over_triage_among_all_that_is_wrong() -> None:
    assert rate("inclination_to_over_triage") == 0.25


def test_acceptable_accuracy_takes_what_the_set_accepts() -> None:
    case = Case("X", Facts(), "routine", "low", ("routine", "within_2_weeks"))
    rates = urgency_rates([Outcome(case, "within_2_weeks", "low")])
    assert (rates["acceptable_accuracy"].value, rates["urgency_accuracy"].value) == (1.0, 0.0)


def test_under_triaged_urgent_names_urgent_cases_given_less_or_nothing() -> None:
    assert under_triaged_urgent(MIXED) == ["severe", "silent"]


def test_always_emergency_is_perfectly_safe_and_always_routine_never_alarms() -> None:
    found = baselines(MIXED)
    assert found["always_emergency"]["strict_safety"].value == 1.0
    assert found["always_emergency"]["urgency_accuracy"].value == 0.4
    assert found["always_routine"]["over_triage"].value == 0.0
    assert found["always_routine"]["severe_under_triage"].value == 1.0


def test_the_risk_band_counts_where_the_label_names_one() -> None:
    found = risk_band_accuracy([outcome("routine", "routine"), outcome("routine", "routine", band=None)])
    assert (found.hits, found.n) == (1, 1)


def test_questions_loops_and_dead_ends_are_counted_with_their_cases() -> None:
    found = conversation_figures(
        [
            outcome("routine", "routine", questions=4),
            outcome("routine", "routine", questions=9, looped=True, id="looped"),
            outcome("routine", None, questions=39, dead_end=True, id="dead"),
        ]
    )
    assert found["questions"] == {"median": 6.5, "max": 9}
    assert (found["loops"], found["loop_cases"]) == (1, ["looped"])
    assert (found["dead_ends"], found["dead_end_cases"]) == (1, ["dead"])


def test_the_summary_has_the_keys_that_other_programs_read() -> None:
    report = summary(MIXED, "facts")
    rates = [
        "comprehensiveness",
        "urgency_accuracy",
        "acceptable_accuracy",
        "strict_safety",
        "over_triage",
        "severe_under_triage",
        "emergency_sensitivity",
        "risk_band_accuracy",
    ]
    assert all(set(report[name]) == {"value", "low", "high"} for name in rates)
    assert (report["n"], report["mode"]) == (5, "facts")


def test_a_case_row_has_the_keys_that_other_programs_read() -> None:
    assert list(case_row(MIXED[0])) == (
        ["id", "expected_urgency", "urgency", "expected_ho_risk", "risk_band", "facts", "questions"]
    )
