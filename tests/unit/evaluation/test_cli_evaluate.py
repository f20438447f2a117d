"""The command as a person or a program calls it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli_evaluate import evaluate

CASE: dict[str, Any] = {
    "id": "A",
    "patient_voice": "61m, i have chest pain since my hip replacement 6 weeks ago, no fever",
    "facts": {
        "event_type": "thr",
        "weeks_since_event": 6,
        "symptoms_present": ["chest_pain"],
        "symptoms_absent": ["fever"],
        "age": 61,
        "sex": "male",
    },
    "expected_urgency": "emergency",
    "expected_ho_risk": "moderate",
}
RATES = (
    "comprehensiveness",
    "urgency_accuracy",
    "acceptable_accuracy",
    "strict_safety",
    "over_triage",
    "severe_under_triage",
    "emergency_sensitivity",
    "risk_band_accuracy",
)


def call(*words: str, stdin: str | None = None) -> Result:
    app = typer.Typer()
    app.command()(evaluate)
    return CliRunner().invoke(app, list(words), input=stdin)


@pytest.fixture
def cases(tmp_path: Path) -> str:
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps(CASE) + "\n", encoding="utf-8")
    return str(path)


def test_the_json_has_every_rate_with_its_interval(cases: str) -> None:
    report = json.loads(call(cases, "--json").stdout)
    assert (report["n"], report["mode"]) == (1, "facts")
    assert all(set(report[name]) == {"value", "low", "high"} for name in RATES)
    assert report["emergency_sensitivity"]["value"] == 1.0


def test_a_dash_reads_standard_input() -> None:
    result = call("-", "--json", stdin=json.dumps(CASE))
    assert [case["id"] for case in json.loads(result.stdout)["cases"]] == ["A"]


def test_text_mode_also_tells_what_was_heard(cases: str) -> None:
    facts = json.loads(call(cases, "--mode", "text", "--json").stdout)["facts"]
    assert facts["polarity_errors"] == 0
    assert facts["age"]["accuracy"] == 1.0
    assert facts["symptoms_absent"]["f1"] == 1.0


def test_mutations_are_told_in_text_mode(cases: str) -> None:
    report = json.loads(call(cases, "--mode", "text", "--mutations", "--json").stdout)
    assert set(report["mutations"]["by_mutation"]) >= {"typos", "two_messages", "caregiver_voice"}


def test_people_get_a_table_with_the_baselines(cases: str) -> None:
    result = call(cases)
    assert result.exit_code == 0
    assert "strict safety" in result.stdout
    assert "emergency" in result.stdout


def test_single_messages_are_evaluated_from_their_own_file(tmp_path: Path) -> None:
    rows = [
        {"text": "no fever", "expected": {"symptoms_absent": ["fever"]}, "category": "negation"},
        {"text": "yes", "open_question": "fever", "expected": {"symptoms_present": ["fever"]}},
        {"text": "i have chest pain", "red_flag": "pe", "urgency": "emergency"},
    ]
    path = tmp_path / "said.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    report = json.loads(call("--utterances", str(path), "--json").stdout)
    assert report["accuracy"]["value"] == 1.0
    assert report["sensitivity"]["value"] == 1.0


def test_a_bad_line_ends_with_1_and_is_named_on_standard_error() -> None:
    bad = {key: value for key, value in CASE.items() if key != "expected_urgency"}
    result = call("-", stdin=json.dumps(CASE) + "\n" + json.dumps(bad))
    assert result.exit_code == 1
    assert "standard input, line 2, expected_urgency: expected one of emergency" in result.stderr


def test_a_missing_file_ends_with_1_and_is_named(tmp_path: Path) -> None:
    result = call(str(tmp_path / "nowhere.jsonl"))
    assert result.exit_code == 1
    assert "nowhere.jsonl: No such file or directory" in result.stderr


@pytest.mark.parametrize(
    "words",
    [(), ("a.jsonl", "--utterances", "b.jsonl"), ("a.jsonl", "--mutations"), ("a.jsonl", "--mode", "x")],
)
def test_wrong_use_ends_with_2(words: tuple[str, ...]) -> None:
    assert call(*words).exit_code == 2
