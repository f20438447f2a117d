"""One test a clinical hazard of docs/hazards.yml: the story that must never be read as harmless."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from actions.session import emergency_slots
from bot.clinical.facts import ABSENT, PRESENT, Facts
from bot.clinical.judge import judge
from bot.clinical.knowledge_base import knowledge
from bot.clinical.merge import merge
from bot.evaluation.metrics import level
from bot.nlu import understand


def advice(*symptoms: str, **rest: Any) -> int:
    """The level of the advice for a case with ``symptoms``: 1 is an emergency, 2 the same day."""
    return level(judge(Facts.from_json({"symptoms_present": list(symptoms), **rest})).urgency)


def heard(text: str) -> Facts:
    return merge(Facts(), understand(text, date(2026, 11, 22))).facts


# -- dangerous illnesses that look like heterotopic ossification -------------------------------------


@pytest.mark.parametrize(
    "rest",
    [
        {"event_type": "thr", "weeks_since_event": 3, "body_site": "left calf"},
        {"event_type": "knee_surgery", "weeks_since_event": 7, "body_site": "left leg"},
        {"event_type": "sci", "body_site": "right leg"},
        {"event_type": "fracture", "weeks_since_event": 5, "body_site": "left calf"},
        {"risk_factors": ["previous_clot"], "body_site": "left calf"},
    ],
)
def test_one_swollen_leg_with_a_reason_for_a_clot_is_seen_the_same_day(rest: dict[str, Any]) -> None:
    assert advice("swelling", **rest) <= 2


@pytest.mark.parametrize("sign", ["breathlessness", "chest_pain", "fainting"])
def test_a_sign_of_a_clot_in_the_lung_is_an_emergency_by_itself(sign: str) -> None:
    assert advice(sign) == 1


@pytest.mark.parametrize("sign", ["fever", "wound_discharge"])
@pytest.mark.parametrize("weeks", [5, 572])
def test_a_replaced_joint_with_a_sign_of_infection_is_seen_the_same_day(sign: str, weeks: int) -> None:
    assert advice("pain", sign, event_type="tkr", body_site="right knee", weeks_since_event=weeks) <= 2


def test_a_hot_swollen_joint_without_fever_is_seen_the_same_day() -> None:
    signs = ("pain", "swelling", "warmth", "redness", "sudden_onset")
    assert advice(*signs, body_site="knee", event_type="none", symptoms_absent=["fever"]) <= 2


def test_compartment_syndrome_without_severe_pain_is_an_emergency() -> None:
    signs = ("swelling", "firmness", "numbness_tingling", "rapid_worsening")
    assert advice(*signs, body_site="left calf", symptoms_absent=["severe_pain"]) == 1


def test_autonomic_dysreflexia_is_an_emergency() -> None:
    signs = ("headache", "sweating", "high_blood_pressure")
    assert advice(*signs, event_type="sci", risk_factors=["sci_above_t6"]) == 1


@pytest.mark.parametrize(
    ("sign", "rest"),
    [("saddle_numbness", {}), ("bladder_problem", {"event_type": "spine_surgery", "weeks_since_event": 1})],
)
def test_cauda_equina_is_an_emergency(sign: str, rest: dict[str, Any]) -> None:
    assert advice(sign, **rest) == 1


def test_dying_skin_that_gets_worse_fast_is_an_emergency() -> None:
    assert advice("pain", "blisters", "rapid_worsening", body_site="left hip", event_type="fall") == 1


def test_a_fever_in_somebody_who_is_very_ill_is_an_emergency() -> None:
    assert advice("fever", "unwell", "redness", "swelling", body_site="leg") == 1


def test_a_joint_out_of_place_is_an_emergency() -> None:
    assert advice("deformity", "severe_pain", event_type="thr", body_site="hip", weeks_since_event=44) == 1


def test_a_leg_that_bears_no_weight_after_a_fall_is_seen_the_same_day() -> None:
    signs = ("pain", "cannot_bear_weight")
    assert advice(*signs, event_type="fall", body_site="left hip", weeks_since_event=0.2, age=80) <= 2


def test_a_pop_without_pain_in_a_paralysed_leg_after_a_transfer_is_not_left_to_a_routine_visit() -> None:
    assert advice("popping", "swelling", "sudden_onset", event_type="sci", body_site="left thigh") <= 2


def test_a_dropped_foot_days_after_a_hip_operation_is_an_emergency() -> None:
    signs = ("foot_drop", "numbness_tingling")
    assert advice(*signs, event_type="thr", body_site="leg / foot", weeks_since_event=1.4) == 1


def test_black_stools_are_never_left_to_a_routine_visit() -> None:
    assert advice("black_stools", "fatigue", event_type="tkr", weeks_since_event=5) <= 2


def test_a_growing_lump_is_seen_within_two_weeks() -> None:
    assert advice("growing_lump", "lump", event_type="none", body_site="right thigh") <= 3


# -- fibrodysplasia ossificans progressiva, children -------------------------------------------------


def test_somebody_with_fop_is_warned_of_biopsies_and_never_sent_to_one() -> None:
    verdict = judge(Facts.from_json({"event_type": "genetic_fop", "symptoms_present": ["lump", "swelling"]}))
    said = str(verdict.to_json()).lower()
    assert "biopsy" in said
    assert not any("biopsy" in str(entry["modality"]).lower() for entry in verdict.to_json()["imaging"])


def test_a_child_is_told_whom_to_see() -> None:
    assert judge(Facts.from_json({"age": 8, "event_type": "muscle_contusion"})).to_json()["exclusions"]


# -- what the ear must not get wrong -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "symptom"),
    [
        ("my hip is stiff but no fever", "fever"),
        ("haven't had any chest pain", "chest_pain"),
        ("fever? no", "fever"),
        ("not short of breath at all", "breathlessness"),
        ("i dont have any numbness down there", "saddle_numbness"),
    ],
)
def test_what_is_denied_is_never_heard_as_present(text: str, symptom: str) -> None:
    assert heard(text).assertion(symptom) != PRESENT


@pytest.mark.parametrize(
    ("text", "symptom"),
    [
        ("No, the pain is getting worse", "pain"),
        ("no idea why but I have chest pain", "chest_pain"),
        ("I can't breathe", "breathlessness"),
        ("not only swollen but I have a fever", "fever"),
    ],
)
def test_what_is_present_is_never_heard_as_denied(text: str, symptom: str) -> None:
    assert heard(text).assertion(symptom) != ABSENT
    assert heard(text).has(symptom)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("my dad had heterotopic ossification", "previous_ho"),
        ("my sister had chest pain last week, mine is just a stiff hip", "chest_pain"),
        ("what should I do if I get a fever?", "fever"),
    ],
)
def test_what_somebody_else_has_or_might_be_is_no_fact_of_the_case(text: str, name: str) -> None:
    assert heard(text).assertion(name) != PRESENT


@pytest.mark.parametrize(
    "text",
    [
        "cant catch my breath and my chest hurts",
        "i passed out and now im breathless",
        "im numb round my bum and cant pee",
        "my hip popped out of the socket and im stuck on the floor",
    ],
)
def test_an_emergency_in_lay_words_is_an_emergency(text: str) -> None:
    assert judge(heard(text)).urgency == "emergency"


@pytest.mark.parametrize("sign", ["chest_pain", "fever", "saddle_numbness", "foot_drop", "wound_discharge"])
@pytest.mark.parametrize("event", ["thr", "sci", "minor_injury", "none"])
def test_an_unknown_danger_sign_never_ranks_below_a_denied_one(sign: str, event: str) -> None:
    rest = {"event_type": event, "weeks_since_event": 1}
    unknown = advice("pain", symptoms_unknown=[sign], **rest)
    assert unknown <= advice("pain", symptoms_absent=[sign], **rest)


# -- too much, too little ------------------------------------------------------------------------------


def test_a_small_injury_that_gets_better_is_not_sent_to_a_doctor() -> None:
    rest = {
        "event_type": "minor_injury",
        "body_site": "left knee",
        "weeks_since_event": 0.5,
        "course": "better",
    }
    assert advice("pain", **rest) >= 4


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"event_type": "minor_injury", "weeks_since_event": 0.5, "symptoms_present": ["pain"]},
        {"event_type": "thr", "weeks_since_event": 52, "symptoms_present": ["stiffness"]},
        {"symptoms_present": ["chest_pain"]},
    ],
)
def test_every_verdict_says_what_is_uncertain_what_to_look_for_and_how_to_get_help(
    facts: dict[str, Any],
) -> None:
    net = judge(Facts.from_json(facts)).to_json()["safety_net"]
    assert all(str(net[key]).strip() for key in ("uncertainty", "look_for", "get_help"))


def test_an_early_x_ray_is_said_to_miss_it() -> None:
    facts = {
        "event_type": "thr",
        "weeks_since_event": 3,
        "body_site": "left hip",
        "symptoms_present": ["stiffness"],
    }
    imaging = judge(Facts.from_json(facts)).to_json()["imaging"]
    assert any("repeat" in str(entry).lower() or "again" in str(entry).lower() for entry in imaging)


# -- what the advice rests on --------------------------------------------------------------------------


@pytest.mark.parametrize("country", [None, "", "ZZ"])
def test_an_emergency_number_is_never_guessed(country: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HO_TRIAGE_COUNTRY", raising=False)
    if country is not None:
        monkeypatch.setenv("HO_TRIAGE_COUNTRY", country)
    assert emergency_slots() == []


def test_the_emergency_number_is_that_of_the_configured_country(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HO_TRIAGE_COUNTRY", "GB")
    assert {event["name"]: event["value"] for event in emergency_slots()}["emergency_number"] == "999"


@pytest.mark.parametrize(
    "name", ["triggers", "risk_factors", "red_flags", "urgency_rules", "imaging", "teaching"]
)
def test_every_rule_has_its_sources_and_its_date_of_review(name: str) -> None:
    entries = getattr(knowledge(), name)
    assert entries
    assert [key for key, entry in entries.items() if not (entry.sources and entry.reviewed)] == []


def test_a_verdict_carries_the_version_of_its_rules() -> None:
    assert judge(Facts()).to_json()["rules_version"] == knowledge().version
