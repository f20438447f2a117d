"""Sources are cited best first: a mirror, a press page or no page at all only after a better one."""

from __future__ import annotations

from typing import Any

import pytest

from bot.clinical.facts import Facts
from bot.clinical.judge import judge
from bot.clinical.knowledge_base import knowledge
from bot.handoff.letter import doctor_letter
from bot.handoff.summary import cited_sources

KNOWN = knowledge()
CASE = Facts.from_json(
    {"event_type": "thr", "weeks_since_event": 6, "symptoms_present": ["swelling", "fever"]}
)
KINDS = ("red_flags", "urgency_rules", "imaging", "safety_nets", "symptoms", "risk_factors", "triggers")


def weak(names: Any) -> list[bool]:
    return [bool(KNOWN.sources[name].note) for name in names]


@pytest.mark.parametrize("kind", KINDS)
def test_each_entry_names_its_better_sources_first(kind: str) -> None:
    entries: dict[str, Any] = getattr(KNOWN, kind)
    assert not [name for name, entry in entries.items() if weak(entry.sources) != sorted(weak(entry.sources))]


def test_the_sources_of_a_verdict_come_best_first() -> None:
    found = weak(source["id"] for source in cited_sources(judge(CASE)))
    assert found == sorted(found)
    assert len(set(found)) == 2


def test_the_letter_lists_its_sources_best_first() -> None:
    listed = doctor_letter(CASE, judge(CASE)).split("## Sources\n")[1].splitlines()
    found = weak(line.removeprefix("- ").split(":")[0] for line in listed)
    assert found == sorted(found)
    assert len(set(found)) == 2


@pytest.mark.parametrize("words", ["press", "mirror"])
def test_a_source_whose_title_names_a_weak_page_is_noted_as_weak(words: str) -> None:
    unnoted = [s.id for s in KNOWN.sources.values() if words in s.title.lower().split() and not s.note]
    assert not unnoted
