"""The small condition language of the knowledge files, compiled once to closures.

A condition is a mapping; several keys in one mapping must all hold::

    all: [...]            any: [...]           not: {...}
    at_least: {count: 2, of: [...]}
    symptom: fever        symptom: [redness, warmth]     any of these is present
    risk: previous_clot   denied: fever                  said to be absent
    unknown: fever        asked, and answered "don't know"
    event: thr            event: {class: surgery, weeks: {below: 12, or_unknown: true}}
    class: joint_replacement                             any event of that class
    site: [hip, leg]      side: both
    weeks: {below: 6}     age: {from: 65}                below is exclusive, from is inclusive
    course: worse         sex: male
    band: [high]          urgency: self_care             only where a verdict exists already
    known: weeks_since_event                             the value was told
    only: [pain, bruising]                               no symptom but these is present
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Test = Callable[["Case"], bool]


class ConditionError(ValueError):
    """A condition that cannot be compiled: ``path`` is the key, the message names the mend."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path


@dataclass(frozen=True)
class CaseEvent:
    """One event with its classes; ``weeks`` since it happened, None when not told."""

    type: str
    classes: frozenset[str]
    weeks: float | None


class Case:
    """Facts made ready for the rules: sets instead of mappings, sites and classes resolved.

    ``present`` holds symptoms and risk factors together, with what they imply; ``symptoms`` only
    the symptoms, also those that the knowledge does not know.
    """

    __slots__ = (  # noqa: RUF023
        "present", "symptoms", "absent", "unknown", "events", "types", "classes", "sites", "sides",
        "weeks", "age", "sex", "course", "band", "urgency",
    )  # fmt: skip

    def __init__(
        self,
        present: frozenset[str],
        symptoms: frozenset[str],
        absent: frozenset[str],
        unknown: frozenset[str],
        events: tuple[CaseEvent, ...],
        sites: frozenset[str],
        sides: frozenset[str],
        values: tuple[float | None, int | None, str | None, str | None],
    ) -> None:
        self.present, self.symptoms = present, symptoms
        self.absent, self.unknown = absent, unknown
        self.events, self.sites, self.sides = events, sites, sides
        self.weeks, self.age, self.sex, self.course = values
        self.types = frozenset([event.type for event in events])
        self.classes: frozenset[str] = frozenset().union(*[event.classes for event in events])
        self.band: str | None = None
        self.urgency: str | None = None


@dataclass(frozen=True)
class Names:
    """The names a condition may use, so that a misspelt one fails on load."""

    findings: frozenset[str]
    events: frozenset[str]
    classes: frozenset[str]
    sites: frozenset[str]


@dataclass(frozen=True)
class Condition:
    """A compiled condition. ``names`` are the findings it speaks of; ``needs`` is a set of
    findings of which one must be present for it to hold (None: it may hold without any)."""

    test: Test
    names: frozenset[str] = frozenset()
    needs: frozenset[str] | None = None

    def holds(self, case: Case) -> bool:
        if self.needs is not None and self.needs.isdisjoint(case.present):
            return False
        return self.test(case)


ALWAYS = Condition(lambda case: True)


def compile_condition(node: Any, names: Names, path: str = "when") -> Condition:
    """Compile a condition read from YAML; raises ConditionError naming the key and the mend."""
    if not isinstance(node, Mapping) or not node:
        raise ConditionError(path, f"expected a condition such as {{symptom: fever}}; got {node!r}")
    parts = [_compile_key(key, value, names, f"{path}.{key}") for key, value in node.items()]
    return parts[0] if len(parts) == 1 else _all(parts)


def _compile_key(key: str, value: Any, names: Names, path: str) -> Condition:
    if key in _COMBINERS:
        return _COMBINERS[key](value, names, path)
    if key in _LEAVES:
        return _LEAVES[key](value, names, path)
    known = ", ".join(sorted([*_COMBINERS, *_LEAVES]))
    raise ConditionError(path, f"{key!r} is not a condition; use one of {known}")


# -- combining ---------------------------------------------------------------------------------
def _all(parts: list[Condition]) -> Condition:
    tests = tuple(part.test for part in parts)

    def test(case: Case) -> bool:
        # A plain loop: all() over a generator costs twice as much, and this is the hot path.
        for one in tests:  # noqa: SIM110
            if not one(case):
                return False
        return True

    narrow = [part.needs for part in parts if part.needs is not None]
    return Condition(test, _union(parts), min(narrow, key=len) if narrow else None)


def _any(parts: list[Condition]) -> Condition:
    tests = tuple(part.test for part in parts)

    def test(case: Case) -> bool:
        for one in tests:  # noqa: SIM110
            if one(case):
                return True
        return False

    needs = [part.needs for part in parts if part.needs is not None]
    return Condition(test, _union(parts), frozenset().union(*needs) if len(needs) == len(parts) else None)


def _union(parts: Iterable[Condition]) -> frozenset[str]:
    return frozenset().union(*(part.names for part in parts))


def _children(value: Any, names: Names, path: str) -> list[Condition]:
    if not isinstance(value, list) or not value:
        raise ConditionError(path, f"expected a list of conditions; got {value!r}")
    return [compile_condition(node, names, f"{path}[{index}]") for index, node in enumerate(value)]


def _compile_not(value: Any, names: Names, path: str) -> Condition:
    inner = compile_condition(value, names, path).test
    return Condition(lambda case: not inner(case))


def _compile_at_least(value: Any, names: Names, path: str) -> Condition:
    if not isinstance(value, Mapping) or set(value) != {"count", "of"} or not isinstance(value["count"], int):
        raise ConditionError(path, "expected {count: 2, of: [conditions]}")
    parts = _children(value["of"], names, f"{path}.of")
    tests, count = tuple(part.test for part in parts), value["count"]
    any_of = _any(parts)
    return Condition(lambda case: sum([one(case) for one in tests]) >= count, any_of.names, any_of.needs)


