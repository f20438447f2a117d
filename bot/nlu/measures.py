"""Temperatures, pain scores and numbers said alone."""

from __future__ import annotations

import re

from bot.clinical.facts import ABSENT, PRESENT

from .story import Finding, Story

#: A fever for the ear: 38 C or 100.4 F, the usual line (NHS; CDC). What follows from it is not decided here.
_FEVER_C, _FEVER_F = 38.0, 100.4
_CELSIUS, _FAHRENHEIT = (34.0, 43.0), (93.0, 110.0)
_SEVERE_SCORE, _NO_SCORE = 8, 0
_LED_BY = frozenset(
    {"temp", "temperature", "fever", "temps", "thermometer", "fevers", "t", "paracetamol", "calpol"}
)
_DEGREES = frozenset({"c", "f", "celsius", "fahrenheit", "°", "degrees", "deg", "centigrade", "º"})
#: A decimal beside one of these is no temperature.
_OTHER_NUMBERS = frozenset(
    {"cm", "bmi", "kg", "mg", "ml", "inch", "inches", "km", "miles", "stone", "crp", "inr", "hb"}
)
_NUMBER = re.compile(r"\d+([.,]\d+)?$")
_NOT_MEASURES = frozenset(
    {"weeks", "week", "days", "day", "months", "month", "years", "year", "hours", "hour", "%", "percent", "/"}
)


def hear_measures(story: Story) -> None:
    """Add findings for temperatures and pain scores, and a ``number`` mention for one said alone."""
    for at, word in enumerate(story.words):
        if not _NUMBER.match(word):
            continue
        value = float(word.replace(",", "."))
        if _is_temperature(story, at, value):
            _take_temperature(story, at, value)
        elif _is_score(story, at):
            _take_score(story, at, value)
    _hear_number_alone(story)


def _is_temperature(story: Story, at: int, value: float) -> bool:
    if not (_CELSIUS[0] <= value <= _CELSIUS[1] or _FAHRENHEIT[0] <= value <= _FAHRENHEIT[1]):
        return False
    after = story.words[at + 1 : at + 2]
    if after and after[0] in _NOT_MEASURES:
        return False
    if after and after[0] in _DEGREES:
        return (
            True
            if after[0] not in ("f", "degrees") or value > 45 or "." in story.words[at]
            else _led(story, at)
        )
    loose = (
        "." in story.words[at]
        and _FEVER_C - 3 <= value <= _CELSIUS[1]
        and not _OTHER_NUMBERS & set(story.words[max(0, at - 3) : at + 2])
    )
    if loose or (value > _CELSIUS[1] and "." in story.words[at]):
        return True
    alone = len([word for word in story.words if word.isalnum() or _NUMBER.match(word)]) <= 3
    return _led(story, at) or (alone and "." in story.words[at])


def _led(story: Story, at: int) -> bool:
    return bool(
        _LED_BY & set(story.words[max(0, at - 6) : at]) or _LED_BY & set(story.words[at + 1 : at + 3])
    )


def _take_temperature(story: Story, at: int, value: float) -> None:
    high = value >= (_FEVER_F if value > _CELSIUS[1] else _FEVER_C)
    near = set(range(max(0, at - 6), at + 3))
    # The words "fever of 37" are overruled by the number.
    said = [f for f in story.findings if f.name == "fever" and set(f.words) & near]
    story.findings = [f for f in story.findings if f not in said]
    story.findings.append(Finding("symptom", "fever", (at,), PRESENT if high else ABSENT))
    story.followed |= {at, *(i for f in said for i in f.words)}


def _is_score(story: Story, at: int) -> bool:
    """ "8/10", "8 out of 10"."""
    rest = story.words[at + 1 : at + 4]
    return (rest[:2] == ["/", "10"] or rest[:3] == ["out", "of", "10"]) and float(
        story.words[at].replace(",", ".")
    ) <= 10


def _take_score(story: Story, at: int, value: float) -> None:
    if value >= _SEVERE_SCORE:
        story.findings.append(Finding("symptom", "severe_pain", (at,)))
    else:
        story.findings.append(Finding("symptom", "pain", (at,), ABSENT if value == _NO_SCORE else PRESENT))
        story.findings.append(Finding("symptom", "severe_pain", (at,), ABSENT))
    story.followed |= {at, at + 1, at + 2, at + 3} & set(range(len(story.words)))


def _hear_number_alone(story: Story) -> None:
    said = [
        word
        for word in story.words
        if word not in (".", "!", ",", "about", "around", "maybe", "like", "its", "roughly", "approx")
    ]
    if len(said) == 1 and _NUMBER.match(said[0]):
        at = story.words.index(said[0])
        story.mentions.append(story.mention("number", float(said[0].replace(",", ".")), (at,)))
        story.followed.add(at)
