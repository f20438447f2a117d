"""A test case as it was read: plain data with the lines it came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

#: Checks of Rasa's format that mean nothing in Rasa Open Source: reported, never passed over.
UNSUPPORTED = (
    "pattern_clarification_contains",
    "generative_response_is_relevant",
    "generative_response_is_grounded",
)


@dataclass(frozen=True)
class Check:
    """One thing that must hold in a turn: ``kind`` as in the file, ``want`` its value there."""

    kind: str
    want: Any
    line: int


@dataclass
class Step:
    """One user message, or None for the session's start, and what must hold in the turn it opens."""

    user: str | None
    line: int
    metadata: dict[str, Any] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)
    ordered: bool = False
    #: The message is said again until these checks hold; ``answers``: for a requested slot, another one.
    until: list[Check] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    at_most: int = 20


@dataclass
class Case:
    """``slots`` are set after the session's start; ``now`` (ISO 8601) is what the clock then shows."""

    name: str
    file: Path
    line: int
    steps: list[Step]
    slots: dict[str, Any] = field(default_factory=dict)
    now: str | None = None
    stubs: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.name}"

    @property
    def unsupported(self) -> list[Check]:
        return [check for step in self.steps for check in step.checks if check.kind in UNSUPPORTED]
