"""The verdict: what ``judge`` concludes from the facts, as a plain object that turns into JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True)
class FiredFlag:
    """A red flag that holds: ``say`` is its plain sentence, ``facts`` the findings it rests on."""

    id: str
    label: str
    say: str
    urgency: str
    facts: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Reason:
    """One fact that counted: ``points`` towards the HO score, or ``effect``, an urgency it sets."""

    fact: str
    label: str
    sentence: str
    sources: tuple[str, ...]
    points: int | None = None
    effect: str | None = None


@dataclass(frozen=True)
class ImagingAdvice:
    """A picture to ask for: which, of what, when it tells something, and what to say."""

    modality: str
    site: str
    when: str
    ask_for: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Net:
    """The four parts of a safety net, as plain sentences."""

    uncertainty: str
    look_for: str
    get_help: str
    how_long: str


@dataclass(frozen=True)
class Timeline:
    """Weeks after the event. ``weeks`` is now; it and ``again`` are None when nobody told the time."""

    weeks: float | None
    begins: tuple[int, int]
    latest: int
    xray: int
    again: tuple[float, float] | None
    begins_sentence: str
    xray_sentence: str
    again_sentence: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class WhatIf:
    """One fact that, were it ``to``, would give another urgency or risk band."""

    fact: str
    to: str
    urgency: str
    risk_band: str
    sentence: str


@dataclass(frozen=True)
class Excluded:
    """A reason why the tool is not made for this person, and whom to see."""

    id: str
    label: str
    sentence: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """All that the rules conclude. ``score`` is the sum of the reasons' points.

    ``urgency`` is emergency, same_day, within_2_weeks, routine or self_care; ``risk_band`` is high,
    moderate or low. ``unrecognised`` lists names in the facts that the knowledge does not define.
    """

    urgency: str
    risk_band: str
    score: int
    advice: str
    who_to_see: str
    band_sentence: str
    red_flags: tuple[FiredFlag, ...]
    reasons: tuple[Reason, ...]
    imaging: tuple[ImagingAdvice, ...]
    safety_net: Net
    what_would_change: tuple[WhatIf, ...]
    exclusions: tuple[Excluded, ...]
    unrecognised: tuple[str, ...]
    rules_version: str
    #: None in an emergency, without an event, and where no picture is advised.
    timeline: Timeline | None = None

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values: lists, objects, strings, numbers, null."""
        return _plain(asdict(self))

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Verdict:
        """The inverse of ``to_json``; keys that a verdict does not have are ignored."""
        values: dict[str, Any] = {f.name: data[f.name] for f in fields(cls) if f.name != "timeline"}
        for name, kind in _LISTED.items():
            values[name] = tuple(kind(**_tuples(item)) for item in values[name])
        values["safety_net"] = Net(**values["safety_net"])
        values["unrecognised"] = tuple(values["unrecognised"])
        # Verdicts that were kept before there was a time line have none.
        values["timeline"] = Timeline(**_tuples(data["timeline"])) if data.get("timeline") else None
        return cls(**values)


_LISTED: dict[str, Any] = {
    "red_flags": FiredFlag,
    "reasons": Reason,
    "imaging": ImagingAdvice,
    "what_would_change": WhatIf,
    "exclusions": Excluded,
}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def _tuples(item: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in item.items()}
