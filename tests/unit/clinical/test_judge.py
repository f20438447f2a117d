"""What the verdict says for whole cases, and what it must say beside the urgency."""

from __future__ import annotations

from typing import Any

import pytest

from bot.clinical.facts import Facts
from bot.clinical.judge import judge
from bot.clinical.verdict import Verdict


def verdict(**facts: Any) -> Verdict:
    return judge(Facts.from_json(facts))


def test_no_facts_at_all_give_a_normal_visit():
    assert (verdict().urgency, verdict().risk_band) == ("routine", "low")


def test_a_fixed_elbow_after_surgery_is_a_high_chance_and_seen_within_two_weeks():
    told = verdict(
        event_type="elbow_fracture_surgery", weeks_since_event=9, symptoms_present=["no_movement"], sex="male"
    )
    assert (told.urgency, told.risk_band) == ("within_2_weeks", "high")


def test_a_painless_stiff_hip_a_year_after_replacement_is_a_routine_matter():
    told = verdict(
        event_type="thr",
        weeks_since_event=50,
        symptoms_present=["stiffness", "loss_of_motion"],
        symptoms_absent=["pain"],
        sex="male",
    )
    assert (told.urgency, told.risk_band) == ("routine", "high")


def test_points_never_talk_down_a_danger_sign():
    told = verdict(event_type="minor_injury", weeks_since_event=0.2, symptoms_present=["chest_pain"])
    assert (told.urgency, told.risk_band) == ("emergency", "low")


def test_no_danger_sign_never_talks_down_the_points():
    asked = {"symptoms_absent": ["fever", "chest_pain", "breathlessness", "numbness_tingling", "severe_pain"]}
    facts = {"event_type": "sci", "weeks_since_event": 8, "symptoms_present": ["loss_of_motion"]}
    assert verdict(**facts, **asked).urgency == verdict(**facts).urgency == "within_2_weeks"


def test_a_mild_fresh_strain_can_be_looked_after_at_home():
    told = verdict(event_type="muscle_strain", weeks_since_event=0.3, symptoms_present=["pain"])
    assert told.urgency == "self_care"


def test_a_strain_that_gets_worse_is_not_left_at_home():
    told = verdict(
        event_type="muscle_strain", weeks_since_event=0.3, symptoms_present=["pain"], course="worse"
    )
    assert told.urgency == "within_2_weeks"


def test_a_finding_that_we_do_not_know_is_reported_and_forbids_self_care():
    told = verdict(
        event_type="muscle_strain", weeks_since_event=0.3, symptoms_present=["pain", "purple_nose"]
    )
    assert told.unrecognised == ("purple_nose",)
    assert told.urgency == "routine"


def test_an_event_that_we_do_not_know_is_reported():
    assert verdict(event_type="alien_abduction").unrecognised == ("alien_abduction",)


class TestNotSure:
    facts = {"event_type": "muscle_strain", "weeks_since_event": 0.3, "symptoms_present": ["pain"]}

    def test_lifts_self_care_to_a_normal_visit(self):
        assert verdict(**self.facts, symptoms_unknown=["chest_pain"]).urgency == "routine"

    def test_is_named_in_the_safety_net(self):
        assert "chest pain" in verdict(**self.facts, symptoms_unknown=["chest_pain"]).safety_net.look_for

    def test_comes_first_in_what_would_change(self):
        changes = verdict(**self.facts, symptoms_unknown=["chest_pain"]).what_would_change
        assert (changes[0].fact, changes[0].to, changes[0].urgency) == ("chest_pain", "present", "emergency")

    def test_about_a_harmless_thing_changes_nothing(self):
        assert verdict(**self.facts, symptoms_unknown=["fatigue"]).urgency == "self_care"


def test_what_would_change_says_what_could_lower_the_advice():
    told = verdict(event_type="tkr", weeks_since_event=8, symptoms_present=["fever", "stiffness"])
    lowered = [change for change in told.what_would_change if change.to == "absent"]
    assert [change.fact for change in lowered if change.urgency == "routine"] == ["fever"]


