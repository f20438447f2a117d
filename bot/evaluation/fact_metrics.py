"""How much of what the patient said arrived in the facts. Pure functions of outcomes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.clinical.facts import ABSENT, PRESENT, Facts

from .metrics import Outcome
from .rates import Rate
from .sites import named_sides, side_matches, site_matches

#: An answer about time is right within this share of the label or within this many weeks.
WEEKS_SHARE = 0.2
WEEKS_SLACK = 1.0

_PERSON_WORDS = Path(__file__).with_name("person_words.yml")


@dataclass(frozen=True)
class Overlap:
    """Names heard against names labelled, counted over all cases (micro average)."""

    both: int
    heard: int
    labelled: int

    def to_json(self) -> dict[str, float | None]:
        return {
            "precision": self.both / self.heard if self.heard else None,
            "recall": self.both / self.labelled if self.labelled else None,
            "f1": 2 * self.both / (self.heard + self.labelled) if self.heard + self.labelled else None,
        }


def overlap(pairs: Iterable[tuple[set[str], set[str]]]) -> Overlap:
    """``pairs`` of (labelled names, heard names), one a case."""
    listed = list(pairs)
    return Overlap(
        both=sum(len(labelled & heard) for labelled, heard in listed),
        heard=sum(len(heard) for _, heard in listed),
        labelled=sum(len(labelled) for labelled, _ in listed),
    )


def names(held: Mapping[str, str], assertion: str) -> set[str]:
    return {name for name, value in held.items() if value == assertion}


def event_matches(expected: Facts, heard: Facts) -> bool | None:
    """The most telling event is the same. Hearing no event is right where the label is ``none``."""
    if not expected.events:
        return None
    return expected.events[0].type == (heard.events[0].type if heard.events else "none")


def weeks_match(expected: float | None, heard: float | None) -> bool | None:
    """Within 20 % or one week of the label; None when the label states no time."""
    if expected is None:
        return None
    return heard is not None and abs(heard - expected) <= max(WEEKS_SLACK, WEEKS_SHARE * expected)


def side_heard(expected: Facts, heard: Facts, said: str) -> bool | None:
    """None when the label has no side, or no word of the patient tells it."""
    if not named_sides(expected.body_site) & named_sides(said):
        return None
    return side_matches(expected.body_site, heard.body_site)


def age_matches(expected: Facts, heard: Facts, said: str) -> bool | None:
    """None when the label has no age, or the patient never wrote it."""
    if expected.age is None or not re.search(rf"(?<![\d.]){expected.age}(?![\d.]\d|\d)", said):
        return None
    return heard.age == expected.age


def sex_matches(expected: Facts, heard: Facts, said: str) -> bool | None:
    """None when the label has no sex, or no word of the patient tells it."""
    if expected.sex is None or not _sex_words(expected.sex).search(said):
        return None
    return heard.sex == expected.sex


@cache
def _sex_words(sex: str) -> re.Pattern[str]:
    data: dict[str, list[str]] = yaml.safe_load(_PERSON_WORDS.read_text(encoding="utf-8"))
    return re.compile("|".join(data.get(sex, [r"(?!)"])), re.IGNORECASE)


#: Each value fact's check: None means that the case does not count for it.
_VALUE_CHECKS: dict[str, Callable[[Outcome], bool | None]] = {
    "event_type": lambda o: event_matches(o.case.facts, o.facts),
    "body_site": lambda o: site_matches(o.case.facts.body_site, o.facts.body_site),
    "side": lambda o: side_heard(o.case.facts, o.facts, o.said),
    "weeks_since_event": lambda o: weeks_match(o.case.facts.weeks_since_event, o.facts.weeks_since_event),
    "age": lambda o: age_matches(o.case.facts, o.facts, o.said),
    "sex": lambda o: sex_matches(o.case.facts, o.facts, o.said),
}


def value_accuracy(outcomes: Sequence[Outcome]) -> dict[str, Rate]:
    """Accuracy of each value fact over the cases that state it."""
    found = {name: [check(outcome) for outcome in outcomes] for name, check in _VALUE_CHECKS.items()}
    return {name: Rate.of(bool(x) for x in answers if x is not None) for name, answers in found.items()}


def polarity_errors(outcomes: Sequence[Outcome]) -> list[dict[str, str]]:
    """Each symptom that the case denies and that was heard as present."""
    return [
        {"id": o.case.id, "symptom": name}
        for o in outcomes
        for name in sorted(names(o.case.facts.symptoms, ABSENT) & names(o.facts.symptoms, PRESENT))
    ]


def name_overlaps(outcomes: Sequence[Outcome]) -> dict[str, Overlap]:
    def of(kind: str, assertion: str) -> Overlap:
        return overlap(
            (names(getattr(o.case.facts, kind), assertion), names(getattr(o.facts, kind), assertion))
            for o in outcomes
        )

    return {
        "symptoms_present": of("symptoms", PRESENT),
        "symptoms_absent": of("symptoms", ABSENT),
        "risk_factors": of("risk_factors", PRESENT),
    }


def facts_report(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The ``facts`` object of the JSON report."""
    wrong = polarity_errors(outcomes)
    accuracy = {
        name: {"accuracy": rate.value, "low": rate.low, "high": rate.high, "n": rate.n}
        for name, rate in value_accuracy(outcomes).items()
    }
    return {
        **{name: found.to_json() for name, found in name_overlaps(outcomes).items()},
        **accuracy,
        "polarity_errors": len(wrong),
        "polarity_error_cases": wrong,
    }
