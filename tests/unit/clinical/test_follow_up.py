"""When to ask again follows from the verdict."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clinical.facts import Facts
from bot.clinical.follow_up import offer
from bot.clinical.judge import judge
from bot.clinical.knowledge_base import knowledge

STIFF = {"event_type": "fracture", "body_site": "left elbow", "age": 40, "symptoms_present": ["stiffness"]}
KINDS = [
    ({**STIFF, "weeks_since_event": 30}, "normal_visit", 42, "in 6 weeks"),
    ({**STIFF, "weeks_since_event": 1}, "early_scan", 21, "in 3 weeks"),
    ({**STIFF, "weeks_since_event": 3}, "early_scan", 14, "in 2 weeks"),
    ({**STIFF, "symptoms_present": ["loss_of_motion"], "weeks_since_event": 8},
     "seen_in_two_weeks", 14, "in 2 weeks"),
    ({"event_type": "thr", "symptoms_present": ["fever", "wound_discharge"]}, "seen_today", 2, "in 2 days"),
    ({"event_type": "sci", "weeks_since_event": 3}, "early_nerve_scan", 49, "in 7 weeks"),
    ({"event_type": "minor_injury", "symptoms_present": ["bruising"], "course": "better", "age": 30,
      "weeks_since_event": 1}, "home_care", 14, "in 2 weeks"),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "kind", "days", "time"), KINDS, ids=[f"{k[1]}-{k[2]}" for k in KINDS])
def test_the_time_follows_from_the_verdict(facts, kind, days, time):
    found = offer(Facts.from_json(facts))
    assert (found.id, found.days, found.time) == (kind, days, time)
    assert found.sentence.endswith(f"Shall I ask you again {time}?")


def test_every_follow_up_of_the_knowledge_is_reached():
    assert {kind for _, kind, _, _ in KINDS} == set(knowledge().follow_ups)


@given(
    st.lists(st.sampled_from(sorted(knowledge().symptoms)), max_size=4),
    st.sampled_from(sorted(knowledge().triggers)),
)
def test_in_an_emergency_there_is_none_and_else_there_always_is(symptoms, event):
    facts = Facts.from_json({"event_type": event, "symptoms_present": symptoms, "weeks_since_event": 5})
    assert (offer(facts) is None) == (judge(facts).urgency == "emergency")
