"""Danger signs by class: each fires alone where it must, and in the combinations that matter."""

from __future__ import annotations

from typing import Any

import pytest

from bot.clinical.conditions import URGENCIES
from bot.clinical.facts import Facts
from bot.clinical.judge import urgency_and_band
from bot.clinical.knowledge_base import knowledge

ALONE = [
    "chest_pain", "breathlessness", "coughing_blood", "fainting", "confusion", "saddle_numbness",
    "autonomic_dysreflexia", "jaw_or_throat_swelling", "speech_problem", "face_droop", "vomiting_blood",
]  # fmt: skip
EVENTS = sorted(knowledge().triggers)


def urgency(**facts: Any) -> str:
    return urgency_and_band(Facts.from_json(facts))[0]


@pytest.mark.parametrize("finding", ALONE)
def test_a_finding_that_is_an_emergency_alone_needs_no_other_fact(finding: str):
    assert urgency(symptoms_present=[finding]) == "emergency"


@pytest.mark.parametrize("event", EVENTS)
def test_no_event_hides_an_emergency(event: str):
    told = {urgency(event_type=event, weeks_since_event=30, symptoms_present=[finding]) for finding in ALONE}
    assert told == {"emergency"}


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("finding", ["fever", "wound_discharge", "unwell", "rapid_worsening", "black_stools"])
def test_no_event_hides_a_finding_for_today(event: str, finding: str):
    told = urgency(event_type=event, weeks_since_event=30, symptoms_present=[finding])
    assert URGENCIES.index(told) >= URGENCIES.index("same_day")


@pytest.mark.parametrize("event", ["thr", "hemiarthroplasty", "hip_resurfacing", "tkr"])
@pytest.mark.parametrize("weeks", [3.0, 60.0, 600.0, None])
@pytest.mark.parametrize("sign", ["redness", "warmth", "wound_discharge", "fever"])
def test_a_sign_of_infection_in_a_replaced_joint_is_for_today_at_any_age_of_the_joint(
    event: str, weeks: float | None, sign: str
):
    told = urgency(event_type=event, weeks_since_event=weeks, symptoms_present=["pain", sign])
    assert URGENCIES.index(told) >= URGENCIES.index("same_day")


@pytest.mark.parametrize("event", ["sci", "tbi", "encephalitis", "stroke", "gbs", "icu_prolonged"])
@pytest.mark.parametrize("site", ["left leg", "right hip", "thigh", None])
def test_a_swollen_leg_in_somebody_who_cannot_move_well_is_for_today(event: str, site: str | None):
    assert urgency(event_type=event, body_site=site, symptoms_present=["swelling"]) == "same_day"


@pytest.mark.parametrize("event", ["thr", "tkr", "knee_surgery", "fracture_surgery", "other_surgery"])
def test_a_swollen_painful_leg_in_the_weeks_after_surgery_is_for_today(event: str):
    told = urgency(
        event_type=event, weeks_since_event=5, body_site="left leg", symptoms_present=["swelling", "pain"]
    )
    assert told == "same_day"


@pytest.mark.parametrize("event", ["thr", "tkr", "hemiarthroplasty", "spine_surgery", "hip_dislocation"])
def test_a_foot_that_drops_soon_after_surgery_is_an_emergency(event: str):
    assert urgency(event_type=event, weeks_since_event=1, symptoms_present=["foot_drop"]) == "emergency"


@pytest.mark.parametrize("event", ["icu_prolonged", "gbs", "stroke", "tbi"])
def test_a_foot_that_drops_as_part_of_a_long_illness_is_not_an_emergency(event: str):
    told = urgency(event_type=event, body_site="left shoulder", symptoms_present=["foot_drop", "pain"])
    assert told == "within_2_weeks"


@pytest.mark.parametrize("sign", ["headache", "sweating", "flushing", "goosebumps", "high_blood_pressure"])
def test_one_sign_of_dysreflexia_is_an_emergency_when_the_injury_is_known_to_be_high(sign: str):
    told = urgency(event_type="sci", risk_factors=["sci_above_t6"], symptoms_present=[sign])
    assert told == "emergency"


def test_one_sign_of_dysreflexia_is_for_today_when_the_level_is_not_known():
    assert urgency(event_type="sci", symptoms_present=["headache"]) == "same_day"


def test_a_level_that_is_not_known_is_never_taken_as_low():
    facts = {"event_type": "sci", "symptoms_present": ["headache", "sweating"]}
    assert urgency(**facts, risk_factors_unknown=["sci_above_t6"]) == "emergency"


@pytest.mark.parametrize("extra", [["severe_pain"], ["rapid_worsening"], ["weakness"]])
def test_a_swollen_numb_limb_with_one_more_sign_is_taken_as_pressure_in_the_muscle(extra: list[str]):
    told = urgency(
        event_type="none", body_site="calf", symptoms_present=["swelling", "numbness_tingling", *extra]
    )
    assert told == "emergency"


