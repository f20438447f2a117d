"""The hazard log is whole, and each control names a test that exists."""

from __future__ import annotations

from typing import Any

import pytest

from tests.hazards_plugin import exists, read_log, unproved

LOG = read_log()
HAZARDS: list[dict[str, Any]] = LOG["hazards"]
KEYS = {"id", "hazard", "cause", "harm", "initial_risk", "control", "tests", "residual_risk"}


def by_id(hazard: dict[str, Any]) -> str:
    return str(hazard.get("id"))


def risk(rated: dict[str, Any]) -> int:
    """1 (lowest) to 5, from the log's own matrix."""
    row: dict[str, int] = LOG["matrix"][rated["severity"]]
    return row[rated["likelihood"]]


def test_there_are_at_least_twenty_hazards_with_ids_of_their_own() -> None:
    ids = [hazard["id"] for hazard in HAZARDS]
    assert len(ids) >= 20
    assert sorted(set(ids)) == sorted(ids)


@pytest.mark.parametrize("hazard", HAZARDS, ids=by_id)
def test_a_hazard_says_all_that_the_log_promises(hazard: dict[str, Any]) -> None:
    assert set(hazard) - {"note"} == KEYS
    assert all(str(hazard[key]).strip() for key in KEYS)


@pytest.mark.parametrize("hazard", HAZARDS, ids=by_id)
def test_a_control_lowers_the_risk_to_what_the_log_accepts(hazard: dict[str, Any]) -> None:
    assert risk(hazard["residual_risk"]) < risk(hazard["initial_risk"])
    assert risk(hazard["residual_risk"]) <= LOG["acceptable"]


@pytest.mark.parametrize("hazard", HAZARDS, ids=by_id)
def test_a_control_names_tests_that_exist(hazard: dict[str, Any]) -> None:
    assert hazard["tests"]
    assert [test for test in hazard["tests"] if not exists(test)] == []


# -- the check itself ------------------------------------------------------------------------------

ONE = [{"id": "H1", "hazard": "silence", "tests": ["tests/a.py::test_speaks"]}]


@pytest.mark.parametrize("outcome", ["failed", "skipped"])
def test_a_control_whose_test_did_not_pass_is_not_shown(outcome: str) -> None:
    lines = unproved(ONE, {"tests/a.py::test_speaks": outcome}, full=False)
    assert lines == [f"H1 (silence): tests/a.py::test_speaks: {outcome}"]


def test_every_parameter_of_a_controls_test_must_pass() -> None:
    ran = {"tests/a.py::test_speaks[web]": "passed", "tests/a.py::test_speaks[slack]": "failed"}
    assert len(unproved(ONE, ran, full=True)) == 1


def test_a_test_that_did_not_run_matters_in_a_full_run_only() -> None:
    assert unproved(ONE, {}, full=False) == []
    assert unproved(ONE, {}, full=True) == ["H1 (silence): tests/a.py::test_speaks: did not run"]


def test_a_control_whose_tests_passed_is_shown() -> None:
    assert unproved(ONE, {"tests/a.py::test_speaks": "passed"}, full=True) == []


def test_a_test_is_found_in_the_source_without_running_it() -> None:
    here = "tests/test_hazards.py"
    assert exists(f"{here}::test_a_test_is_found_in_the_source_without_running_it")
    assert not exists(f"{here}::test_that_nobody_wrote")
    assert not exists("tests/test_nowhere.py::test_a_test_is_found_in_the_source_without_running_it")
