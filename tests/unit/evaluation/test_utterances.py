from __future__ import annotations

import json
from typing import Any

import pytest

from bot.clinical.facts import Facts
from bot.evaluation.cases import InputError
from bot.evaluation.utterances import Heard, as_expected, evaluate_utterances, read_utterances


def read(*rows: dict[str, Any]) -> Any:
    return read_utterances([json.dumps(row) for row in rows], "said.jsonl")


@pytest.mark.parametrize(
    ("expected", "heard", "right"),
    [
        ({"symptoms_absent": ["fever"]}, {"symptoms_absent": ["fever", "chills"]}, True),
        ({"symptoms_absent": ["fever"]}, {"symptoms_present": ["fever"]}, False),
        ({"symptoms_present": []}, {"symptoms_present": ["fever"]}, False),
        ({"symptoms_present": []}, {"symptoms_absent": ["fever"]}, True),
        ({"weeks_since_event": 6}, {"weeks_since_event": 7}, True),
        ({"weeks_since_event": None}, {"weeks_since_event": 7}, False),
        ({"body_site": "left hip"}, {"body_site": "left groin"}, True),
        ({"body_site": "left hip"}, {"body_site": "right hip"}, False),
        ({"age": 61}, {"age": 60}, False),
        ({"event_type": "thr"}, {"event_type": "thr"}, True),
        ({"events": [{"type": "fall"}]}, {"events": [{"type": "thr"}, {"type": "fall", "weeks": 2}]}, True),
        ({"events": [{"type": "fall", "weeks": 9}]}, {"events": [{"type": "fall", "weeks": 2}]}, False),
        ({"unknown": ["age"]}, {"unknown": ["age"]}, True),
        ({}, {"age": 60}, True),
    ],
)
def test_what_is_expected_must_be_heard(expected: dict[str, Any], heard: dict[str, Any], right: bool) -> None:
    assert as_expected(expected, frozenset(), Facts.from_json(heard)) is right


def test_what_must_not_be_present_spoils_the_message() -> None:
    heard = Facts.from_json({"symptoms_present": ["fever"]})
    assert not as_expected({}, frozenset({"fever"}), heard)
    assert as_expected({}, frozenset({"chills"}), heard)


def test_accuracy_is_told_by_category_and_names_what_was_read_wrongly() -> None:
    rows = read(
        {"text": "no fever", "expected": {"symptoms_absent": ["fever"]}, "category": "negation"},
        {"text": "6 wks", "expected": {"weeks_since_event": 6}, "category": "time"},
    )
    report = evaluate_utterances(rows, lambda said: Heard(Facts.from_json({"weeks_since_event": 6})))
    assert report["accuracy"]["value"] == 0.5
    assert report["by_category"]["time"]["value"] == 1.0
    assert [wrong["text"] for wrong in report["wrong"]] == ["no fever"]


def test_a_danger_sign_is_caught_by_advice_at_least_as_urgent_whichever_sign_fired() -> None:
    rows = read(
        {"text": "calf swollen", "red_flag": "dvt", "urgency": "same_day"},
        {"text": "cant breathe", "red_flag": "pe", "urgency": "emergency"},
    )
    advice = {"calf swollen": "emergency", "cant breathe": "same_day"}
    report = evaluate_utterances(rows, lambda said: Heard(Facts(), frozenset({"x"}), advice[said.text]))
    assert report["sensitivity"]["value"] == 0.5
    assert [missed["text"] for missed in report["missed"]] == ["cant breathe"]
    assert report["by_red_flag"]["dvt"]["value"] == 1.0


def test_a_near_miss_is_a_false_alarm_only_beyond_its_most_urgent_advice() -> None:
    rows = read(
        {"text": "no trouble breathing", "red_flag": None, "max_urgency": "routine"},
        {"text": "old lump", "red_flag": None, "max_urgency": "within_2_weeks"},
    )
    report = evaluate_utterances(rows, lambda said: Heard(Facts(), frozenset({"x"}), "within_2_weeks"))
    assert report["specificity"]["value"] == 0.5
    assert [alarm["text"] for alarm in report["false_alarms"]] == ["no trouble breathing"]


def test_without_an_urgency_any_danger_sign_that_fires_counts() -> None:
    rows = read({"text": "cant pee", "red_flag": "cauda_equina"}, {"text": "fine", "red_flag": None})
    fired = evaluate_utterances(rows, lambda said: Heard(Facts(), frozenset({"x"}), "routine"))
    silent = evaluate_utterances(rows, lambda said: Heard(Facts(), frozenset(), "emergency"))
    assert (fired["sensitivity"]["value"], fired["specificity"]["value"]) == (1.0, 0.0)
    assert (silent["sensitivity"]["value"], silent["specificity"]["value"]) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("row", "key"),
    [
        ({"expected": {}}, "text"),
        ({"text": "hello"}, "expected"),
        ({"text": "hello", "expected": {"age": "old"}}, "expected"),
        ({"text": "hello", "expected": {}, "today": "yesterday"}, "today"),
        ({"text": "hello", "red_flag": "pe", "urgency": "soon"}, "urgency"),
        ({"text": "hello", "red_flag": None, "max_urgency": "soon"}, "max_urgency"),
    ],
)
def test_bad_utterances_name_file_line_and_key(row: dict[str, Any], key: str) -> None:
    with pytest.raises(InputError, match=rf"^said\.jsonl, line 1, {key}: "):
        read(row)


def test_an_empty_file_is_no_perfect_score() -> None:
    with pytest.raises(InputError, match="holds no utterance"):
        read()