def test_a_tight_numb_muscle_is_an_emergency_even_without_severe_pain():
    told = urgency(
        event_type="muscle_contusion", weeks_since_event=0.4, body_site="thigh",
        symptoms_present=["tight_muscle", "numbness_tingling"], symptoms_absent=["severe_pain"],
    )  # fmt: skip
    assert told == "emergency"


@pytest.mark.parametrize("site", ["left calf", "left leg", "lower leg"])
def test_an_unexplained_swollen_leg_is_for_today(site: str):
    assert urgency(event_type="none", body_site=site, symptoms_present=["swelling"]) == "same_day"


def test_calf_pain_that_comes_back_weeks_after_a_strain_is_for_today():
    told = urgency(
        event_type="muscle_strain", weeks_since_event=4, body_site="calf", symptoms_present=["pain"]
    )
    assert told == "same_day"


@pytest.mark.parametrize("risk", ["previous_clot", "cancer", "hormonal_contraception"])
def test_leg_pain_with_a_raised_risk_of_clots_is_for_today(risk: str):
    told = urgency(event_type="none", body_site="leg", symptoms_present=["pain"], risk_factors=[risk])
    assert told == "same_day"


def test_a_new_swelling_in_a_child_with_malformed_toes_is_for_today():
    told = urgency(
        event_type="none", body_site="neck", age=3, symptoms_present=["swelling"],
        risk_factors=["big_toe_malformation"],
    )  # fmt: skip
    assert told == "same_day"


@pytest.mark.parametrize("extra", ["dizziness", "fatigue", "abdominal_pain"])
def test_black_stools_with_another_sign_of_bleeding_are_an_emergency(extra: str):
    assert urgency(event_type="tkr", symptoms_present=["black_stools", extra]) == "emergency"


def test_an_old_short_leg_after_a_hip_replacement_is_no_dislocation():
    told = urgency(event_type="thr", weeks_since_event=400, body_site="hip", symptoms_present=["deformity"])
    assert told == "routine"


@pytest.mark.parametrize("symptoms", [["foot_drop"], ["foot_drop", "weakness"]])
def test_a_foot_drop_known_for_years_after_a_back_operation_is_not_for_today(symptoms: list[str]):
    told = urgency(event_type="spine_surgery", weeks_since_event=468, symptoms_present=symptoms)
    assert URGENCIES.index(told) < URGENCIES.index("same_day")


def test_a_nerve_sign_that_has_been_steady_for_years_is_not_for_today():
    told = urgency(
        event_type="thr", weeks_since_event=300, body_site="leg", course="steady",
        symptoms_present=["weakness", "numbness_tingling"],
    )  # fmt: skip
    assert URGENCIES.index(told) < URGENCIES.index("same_day")


@pytest.mark.parametrize("event", ["muscle_strain", "fracture_surgery", "burn", "tbi", "none"])
def test_a_limb_that_healed_crooked_long_ago_is_no_emergency(event: str):
    told = urgency(
        event_type=event, weeks_since_event=100, body_site="left elbow", symptoms_present=["deformity"]
    )
    assert told != "emergency"


def test_sore_toes_with_no_injury_are_no_pressure_in_the_muscle():
    told = urgency(event_type="none", body_site="foot", symptoms_present=["pain_on_stretch", "swelling"])
    assert told != "emergency"


def test_numb_weak_hands_with_no_event_that_have_lasted_are_not_for_today():
    told = urgency(event_type="none", body_site="hand", symptoms_present=["weakness", "numbness_tingling"])
    assert told == "within_2_weeks"


def test_a_thigh_that_swells_in_the_first_days_after_a_fall_is_a_bruise():
    told = urgency(event_type="fall", symptoms_present=["swelling"], body_site="thigh", weeks_since_event=0.5)
    assert told == "routine"


def test_a_small_child_whose_leg_was_looked_at_and_is_not_swollen_is_not_sent_the_same_day():
    told = urgency(
        symptoms_present=["loss_of_motion"], symptoms_absent=["swelling"], body_site="left leg", age=4
    )
    assert told == "within_2_weeks"


def test_a_painless_locked_joint_in_a_child_can_wait_for_two_weeks():
    told = urgency(
        event_type="fracture_surgery", symptoms_present=["no_movement"], symptoms_absent=["pain"], age=9
    )
    assert told == "within_2_weeks"


@pytest.mark.parametrize(("age", "told"), [(30, "same_day"), (80, "emergency")])
def test_a_pulled_thigh_that_gives_way_at_once_is_for_today_unless_the_hip_may_be_broken(age: int, told: str):
    signs = ["pain", "sudden_onset", "cannot_bear_weight"]
    facts = {"event_type": "muscle_strain", "symptoms_present": signs, "body_site": "thigh", "age": age}
    assert urgency(**facts, weeks_since_event=0.2) == told
