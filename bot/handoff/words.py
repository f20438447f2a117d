"""How facts are named: the plain words of the knowledge files put around a value."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.clinical.facts import ASSERTIONS, Event, Facts
from bot.clinical.knowledge_base import Knowledge

WEEKS_A_MONTH = 365.25 / 12 / 7
WEEKS_A_YEAR = 365.25 / 7


class Words:
    """The sayings of ``phrases.yml``, for the person or for somebody else."""

    def __init__(self, knowledge: Knowledge, someone_else: bool = False) -> None:
        self.knowledge = knowledge
        self.someone_else = someone_else

    def say(self, saying_id: str, /, **blanks: str) -> str:
        """The saying with its blanks filled. Raises KeyError for an id that no file defines."""
        saying = self.knowledge.sayings[saying_id]
        text = (saying.other if self.someone_else else None) or saying.self
        return fill(text, **blanks)

    # -- names -------------------------------------------------------------------------------
    def fact(self, name: str) -> str:
        """A fact's own name with a capital: ``"Swelling"``, ``"When"``."""
        saying = self.knowledge.sayings.get(f"fact_{name}")
        return capital(saying.self if saying else self.knowledge.label(name))

    def answer(self, fact: str, value: Any) -> str:
        """A value in words: ``"yes"``, ``"about 6 weeks ago"``, ``"left hip"``."""
        if value is None:
            return self.say("answer_nothing")
        if value in ASSERTIONS:
            return self.say(f"answer_{value}")
        if fact == "weeks_since_event":
            return self.ago(float(value))
        if fact == "event_type":
            return self.knowledge.label(str(value))
        if fact == "course" and f"course_{value}" in self.knowledge.sayings:
            return self.say(f"course_{value}")
        return str(value)

    def ago(self, weeks: float) -> str:
        """Weeks as people say them: days below one week, months from nine weeks, years from two."""
        days = round(weeks * 7)
        if days < 1:
            return self.say("time_today")
        if days < 7:
            return self._counted("day", days)
        if weeks < 9:
            return self._counted("week", round(weeks))
        if weeks < 2 * WEEKS_A_YEAR - 0.5:
            return self.say("time_months", n=str(round(weeks / WEEKS_A_MONTH)))
        return self.say("time_years", n=str(round(weeks / WEEKS_A_YEAR)))

    def _counted(self, unit: str, count: int) -> str:
        return self.say(f"time_{unit}") if count == 1 else self.say(f"time_{unit}s", n=str(count))

    def event(self, event: Event) -> str:
        """One event with what is known of it: ``"hip replacement, left hip, about 6 weeks ago"``."""
        ago = None if event.weeks is None else self.ago(event.weeks)
        return ", ".join(part for part in (self.knowledge.label(event.type), event.body_site, ago) if part)

    def events(self, facts: Facts) -> str:
        return "; ".join(self.event(event) for event in facts.events)


def best_first(names: Iterable[str], known: Knowledge) -> list[str]:
    """Sources in the order given, those with a note (a mirror, a press page, no page at all) last."""
    return sorted(names, key=lambda name: name in known.sources and bool(known.sources[name].note))


def fill(text: str, /, **blanks: str) -> str:
    """``text`` with ``{name}`` replaced for each blank given; other braces stay as they are."""
    for name, value in blanks.items():
        text = text.replace("{" + name + "}", value)
    return " ".join(text.split())


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
