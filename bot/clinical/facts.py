"""The case facts: the one vocabulary every part of HO Triage speaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

PRESENT = "present"
ABSENT = "absent"
UNKNOWN = "unknown"
ASSERTIONS = (PRESENT, ABSENT, UNKNOWN)

#: Facts that hold one value instead of an assertion. Each may also be answered "don't know".
VALUE_FACTS = ("event_type", "body_site", "weeks_since_event", "age", "sex", "course")

_FINDING_KEYS = {
    "symptoms": {PRESENT: "symptoms_present", ABSENT: "symptoms_absent", UNKNOWN: "symptoms_unknown"},
    "risk_factors": {
        PRESENT: "risk_factors",
        ABSENT: "risk_factors_absent",
        UNKNOWN: "risk_factors_unknown",
    },
}
_JSON_KEYS = {
    *VALUE_FACTS,
    "events",
    "unknown",
    *(key for keys in _FINDING_KEYS.values() for key in keys.values()),
}


class FactsError(ValueError):
    """A facts object that cannot be read; the message names the key and the mend."""


@dataclass(frozen=True)
class Event:
    """One thing that happened: its type, where (``"left hip"``) and how many weeks ago."""

    type: str
    body_site: str | None = None
    weeks: float | None = None

    def to_json(self) -> dict[str, Any]:
        full = {"type": self.type, "body_site": self.body_site, "weeks": self.weeks}
        return {key: value for key, value in full.items() if value is not None}


@dataclass(frozen=True)
class Facts:
    """What is known of one case.

    ``symptoms`` and ``risk_factors`` map a name to ``present``, ``absent`` or ``unknown``
    (asked and answered "don't know"). A name that is missing has not been asked. ``unknown``
    holds the names of value facts (``age``, ``weeks_since_event`` ...) answered "don't know".
    ``unrecognised`` holds what a facts file said under keys that we do not know: kept and
    reported, never an error.
    """

    events: tuple[Event, ...] = ()
    body_site: str | None = None
    weeks_since_event: float | None = None
    symptoms: Mapping[str, str] = field(default_factory=dict)
    risk_factors: Mapping[str, str] = field(default_factory=dict)
    age: int | None = None
    sex: str | None = None
    course: str | None = None
    unknown: frozenset[str] = frozenset()
    unrecognised: Mapping[str, Any] = field(default_factory=dict)

    # -- reading ---------------------------------------------------------------------------
    def assertion(self, name: str) -> str | None:
        """``present``, ``absent``, ``unknown``, or None when never asked (finding or risk factor)."""
        return self.symptoms.get(name) or self.risk_factors.get(name)

    def has(self, name: str) -> bool:
        return self.assertion(name) == PRESENT

    def event_types(self) -> frozenset[str]:
        return frozenset(event.type for event in self.events)

    # -- changing (returns a new object) -----------------------------------------------------
    def with_symptom(self, name: str, assertion: str | None) -> Facts:
        return replace(self, symptoms=_changed(self.symptoms, name, assertion))

    def with_risk_factor(self, name: str, assertion: str | None) -> Facts:
        return replace(self, risk_factors=_changed(self.risk_factors, name, assertion))

    # -- JSON --------------------------------------------------------------------------------
    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Facts:
        """Read the ``facts`` object of a vignette or of a verdict message.

        Raises FactsError when a value has the wrong shape; unknown keys and names are kept.
        """
        if not isinstance(data, Mapping):
            raise FactsError('facts: expected a JSON object, for example {"event_type": "thr"}')
        findings = {kind: _read_findings(data, keys) for kind, keys in _FINDING_KEYS.items()}
        return cls(
            events=_read_events(data),
            body_site=_read_text(data, "body_site"),
            weeks_since_event=_read_number(data, "weeks_since_event"),
            age=_read_age(data),
            sex=_read_text(data, "sex"),
            course=_read_text(data, "course"),
            unknown=frozenset(_read_names(data, "unknown")),
            unrecognised={key: value for key, value in data.items() if key not in _JSON_KEYS},
            **findings,
        )

    def to_json(self) -> dict[str, Any]:
        """The same object as JSON; ``event_type`` is the most telling (first) event."""
        out: dict[str, Any] = {
            "event_type": self.events[0].type if self.events else None,
            "events": [event.to_json() for event in self.events],
            "body_site": self.body_site,
            "weeks_since_event": self.weeks_since_event,
            "age": self.age,
            "sex": self.sex,
            "course": self.course,
            "unknown": sorted(self.unknown),
        }
        for kind, keys in _FINDING_KEYS.items():
            held: Mapping[str, str] = getattr(self, kind)
            for assertion, key in keys.items():
                out[key] = sorted(name for name, value in held.items() if value == assertion)
        return {**self.unrecognised, **out}


def _changed(held: Mapping[str, str], name: str, assertion: str | None) -> dict[str, str]:
    rest = {key: value for key, value in held.items() if key != name}
    return rest if assertion is None else {**rest, name: assertion}


def _read_findings(data: Mapping[str, Any], keys: Mapping[str, str]) -> dict[str, str]:
    # Present is read last, so that a name given twice is never taken as denied.
    order = (UNKNOWN, ABSENT, PRESENT)
    return {name: assertion for assertion in order for name in _read_names(data, keys[assertion])}


def _read_names(data: Mapping[str, Any], key: str) -> list[str]:
    value = data.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise FactsError(f'{key}: expected a list of names, for example ["fever"]; got {value!r}')
    return value


def _read_events(data: Mapping[str, Any]) -> tuple[Event, ...]:
    listed = data.get("events") or []
    if not isinstance(listed, list) or not all(isinstance(e, Mapping) and e.get("type") for e in listed):
        raise FactsError(f'events: expected a list of {{"type": ...}} objects; got {listed!r}')
    events = [Event(e["type"], e.get("body_site"), _read_number(e, "weeks")) for e in listed]
    first = _read_text(data, "event_type")
    if first is None:
        return tuple(events)
    same = [e for e in events if e.type == first] or [Event(first)]
    return (same[0], *(e for e in events if e is not same[0]))


def _read_text(data: Mapping[str, Any], key: str) -> str | None:
    value = data.get(key)
    if value is not None and not isinstance(value, str):
        raise FactsError(f"{key}: expected text; got {value!r}")
    return value


def _read_number(data: Mapping[str, Any], key: str) -> float | None:
    value = data.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 100_000:
        raise FactsError(f"{key}: expected a number of weeks or years, zero or more; got {value!r}")
    return float(value)


def _read_age(data: Mapping[str, Any]) -> int | None:
    value = _read_number(data, "age")
    return None if value is None else int(value)
