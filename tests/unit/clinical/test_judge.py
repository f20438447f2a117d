"""What the verdict says for whole cases, and what it must say beside the urgency."""

from __future__ import annotations

from typing import Any

import pytest

from bot.clinical.cases import place_in_words
from bot.clinical.facts import Facts
from bot.clinical.judge import judge
from bot.clinical.knowledge_base import knowledge
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


BETTER = {"symptoms_present": ["pain", "stiffness", "swelling"], "course": "better"}


@pytest.mark.parametrize("event", ["thr", "hemiarthroplasty", "tkr"])
def test_ordinary_recovery_of_a_new_joint_is_a_normal_visit(event: str):
    assert verdict(event_type=event, weeks_since_event=1.5, **BETTER).urgency == "routine"


@pytest.mark.parametrize("sign", ["warmth", "redness", "fever", "wound_discharge", "rapid_worsening"])
def test_a_sign_of_infection_ends_ordinary_recovery(sign: str):
    signs = [*BETTER["symptoms_present"], sign]
    told = verdict(event_type="thr", weeks_since_event=1.5, symptoms_present=signs, course="better")
    assert told.urgency == "same_day"


def test_a_swollen_calf_ends_ordinary_recovery():
    assert verdict(event_type="thr", weeks_since_event=1.5, body_site="calf", **BETTER).urgency == "same_day"


@pytest.mark.parametrize("event", ["elbow_fracture_surgery", "sci", "burn", "thr"])
def test_within_a_week_of_the_event_no_signs_make_ho_likely(event: str):
    signs = ["pain", "stiffness", "loss_of_motion", "swelling"]
    told = verdict(event_type=event, weeks_since_event=0.6, sex="male", symptoms_present=signs)
    assert told.risk_band == "low"


def test_a_fresh_fall_does_not_hide_an_older_spinal_cord_injury():
    told = verdict(events=[{"type": "fall", "weeks": 0.5}, {"type": "sci", "weeks": 10}],
                   symptoms_present=["loss_of_motion"])  # fmt: skip
    assert told.risk_band == "moderate"


def test_a_fresh_fall_does_not_hide_ho_that_a_scan_has_shown():
    told = verdict(event_type="fall", weeks_since_event=0.5, symptoms_present=["pain"],
                   risk_factors=["ho_on_imaging"])  # fmt: skip
    assert told.risk_band == "moderate"


def test_a_new_hip_that_loses_movement_early_is_seen_within_two_weeks():
    told = verdict(event_type="thr", weeks_since_event=8, symptoms_present=["loss_of_motion"], sex="male")
    assert told.urgency == "within_2_weeks"


def test_ventilation_is_not_counted_beside_guillain_barre_syndrome():
    facts = {"event_type": "gbs", "weeks_since_event": 22, "symptoms_present": ["loss_of_motion"]}
    told = verdict(**facts, risk_factors=["coma_or_ventilation"])
    assert [
        r.fact for r in told.reasons if r.points and r.fact in ("icu_prolonged", "coma_or_ventilation")
    ] == ["icu_prolonged"]


@pytest.mark.parametrize("event", ["elbow_fracture_surgery", "amputation", "spine_surgery"])
def test_a_wound_that_leaks_makes_ho_less_likely_where_nothing_is_stiff(event: str):
    facts = {"event_type": event, "weeks_since_event": 5}
    dry = verdict(**facts, symptoms_present=["redness"]).score
    assert verdict(**facts, symptoms_present=["redness", "wound_discharge"]).score == dry - 3


def test_a_sore_stiff_new_knee_at_two_weeks_is_a_low_chance():
    told = verdict(event_type="tkr", weeks_since_event=2, symptoms_present=["stiffness", "pain"], sex="male")
    assert (told.urgency, told.risk_band) == ("routine", "low")


def test_a_hot_replaced_joint_that_is_not_stiff_is_seldom_ho():
    told = verdict(event_type="thr", weeks_since_event=7, symptoms_present=["redness", "warmth", "swelling"])
    assert (told.urgency, told.risk_band) == ("same_day", "low")


def test_a_stump_that_no_longer_fits_is_not_counted_twice():
    facts = {"event_type": "amputation", "weeks_since_event": 26}
    sore = verdict(**facts, symptoms_present=["pain"]).score
    assert verdict(**facts, symptoms_present=["pain", "prosthesis_problem"]).score == sore