# -- leaves ------------------------------------------------------------------------------------
def _words(value: Any, allowed: frozenset[str] | None, path: str) -> frozenset[str]:
    words = value if isinstance(value, list) else [value]
    if not words or not all(isinstance(word, str) for word in words):
        raise ConditionError(path, f"expected a name or a list of names; got {value!r}")
    unknown = sorted(set(words) - allowed) if allowed is not None else []
    if unknown:
        raise ConditionError(path, f"unknown name {unknown[0]!r}; add it to its file or mend the spelling")
    return frozenset(words)


def _compile_finding(value: Any, names: Names, path: str) -> Condition:
    wanted = _words(value, names.findings, path)
    return Condition(lambda case: not wanted.isdisjoint(case.present), wanted, wanted)


def _compile_denied(value: Any, names: Names, path: str) -> Condition:
    wanted = _words(value, names.findings, path)
    return Condition(lambda case: not wanted.isdisjoint(case.absent))


def _compile_unknown(value: Any, names: Names, path: str) -> Condition:
    wanted = _words(value, names.findings, path)
    return Condition(lambda case: not wanted.isdisjoint(case.unknown), wanted)


def _compile_event(value: Any, names: Names, path: str) -> Condition:
    if not isinstance(value, Mapping):
        wanted = _words(value, names.events, path)
        return Condition(lambda case: not wanted.isdisjoint(case.types))
    if not value or set(value) - {"type", "class", "weeks"}:
        raise ConditionError(path, "expected keys type, class, weeks")
    types = _words(value["type"], names.events, f"{path}.type") if "type" in value else None
    classes = _words(value["class"], names.classes, f"{path}.class") if "class" in value else None
    inside = _number_test(value["weeks"], f"{path}.weeks") if "weeks" in value else lambda number: True

    def fits(event: CaseEvent) -> bool:
        return (
            (types is None or event.type in types)
            and (classes is None or not classes.isdisjoint(event.classes))
            and inside(event.weeks)
        )

    def test(case: Case) -> bool:
        for event in case.events:  # noqa: SIM110
            if fits(event):
                return True
        return False

    return Condition(test)


def _number_test(value: Any, path: str) -> Callable[[float | None], bool]:
    """A test on weeks or years; an unknown number passes only with ``or_unknown: true``."""
    if not isinstance(value, Mapping) or not value or set(value) - {"below", "from", "or_unknown"}:
        raise ConditionError(path, "expected {from: 2, below: 17, or_unknown: true}; from or below is needed")
    low, high = value.get("from", 0), value.get("below", float("inf"))
    unknown = bool(value.get("or_unknown", False))
    return lambda number: unknown if number is None else low <= number < high


def _compile_weeks(value: Any, names: Names, path: str) -> Condition:
    inside = _number_test(value, path)
    return Condition(lambda case: inside(case.weeks))


def _compile_age(value: Any, names: Names, path: str) -> Condition:
    inside = _number_test(value, path)
    return Condition(lambda case: inside(case.age))


def _set_leaf(attribute: str, allowed: str | None) -> Callable[[Any, Names, str], Condition]:
    def compile_leaf(value: Any, names: Names, path: str) -> Condition:
        wanted = _words(value, getattr(names, allowed) if allowed else None, path)
        return Condition(lambda case: not wanted.isdisjoint(getattr(case, attribute)))

    return compile_leaf


def _value_leaf(attribute: str, allowed: frozenset[str]) -> Callable[[Any, Names, str], Condition]:
    def compile_leaf(value: Any, names: Names, path: str) -> Condition:
        wanted = _words(value, allowed, path)
        return Condition(lambda case: getattr(case, attribute) in wanted)

    return compile_leaf


def _compile_known(value: Any, names: Names, path: str) -> Condition:
    wanted = _words(value, frozenset(["weeks_since_event", "age"]), path)
    attributes = ["weeks" if name == "weeks_since_event" else name for name in sorted(wanted)]
    return Condition(lambda case: any(getattr(case, name) is not None for name in attributes))


def _compile_only(value: Any, names: Names, path: str) -> Condition:
    allowed = _words(value, names.findings, path)
    return Condition(lambda case: case.symptoms <= allowed)


URGENCIES = ("self_care", "routine", "within_2_weeks", "same_day", "emergency")
BANDS = ("low", "moderate", "high")

_COMBINERS: dict[str, Callable[[Any, Names, str], Condition]] = {
    "all": lambda value, names, path: _all(_children(value, names, path)),
    "any": lambda value, names, path: _any(_children(value, names, path)),
    "not": _compile_not,
    "at_least": _compile_at_least,
}
_LEAVES: dict[str, Callable[[Any, Names, str], Condition]] = {
    "symptom": _compile_finding,
    "risk": _compile_finding,
    "denied": _compile_denied,
    "unknown": _compile_unknown,
    "event": _compile_event,
    "class": _set_leaf("classes", "classes"),
    "site": _set_leaf("sites", "sites"),
    "side": _set_leaf("sides", None),
    "weeks": _compile_weeks,
    "age": _compile_age,
    "course": _value_leaf("course", frozenset(["better", "worse", "steady"])),
    "sex": _value_leaf("sex", frozenset(["male", "female"])),
    "band": _value_leaf("band", frozenset(BANDS)),
    "urgency": _value_leaf("urgency", frozenset(URGENCIES)),
    "known": _compile_known,
    "only": _compile_only,
}
