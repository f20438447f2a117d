from __future__ import annotations

import json
from typing import Any

import pytest

from bot.evaluation.cases import InputError, read_cases

GOOD: dict[str, Any] = {
    "id": "A",
    "patient_voice": "hip is stiff",
    "facts": {"event_type": "thr"},
    "expected_urgency": "routine",
    "expected_ho_risk": "low",
}


def read(*rows: dict[str, Any], needs_voice: bool = True) -> Any:
    return read_cases([json.dumps(row) for row in rows], "cases.jsonl", needs_voice)


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in GOOD.items() if name != key}


def test_a_case_is_read_with_its_facts_and_labels() -> None:
    case = read(GOOD)[0]
    assert (case.id, case.expected_urgency, case.expected_ho_risk) == ("A", "routine", "low")
    assert case.facts.event_types() == {"thr"}


def test_the_label_is_always_acceptable() -> None:
    assert read({**GOOD, "acceptable_urgency": ["same_day"]})[0].acceptable_urgency == ("routine", "same_day")


def test_blank_lines_are_passed_over() -> None:
    assert len(read_cases(["", json.dumps(GOOD), "  "], "cases.jsonl", True)) == 1


@pytest.mark.parametrize(
    ("row", "key"),
    [
        (without("id"), "id"),
        (without("facts"), "facts"),
        ({**GOOD, "facts": {"age": "old"}}, "facts"),
        (without("expected_urgency"), "expected_urgency"),
        ({**GOOD, "expected_urgency": "soon"}, "expected_urgency"),
        ({**GOOD, "expected_ho_risk": "huge"}, "expected_ho_risk"),
        ({**GOOD, "acceptable_urgency": "routine"}, "acceptable_urgency"),
        ({**GOOD, "acceptable_urgency": ["soon"]}, "acceptable_urgency"),
        (without("patient_voice"), "patient_voice"),
    ],
)
def test_bad_input_names_file_line_and_key(row: dict[str, Any], key: str) -> None:
    with pytest.raises(InputError, match=rf"^cases\.jsonl, line 2, {key}: "):
        read({**GOOD, "id": "first"}, row)


def test_a_line_that_is_not_json_is_named() -> None:
    with pytest.raises(InputError, match=r"^cases\.jsonl, line 1, column 2: not JSON"):
        read_cases(["{oops"], "cases.jsonl", True)


def test_an_id_used_twice_is_named() -> None:
    with pytest.raises(InputError, match="line 2, id: 'A' was used before"):
        read(GOOD, GOOD)


def test_an_empty_file_is_no_perfect_score() -> None:
    with pytest.raises(InputError, match="holds no case"):
        read()


def test_hand_coded_facts_need_no_patient_voice() -> None:
    assert read(without("patient_voice"), needs_voice=False)[0].id == "A"
