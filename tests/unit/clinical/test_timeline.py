"""Where a person is in time: when HO begins, when an X-ray can show it, when to look again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.clinical.facts import Facts
from bot.clinical.judge import judge
from bot.clinical.knowledge_base import knowledge
from bot.clinical.verdict import Timeline, Verdict

STIFF_HIP = {"event_type": "thr", "symptoms_present": ["stiffness", "loss_of_motion"]}


def line(**facts: Any) -> Timeline | None:
    return judge(Facts.from_json(facts)).timeline


def test_six_weeks_after_a_new_hip_it_may_have_begun_and_an_x_ray_can_show_it():
    found = line(**STIFF_HIP, weeks_since_event=6)
    assert (found.weeks, found.begins, found.xray, found.again) == (6, (2, 17), 4, (9, 10))


@pytest.mark.parametrize(
    ("event", "begins", "xray"),
    [("sci", (3, 17), 10), ("burn", (3, 19), 4), ("muscle_contusion", (2, 8), 4), ("fracture", (2, 17), 4)],
)
def test_each_kind_of_event_has_its_own_time(event: str, begins: tuple[int, int], xray: int):
    found = line(
        event_type=event,
        weeks_since_event=5,
        body_site="elbow",
        symptoms_present=["stiffness", "loss_of_motion"],
    )
    assert (found.begins, found.xray) == (begins, xray)


def test_nobody_is_told_to_look_again_before_an_x_ray_can_show_it():
    found = line(
        event_type="sci",
        weeks_since_event=2,
        body_site="hip",
        symptoms_present=["stiffness", "loss_of_motion"],
    )
    assert found.again == (10, 11)


def test_without_a_date_there_is_no_place_on_the_line():
    found = line(**STIFF_HIP)
    assert (found.weeks, found.again) == (None, None)


@pytest.mark.parametrize(
    "facts",
    [
        {"event_type": "thr", "weeks_since_event": 3, "symptoms_present": ["chest_pain", "breathlessness"]},
        {"event_type": "genetic_fop", "weeks_since_event": 3, "symptoms_present": ["growing_lump"]},
        {**STIFF_HIP, "weeks_since_event": 30, "risk_factors": ["ho_on_imaging"]},
        {"event_type": "none", "symptoms_present": ["stiffness"]},
        {},
    ],
    ids=["emergency", "FOP", "HO seen", "no event", "nothing told"],
)
def test_there_is_none_where_time_says_little(facts: dict[str, Any]):
    assert line(**facts) is None


def test_the_line_agrees_with_the_pictures_that_are_advised():
    for event, weeks in (("thr", 3), ("thr", 4), ("sci", 9), ("sci", 10)):
        verdict = judge(
            Facts.from_json(
                {"event_type": event, "weeks_since_event": weeks, "body_site": "hip"}
                | {"symptoms_present": ["stiffness", "loss_of_motion"]}
            )
        )
        can_show = any("can show it by now" in picture.when for picture in verdict.imaging)
        assert can_show == (weeks >= verdict.timeline.xray), (event, weeks)


def test_every_line_is_in_order():
    for span in knowledge().timeline.values():
        assert span.begins[0] < span.begins[1] <= span.latest
        assert span.again[0] <= span.again[1]


def test_a_verdict_comes_back_from_json_with_its_line():
    verdict = judge(Facts.from_json({**STIFF_HIP, "weeks_since_event": 6}))
    assert Verdict.from_json(verdict.to_json()) == verdict


def test_a_verdict_from_before_there_was_a_line_can_still_be_read():
    verdict = judge(Facts.from_json({**STIFF_HIP, "weeks_since_event": 6}))
    kept = verdict.to_json()
    del kept["timeline"]
    assert Verdict.from_json(kept) == replace(verdict, timeline=None)
