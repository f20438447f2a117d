"""The copy for the physician: the same facts and verdict in medical terms, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.clinical.facts import ABSENT, PRESENT, UNKNOWN, Facts
from bot.clinical.knowledge_base import Knowledge, knowledge
from bot.clinical.verdict import Verdict

from .words import best_first, capital, fill

_FILE = Path(__file__).with_name("letter.yml")


@lru_cache(maxsize=1)
def _letter() -> Mapping[str, Mapping[str, str]]:
    held: Mapping[str, Mapping[str, str]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return held


def doctor_letter(
    facts: Facts, verdict: Verdict, known: Knowledge | None = None, today: date | None = None
) -> str:
    """What the patient told and what the rules made of it, for a physician to check.

    Markdown that also reads as plain text. Times are in weeks with the calendar date that they point
    to, counted back from ``today``. Each source cited is listed at the end.
    """
    return "\n".join(_Letter(facts, verdict, known or knowledge(), today or date.today()).lines())


class _Letter:
    def __init__(self, facts: Facts, verdict: Verdict, known: Knowledge, today: date) -> None:
        self.facts, self.verdict, self.known, self.today = facts, verdict, known, today
        self.cited: set[str] = set()

    def lines(self) -> Iterator[str]:
        yield f"# {self.text('title')}"
        yield self.text("date", date=self.today.isoformat(), version=self.verdict.rules_version)
        yield self.text("limits")
        for heading, items in (
            ("patient", self.patient()),
            ("history", self.history()),
            ("findings", self.held(self.facts.symptoms)),
            ("risks", self.held(self.facts.risk_factors)),
            ("assessment", self.assessment()),
            ("red_flags", self.red_flags()),
            ("reasons", self.reasons()),
            ("imaging", self.imaging()),
            # Last: by now everything that cites a source has been written.
            ("sources", self.sources()),
        ):
            yield from self.section(heading, list(items))

    def section(self, heading: str, items: list[str]) -> Iterator[str]:
        yield f"\n## {self.text(heading)}"
        yield from (f"- {item}" for item in items or [self.text("none")])

    def text(self, text_id: str, /, **blanks: str) -> str:
        return fill(_letter()["text"][text_id], **blanks)

    def term(self, name: str) -> str:
        return _letter()["terms"].get(name) or self.known.label(name)

    # -- what was told -------------------------------------------------------------------------
    def patient(self) -> Iterator[str]:
        unsaid = self.text("not_stated")
        yield self.text("age", age=unsaid if self.facts.age is None else str(self.facts.age))
        yield self.text("sex", sex=self.facts.sex or unsaid)

    def history(self) -> Iterator[str]:
        facts = self.facts
        for event in facts.events:
            when = self.when(event.weeks) if event.weeks is not None else None
            parts = (self.term(event.type), event.body_site, when)
            yield capital(self.text("event", event=", ".join(part for part in parts if part)))
        unsaid, weeks = self.text("not_stated"), facts.weeks_since_event
        yield self.text("site", site=facts.body_site or unsaid)
        yield self.text("time", time=unsaid if weeks is None else self.when(weeks))
        if facts.course:
            yield self.text("course", course=facts.course)

    def when(self, weeks: float) -> str:
        return self.text("weeks", weeks=f"{weeks:g}", date=(self.today - timedelta(weeks=weeks)).isoformat())

    def held(self, findings: Mapping[str, str]) -> Iterator[str]:
        for assertion, line in ((PRESENT, "present"), (ABSENT, "denied"), (UNKNOWN, "unsure")):
            names = [self.term(name) for name, held in sorted(findings.items()) if held == assertion]
            if names:
                yield self.text(line, names=", ".join(names))

    # -- what the rules made of it -----------------------------------------------------------------
    def assessment(self) -> Iterator[str]:
        verdict, known = self.verdict, self.known
        yield self.text("urgency", urgency=known.levels[verdict.urgency].label, advice=verdict.advice)
        yield self.text("band", band=known.bands[verdict.risk_band].label, score=str(verdict.score))
        yield self.text("differential")
        if self.facts.has("big_toe_malformation") or "genetic_fop" in self.facts.event_types():
            self.cited |= {"S19", "S95"}
            yield self.text("fop")

    def red_flags(self) -> Iterator[str]:
        for flag in self.verdict.red_flags:
            urgency = self.known.levels[flag.urgency].label
            yield self.text("red_flag", label=flag.label, urgency=urgency, sources=self.cite(flag))

    def reasons(self) -> Iterator[str]:
        for reason in self.verdict.reasons:
            label, sources = capital(reason.label), self.cite(reason)
            if reason.points is not None:
                yield self.text("reason", label=label, points=f"{reason.points:+d}", sources=sources)
            elif reason.effect is not None:
                urgency = self.known.levels[reason.effect].label
                yield self.text("rule", label=label, urgency=urgency, sources=sources)

    def imaging(self) -> Iterator[str]:
        for picture in self.verdict.imaging:
            blanks = {"ask_for": picture.ask_for, "when": picture.when, "sources": self.cite(picture)}
            yield self.text("picture", **blanks)
        self.cited |= {"S13", "S14"}
        yield self.text("early")

    def cite(self, entry: Any) -> str:
        self.cited |= set(entry.sources)
        return ", ".join(entry.sources)

    def sources(self) -> Iterator[str]:
        by_id = sorted(self.cited & set(self.known.sources), key=lambda one: (len(one), one))
        for name in best_first(by_id, self.known):
            source = self.known.sources[name]
            yield self.text("source", id=name, title=source.title, where=source.url or source.doi or "")
