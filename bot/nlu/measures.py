"""Temperatures, blood pressures, pain scores and numbers said alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.clinical.facts import ABSENT, PRESENT

from .numbers import number_at
from .story import Finding, Story
from .vocabulary import read

#: A fever for the ear: 38 C or 100.4 F, the usual line (NHS; CDC). It decides no advice.
_FEVER_C, _FEVER_F = 38.0, 100.4
_CELSIUS, _FAHRENHEIT = (34.0, 43.0), (93.0, 110.0)
#: Systolic and diastolic mmHg from which a reading is high (NHS, in a clinic); the limits of a reading.
_HIGH_PRESSURE, _SYSTOLIC, _DIASTOLIC = (140, 90), (60, 280), (30, 160)
#: Below this systolic pressure a person may be in shock (general knowledge; S79 and S80 for a bad infection).
_LOW_PRESSURE = 90
_SEVERE_SCORE, _NO_SCORE = 8, 0
_NUMBER = re.compile(r"\d+([.,]\d+)?$")


@dataclass(frozen=True)
class _Reading:
    """A number that may be a temperature: the words it took, and whether it has a decimal."""

    start: int
    end: int
    value: float
    decimal: bool

    @property
    def fahrenheit(self) -> bool:
        return self.value > _CELSIUS[1]

    @property
    def high(self) -> bool:
        return self.value >= (_FEVER_F if self.fahrenheit else _FEVER_C)


def _listed(name: str) -> frozenset[str]:
    return frozenset(read("times")["temperature"][name])


def hear_measures(story: Story) -> None:
    """Add findings for temperatures, pressures and pain scores, and a ``number`` mention for one alone."""
    taken: set[int] = set()
    low: list[tuple[int, ...]] = []
    for at in range(len(story.words)):
        taken |= _take_pressure(story, at, low) | _take_score(story, at)
    _take_temperatures(story, [r for r in _readings(story) if r.start not in taken])
    _take_low_pressures(story, low)
    _hear_number_alone(story)


# -- temperatures -----------------------------------------------------------------------------------
def _readings(story: Story) -> Iterator[_Reading]:
    words, at = story.words, 0
    while at < len(words):
        number = number_at(words, at)
        if number is None:
            at += 1
            continue
        value, end = number
        if words[end : end + 3] == ["and", "a", "half"]:
            value, end = value + 0.5, end + 3
        said = words[at:end]
        decimal = any("." in word or "," in word for word in said) or bool(
            {"point", "dot", "half"} & set(said)
        )
        reading = _Reading(at, end, value, decimal)
        if _is_temperature(story, reading):
            yield reading
        at = end


def _is_temperature(story: Story, r: _Reading) -> bool:
    if not (_CELSIUS[0] <= r.value <= _CELSIUS[1] or _FAHRENHEIT[0] <= r.value <= _FAHRENHEIT[1]):
        return False
    words = story.words
    after, sentence = words[r.end : r.end + 2], {words[i] for i in story.sentence(r.start)}
    named = bool(_listed("names") & set(words[max(0, r.start - 2) : r.start]))
    if _is_of_a_thing(story, r):
        return False
    if not (r.decimal and named) and (after[:1] and after[0] in _listed("other_units")):
        return False
    if after[:1] in (["f"], ["m"]) and not r.fahrenheit:
        return False  # "40 f" is a woman of forty
    if not named and not r.decimal and _listed("motions") & set(words[max(0, r.start - 2) : r.start]):
        return False  # "no fever, bends to 105"
    led = named or _is_led(words, r) or (after[:1] == ["s"] and bool(_listed("names") & sentence))
    if after[:1] and after[0] in _listed("degrees"):
        plain = after[0] in ("degrees", "degree", "deg", "\u00b0") and not r.decimal
        unnamed = plain and after[1:2] not in (["c"], ["celsius"], ["centigrade"], ["f"], ["fahrenheit"])
        bends = unnamed and bool(_listed("motions") & sentence)
        certain = not unnamed or r.fahrenheit or len(words) <= 3
        return (certain or led) and not (bends and not named)
    if r.decimal and (r.fahrenheit or _FEVER_C - 3 <= r.value <= _CELSIUS[1]):
        return True
    return led or (not _listed("motions") & sentence and _is_told_of_me(words, r))


def _is_of_a_thing(story: Story, r: _Reading) -> bool:
    """ "my bmi is 39.2", "bath water was 38.5", "39 c outside": no body's."""
    things = read("times")["temperature"]["not_of_the_body"]
    before = [word for word in story.words[max(0, r.start - 4) : r.start] if word != ","]
    mine = [at for at, word in enumerate(before) if word in _listed("names")]
    thing = [at for at, word in enumerate(before) if word in things["before"]]
    if thing and not (mine and mine[-1] > thing[-1]):
        return True
    after = story.words[r.end : r.end + 4]
    return bool(set(things["after"]) & set(after)) and not mine


