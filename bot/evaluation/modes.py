"""Three ways to put a case to the assistant: hand-coded facts, free text, a whole conversation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from bot.clinical.facts import Facts
from bot.clinical.judge import judge
from bot.clinical.merge import merge
from bot.nlu import understand

from .cases import Case
from .faults import FAULTS, unanswered
from .metrics import Outcome


def heard_in(messages: Sequence[str]) -> Facts:
    """The facts heard in the messages of one patient, in order."""
    facts = Facts()
    for message in messages:
        facts = merge(facts, understand(message)).facts
    return facts


def from_facts(case: Case) -> Outcome:
    """Judge the case's hand-coded facts."""
    return _judged(case, case.facts, said="")


def from_text(case: Case) -> Outcome:
    """Judge what is heard in the case's ``patient_voice``."""
    return _judged(case, heard_in([case.patient_voice]), case.patient_voice)


def from_messages(case: Case, messages: Sequence[str]) -> Outcome:
    """Judge what is heard in other messages that tell the case; a fault counts as not answered."""
    return _answered(case, lambda told: _judged(told, heard_in(messages), "\n".join(messages)))


def _judged(case: Case, facts: Facts, said: str) -> Outcome:
    verdict = judge(facts)
    return Outcome(case, verdict.urgency, verdict.risk_band, facts, said)


def run(cases: Iterable[Case], assess: Callable[[Case], Outcome]) -> list[Outcome]:
    """Assess every case; a case on which the assistant fails is kept as not answered."""
    return [_answered(case, assess) for case in cases]


def _answered(case: Case, assess: Callable[[Case], Outcome]) -> Outcome:
    try:
        return assess(case)
    except FAULTS:
        return unanswered(case)
