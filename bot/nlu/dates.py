"""Points in time as people name them, in weeks before today: "mid march", "2026-08-30", "last friday"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from .numbers import number_at
from .story import Length, Story
from .vocabulary import read

_WEEK = 7.0
_YEAR = re.compile(r"(19[3-9]\d|20\d\d)$")
_DAY = re.compile(r"([12]?\d|3[01])$")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{2}|\d{4})$")
_ENDINGS = ("st", "nd", "rd", "th")
#: Months whose names are ordinary words too.
_WORDS_TOO = frozenset({"may", "march", "mar", "dec", "sat", "sun"})
_SEPARATORS = ("/", "-", "\u2013")


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    data: dict[str, Any] = read("times")
    return {
        **data,
        "before": frozenset(data["prepositions"]),
        "future": frozenset(data["not_past"]),
        "happened": frozenset(data["happened"]),
        "month_first": frozenset(data["month_first"]),
        "around": frozenset(data["temperature"]["around_a_number"]),
    }


def hear_dates(story: Story) -> Iterator[Length]:
    """Every point in time of the message; where two share a word the longer one is to be taken."""
    readers: tuple[Callable[[Story, int], Length | None], ...] = (
        _month, _year, _short_year, _numeric, _day_of_month, _weekday, _part_of_year, _age_then,
    )  # fmt: skip
    for at in range(len(story.words)):
        yield from (found for reader in readers if (found := reader(story, at)))
    yield from _feasts(story)
    yield from _outright(story)


def days_back(story: Story, at: int) -> tuple[float, int] | None:
    """Days from today back to the day that is named at ``at`` ("on friday", "today"), and its end."""
    words, day = (
        story.words,
        at + (story.words[at : at + 1] in (["on"], ["this"], ["last"], ["come"], ["since"])),
    )
    if words[at : at + 1] in (["today"], ["tomorrow"], ["tonight"]):
        return 0.0, at + 1
    if words[at : at + 1] == ["yesterday"]:
        return 1.0, at + 1
    if words[day : day + 1] and words[day] in _data()["weekdays"]:
        back = (
            _since_weekday(story, words[day])
            if words[at] == "last" or words[day + 1 : day + 2] == ["gone"]
            else 0
        )
        return float(back), day + 1
    return None


def _ago(story: Story, start: int, end: int, day: date) -> Length:
    return Length(start, end, max(0.0, (story.today - day).days / _WEEK), "ago")


def _date(year: int, month: int, day: int) -> date:
    """The day, or the last of a month that has no such day."""
    while day > 28:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1
    return date(year, month, day)


def _latest(month: int, day: int, today: date) -> date:
    found = _date(today.year, month, day)
    return found if found <= today else _date(today.year - 1, month, day)


def _led(words: list[str], at: int) -> bool:
    return bool(at) and words[at - 1] in _data()["before"]


def _prefix(words: list[str], at: int) -> str:
    return words[at - 1] if at else ""


# -- months -----------------------------------------------------------------------------------------
def _month(story: Story, at: int) -> Length | None:
    words, months = story.words, _data()["months"]
    if words[at] not in months:
        return None
    month, (start, day), end = int(months[words[at]]), _day_before(words, at), at + 1
    if day is None:
        day, end = _day_after(words, end)
    year, end = _year_after(story, end)
    bare = year is None and start == at and end == at + 1
    if not _led(words, at) and (bare or (words[at] in _WORDS_TOO and start == at and year is None)):
        return None
    when = _date(year, month, day or 15) if year else _latest(month, day or 15, story.today)
    if (
        year is None
        and _prefix(words, start) == "last"
        and (when.year, when.month) == story.today.timetuple()[:2]
    ):
        when = _date(when.year - 1, month, day or 15)
    start, extra = _years_before(words, start)
    return _ago(story, start, end, when - timedelta(weeks=52.18 * extra))


def _day_before(words: list[str], at: int) -> tuple[int, int | None]:
    """The day that stands before a month ("3rd of", "fourth of", "early", "end of"), and where it begins."""
    start = at
    while start > 1 and words[start - 1] in ("of", "-", *_ENDINGS):
        start -= 1
    before = _prefix(words, start)
    if _DAY.match(before):
        return start - 1, int(before)
    if before in _data()["ordinals"]:
        return start - 1, int(_data()["ordinals"][before])
    if before in _data()["month_parts"]:
        return start - 1, int(_data()["month_parts"][before])
    return at, None


def _day_after(words: list[str], end: int) -> tuple[int | None, int]:
    """The day that stands after a month ("may 3rd", "may the fourth"), and where it ends."""
    at = end + (words[end : end + 1] == ["the"])
    said = words[at] if at < len(words) else ""
    unit = words[at + 1 : at + 2]
    if said in _data()["ordinals"]:
        return int(_data()["ordinals"][said]), at + 1
    if not _DAY.match(said) or unit in (["weeks"], ["days"], ["months"], ["years"], ["week"], ["month"]):
        return None, end
    return int(said), at + 1 + (unit[:1] != [] and unit[0] in _ENDINGS)


def _year_after(story: Story, end: int) -> tuple[int | None, int]:
    words = story.words
    at = end + (words[end : end + 1] in (["of"], ["in"], [","]))
    if at < len(words) and _YEAR.match(words[at]):
        return int(words[at]), at + 1
    if words[end : end + 1] == ["'"] and re.fullmatch(r"\d\d", "".join(words[end + 1 : end + 2])):
        return _century(story, words[end + 1]), end + 2
    if words[end : end + 2] in (["this", "year"], ["last", "year"]):
        return story.today.year - (words[end] == "last"), end + 2
    later = next(
        (w for i, w in enumerate(words[end : end + 4]) if _YEAR.match(w) and words[end] in _RANGE), None
    )
    return (int(later), end) if later else (None, end)


_RANGE = ("to", "till", "til", "until", "-")


def _years_before(words: list[str], start: int) -> tuple[int, float]:
    """ "a year ago last march": years to count back further."""
    before = start - (_prefix(words, start) in ("last", "this", "in"))
    if words[max(0, before - 2) : before] in (["year", "ago"], ["years", "ago"]):
        number = number_at(words, before - 3)
        return (before - 3, number[0]) if number else (start, 0)
    return start, 0


def _century(story: Story, digits: str) -> int:
    year = 2000 + int(digits)
    return year if year <= story.today.year else year - 100


# -- years, numbers, days ------------------------------------------------------------------------------
def _year(story: Story, at: int) -> Length | None:
    words = story.words
    if not (_YEAR.match(words[at]) and int(words[at]) <= story.today.year):
        return None
    alone = not any(
        word.isalnum() and i != at and word not in _data()["around"] for i, word in enumerate(words)
    )
    if not (_led(words, at) or alone):
        return None
    if words[at + 1 : at + 2] in (["-"], ["/"]) or words[at + 1 : at + 2] == ["mg"]:
        return None
    middle = date(int(words[at]), 7, 1)
    if middle > story.today:
        middle = date(story.today.year, 1, 1) + (story.today - date(story.today.year, 1, 1)) / 2
    return _ago(story, at - (not alone), at + 1, middle)


def _short_year(story: Story, at: int) -> Length | None:
    """ "in 09", "in '98"; "in 30" is no year."""
    words = story.words
    quoted = _prefix(words, at) == "'"
    lead = _prefix(words, at - quoted)
    if not re.fullmatch(r"\d\d", words[at]) or lead not in ("in", "since", "around", "circa", "back"):
        return None
    after = words[at + 1 : at + 2]
    if not (quoted or words[at][0] == "0" or int(words[at]) >= 60) or (after and after[0] in _units()):
        return None
    return _ago(story, at - 1 - quoted, at + 1, date(_century(story, words[at]), 7, 1))


@lru_cache(maxsize=1)
def _units() -> frozenset[str]:
    words = {word for unit in _data()["units"].values() for word in unit["words"]}
    return frozenset(words | {"percent", "%", "minutes", "mins", "minute", "/", "degrees", "seconds", "-"})


def _numeric(story: Story, at: int) -> Length | None:
    """ "2/11/2025", "2026-08-30", "14.2.26" (the day first, as in the UK, unless that is no past date)."""
    dotted = _DOTTED.match(story.words[at])
    if dotted:
        return _first_past(story, at, at + 1, *dotted.groups())
    parts = story.words[at : at + 5]
    spaced = len(parts) == 5 and parts[1] == parts[3] and parts[1] in _SEPARATORS
    if not spaced or not all(parts[i].isdecimal() for i in (0, 2, 4)):
        return None
    first, second, third = parts[0], parts[2], parts[4]
    return _first_past(
        story, at, at + 5, *((third, second, first) if _YEAR.match(first) else (first, second, third))
    )


def _first_past(story: Story, start: int, end: int, first: str, second: str, year: str) -> Length | None:
    orders = [(int(first), int(second)), (int(second), int(first))]
    if _data()["month_first"] & set(story.words):
        orders.reverse()
    for day, month in orders:
        try:
            when = date(int(year) + 2000 * (len(year) < 4), month, day)
        except ValueError:
            continue
        if when <= story.today:
            return _ago(story, start, end, when)
    return None


def _day_of_month(story: Story, at: int) -> Length | None:
    """ "on the 3rd", "the 12th of last month"."""
    words = story.words
    if not _DAY.match(words[at]) or words[at + 1 : at + 2] == [] or words[at + 1] not in _ENDINGS:
        return None
    if _prefix(words, at) != "the" or int(words[at]) == 0:
        return None
    end, last = at + 2, words[at + 2 : at + 5] == ["of", "last", "month"]
    before = " ".join(word for word in words[max(0, at - 5) : at] if word not in (",", "on", "the", "-"))
    last_told = before.endswith("last month")  # "last month, on the 2nd"
    if not last and (words[at - 2 : at - 1] not in (["on"], ["since"]) or words[end : end + 1] == ["of"]):
        return None
    this_month = story.today.replace(day=1)
    month_before = (this_month - timedelta(days=1)).replace(day=1)
    when = _date(this_month.year, this_month.month, int(words[at]))
    if last or last_told or when > story.today:
        when = _date(month_before.year, month_before.month, int(words[at]))
    return _ago(story, words.index("last", max(0, at - 5)) if last_told else at, end + 3 * last, when)


def _since_weekday(story: Story, name: str) -> int:
    return (story.today.weekday() - int(_data()["weekdays"][name])) % 7 or 7


def _weekday(story: Story, at: int) -> Length | None:
    words = story.words
    if words[at] not in _data()["weekdays"]:
        return None
    led = _prefix(words, at) in ("on", "last", "since", "this", "from", "until")
    future = _data()["future"] & {words[i] for i in story.clause(at)}
    if future and _prefix(words, at) not in ("last", "since"):
        return None
    before_last = words[at + 1 : at + 3] == ["before", "last"]  # "the friday before last"
    days = _since_weekday(story, words[at]) + 7 * before_last
    return Length(at - led, at + 1 + 2 * before_last, days / _WEEK, "ago")


def _part_of_year(story: Story, at: int) -> Length | None:
    """ "at the start of the year", "late last year"."""
    words, parts = story.words, _data()["year_parts"]
    if words[at] not in parts:
        return None
    rest = words[at + 1 : at + 4]
    size = 3 if rest[:1] == ["of"] else 2
    if rest[size - 2 : size] not in (["the", "year"], ["this", "year"], ["last", "year"]):
        return None
    when = date(story.today.year - (rest[size - 2] == "last"), int(parts[words[at]]), 15)
    return _ago(story, at, at + 1 + size, min(when, story.today))


def _age_then(story: Story, at: int) -> Length | None:
    """ "when i was 66", "i was 19 when", "aged 20": the age at which it happened."""
    words, number = story.words, number_at(story.words, at + 1)
    if number is None or not 2 <= number[0] <= 110 or number[0] != int(number[0]):
        return None
    value, end = number
    following = words[end : end + 1] or ["."]
    told = words[at] == "was" and ("when" in words[max(0, at - 2) : at] or following[0] in ("when", "at"))
    aged = words[at] in ("at", "aged", "age") and value >= 10 and following[0] not in _NOT_AGES | _units()
    then = following[0] == "when" or (aged and _happened(story, at))
    return Length(at, end, value, "at_age") if told or (aged and then) else None


def _happened(story: Story, at: int) -> bool:
    """Whether the same clause told before of something past; "male, age 40, stiff hip" does not."""
    before = {i for i in story.clause(at) if i < at}
    events = {i for f in story.findings if f.kind in ("event", "part") for i in f.words}
    said = {story.words[i] for i in before}
    return bool((events & before or said & _data()["happened"]) and not said & _NOT_THEN)


_NOT_THEN = frozenset({"im", "am", "is", "hes", "shes", "now"})


_NOT_AGES = frozenset(
    {"am", "pm", "oclock", ":", "percent", "mg", "or", "out", "-", "old", "year", "male", "female"}
)


# -- feasts and fixed phrases ----------------------------------------------------------------------------
def _feasts(story: Story) -> Iterator[Length]:
    for at in range(len(story.words)):
        for pieces, name in _feast_words().get(story.words[at], ()):
            end = at + len(pieces)
            if tuple(story.words[at:end]) == pieces and (found := _feast(story, name, at, end)):
                yield found


@lru_cache(maxsize=1)
def _feast_words() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for name in _data()["feasts"]:
        plural = f"{name}es" if name.endswith("s") else f"{name}s"
        for form in (name, plural):
            found.setdefault(form.split()[0], []).append((tuple(form.split()), name))
    return found


def _feast(story: Story, name: str, at: int, end: int) -> Length | None:
    words, (month, day) = story.words, _data()["feasts"][name]
    season = name in _data()["seasons"]
    latest = _latest(int(month), int(day), story.today)
    if words[end : end + 1] in (["ago"], ["back"]):
        number = number_at(words, at - 1)
        start = at - 1
        return _ago(story, start, end + 1, _years_off(latest, number[0] - 1)) if number else None
    year, after = _year_after(story, end)
    if year is not None:
        return _ago(
            story,
            at - 1 if _led(words, at) else at,
            after,
            min(_date(year, int(month), int(day)), story.today),
        )
    if words[end : end + 2] == ["before", "last"]:
        return _ago(story, at, end + 2, _years_off(latest, 1))
    if season and not _is_season(words, at):
        return None
    if _data()["future"] & set(words[max(0, at - 3) : at]):
        return None
    back = _prefix(words, at) == "last" and (story.today - latest).days < 21
    return _ago(story, at - bool(at and not season), end, _years_off(latest, int(back)))


def _years_off(day: date, years: float) -> date:
    return day - timedelta(weeks=52.18 * years)


def _is_season(words: list[str], at: int) -> bool:
    before, second = _prefix(words, at), words[at - 2] if at > 1 else ""
    seasonal = before in ("last", "this") or (before == "the" and second in ("in", "since", "over", "during"))
    return seasonal or (before in ("in", "since", "early", "late", "mid", "during") and words[at] != "fall")


def _outright(story: Story) -> Iterator[Length]:
    words = story.words
    for at, word in enumerate(words):
        for pieces, days in _outright_words().get(word, ()):
            end = at + len(pieces)
            lasting = word == "last" and _prefix(words, at) in ("the", "this", "these")
            if tuple(words[at:end]) == pieces and not lasting:
                yield Length(at, end, days / _WEEK, "ago")


@lru_cache(maxsize=1)
def _outright_words() -> dict[str, list[tuple[tuple[str, ...], float]]]:
    found: dict[str, list[tuple[tuple[str, ...], float]]] = {}
    for phrase, days in _data()["outright"].items():
        found.setdefault(phrase.split()[0], []).append((tuple(phrase.split()), float(days)))
    return found
