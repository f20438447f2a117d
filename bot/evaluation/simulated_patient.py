"""A patient made of a labelled case: tells the story, then answers what is asked, in typed words."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.clinical.facts import ABSENT, PRESENT

from .cases import Case

_FILE = Path(__file__).with_name("patient_words.yml")
_DAYS_A_WEEK = 7
_WEEKS_A_YEAR = 52


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return loaded


class SimulatedPatient:
    """Answers from the case's facts, and "I don't know" to all that the case does not state.

    ``said`` is everything typed so far, one message a line.
    """

    def __init__(self, case: Case) -> None:
        self._case = case
        self._messages: list[str] = []
        self._moves = iter((_words()["yes"], case.patient_voice))

    @property
    def said(self) -> str:
        return "\n".join(self._messages)

    def opening(self) -> str:
        return self._say(self._case.patient_voice)

    def answer(self, slot: str | None) -> str:
        """The answer to the question about ``slot``; None: the bot waits, but asks for no fact."""
        if slot is None:
            return self._say(self._unasked())
        return self._say(self._value(slot) or self._assertion(slot))

    def _say(self, text: str) -> str:
        self._messages.append(text)
        return text

    def _unasked(self) -> str:
        """Agree once (to go on), then tell the story again, then be at a loss."""
        return str(next(self._moves, _words()["dont_know"]))

    def _value(self, slot: str) -> str | None:
        """The typed answer where ``slot`` holds a value rather than yes or no; None where it does not."""
        words, facts = _words(), self._case.facts
        if slot in words["agree"]:
            return str(words["yes"])
        if slot in words["tell"]:
            return self._case.patient_voice
        if slot in words["about"]:
            return str(words["about_patient" if self._case.speaker == "patient" else "about_caregiver"])
        if slot == "event_type" and facts.events:
            return event_in_words(facts.events[0].type)
        if slot == "weeks_since_event" and facts.weeks_since_event is not None:
            return weeks_in_words(facts.weeks_since_event)
        stated = {"body_site": facts.body_site, "age": facts.age, "sex": facts.sex, "course": facts.course}
        value = stated.get(slot)
        return None if value is None else str(value)

    def _assertion(self, slot: str) -> str:
        answers = {PRESENT: "yes", ABSENT: "no"}
        return str(_words()[answers.get(self._case.facts.assertion(slot) or "", "dont_know")])


def event_in_words(event_type: str) -> str:
    """``thr`` gives "hip replacement"; a type without words is said as its name."""
    return str(_words()["events"].get(event_type, event_type.replace("_", " ")))


def weeks_in_words(weeks: float) -> str:
    """``0.3`` gives "2 days", ``6`` "6 weeks", ``572`` "11 years"."""
    words = _words()["weeks"]
    if weeks < 2 and weeks != 1:
        return str(words["days"]).format(n=round(weeks * _DAYS_A_WEEK))
    if weeks == 1:
        return str(words["one_week"])
    if weeks >= 2 * _WEEKS_A_YEAR and weeks % _WEEKS_A_YEAR == 0:
        return str(words["years"]).format(n=round(weeks / _WEEKS_A_YEAR))
    return str(words["weeks"]).format(n=round(weeks))
