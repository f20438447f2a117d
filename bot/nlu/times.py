"""Lengths and points of time, in weeks: "two and a half weeks ago", "since January", "at christmas"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from .story import NONE, Length, Story
from .vocabulary import read

_WEEK = 7.0
_PREPOSITIONS = frozenset(
    [
        "in",
        "since",
        "on",
        "around",
        "from",
        "last",
        "after",
        "before",
        "this",
        "early",
        "late",
        "mid",
        "about",
        "of",
        "by",
        "until",
        "start",
        "end",
        "back",
        "til",
        "during",
    ]
)
_STAY_WORDS = frozenset(
    [
        "ventilator",
        "ventilated",
        "icu",
        "itu",
        "coma",
        "intubated",
        "ecmo",
        "trach",
        "tracheostomy",
        "intensive",
        "sling",
        "plaster",
        "cast",
        "splint",
        "boot",
        "brace",
        "hospital",
        "traction",
        "bed",
        "sedated",
        "unconscious",
        "antibiotics",
        "crutches",
        "collar",
        "intubation",
        "proned",
    ]
)
_CAST_WORDS = frozenset(["plaster", "cast", "splint", "boot", "brace", "sling"])
_LASTING_BEFORE = frozenset(["for", "over", "past", "last", "these", "those", "lasting", "lasted", "past"])
_ABOUT = frozenset(read("times")["about_words"])
_YEAR = re.compile(r"(19[3-9]\d|20\d\d)$")
_DAY = re.compile(r"([12]?\d|3[01])$")


@lru_cache(maxsize=1)
def _units() -> dict[str, float]:
    return {word: float(unit["days"]) for unit in read("times")["units"].values() for word in unit["words"]}


@lru_cache(maxsize=1)
def _numbers() -> dict[str, float]:
    return {word: float(value) for word, value in read("times")["numbers"].items()}


def hear_times(story: Story) -> None:
    """Fill ``story.lengths``, in the order of the message."""
    lengths = [*_durations(story), *_dates(story), *_outright(story)]
    taken: set[int] = set()
    for length in sorted(lengths, key=lambda length: (length.start, -length.end)):
        words = set(range(length.start, length.end))
        if not words & taken and not story.is_at_large(length.start):
            taken |= words
            story.lengths.append(length)
    story.followed |= taken
    _leave_out_past_attacks(story)


def _leave_out_past_attacks(story: Story) -> None:
    """An attack dated weeks ago ("6 weeks ago i couldnt breathe") is over, unless it began then."""
    data = read("times")["attacks"]
    past: set[int] = set()
    for length in story.lengths:
        clause = story.clause(length.start)
        going_on = set(data["going_on"]) & {story.words[i] for i in clause}
        if length.role == "ago" and length.weeks >= float(data["weeks"]) and not going_on:
            past |= set(clause)
    story.findings = [
        f.said(NONE) if f.kind == "symptom" and f.name in data["symptoms"] and set(f.words) & past else f
        for f in story.findings
    ]


# -- lengths: a number and a unit ---------------------------------------------------------------
def _durations(story: Story) -> Iterator[Length]:
    words, at = story.words, 0
    while at < len(words):
        counted = _counted_day(words, at)
        if counted:
            yield counted
        number = _number(words, at) or _last_one(words, at)
        if number is None:
            at += 1
            continue
        value, end = number
        unit = _unit_at(words, end)
        if unit is None:
            at += 1
            continue
        days, end = unit
        value, end = _and_a_half(words, end, value)
        if not _is_age_or_rate(words, end):
            yield Length(at, end, value * days / _WEEK, _role(story, at, end))
        at = end


def _counted_day(words: list[str], at: int) -> Length | None:
    """ "day 10 after my op", "week 6 post op"."""
    number, after = words[at + 1 : at + 2], words[at + 2 : at + 3]
    if words[at] not in _units() or not number or not number[0].isdecimal():
        return None
    told = after in (["after"], ["post"], ["postop"], ["since"], ["of"])
    return Length(at, at + 2, float(number[0]) * _units()[words[at]] / _WEEK, "ago") if told else None


def _last_one(words: list[str], at: int) -> tuple[float, int] | None:
    """ "over the last month", "the past week": one of them."""
    led = words[at] in ("last", "past") and words[at - 1 : at] in (["the"], ["this"])
    return (1.0, at + 1) if led and at + 1 < len(words) and words[at + 1] in _units() else None


def _unit_at(words: list[str], at: int) -> tuple[float, int] | None:
    """Days of the unit at ``at`` (after "of", "more", "full"), and where it ends."""
    while at < len(words) and words[at] in (
        "of",
        "full",
        "whole",
        "good",
        "solid",
        "more",
        "odd",
        "long",
        "-",
    ):
        at += 1
    if at < len(words) and words[at] == "m" and words[at + 1 : at + 2] == ["ago"]:
        return 30.44, at + 1
    days = _units().get(words[at]) if at < len(words) else None
    return None if days is None else (days, at + 1)


def _number(words: list[str], at: int) -> tuple[float, int] | None:
    """A number at ``at``: 6, 6.5, six, "two and a half", "6-8", "4 or 5", "a couple of", and its end."""
    first = _one_number(words, at)
    if first is None:
        return None
    value, end = first
    rest = words[end : end + 3]
    if rest == ["and", "a", "half"]:
        return value + 0.5, end + 3
    if rest[:1] == ["and"] and rest[1:2] == ["half"]:
        return value + 0.5, end + 2
    if rest[:1] and rest[0] in ("-", "\u2013", "to", "or", "and", "/"):
        second = _one_number(words, end + 1)
        if second and second[0] > value and _unit_at(words, second[1]):
            return (second[0] if rest[0] == "and" else (value + second[0]) / 2), second[1]
    return value, end


def _one_number(words: list[str], at: int) -> tuple[float, int] | None:
    if at >= len(words):
        return None
    word = words[at]
    if re.fullmatch(r"\d+(\.\d+)?", word):
        return float(word), at + 1
    if word not in _numbers():
        return None
    value, end = _numbers()[word], at + 1
    following = _numbers().get(words[end]) if end < len(words) else None
    if word in ("a", "an") and following and words[end] in ("couple", "few", "half", "dozen", "single"):
        return following, end + 1
    if word == "half" and words[end : end + 1] in (["a"], ["an"]):
        return 0.5, end + 1
    if (
        following
        and value in (20, 30, 40, 50, 60, 70, 80, 90)
        and following < 10
        and words[end] not in ("a", "an", "half")
    ):
        return value + following, end + 1
    return value, end


def _and_a_half(words: list[str], end: int, value: float) -> tuple[float, int]:
    """ "a year and a half": the half comes after the unit."""
    if words[end : end + 3] == ["and", "a", "half"] and words[end + 3 : end + 4] not in (["hour"], ["day"]):
        return value + 0.5, end + 3
    return value, end


def _is_age_or_rate(words: list[str], end: int) -> bool:
    after = words[end : end + 2]
    return (after[:1] in (["old"], ["olds"], ["pregnant"], ["of"]) and after != ["of", "pain"]) or after == [
        "a",
        "day",
    ]


def _role(story: Story, start: int, end: int) -> str:
    words = story.words
    before = words[max(0, start - 4) : start]
    near = [word for word in before if word not in _ABOUT or word in _LASTING_BEFORE]
    after = words[end : end + 3]
    if "since" in before[-2:] and after[:1] not in (["ago"],):
        return "ago"
    if after[:1] and after[0] in ("ago", "back", "prior", "postop"):
        return "ago"
    if after[:3] == ["on", "and", "off"]:
        return "lasting"
    if after[:1] == ["on"] and (
        len(after) == 1
        or after[1] in ("its", "and", "the", "now", ",", "my", "it", "i", "im", "still", "from")
    ):
        return "later" if after[1:2] != ["from"] else "ago"
    if (
        (after[:1] and after[0] in ("post", "out", "since"))
        or after[:2] == ["now", "since"]
        or after == ["now", ",", "since"]
    ):
        return "ago"
    if after[:2] == [",", "since"]:
        return "ago"
    if after[:1] and after[0] in ("after", "from", "following") and len(after) > 1:
        return "after"
    if after[:1] and after[0] in ("later", "afterwards", "after", "afterward"):
        return "later"
    clause = {words[i] for i in story.clause(start)} & _STAY_WORDS
    if clause and not {"ago"} & set(after):
        return "cast" if clause & _CAST_WORDS else "stay"
    if (before[-1:] and before[-1] in ("in", "within")) or before[-2:] == ["in", "about"]:
        return "stay"
    if set(near[-2:]) & _LASTING_BEFORE or words[start] in ("last", "past"):
        return "lasting"
    if (
        before[-1:] == ["its"]
        or before[-2:-1] == ["its"]
        or before[-2:] == ["its", "been"]
        or "been" in before[-2:]
    ):
        return "its"
    return "bare"


# -- points in time -----------------------------------------------------------------------------
def _weeks_since(day: date, today: date) -> float:
    return max(0.0, (today - day).days / _WEEK)


def _last(month: int, day: int, today: date) -> date:
    """The most recent such day, today included."""
    for year in (today.year, today.year - 1):
        try:
            found = date(year, month, day)
        except ValueError:  # 29 February in a common year
            found = date(year, month, 28)
        if found <= today:
            return found
    return found


def _dates(story: Story) -> Iterator[Length]:
    words = story.words
    for at, word in enumerate(words):
        found = _month_date(story, at) or _bare_year(story, at) or _numeric_date(story, at)
        if found:
            yield found
        elif word in read("times")["weekdays"] and at and words[at - 1] in ("on", "last", "since", "this"):
            days = (story.today.weekday() - int(read("times")["weekdays"][word])) % 7 or 7
            yield Length(at - 1, at + 1, days / _WEEK, "ago")
        elif (
            word == "was"
            and re.fullmatch(r"\d\d?", "".join(words[at + 1 : at + 2]))
            and "when" in words[max(0, at - 2) : at]
        ):
            yield Length(at - 1, at + 2, float(words[at + 1]), "at_age")
    yield from _feasts(story)


def _month_date(story: Story, at: int) -> Length | None:
    words, months = story.words, read("times")["months"]
    if words[at] not in months:
        return None
    month, start, end, day, year = int(months[words[at]]), at, at + 1, 15, None
    while start > 1 and words[start - 1] in ("of", "st", "nd", "rd", "th"):
        start -= 1
    if start and _DAY.match(words[start - 1]):
        day, start = int(words[start - 1]), start - 1
    elif (
        end < len(words)
        and _DAY.match(words[end])
        and words[end + 1 : end + 2] not in (["weeks"], ["days"], ["months"], ["years"])
    ):
        day, end = int(words[end]), end + 1
    if end < len(words) and words[end] in ("st", "nd", "rd", "th"):
        end += 1
    if end < len(words) and _YEAR.match(words[end]):
        year, end = int(words[end]), end + 1
    if words[end : end + 2] in (["this", "year"], ["last", "year"]):
        year, end = story.today.year - (words[end] == "last"), end + 2
    if year is None and start == at and end == at + 1 and not (at and words[at - 1] in _PREPOSITIONS):
        return None
    if (
        words[at] in ("may", "march", "mar", "sat", "sun")
        and start == at
        and not (at and words[at - 1] in _PREPOSITIONS)
    ):
        return None
    return Length(start, end, _weeks_since(_dated(month, day, year, story.today), story.today), "ago")


def _dated(month: int, day: int, year: int | None, today: date) -> date:
    if year is None:
        return _last(month, day, today)
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, 28)


def _bare_year(story: Story, at: int) -> Length | None:
    words = story.words
    if not (
        _YEAR.match(words[at])
        and at
        and words[at - 1] in _PREPOSITIONS
        and int(words[at]) <= story.today.year
    ):
        return None
    middle = date(int(words[at]), 7, 1)
    if middle > story.today:
        middle = date(story.today.year, 1, 1) + (story.today - date(story.today.year, 1, 1)) / 2
    return Length(at - 1, at + 1, _weeks_since(middle, story.today), "ago")


def _numeric_date(story: Story, at: int) -> Length | None:
    """ "on 2/11/2025", "2/11/25" (the day first, as in the UK, unless that is no date)."""
    parts = story.words[at : at + 5]
    if (
        len(parts) < 5
        or parts[1] != "/"
        or parts[3] != "/"
        or not all(parts[i].isdecimal() for i in (0, 2, 4))
    ):
        return None
    first, second, year = int(parts[0]), int(parts[2]), int(parts[4])
    year += 2000 if year < 100 else 0
    for day, month in ((first, second), (second, first)):
        try:
            when = date(year, month, day)
        except ValueError:
            continue
        if when <= story.today:
            return Length(at, at + 5, _weeks_since(when, story.today), "ago")
    return None


def _feasts(story: Story) -> Iterator[Length]:
    text = story.words
    for name, (month, day) in read("times")["feasts"].items():
        pieces = name.split()
        for at in range(len(text) - len(pieces) + 1):
            if text[at : at + len(pieces)] != pieces or not at or not _led_in(text, at):
                continue
            when = _last(int(month), int(day), story.today)
            yield Length(at - 1, at + len(pieces), _weeks_since(when, story.today), "ago")


def _led_in(words: list[str], at: int) -> bool:
    before = words[max(0, at - 3) : at]
    if words[at] in ("fall", "spring", "winter", "summer", "autumn"):
        seasonal = before[-1] in ("last", "this") or (
            before[-1] == "the" and before[-2:-1] and before[-2] in ("in", "since", "over", "during")
        )
        return bool(seasonal) or (before[-1] in ("in", "since", "early", "late") and words[at] != "fall")
    return before[-1] in _PREPOSITIONS | {"at", "just", "day", "the", "over"}


def _outright(story: Story) -> Iterator[Length]:
    for phrase, days in read("times")["outright"].items():
        pieces = phrase.split()
        for at in range(len(story.words) - len(pieces) + 1):
            if story.words[at : at + len(pieces)] == pieces and story.words[max(0, at - 1)] != "the":
                yield Length(at, at + len(pieces), float(days) / _WEEK, "ago")
