"""Lengths and points of time, in weeks: "two and a half weeks ago", "since January", "at christmas"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from bot.clinical.facts import ABSENT, PRESENT, UNKNOWN

from .dates import days_back, hear_dates
from .mending import markers, replaces, superseded
from .numbers import number_at
from .story import NONE, Finding, Length, Story
from .vocabulary import read

_WEEK = 7.0
_WEEKS_A_YEAR = 52.18
_STAY_WORDS = frozenset(read("times")["stay_words"])
_CAST_WORDS = frozenset(read("times")["cast_words"])
_ASIDES = frozenset(read("times")["asides"])
_SUBJECTS = frozenset(["i", "he", "she", "they", "my", "we", "his", "her"])
_LASTING_BEFORE = frozenset(["for", "over", "past", "last", "these", "those", "lasting", "lasted", "past"])
_ABOUT = frozenset(read("times")["about_words"])


@lru_cache(maxsize=1)
def _units() -> dict[str, float]:
    return {word: float(unit["days"]) for unit in read("times")["units"].values() for word in unit["words"]}


def hear_times(story: Story) -> None:
    """Fill ``story.lengths``, in the order of the message."""
    lengths = [*_durations(story), *hear_dates(story)]
    taken: set[int] = set()
    for length in sorted(lengths, key=lambda length: (length.start, -length.end)):
        words = set(range(length.start, length.end))
        if not words & taken and not story.is_at_large(length.start):
            taken |= words
            story.lengths.append(length)
    story.followed |= taken
    _put_right(story)
    _leave_out_past_attacks(story)
    _leave_out_old_deficits(story)
    _doubt_what_just_went(story)
    _hear_birth(story)


# -- put right in the same breath -------------------------------------------------------------------
def _put_right(story: Story) -> None:
    """ "6 weeks ago, no hang on, 8 weeks": the last one stands, and is told as the first was."""
    taken = superseded(story, [range(x.start, x.end) for x in story.lengths])
    told = list(story.lengths)
    for old, new in taken.items():
        if told[new].role in ("bare", "its", "lasting"):
            told[new] = replace(told[new], role=told[old].role)
    told = [length for number, length in enumerate(told) if number not in taken]
    told = [_before_that(story, told, number) for number in range(len(told))]
    story.lengths = [_mended(story, length) or length for length in told]
    story.correction |= story.lengths != told or bool(taken)


def _before_that(story: Story, lengths: list[Length], number: int) -> Length:
    """ "came home three weeks ago, the surgery was five days before that": counted on."""
    length, earlier = lengths[number], lengths[:number]
    after = story.words[length.end : length.end + 2]
    if after not in (["before", "that"], ["before", "then"], ["prior", "to"]) or not earlier:
        return length
    return replace(length, weeks=length.weeks + earlier[-1].weeks, role="ago")


def _mended(story: Story, length: Length) -> Length | None:
    """ "6 weeks ago, sorry 8", "5 months since the op. oops, weeks": only the number or the unit changes."""
    told = number_at(story.words, length.start)
    units = [word for word in story.words[length.start : length.end] if word in _units()]
    if told is None or len(units) != 1:
        return None
    hits = markers(story)
    for at in range(length.end, min(len(story.words), length.end + _MENDED_WITHIN)):
        unit, number = story.words[at] in _units(), number_at(story.words, at)
        end = at + 1 if unit else (number[1] if number else at)
        if end == at or not _ends(story, end) or not replaces(story, length.end, range(at, end), hits):
            continue
        value = told[0] if unit else (number or told)[0]
        days = _units()[story.words[at] if unit else units[0]]
        return replace(length, end=end, weeks=value * days / _WEEK)
    return None


def _ends(story: Story, at: int) -> bool:
    return (story.words[at : at + 1] or ["."])[0] in _NUMBER_ENDS


_NUMBER_ENDS = frozenset({".", ",", ";", "!", "?", "\n", "sorry", "not", "rather", "i", "ago", "now", "lol"})
_MENDED_WITHIN = 8


def _hear_birth(story: Story) -> None:
    """ "born january 1980", "dob 3/4/61": an age, no time of an event; a birthday is none either."""
    for length in [x for x in story.lengths if x.role in ("ago", "bare")]:
        said = set(story.words[max(0, length.start - 3) : length.end])
        if {"born", "dob", "birth"} & said and length.role == "ago":
            story.lengths.remove(length)
            if not any(mention.kind == "age" for mention in story.mentions):
                years = int(length.weeks / _WEEKS_A_YEAR)
                story.mentions.append(story.mention("age", years, tuple(range(length.start, length.end))))
        elif _is_of_a_birthday(story, length):
            story.lengths.remove(length)


def _is_of_a_birthday(story: Story, length: Length) -> bool:
    """ "58, birthday was yesterday", "i turned nineteen last week", "81 years young"."""
    clause = story.clause(length.start)
    words = {story.words[at] for at in clause}
    ages = [m.start for m in story.mentions if m.kind == "age"]
    told = any(story.spans[at][0] in ages for at in clause)
    return "birthday" in words or (told and bool({"turned", "turning", "turn", "be"} & words))


def _leave_out_old_deficits(story: Story) -> None:
    """ "a stroke 5 months ago, she cant speak well": what the illness left behind is no new alarm."""
    data = read("times")["old_deficits"]
    for event in (f for f in story.present("event") if f.name in data["events"]):
        old = [x for x in story.lengths if x.weeks >= float(data["weeks"])]
        if old:
            story.findings = [
                f.said(NONE) if f.name in data["symptoms"] and _was_left(story, f, event) else f
                for f in story.findings
            ]


def _was_left(story: Story, finding: Finding, event: Finding) -> bool:
    data, sentence = read("times")["old_deficits"], story.sentence(finding.start)
    said = set(story.words[sentence.start : sentence.stop])
    left = event.start in sentence or bool(said & set(data["left"]))
    return left and finding.start > event.start and not said & set(data["news"])


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
        f.said(NONE)
        if f.name in data["symptoms"]
        and f.kind == "symptom"
        and f.assertion == PRESENT
        and set(f.words) & past
        else f
        for f in story.findings
    ]


def _doubt_what_just_went(story: Story) -> None:
    """ "i had a fever yesterday but its gone now": it may come back, so it is not denied."""
    data = read("times")["recently_gone"]
    lately = [x for x in story.lengths if x.role == "ago" and x.weeks * _WEEK <= float(data["days"])]
    clauses: set[int] = {i for length in lately for i in story.clause(length.start)}
    story.findings = [
        f.said(UNKNOWN)
        if f.name in data["symptoms"]
        and f.assertion in (ABSENT, NONE)
        and f.start in clauses
        and set(data["had"]) & {story.words[i] for i in story.clause(f.start) if i < f.start}
        and not set(read("short_answers")["denials"]) & {story.words[i] for i in story.clause(f.start)}
        else f
        for f in story.findings
    ]


# -- lengths: a number and a unit ---------------------------------------------------------------
def _durations(story: Story) -> Iterator[Length]:
    words, at = story.words, 0
    measured = {i for f in story.findings if f.name == "fever" for i in f.words if words[i][0].isdecimal()}
    stated = {m.start for m in story.mentions if m.kind == "age"}
    # "he have 70 year"
    ages = {
        i for i in range(1, len(words)) if story.spans[i][0] in stated and words[i - 1] in ("have", "has")
    }
    while at < len(words):
        counted = _counted_day(words, at) or _clinical_shorthand(words, at)
        if counted:
            yield counted
            at = counted.end
            continue
        # "20 a day", "every single night" tell how much or how often.
        rate = words[at - 1 : at] and (number_at(words, at - 1) or words[at - 1] in ("every", "each", "per"))
        told = None if at in measured | ages or rate else _duration(words, at)
        if told is None:
            at += 1
            continue
        days, end = told
        if not _is_age_or_rate(words, at, end):
            yield _placed(story, at, end, days)
        at = end


def _duration(words: list[str], at: int) -> tuple[float, int] | None:
    """Days of the length at ``at`` ("5 weeks", "1 year and 4 months", "a year and a half"), and its end."""
    number = _number(words, at) or _last_one(words, at)
    unit = _unit_at(words, number[1]) if number else None
    if number is None or unit is None:
        return None
    days, end = unit
    value, end = _and_a_half(words, end, number[0])
    total = value * days
    smaller = end + (words[end : end + 1] in (["and"], [","]))
    more = number_at(words, smaller) if value >= 1 else None
    rest = _unit_at(words, more[1]) if more else None
    if more and rest and rest[0] < days and words[rest[1] : rest[1] + 1] != ["later"]:
        return total + more[0] * rest[0], rest[1]
    return total, end


def _placed(story: Story, at: int, end: int, days: float) -> Length:
    """The length with what it measures; "a week last thursday" is a day of its own."""
    words = story.words
    end = _after_fillers(words, end)
    ago = end + (words[end : end + 1] == ["ago"])
    anchor = days_back(story, ago)
    if anchor:
        return Length(at, anchor[1], (days + anchor[0]) / _WEEK, "ago")
    return Length(at, end, days / _WEEK, _role(story, at, end))


def _after_fillers(words: list[str], end: int) -> int:
    for filler in _fillers():
        if tuple(words[end : end + len(filler)]) == filler:
            return end + len(filler)
    return end


@lru_cache(maxsize=1)
def _fillers() -> tuple[tuple[str, ...], ...]:
    return tuple(
        sorted((tuple(filler.split()) for filler in read("times")["fillers"]), key=len, reverse=True)
    )


def _counted_day(words: list[str], at: int) -> Length | None:
    """ "day 10 after my op", "week 6 post op", "POD 4", "post op day 4"."""
    if words[at] in ("pod", "pow"):
        number = number_at(words, at + 1)
        return (
            Length(at, number[1], number[0] * (1 if words[at] == "pod" else 7) / _WEEK, "ago")
            if number
            else None
        )
    if words[at][:3] == "pod" and words[at][3:].isdecimal():
        return Length(at, at + 1, float(words[at][3:]) / _WEEK, "ago")
    number = number_at(words, at + 1) if words[at] in _units() else None
    if number is None:
        return None
    value, end = number
    led = {"op", "postop", "operative", "post"} & set(words[max(0, at - 3) : at])
    counting = words[max(0, at - 1) : at] in (["is"], ["its"], ["now"], ["im"])  # "today is day 12"
    told = words[end : end + 1] in (["after"], ["post"], ["postop"], ["since"], ["of"], ["following"]) or led
    start = at - 2 * (words[max(0, at - 2) : at] == ["today", "is"])
    days = value * _units()[words[at]]
    return Length(start, end, days / _WEEK, "ago") if told or counting else None


#: Clinicians write days, weeks and months as sevenths, fifty-seconds and twelfths.
_SHORTHAND = {"7": 1.0, "52": 7.0, "12": 30.44}
_SHORTHAND_AFTER = frozenset(
    {"ago", "post", "hx", "history", "since", "later", "after", "back", "s", "out", "postop"}
)


def _clinical_shorthand(words: list[str], at: int) -> Length | None:
    """ "6/52 ago", "4/12 post op"; "on 5/12" is a date and "5/7 days" neither."""
    value, slash, unit = (*words[at : at + 3], "", "", "")[:3]
    if slash != "/" or unit not in _SHORTHAND or not value.isdecimal() or words[at + 3 : at + 4] == ["/"]:
        return None
    before, after = words[max(0, at - 1) : at], words[at + 3 : at + 4]
    told = after[:1] and after[0] in _SHORTHAND_AFTER
    alone = len(words) <= 3 or before in (["for"], ["past"], ["last"], ["x"])
    if before in (["on"], ["/"]) or not (unit == "52" or told or alone):
        return None
    role = "lasting" if before in (["for"], ["past"], ["last"], ["x"]) and not told else "ago"
    return Length(at, at + 3, float(value) * _SHORTHAND[unit] / _WEEK, role)


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
    if at and words[at - 1] == "of" and words[at : at + 1] in (["a"], ["an"]):
        at += 1
    if at < len(words) and words[at] == "m" and words[at + 1 : at + 2] == ["ago"]:
        return 30.44, at + 1
    days = _units().get(words[at]) if at < len(words) else None
    return None if days is None else (days, at + 1)


def _number(words: list[str], at: int) -> tuple[float, int] | None:
    """A number at ``at``: 6, "two and a half", "6-8", "4 or 5", "a couple of", and its end."""
    first = number_at(words, at) or _misheard(words, at)
    if first is None:
        return None
    value, end = first
    rest = words[end : end + 3]
    if rest == ["and", "a", "half"]:
        return value + 0.5, end + 3
    if rest[:1] == ["and"] and rest[1:2] == ["half"]:
        return value + 0.5, end + 2
    if rest[:1] and rest[0] in ("-", "\u2013", "to", "or", "and", "/"):
        second = number_at(words, end + 1)
        if second and second[0] > value and _unit_at(words, second[1]):
            return (second[0] if rest[0] == "and" else (value + second[0]) / 2), second[1]
    return value, end


def _misheard(words: list[str], at: int) -> tuple[float, int] | None:
    """What a telephone writes for "two months ago" and "four weeks ago"."""
    value = {"too": 2.0, "to": 2.0, "for": 4.0, "won": 1.0}.get(words[at])
    unit, ago = words[at + 1 : at + 2], words[at + 2 : at + 4]
    told = unit and unit[0] in _units() and (ago[:1] in (["ago"], ["back"]) or ago == ["a", "go"])
    return (value, at + 1) if value and told else None


def _and_a_half(words: list[str], end: int, value: float) -> tuple[float, int]:
    """ "a year and a half": the half comes after the unit."""
    if words[end : end + 3] == ["and", "a", "half"] and words[end + 3 : end + 4] not in (["hour"], ["day"]):
        return value + 0.5, end + 3
    return value, end


def _is_age_or_rate(words: list[str], start: int, end: int) -> bool:
    after = words[end : end + 2]
    if after[:1] == ["old"] and _OLD_THINGS & set(words[max(0, start - 3) : start]):
        return False  # "the new hip is five months old"
    aged = after[:1] != [] and after[0] in _NOT_LENGTHS and after != ["of", "pain"]
    return aged or after == ["a", "day"]


_OLD_THINGS = frozenset(read("times")["old_things"])
_NOT_LENGTHS = frozenset({"old", "olds", "young", "pregnant", "of"})


def _is_since(after: list[str]) -> bool:
    """ "hes five weeks off a broken neck"."""
    return after[0] == "off" and bool({"a", "an", "the", "my", "his", "her", "this"} & set(after[1:2]))


def _role(story: Story, start: int, end: int) -> str:
    words = story.words
    before = words[max(0, start - 4) : start]
    near = [word for word in before if word not in _ABOUT or word in _LASTING_BEFORE]
    after = words[end : end + 3]
    if "since" in before[-2:] and after[:1] not in (["ago"],):
        return "ago"
    if (
        after[:1]
        and after[0] in ("post", "since", "after", "from", "out", "following")
        and _ASIDES & set(after[1:])
    ):
        return "aside"
    if (
        after[:2] == ["a", "go"]
        or after == ["s", "/", "p"]
        or after[:1] == ["s/p"]
        or before[-3:] == ["s", "/", "p"]
    ):
        return "ago"
    if before[-1:] == ["before"] and after[:1] and after[0] in _SUBJECTS:
        return "ago"
    if after[:1] and after[0] in ("when", "that") and {"been", "makes", "make"} & set(before):
        return "ago"
    if after[:1] and (after[0] in ("ago", "back", "prior", "postop", "old") or _is_since(after)):
        return "ago"
    if before[-1:] == ["at"] and before[-2:-1] in (["im"], ["hes"], ["shes"], ["am"], ["now"]):
        return "ago"  # "I'm at six weeks"
    if after[:1] == ["on"] and (_STAY_WORDS & set(words[end + 1 : end + 4]) or after[1:] == ["and", "off"]):
        return "lasting" if after[1:] == ["and", "off"] else "stay"  # "6 weeks on the ventilator"
    if after[:1] == ["on"] and (
        len(after) == 1
        or after[1] in ("its", "and", "the", "now", ",", "my", "it", "i", "im", "still", "from")
    ):
        return "later" if after[1:2] != ["from"] else "ago"
    if (
        (after[:1] and after[0] in ("post", "out", "since"))
        or after[:2] in (["now", "since"], [",", "since"])
        or after == ["now", ",", "since"]
    ):
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