def _is_led(words: list[str], r: _Reading) -> bool:
    near = set(words[max(0, r.start - 6) : r.start]) | set(words[r.end : r.end + 3])
    return bool(_listed("names") & near) and not _listed("ages") & set(words[max(0, r.start - 1) : r.start])


def _is_told_of_me(words: list[str], r: _Reading) -> bool:
    """ "had 39 last night", "103 this morning", "hundred and two", "37 bang on": degrees without a unit."""
    after, before = words[r.end : r.end + 2], words[max(0, r.start - 2) : r.start]
    content = [word for word in words if word.isalnum() or _NUMBER.match(word)]
    if after[:1] and after[0] in _listed("exactly"):
        return True
    likely = r.high and (not r.fahrenheit or r.value <= 107)
    had = bool(_listed("had") & set(before)) and not _listed("ages") & set(before)
    when = " ".join(after) in _listed("moments") or (after[:1] != [] and after[0] in _listed("moments"))
    if likely and (had or (r.fahrenheit and when)):
        return len(content) <= 6 or when
    spoken = not words[r.start].isdecimal()
    return likely and r.fahrenheit and spoken and len(content) <= r.end - r.start + 1


def _take_temperatures(story: Story, readings: list[_Reading]) -> None:
    """One finding: a fever if any reading was high, unless it was taken back or is over."""
    standing = [r for r in readings if not _taken_back(story, r)]
    standing = [r for r in standing if r is standing[-1] or not _is_long_past(story, r)]
    for r in readings:
        story.followed |= set(range(r.start, r.end))
        near = set(range(max(0, r.start - 6), r.end + 2)) & set(story.sentence(r.start))
        # The words "fever of 37" are overruled by the number.
        said = [f for f in story.findings if f.name == "fever" and set(f.words) & near]
        story.findings = [f for f in story.findings if f not in said]
        story.followed |= {i for f in said for i in f.words}
    if standing:
        told = next((r for r in standing if r.high), standing[-1])
        assertion = PRESENT if told.high and not _is_over(story, told) else ABSENT
        story.findings.append(Finding("symptom", "fever", tuple(range(told.start, told.end)), assertion))


def _taken_back(story: Story, r: _Reading) -> bool:
    return bool(_listed("taken_back") & set(story.words[max(0, r.start - 3) : r.start]))


def _is_long_past(story: Story, r: _Reading) -> bool:
    """ "39 three weeks ago with flu; its 36.6 now"."""
    data = read("times")["temperature"]["long_past"]
    clause = {story.words[at] for at in story.clause(r.start)}
    return bool(clause & set(data["led"]) and clause & set(data["units"]))


def _is_over(story: Story, r: _Reading) -> bool:
    """ "38.5 last week, normal since": one clause of the sentence says that it went."""
    rest = [i for i in story.sentence(r.start) if i >= r.end]
    return any(_says_gone({story.words[i] for i in story.clause(at) if i in rest}) for at in rest)


def _says_gone(clause: set[str]) -> bool:
    since = {"since", "now", "today", "again"} & clause
    return bool(_listed("gone") & clause and since and "not" not in clause)


