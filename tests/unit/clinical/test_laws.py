"""The laws of the judgement, over generated facts: what must hold for every case, not for one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.clinical.conditions import URGENCIES
from bot.clinical.facts import ABSENT, ASSERTIONS, PRESENT, UNKNOWN, Event, Facts
from bot.clinical.judge import judge, urgency_and_band
from bot.clinical.knowledge_base import knowledge
from bot.clinical.verdict import Verdict

KNOWN = knowledge()
SYMPTOMS = sorted(KNOWN.symptoms)
RISKS = sorted(KNOWN.risk_factors)
# Factors that tell of an event change which rules apply, a scan that already showed HO answers the
# question that the urgency is about, and prevention lowers the points: these may lower the urgency.
STEERING = {name for name, entry in KNOWN.risk_factors.items() if entry.implies_event} | {
    "ho_on_imaging",
    "prophylaxis_nsaid",
    "prophylaxis_radiotherapy",
}
RED_FLAG_FINDINGS = sorted(set().union(*(rule.when.names for rule in KNOWN.rules.red_flags)) - STEERING)
SITES = [None, "left hip", "right thigh", "left calf", "both knees", "left leg", "elbow", "upper arm",
         "hand", "lower back", "whole body"]  # fmt: skip
WEEKS = st.sampled_from([None, 0.2, 0.9, 1.4, 2, 4, 7, 12, 16, 26, 40, 60, 120, 700])

events = st.lists(
    st.builds(Event, type=st.sampled_from(sorted(KNOWN.triggers)), weeks=WEEKS),
    max_size=2,
    unique_by=lambda e: e.type,
).map(tuple)
cases = st.builds(
    Facts,
    events=events,
    body_site=st.sampled_from(SITES),
    weeks_since_event=WEEKS,
    symptoms=st.dictionaries(st.sampled_from(SYMPTOMS), st.sampled_from(ASSERTIONS), max_size=8),
    risk_factors=st.dictionaries(st.sampled_from(RISKS), st.sampled_from(ASSERTIONS), max_size=4),
    age=st.sampled_from([None, 8, 17, 30, 64, 80]),
    sex=st.sampled_from([None, "male", "female"]),
    course=st.sampled_from([None, "better", "worse", "steady"]),
)
many = settings(max_examples=200, deadline=None)
some = settings(max_examples=40, deadline=None)


def level(facts: Facts) -> int:
    return URGENCIES.index(urgency_and_band(facts, KNOWN)[0])


def with_finding(facts: Facts, name: str, assertion: str | None) -> Facts:
    change = facts.with_symptom if name in KNOWN.symptoms else facts.with_risk_factor
    return change(name, assertion)


@many
@given(cases, st.sampled_from(SYMPTOMS))
def test_one_more_symptom_never_lowers_the_urgency(facts: Facts, name: str):
    assume(not facts.has(name))
    assert level(facts.with_symptom(name, PRESENT)) >= level(facts.with_symptom(name, None))


@many
@given(cases, st.sampled_from(RED_FLAG_FINDINGS))
def test_one_more_red_flag_finding_never_lowers_the_urgency(facts: Facts, name: str):
    assert level(with_finding(facts, name, PRESENT)) >= level(with_finding(facts, name, ABSENT))


@many
@given(cases, st.sampled_from(SYMPTOMS + RISKS))
def test_unknown_never_ranks_below_absent(facts: Facts, name: str):
    assert level(with_finding(facts, name, UNKNOWN)) >= level(with_finding(facts, name, ABSENT))


@many
@given(cases, st.sampled_from(SYMPTOMS + RISKS))
def test_a_denial_never_raises_the_urgency(facts: Facts, name: str):
    assert level(with_finding(facts, name, ABSENT)) <= level(with_finding(facts, name, None))


@many
@given(cases)
def test_getting_worse_never_ranks_below_getting_better(facts: Facts):
    assert level(replace(facts, course="worse")) >= level(replace(facts, course="better"))


@many
@given(cases)
def test_the_red_flags_that_fire_are_a_floor_for_the_urgency(facts: Facts):
    verdict = judge(facts, KNOWN)
    assert all(URGENCIES.index(f.urgency) <= URGENCIES.index(verdict.urgency) for f in verdict.red_flags)


minor_cases = st.builds(
    Facts,
    events=st.sampled_from(["minor_injury", "muscle_strain", "ligament_sprain", "fall"]).map(
        lambda t: (Event(t),)
    ),
    body_site=st.sampled_from(SITES),
    weeks_since_event=st.sampled_from([0.2, 0.9, 1.5, 4]),
    symptoms=st.dictionaries(
        st.sampled_from(["pain", "bruising", "swelling", "sudden_onset"]), st.just(PRESENT), max_size=3
    ),
    course=st.sampled_from([None, "better"]),
)


@some
@given(minor_cases)
def test_self_care_with_an_unsure_danger_sign_is_only_for_what_gets_better(facts: Facts):
    unsure = _unsure_dangers(replace(facts, course=None))
    given = {urgency_and_band(replace(f, course=None), KNOWN)[0] for f in unsure.values()}
    assert "self_care" not in given


@some
@given(minor_cases)
def test_a_danger_sign_that_was_unsure_is_named_in_the_safety_net(facts: Facts):
    for name, unsure in _unsure_dangers(facts).items():
        verdict = judge(unsure, KNOWN)
        assert KNOWN.label(name) in verdict.safety_net.look_for


def _unsure_dangers(facts: Facts) -> dict[str, Facts]:
    """Sign that would make it an emergency -> the facts with "don't know" to it."""
    dangers = [
        name
        for name, finding in KNOWN.symptoms.items()
        if not finding.only_heard  # a vote of the ear, that nobody can answer "don't know" to
        and urgency_and_band(facts.with_symptom(name, PRESENT), KNOWN)[0] == "emergency"
    ]
    return {name: facts.with_symptom(name, UNKNOWN) for name in dangers if not facts.has(name)}


@some
@given(cases)
def test_the_same_facts_give_the_same_verdict(facts: Facts):
    again = Facts.from_json(facts.to_json())
    assert judge(facts, KNOWN) == judge(again, KNOWN)


@some
@given(cases)
def test_the_fast_path_agrees_with_the_verdict(facts: Facts):
    verdict = judge(facts, KNOWN)
    assert (verdict.urgency, verdict.risk_band) == urgency_and_band(facts, KNOWN)


@some
@given(cases)
def test_a_verdict_survives_json(facts: Facts):
    verdict = judge(facts, KNOWN)
    assert Verdict.from_json(verdict.to_json()) == verdict


@some
@given(cases)
def test_each_reason_has_a_sentence_and_a_known_source(facts: Facts):
    verdict = judge(facts, KNOWN)
    explained: list[Any] = [*verdict.reasons, *verdict.red_flags, *verdict.imaging, *verdict.exclusions]
    assert all(entry.sources and set(entry.sources) <= KNOWN.sources.keys() for entry in explained)
    assert all(reason.sentence for reason in verdict.reasons)


@some
@given(cases)
def test_the_points_add_up_to_the_score(facts: Facts):
    verdict = judge(facts, KNOWN)
    assert sum(reason.points or 0 for reason in verdict.reasons) == verdict.score


@some
@given(cases)
def test_what_would_change_is_true_when_tried(facts: Facts):
    for what in judge(facts, KNOWN).what_would_change:
        changed = with_finding(facts, what.fact, what.to)
        assert urgency_and_band(changed, KNOWN) == (what.urgency, what.risk_band)


@some
@given(cases)
def test_every_verdict_explains_why_it_is_so_urgent(facts: Facts):
    verdict = judge(facts, KNOWN)
    told = [flag.urgency for flag in verdict.red_flags] + [r.effect for r in verdict.reasons if r.effect]
    # A normal visit is what is left when nothing speaks for more or for less.
    assert verdict.urgency in told or verdict.urgency == "routine"
