"""What goes with a fact that is taken back."""

from __future__ import annotations

import pytest

from bot.clinical.dependence import without_dependents
from bot.clinical.facts import Facts


def facts(**held: object) -> Facts:
    return Facts.from_json(held)


def test_a_risk_factor_that_tells_of_the_event_goes_with_it() -> None:
    before = facts(event_type="sci", risk_factors=["complete_sci", "diabetes"])
    after = facts(event_type="thr", risk_factors=["complete_sci", "diabetes"])
    assert without_dependents(before, after).risk_factors == {"diabetes": "present"}


def test_what_the_new_event_says_too_stays() -> None:
    before = facts(event_type="fracture", risk_factors=["fracture", "long_bone_fracture"])
    after = facts(event_type="fracture_surgery", risk_factors=["fracture", "long_bone_fracture"])
    assert without_dependents(before, after) == after


def test_a_recent_operation_goes_with_the_only_operation() -> None:
    before = facts(event_type="thr", risk_factors=["recent_surgery"])
    after = facts(event_type="burn", risk_factors=["recent_surgery"])
    assert without_dependents(before, after).risk_factors == {}


def test_a_recent_operation_that_no_event_brought_stays() -> None:
    before = facts(event_type="fall", risk_factors=["recent_surgery"])
    after = facts(event_type="burn", risk_factors=["recent_surgery"])
    assert without_dependents(before, after) == after


@pytest.mark.parametrize(
    ("old", "new", "stays"),
    [("thr", "tkr", False), ("thr", "fracture", True), ("thr", "hip_resurfacing", True)],
)
def test_a_place_that_only_the_old_event_explains_goes(old: str, new: str, stays: bool) -> None:
    after = without_dependents(
        facts(event_type=old, body_site="left hip"), facts(event_type=new, body_site="left hip")
    )
    assert (after.body_site == "left hip") is stays


def test_a_place_told_with_the_new_event_stays() -> None:
    after = facts(event_type="tkr", body_site="left hip")
    assert without_dependents(facts(event_type="thr", body_site="right hip"), after) == after


def test_a_denied_lump_takes_the_growing_lump_with_it() -> None:
    before = facts(symptoms_present=["lump", "growing_lump", "fever"])
    after = facts(symptoms_present=["growing_lump", "fever"], symptoms_absent=["lump"])
    assert without_dependents(before, after).symptoms == {"lump": "absent", "fever": "present"}


def test_what_the_person_saw_stays_when_the_event_changes() -> None:
    before = facts(event_type="sci", symptoms_present=["swelling"])
    after = facts(event_type="thr", symptoms_present=["swelling"])
    assert without_dependents(before, after) == after