# -- pressures and scores -------------------------------------------------------------------------------
def _take_pressure(story: Story, at: int, low: list[tuple[int, ...]]) -> set[int]:
    """ "bp 190 over 100", "120/80"; returns the words used, and adds those of a low reading to ``low``."""
    said = story.words[at : at + 3]
    if len(said) < 3 or said[1] not in ("/", "over") or not (said[0].isdecimal() and said[2].isdecimal()):
        return set()
    upper, lower = int(said[0]), int(said[2])
    if not (
        _SYSTOLIC[0] <= upper <= _SYSTOLIC[1] and _DIASTOLIC[0] <= lower <= _DIASTOLIC[1] and lower < upper
    ):
        return set()
    words = tuple(range(at, at + 3))
    story.followed |= set(words)
    if _is_usual(story, at):
        return set(words)
    if upper < _LOW_PRESSURE:
        low.append(words)
    assertion = PRESENT if upper >= _HIGH_PRESSURE[0] or lower >= _HIGH_PRESSURE[1] else ABSENT
    near = set(range(max(0, at - 5), at + 4))
    story.findings = [f for f in story.findings if f.name != "high_blood_pressure" or not set(f.words) & near]
    story.findings.append(Finding("symptom", "high_blood_pressure", words, assertion))
    return set(words)


def _is_usual(story: Story, at: int) -> bool:
    usual = set(read("times")["pressure"]["usual"])
    clause = story.clause(at)
    return bool(usual & {story.words[i] for i in clause if at - _USUAL_BEFORE <= i < at or i == at + 3})


def _take_low_pressures(story: Story, low: list[tuple[int, ...]]) -> None:
    """A low reading tells of somebody very ill; after a spinal cord injury only with fever or chills."""
    names = {finding.name for finding in story.findings if finding.assertion == PRESENT}
    if not names & {"sci", "sci_above_t6"} or names & {"fever", "chills"}:
        story.findings += [Finding("symptom", "low_blood_pressure", words) for words in low]


def _take_score(story: Story, at: int) -> set[int]:
    """ "8/10", "eight out of ten"; returns the words used."""
    number = number_at(story.words, at)
    if number is None or number[0] > 10:
        return set()
    value, end = number
    size = next((n for n in (2, 3) if tuple(story.words[end : end + n]) in _OUT_OF_TEN), 0)
    if not size:
        return set()
    words = tuple(range(at, end + size))
    if value >= _SEVERE_SCORE:
        story.findings.append(Finding("symptom", "severe_pain", words[:1]))
    else:
        story.findings.append(
            Finding("symptom", "pain", words[:1], ABSENT if value == _NO_SCORE else PRESENT)
        )
        story.findings.append(Finding("symptom", "severe_pain", words[:1], ABSENT))
    story.followed |= set(words)
    return set(words)


#: "normally I run 95/60": so many words between
_USUAL_BEFORE = 4
_OUT_OF_TEN = {
    ("/", "10"),
    ("/", "ten"),
    ("out", "of", "10"),
    ("out", "of", "ten"),
    ("of", "10"),
    ("of", "ten"),
}


def _hear_number_alone(story: Story) -> None:
    ignored = _listed("around_a_number")
    said = [i for i, word in enumerate(story.words) if word not in ignored]
    number = _number_or_range(story.words, said[0]) if said else None
    if number is None or story.words[said[0]] in ("a", "an", "half", "single") or _is_year(story, number[0]):
        return
    leads = said[0] == 0 and story.words[number[1] : number[1] + 1] == [","] and number[0] < _FIRST_YEAR
    aged = any(m.kind == "age" for m in story.mentions)
    if set(said) <= set(range(said[0], number[1])) or (leads and not aged):
        words = tuple(range(said[0], number[1]))
        story.mentions.append(story.mention("number", number[0], words))
        story.followed |= set(words)


def _number_or_range(words: list[str], at: int) -> tuple[float, int] | None:
    """A number, or the middle of two ("6 or 7", "6-7"), and where it ends."""
    first = number_at(words, at)
    if first is None or words[first[1] : first[1] + 1] not in ([word] for word in _BETWEEN):
        return first
    second = number_at(words, first[1] + 1)
    return ((first[0] + second[0]) / 2, second[1]) if second and second[0] > first[0] else first


def _is_year(story: Story, value: float) -> bool:
    """A year of this or the last century is no number of weeks or years."""
    return _FIRST_YEAR <= value <= story.today.year


_BETWEEN = ("or", "to", "-", "\u2013", "/", "maybe")
_FIRST_YEAR = 1930
