"""Times, temperatures, sides and answers, one kind of wording a line."""

from __future__ import annotations

from datetime import date

import pytest

from bot.nlu import understand
from bot.nlu.numbers import number_at

TODAY = date(2026, 11, 22)


def _values(text: str, kind: str) -> list[str | float]:
    return [mention.value for mention in understand(text, TODAY) if mention.kind == kind]


def _assertion(text: str, kind: str, name: str) -> str | None:
    found = (m.assertion for m in understand(text, TODAY) if m.kind == kind and m.value == name)
    return next(found, None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("38 point 4", 38.4),
        ("39,4", 39.4),
        ("one oh one point five", 101.5),
        ("hundred and two", 102),
        ("twenty - one", 21),
        ("three quarters", 0.75),
        ("a couple", 2),
    ],
)
def test_a_number_is_read_as_it_is_said(text: str, value: float) -> None:
    number = number_at(text.split(), 0)
    assert number is not None
    assert number[0] == pytest.approx(value)


@pytest.mark.parametrize(
    ("when", "weeks"),
    [
        ("the week before last", 2),
        ("6/52 ago", 6),
        ("4/12 ago", 17.4),
        ("on the 3rd", 2.7),
        ("in 09", 907),
        ("in the summer of 2024", 123),
        ("2026-08-30", 12),
        ("14.2.2026", 40),
        ("1 year 4 months ago", 69.6),
        ("three weeks tomorrow", 3),
        ("last november", 54),
        ("around thanksgiving last year", 52),
        ("at the start of the year", 45),
        ("early june", 24),
        ("two summers ago", 71),
        ("too months a go", 8.7),
        ("8 months, give or take, ago", 34.8),
    ],
)
def test_a_point_in_time_is_counted_in_weeks(when: str, weeks: float) -> None:
    assert _values(f"hip replaced {when}", "weeks_since_event")[0] == pytest.approx(weeks, rel=0.12)


def test_the_way_home_does_not_date_the_operation() -> None:
    text = "two weeks post discharge but the hip replacement was 5 weeks ago"
    assert _values(text, "weeks_since_event") == [5]


def test_a_day_of_birth_is_an_age() -> None:
    assert (_values("born january 1980", "age"), _values("born january 1980", "weeks_since_event")) == (
        [46],
        [],
    )


@pytest.mark.parametrize(
    ("text", "assertion"),
    [
        ("thermometer says thirty nine", "present"),
        ("t 38.9 hr 118", "present"),
        ("103 this morning", "present"),
        ("was 38.8 before paracetamol, now 36.9", "present"),
        ("37 bang on", "absent"),
        ("temp was 38.5 last week, normal since", "absent"),
        ("disregard the 101, thermometer was broken, new one says 98.4", "absent"),
        ("i can bend it 105 degrees", None),
        ("102 stitches", None),
    ],
)
def test_a_reading_tells_of_a_fever_or_of_none(text: str, assertion: str | None) -> None:
    assert _assertion(text, "symptom", "fever") == assertion


@pytest.mark.parametrize(("text", "assertion"), [("bp 120/80", "absent"), ("bp is 165 over 95", "present")])
def test_a_pressure_is_high_from_140_over_90(text: str, assertion: str) -> None:
    assert _assertion(text, "symptom", "high_blood_pressure") == assertion


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("it's the R shoulder", "right shoulder"),
        ("L hip", "left hip"),
        ("not the left, the other one. hip", "right hip"),
        ("had the right hip replaced but it is the left that hurts", "left hip"),
        ("left hip. right hip was done years back and is perfect", "left hip"),
        ("neither knee bends", "both knees"),
    ],
)
def test_the_side_of_the_trouble_is_heard(text: str, site: str) -> None:
    assert _values(text, "body_site") == [site]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("comes and goes", "yes"),
        ("worse than ever", "yes"),
        ("same as always", "no"),
        ("not at the moment", "no"),
        ("none of em", "none"),
        ("can't see it", "unknown"),
        ("no, all working", "no"),
        ("he did yes", "yes"),
    ],
)
def test_a_short_reply_is_an_answer(text: str, answer: str) -> None:
    assert _values(text, "answer") == [answer]


def test_no_idea_is_not_a_no() -> None:
    assert "no" not in _values("no idea", "answer")


@pytest.mark.parametrize(
    ("text", "fact", "assertion"),
    [
        ("icy", "cold_limb", "present"),
        ("dry as a bone", "wound_discharge", "absent"),
        ("C5", "sci_above_t6", "present"),
        ("20 a day", "smoking", "present"),
    ],
)
def test_words_that_need_the_question_are_kept_for_it(text: str, fact: str, assertion: str) -> None:
    assert _assertion(text, "if_asked", fact) == assertion


def test_a_denied_simile_is_not_present_even_if_asked() -> None:
    assert _assertion("not huge", "if_asked", "swelling") is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("forget the lump, i was wrong", "lump"),
        ("i said yes to chest pain but i meant no", "chest_pain"),
    ],
)
def test_what_is_taken_back_is_absent(text: str, name: str) -> None:
    assert _assertion(text, "symptom", name) == "absent"
