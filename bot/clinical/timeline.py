"""Where a person is in time: when HO usually begins, when an X-ray can show it, when to look again."""

from __future__ import annotations

from .conditions import Case
from .knowledge_base import Knowledge
from .verdict import Timeline


def timeline(case: Case, known: Knowledge) -> Timeline | None:
    """In weeks after the event; None without an event, or where time says little (FOP, HO already seen)."""
    entry = next((rule.entry for rule in known.rules.timeline if rule.when.holds(case)), None)
    if entry is None:
        return None
    return Timeline(
        weeks=case.weeks,
        begins=entry.begins,
        latest=entry.latest,
        xray=entry.xray,
        again=_again(case.weeks, entry.xray, entry.again),
        begins_sentence=entry.begins_sentence,
        xray_sentence=entry.xray_sentence,
        again_sentence=entry.again_sentence,
        sources=tuple(entry.sources),
    )


def _again(weeks: float | None, xray: int, after: tuple[int, int]) -> tuple[float, float] | None:
    """When to look again if a scan of now is normal: never before an X-ray can show it."""
    if weeks is None:
        return None
    first, last = after
    start = max(weeks + first, float(xray))
    return start, start + last - first