@pytest.mark.parametrize(("age", "urgency"), [(40, "self_care"), (None, "routine"), (70, "same_day")])
def test_a_fall_on_the_hip_is_left_at_home_only_when_young(age: int | None, urgency: str):
    told = verdict(
        event_type="fall", weeks_since_event=0.3, body_site="hip", symptoms_present=["pain"], age=age
    )
    assert told.urgency == urgency


@pytest.mark.parametrize(("site", "urgency"), [("ankle", "self_care"), ("knee", "same_day")])
def test_sudden_swelling_is_part_of_a_sprained_ankle_but_not_of_a_knee(site: str, urgency: str):
    told = verdict(event_type="ligament_sprain", weeks_since_event=0.3, body_site=site,
                   symptoms_present=["pain", "swelling", "sudden_onset"])  # fmt: skip
    assert told.urgency == urgency


@pytest.mark.parametrize("event", ["muscle_contusion", "muscle_strain", "icu_prolonged", "gbs"])
def test_stiffness_years_after_the_event_is_a_routine_matter(event: str):
    told = verdict(event_type=event, weeks_since_event=312, symptoms_present=["pain", "stiffness"])
    assert told.urgency == "routine"


def test_a_swollen_leg_after_many_injuries_is_for_today():
    told = verdict(
        event_type="polytrauma", weeks_since_event=5, body_site="hip", symptoms_present=["swelling"]
    )
    assert told.urgency == "same_day"


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


def signs_that_raise(**facts: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for change in verdict(**facts).what_would_change:
        if change.to == "present":
            found.setdefault(change.urgency, []).append(change.fact)
    return found


def test_what_would_change_names_dysreflexia_after_a_spinal_cord_injury():
    told = signs_that_raise(event_type="sci", weeks_since_event=10, symptoms_present=["stiffness"])
    assert "autonomic_dysreflexia" in told["emergency"]


def test_what_would_change_leaves_out_what_does_not_fit_the_case():
    told = signs_that_raise(
        event_type="burn", body_site="elbow", weeks_since_event=10, symptoms_present=["pain"]
    )
    odd = {"autonomic_dysreflexia", "saddle_numbness", "jaw_or_throat_swelling", "face_droop", "foot_drop"}
    assert odd & {fact for facts in told.values() for fact in facts} == set()


def test_what_would_change_still_names_an_unfitting_sign_that_was_not_sure():
    told = signs_that_raise(
        event_type="burn", symptoms_present=["pain"], symptoms_unknown=["saddle_numbness"]
    )
    assert told["emergency"][0] == "saddle_numbness"


@pytest.mark.parametrize("event", sorted(knowledge().triggers))
def test_what_would_change_names_at_most_five_signs_of_one_urgency(event: str):
    told = signs_that_raise(event_type=event, weeks_since_event=10, symptoms_present=["pain", "fever"])
    assert max((len(facts) for facts in told.values()), default=0) <= 5


def test_what_would_change_does_not_undo_the_event():
    told = verdict(event_type="polytrauma", weeks_since_event=9, symptoms_present=["stiffness"],
                   risk_factors=["complete_sci", "spasticity"])  # fmt: skip
    assert "complete_sci" not in [change.fact for change in told.what_would_change]


@pytest.mark.parametrize(
    ("named", "in_words"),
    [
        ("left hip", "the left hip"),
        ("thigh, knee", "the thigh and the knee"),
        ("both hips, right knee, left elbow", "both hips, the right knee and the left elbow"),
        ("left hip wound", "the left hip"),
        ("left residual limb", "the left residual limb"),
        ("thigh (fracture side)", "the thigh"),
        ("hip / hip", "the hip"),
    ],
)
def test_the_place_is_named_in_plain_words(named: str, in_words: str):
    facts = Facts(body_site=named)
    assert place_in_words(facts, knowledge()) == in_words


def test_a_place_that_nobody_named_is_where_the_event_acts():
    told = verdict(event_type="thr", weeks_since_event=10, symptoms_present=["stiffness"])
    assert told.imaging[0].ask_for.startswith("Ask for an X-ray of the hip,")


def test_a_place_that_says_nothing_has_its_own_words():
    assert place_in_words(Facts(body_site="whole body"), knowledge()) == "the sore or stiff place"


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
    knee = verdict(event_type="tkr", weeks_since_event=8, symptoms_present=["swelling"])
    hip = verdict(event_type="thr", weeks_since_event=8, symptoms_present=["swelling"])
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
