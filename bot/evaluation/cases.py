"""Read labelled cases (vignettes), one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.clinical import conditions
from bot.clinical.facts import Facts, FactsError

#: Most urgent first, as level 1 is the most urgent.
URGENCIES = tuple(reversed(conditions.URGENCIES))
RISK_BANDS = conditions.BANDS


class InputError(ValueError):
    """A line that cannot be read; the message names file, line, key and the mend."""

    def __init__(self, file: str, line: int, key: str, mend: str) -> None:
        super().__init__(f"{file}, line {line}, {key}: {mend}")


@dataclass(frozen=True)
class Case:
    """One labelled case. ``acceptable_urgency`` always holds the label itself too."""

    id: str
    facts: Facts
    expected_urgency: str
    expected_ho_risk: str | None = None
    acceptable_urgency: tuple[str, ...] = ()
    patient_voice: str = ""
    speaker: str = "patient"


def read_lines(lines: Iterable[str], file: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield ``(line number, object)``; blank lines are passed over. Raises InputError."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError(file, number, f"column {error.colno}", f"not JSON ({error.msg})") from error
        if not isinstance(data, dict):
            raise InputError(file, number, "line", "expected one JSON object a line")
        yield number, data


def read_cases(lines: Iterable[str], file: str, needs_voice: bool) -> list[Case]:
    """Read all cases. ``needs_voice``: the mode reads ``patient_voice``. Raises InputError."""
    cases: dict[str, Case] = {}
    for number, data in read_lines(lines, file):
        case = _Reader(file, number, data).case(needs_voice)
        if case.id in cases:
            raise InputError(file, number, "id", f"{case.id!r} was used before; give each case its own id")
        cases[case.id] = case
    if not cases:
        raise InputError(file, 1, "line", "the file holds no case; expected one JSON object a line")
    return list(cases.values())


@dataclass(frozen=True)
class _Reader:
    file: str
    line: int
    data: Mapping[str, Any]

    def case(self, needs_voice: bool) -> Case:
        urgency = self.one_of("expected_urgency", URGENCIES)
        band = self.one_of("expected_ho_risk", RISK_BANDS) if self.has("expected_ho_risk") else None
        return Case(
            id=self.text("id"),
            facts=self.facts(),
            expected_urgency=urgency,
            expected_ho_risk=band,
            acceptable_urgency=self.acceptable(urgency),
            patient_voice=self.text("patient_voice") if needs_voice else "",
            speaker=str(self.data.get("speaker") or "patient"),
        )

    def has(self, key: str) -> bool:
        return self.data.get(key) is not None

    def text(self, key: str) -> str:
        value = self.data.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.error(key, f"expected text; got {value!r}")
        return value

    def one_of(self, key: str, known: tuple[str, ...]) -> str:
        value = self.data.get(key)
        if value not in known:
            raise self.error(key, f"expected one of {', '.join(known)}; got {value!r}")
        return str(value)

    def acceptable(self, urgency: str) -> tuple[str, ...]:
        listed = self.data.get("acceptable_urgency") or []
        if not isinstance(listed, list) or not set(map(str, listed)) <= set(URGENCIES):
            mend = f"expected a list of {', '.join(URGENCIES)}; got {listed!r}"
            raise self.error("acceptable_urgency", mend)
        return tuple(dict.fromkeys((urgency, *listed)))

    def facts(self) -> Facts:
        if not self.has("facts"):
            raise self.error("facts", 'missing; expected an object, for example {"event_type": "thr"}')
        try:
            return Facts.from_json(self.data["facts"])
        except FactsError as error:
            raise self.error("facts", str(error)) from error

    def error(self, key: str, mend: str) -> InputError:
        return InputError(self.file, self.line, key, mend)
