"""What one verdict says fits together: no sign under two levels, nothing said that the case belies."""

from __future__ import annotations

from typing import Any

import pytest

from bot.clinical.conditions import URGENCIES
from bot.clinical.facts import Facts
from bot.clinical.judge import judge
from bot.clinical.knowledge_base import knowledge
from bot.clinical.verdict import Verdict

KNOWN = knowledge()
SIGNS = ["pain", "stiffness", "swelling", "weakness", "fever"]


def verdict(**facts: Any) -> Verdict:
    return judge(Facts.from_json(facts))


def net_of(told: Verdict) -> Any:
    return next(net for net in KNOWN.safety_nets.values() if net.look_for in told.safety_net.look_for)


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("event", sorted(KNOWN.triggers))
def test_no_sign_stands_below_what_the_safety_net_says_of_it(event: str, sign: str) -> None:
    told = verdict(event_type=event, weeks_since_event=10, symptoms_present=[sign])
    named = {name: urgency for urgency, names in net_of(told).named.items() for name in names}
    below = [
        what.fact
        for what in told.what_would_change
        if what.to == "present"
        and what.urgency != told.urgency
        and URGENCIES.index(what.urgency) < URGENCIES.index(named.get(what.fact, what.urgency))
    ]
    assert below == []


@pytest.mark.parametrize("event", sorted(KNOWN.triggers))
def test_only_signs_for_today_or_an_emergency_are_named_as_raising_the_advice(event: str) -> None:
    told = verdict(event_type=event, weeks_since_event=60)
    raised = {w.urgency for w in told.what_would_change if w.to == "present" and w.urgency != told.urgency}
    assert raised <= {"same_day", "emergency"}


def test_a_sign_that_would_only_make_ho_less_likely_is_not_named() -> None:
    told = verdict(event_type="thr", weeks_since_event=6, body_site="hip", symptoms_present=["swelling"])
    assert not [w.fact for w in told.what_would_change if w.to == "present" and w.risk_band == "low"]


@pytest.mark.parametrize("sign", ["stiffness", "fever"])
def test_who_cannot_feel_is_told_what_can_be_seen(sign: str) -> None:
    told = verdict(
        event_type="sci", weeks_since_event=10, symptoms_present=[sign], risk_factors=["complete_sci"]
    )
    named = {name for names in net_of(told).named.values() for name in names}
    felt = {"numbness_tingling", "pain", "severe_pain", "weakness", "night_pain"}
    assert "deformity" in named
    assert not felt & (named | {what.fact for what in told.what_would_change if what.to == "present"})


def test_an_emergency_asks_for_no_pictures_and_names_nothing_that_would_lower_it() -> None:
    told = verdict(event_type="thr", weeks_since_event=6, symptoms_present=["breathlessness", "swelling"])
    assert (told.urgency, told.imaging, told.what_would_change) == ("emergency", (), ())


def test_an_emergency_does_not_speak_of_what_was_not_sure() -> None:
    told = verdict(symptoms_present=["breathlessness"], symptoms_unknown=["fever"])
    assert "not sure" not in told.safety_net.look_for


@pytest.mark.parametrize(
    ("event", "site"), [("elbow_fracture_surgery", "elbow"), ("muscle_contusion", "thigh"), ("sci", "hip")]
)
@pytest.mark.parametrize("weeks", [17, 34])
def test_months_after_the_event_an_x_ray_is_said_to_show_it_now(event: str, site: str, weeks: int) -> None:
    told = verdict(
        event_type=event, body_site=site, weeks_since_event=weeks, symptoms_present=["stiffness", "lump"]
    )
    when = " ".join(picture.when for picture in told.imaging)
    assert "by now" in when
    assert "four weeks after" not in when


def test_without_a_date_it_is_said_from_when_an_x_ray_shows_it() -> None:
    told = verdict(event_type="elbow_fracture_surgery", symptoms_present=["stiffness"])
    assert "three to four weeks after" in told.imaging[0].when


def test_no_same_day_sign_says_today_since_the_advice_does() -> None:
    said = [flag.say for flag in KNOWN.red_flags.values() if flag.urgency == "same_day"]
    assert not [text for text in said if "today" in text]


def test_a_growing_lump_in_a_child_is_for_today_a_childrens_doctor_and_a_scan_in_two_days() -> None:
    told = verdict(age=4, body_site="thigh", symptoms_present=["growing_lump"])
    assert told.urgency == "same_day"
    assert "children" in told.who_to_see
    assert "within two days" in told.imaging[0].ask_for
    assert not [picture for picture in told.imaging if "two weeks" in picture.ask_for]


def test_an_adult_is_not_sent_to_a_childrens_doctor() -> None:
    assert "children" not in verdict(age=40, symptoms_present=["growing_lump"]).who_to_see


def test_what_is_known_of_men_is_not_said_of_a_boy() -> None:
    facts = {"event_type": "fracture", "sex": "male", "symptoms_present": ["stiffness"]}
    assert "male" not in [reason.fact for reason in verdict(age=4, **facts).reasons]
    assert "male" in [reason.fact for reason in verdict(age=30, **facts).reasons]


@pytest.mark.parametrize("sign", ["lump", "growing_lump"])
@pytest.mark.parametrize(
    "toes_or_fop", [{"risk_factors": ["big_toe_malformation"]}, {"event_type": "genetic_fop"}]
)
def test_toes_or_fop_with_a_lump_mean_no_biopsy_no_needle_and_ask_before_a_jab(
    toes_or_fop: dict[str, Any], sign: str
) -> None:
    said = " ".join(one.sentence for one in verdict(symptoms_present=[sign], **toes_or_fop).exclusions)
    for warned in ("no biopsy", "no needle in the muscle", "before any jab"):
        assert warned in said.lower()


@pytest.mark.parametrize("word", ["biopsy", "vaccine"])
def test_the_teaching_about_fop_answers_biopsy_and_vaccines(word: str) -> None:
    assert word in " ".join(KNOWN.teaching["fop"].text).lower()


def test_no_event_and_no_sign_is_told_that_nothing_points_to_ho_and_what_can_be_asked() -> None:
    told = verdict(event_type="none", symptoms_absent=["pain", "fever"])
    assert told.urgency == "routine"
    assert "Nothing you told me points to HO" in told.reasons[0].sentence
    assert "ask me" in told.reasons[0].sentence


def test_no_event_but_a_sign_is_not_told_that_nothing_points_to_ho() -> None:
    told = verdict(event_type="none", symptoms_present=["pain"])
    assert "nothing_told" not in [reason.fact for reason in told.reasons]
