"""Labelled single messages: what is heard in them, and whether a danger sign is acted on.

A fact line is ``{"text", "open_question", "today", "expected", "not_present", "category"}``; a
danger-sign line is ``{"text", "red_flag": id, "urgency"}``, a near miss ``{"text", "red_flag": null,
"max_urgency"}``. One file may hold all three.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.clinical.facts import PRESENT, Facts, FactsError

from .cases import URGENCIES, InputError, read_lines
from .fact_metrics import weeks_match
from .metrics import level
from .rates import Rate
from .sites import side_matches, site_matches


@dataclass(frozen=True)
class Utterance:
    """One labelled message. ``expected`` is None where the label is a danger sign or a near miss.

    ``bound`` is the least urgency that is safe for a danger sign, the most that is no false alarm for
    a near miss; None: any danger sign that fires decides.
    """

    text: str
    category: str
    expected: Mapping[str, Any] | None = None
    not_present: frozenset[str] = frozenset()
    open_question: str | None = None
    today: date | None = None
    red_flag: str | None = None
    bound: str | None = None


@dataclass(frozen=True)
class Heard:
    """What the assistant made of one message: the facts, the danger signs that fired, the advice."""

    facts: Facts
    red_flags: frozenset[str] = frozenset()
    urgency: str | None = None


def read_utterances(lines: Iterable[str], file: str) -> list[Utterance]:
    """Raises InputError."""
    found = [_Reader(file, number, data).utterance() for number, data in read_lines(lines, file)]
    if not found:
        raise InputError(file, 1, "line", "the file holds no utterance; expected one JSON object a line")
    return found


@dataclass(frozen=True)
class _Reader:
    file: str
    line: int
    data: Mapping[str, Any]

    def utterance(self) -> Utterance:
        text = self.data.get("text")
        if not isinstance(text, str) or not text.strip():
            raise self.error("text", f"expected text; got {text!r}")
        if not {"expected", "red_flag"} & set(self.data):
            raise self.error("expected", "missing; give expected (partial facts) or red_flag (id or null)")
        return Utterance(
            text=text,
            category=str(self.data.get("category") or self.data.get("red_flag") or "near miss"),
            expected=self.expected(),
            not_present=frozenset(self.data.get("not_present") or ()),
            open_question=self.data.get("open_question"),
            today=self.today(),
            red_flag=self.data.get("red_flag"),
            bound=self.bound("urgency" if self.data.get("red_flag") else "max_urgency"),
        )

    def expected(self) -> Mapping[str, Any] | None:
        if "expected" not in self.data:
            return None
        try:
            Facts.from_json(self.data["expected"])
        except FactsError as error:
            raise self.error("expected", str(error)) from error
        expected: Mapping[str, Any] = self.data["expected"]
        return expected

    def today(self) -> date | None:
        value = self.data.get("today")
        try:
            return None if value is None else date.fromisoformat(str(value))
        except ValueError as error:
            raise self.error("today", f"expected a date such as 2026-11-22; got {value!r}") from error

    def bound(self, key: str) -> str | None:
        value = self.data.get(key)
        if value is not None and value not in URGENCIES:
            raise self.error(key, f"expected one of {', '.join(URGENCIES)}; got {value!r}")
        return value

    def error(self, key: str, mend: str) -> InputError:
        return InputError(self.file, self.line, key, mend)


# -- judging one message -----------------------------------------------------------------------------


def as_expected(expected: Mapping[str, Any], not_present: frozenset[str], heard: Facts) -> bool:
    """Every key of ``expected`` holds in what was heard, and nothing of ``not_present`` is present.

    A list of names: all of them were heard so, and an empty list: none was. A time within 20 % or one
    week, a site by its parts and side; everything else is equal.
    """
    said = heard.to_json()
    wrongly_present = any(heard.assertion(name) == PRESENT for name in not_present)
    return not wrongly_present and all(_holds(key, value, said.get(key)) for key, value in expected.items())


def _holds(key: str, expected: Any, heard: Any) -> bool:
    if isinstance(expected, list):
        return _all_in(expected, heard or ()) if expected else not heard
    if key == "weeks_since_event" and expected is not None:
        return weeks_match(expected, heard) is True
    if key == "body_site" and expected is not None:
        return site_matches(expected, heard) is not False and side_matches(expected, heard) is not False
    return bool(expected == heard)


def _all_in(expected: Sequence[Any], heard: Sequence[Any]) -> bool:
    """Names are in the list; of events only the keys that the label gives are compared."""
    return all(
        any(_event_holds(item, other) if isinstance(item, Mapping) else item == other for other in heard)
        for item in expected
    )


def _event_holds(expected: Mapping[str, Any], heard: Mapping[str, Any]) -> bool:
    matched = [weeks_match(expected.get("weeks"), heard.get("weeks"))]
    matched += [f(expected.get("body_site"), heard.get("body_site")) for f in (site_matches, side_matches)]
    return expected["type"] == heard["type"] and False not in matched


def noticed(utterance: Utterance, heard: Heard) -> bool:
    """Whether the message was taken for a danger sign, as far as its label asks."""
    if utterance.bound is None or heard.urgency is None:
        return bool(heard.red_flags)
    if utterance.red_flag is None:
        return level(heard.urgency) < level(utterance.bound)
    return level(heard.urgency) <= level(utterance.bound)


# -- the report --------------------------------------------------------------------------------------

_Pairs = Sequence[tuple[Utterance, Heard]]


def evaluate_utterances(
    utterances: Sequence[Utterance], hear: Callable[[Utterance], Heard]
) -> dict[str, Any]:
    """Accuracy over all and by category; for danger signs sensitivity and specificity, with misses."""
    pairs = [(utterance, hear(utterance)) for utterance in utterances]
    return {"n": len(pairs), **_fact_accuracy(pairs), **_red_flag_rates(pairs)}


def _fact_accuracy(pairs: _Pairs) -> dict[str, Any]:
    judged = [
        (u, as_expected(u.expected, u.not_present, h.facts), h) for u, h in pairs if u.expected is not None
    ]
    if not judged:
        return {}
    return {
        "accuracy": _json(Rate.of(ok for _, ok, _ in judged)),
        "by_category": _by_category([(u, ok) for u, ok, _ in judged]),
        "wrong": [
            {"text": u.text, "category": u.category, "expected": u.expected, "heard": _brief(h.facts)}
            for u, ok, h in judged
            if not ok
        ],
    }


def _red_flag_rates(pairs: _Pairs) -> dict[str, Any]:
    labelled = [(u, h, noticed(u, h)) for u, h in pairs if u.expected is None]
    danger = [(u, h, caught) for u, h, caught in labelled if u.red_flag is not None]
    near = [(u, h, caught) for u, h, caught in labelled if u.red_flag is None]
    report: dict[str, Any] = {}
    if danger:
        report["sensitivity"] = _json(Rate.of(caught for _, _, caught in danger))
        report["by_red_flag"] = _by_category([(u, caught) for u, _, caught in danger])
        report["missed"] = [_seen(u, h) for u, h, caught in danger if not caught]
    if near:
        report["specificity"] = _json(Rate.of(not caught for _, _, caught in near))
        report["false_alarms"] = [_seen(u, h) for u, h, caught in near if caught]
    return report


def _by_category(answers: Sequence[tuple[Utterance, bool]]) -> dict[str, Any]:
    categories = sorted({utterance.category for utterance, _ in answers})
    return {name: _json(Rate.of(ok for u, ok in answers if u.category == name)) for name in categories}


def _seen(utterance: Utterance, heard: Heard) -> dict[str, Any]:
    return {
        "text": utterance.text,
        "red_flag": utterance.red_flag,
        "urgency": heard.urgency,
        "fired": sorted(heard.red_flags),
    }


def _json(rate: Rate) -> dict[str, Any]:
    return {**rate.to_json(), "n": rate.n}


def _brief(facts: Facts) -> dict[str, Any]:
    return {key: value for key, value in facts.to_json().items() if value not in (None, [])}