def test_an_emergency_says_which_findings_it_rests_on():
    told = verdict(event_type="spine_surgery", weeks_since_event=1, symptoms_present=["bladder_problem"])
    assert told.red_flags[0].id == "cauda_equina"
    assert told.red_flags[0].facts == ("bladder_problem",)


def test_a_swollen_leg_after_a_spinal_injury_asks_for_a_clot_scan_before_a_bone_scan():
    told = verdict(event_type="sci", weeks_since_event=8, body_site="left leg", symptoms_present=["swelling"])
    assert [image.modality for image in told.imaging][:2] == [
        "leg vein ultrasound",
        "X-ray with ultrasound or a bone scan",
    ]


def test_imaging_names_the_place_that_the_person_named():
    told = verdict(
        event_type="elbow_fracture_surgery", weeks_since_event=9, body_site="left elbow",
        symptoms_present=["stiffness"],
    )  # fmt: skip
    assert "left elbow" in told.imaging[0].ask_for


def test_an_early_normal_x_ray_is_said_not_to_rule_out_ho():
    told = verdict(event_type="elbow_fracture_surgery", weeks_since_event=3, symptoms_present=["stiffness"])
    assert "does not rule out" in told.imaging[0].when


def test_self_care_asks_for_no_imaging():
    told = verdict(
        event_type="ligament_sprain", weeks_since_event=0.3, body_site="ankle",
        symptoms_present=["pain", "swelling"],
    )  # fmt: skip
    assert (told.urgency, told.imaging) == ("self_care", ())


def test_a_child_is_told_whom_to_see():
    assert [excluded.id for excluded in verdict(event_type="fracture", age=9).exclusions] == ["child"]


def test_a_child_is_judged_all_the_same():
    assert verdict(event_type="fracture", age=9, symptoms_present=["breathlessness"]).urgency == "emergency"


def test_the_most_telling_of_two_events_sets_the_risk():
    told = verdict(events=[{"type": "fall", "weeks": 1}, {"type": "sci", "weeks": 30}])
    assert [reason.fact for reason in told.reasons if reason.points == 6] == ["sci"]


def test_a_risk_factor_that_tells_of_an_event_counts_as_the_event():
    told = verdict(event_type="polytrauma", risk_factors=["burns"], symptoms_present=["stiffness"])
    assert "burn" in [reason.fact for reason in told.reasons]


def test_the_site_is_taken_from_the_event_when_none_is_named():
    knee = verdict(event_type="tkr", weeks_since_event=4, symptoms_present=["swelling"])
    hip = verdict(event_type="thr", weeks_since_event=4, symptoms_present=["swelling"])
    assert (knee.urgency, hip.urgency) == ("within_2_weeks", "same_day")


def test_modifiers_add_at_most_two_points():
    told = verdict(
        event_type="sci", sex="male", symptoms_present=["stiffness"],
        risk_factors=["spasticity", "pressure_sore", "smoking", "pneumonia"],
    )  # fmt: skip
    assert told.score == 6 + 2 + 2


def test_a_cap_takes_from_the_least_telling_symptoms():
    told = verdict(event_type="sci", symptoms_present=["no_movement", "growing_lump", "pain", "swelling"])
    points = {reason.fact: reason.points for reason in told.reasons}
    assert (points["no_movement"], points["growing_lump"], points.get("pain")) == (4, 3, None)


def test_fever_does_not_lower_the_risk_of_ho():
    facts = {"event_type": "sci", "weeks_since_event": 8}
    with_fever = verdict(**facts, symptoms_present=["swelling", "fever"])
    assert with_fever.score == verdict(**facts, symptoms_present=["swelling"]).score


def test_prevention_lowers_the_points():
    facts = {"event_type": "thr", "weeks_since_event": 8, "symptoms_present": ["stiffness"]}
    assert verdict(**facts, risk_factors=["prophylaxis_nsaid"]).score == verdict(**facts).score - 2


@pytest.mark.parametrize("weeks", [0.5, 1.5, 8, 30, 80, 300])
def test_every_reason_of_the_score_carries_its_sentence_and_source(weeks: float):
    told = verdict(event_type="thr", weeks_since_event=weeks, symptoms_present=["stiffness", "pain"])
    assert [reason for reason in told.reasons if not (reason.sentence and reason.sources)] == []
