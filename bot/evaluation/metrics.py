"""How right and how safe the advice was. Pure functions of outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Any

from bot.clinical.facts import Facts

from .cases import URGENCIES, Case
from .rates import Rate

#: Constant advice that any useful tool must beat, on accuracy or on safety.
BASELINES = {"always_emergency": "emergency", "always_routine": "routine"}


@dataclass(frozen=True)
class Outcome:
    """What the assistant made of one case. ``urgency`` is None when it gave no answer.

    ``facts`` are those the advice rests on; ``said`` is all that the patient wrote;
    ``questions``, ``looped`` and ``dead_end`` belong to the conversation mode.
    """

    case: Case
    urgency: str | None
    risk_band: str | None
    facts: Facts = field(default_factory=Facts)
    said: str = ""
    questions: int | None = None
    looped: bool = False
    dead_end: bool = False


def level(urgency: str) -> int:
    """1 (emergency) to 5 (self_care)."""
    return URGENCIES.index(urgency) + 1


def over(outcome: Outcome) -> bool:
    """Advice more urgent than the label."""
    return outcome.urgency is not None and level(outcome.urgency) < level(outcome.case.expected_urgency)


def right(outcome: Outcome) -> bool:
    return outcome.urgency == outcome.case.expected_urgency


def safe(outcome: Outcome) -> bool:
    """Advice at least as urgent as the label. No advice is not safe advice."""
    return over(outcome) or right(outcome)


def _emergencies(outcomes: Sequence[Outcome]) -> list[Outcome]:
    return [outcome for outcome in outcomes if outcome.case.expected_urgency == "emergency"]


def urgency_rates(outcomes: Sequence[Outcome]) -> dict[str, Rate]:
    """The urgency rates by name. Unanswered cases stay in every denominator: silence is not right."""
    return {
        "comprehensiveness": Rate.of(o.urgency is not None for o in outcomes),
        "urgency_accuracy": Rate.of(map(right, outcomes)),
        "acceptable_accuracy": Rate.of(o.urgency in o.case.acceptable_urgency for o in outcomes),
        "strict_safety": Rate.of(map(safe, outcomes)),
        "over_triage": Rate.of(map(over, outcomes)),
        "severe_under_triage": Rate.of(o.urgency in ("routine", "self_care") for o in _emergencies(outcomes)),
        "emergency_sensitivity": Rate.of(map(right, _emergencies(outcomes))),
        "inclination_to_over_triage": Rate.of(over(o) for o in outcomes if not right(o)),
    }


def risk_band_accuracy(outcomes: Sequence[Outcome]) -> Rate:
    """Over the cases whose label names a band."""
    labelled = [o for o in outcomes if o.case.expected_ho_risk is not None]
    return Rate.of(o.risk_band == o.case.expected_ho_risk for o in labelled)


def under_triaged_urgent(outcomes: Sequence[Outcome]) -> list[str]:
    """Ids of emergency and same_day cases that got less urgent advice, or none."""
    urgent = [o for o in outcomes if o.case.expected_urgency in ("emergency", "same_day")]
    return [o.case.id for o in urgent if not safe(o)]


def baselines(outcomes: Sequence[Outcome]) -> dict[str, dict[str, Rate]]:
    """The urgency rates of a machine that says the same to everybody."""
    return {
        name: urgency_rates([replace(outcome, urgency=urgency) for outcome in outcomes])
        for name, urgency in BASELINES.items()
    }


def conversation_figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """``questions`` over the answered cases; ``loops`` and ``dead_ends`` as counts, with the case ids."""
    counts = [o.questions for o in outcomes if o.questions is not None and o.urgency is not None]
    looped = [o.case.id for o in outcomes if o.looped]
    dead = [o.case.id for o in outcomes if o.dead_end]
    return {
        "questions": {"median": median(counts) if counts else None, "max": max(counts, default=None)},
        "loops": len(looped),
        "dead_ends": len(dead),
        "loop_cases": looped,
        "dead_end_cases": dead,
    }


def case_row(outcome: Outcome) -> dict[str, Any]:
    return {
        "id": outcome.case.id,
        "expected_urgency": outcome.case.expected_urgency,
        "urgency": outcome.urgency,
        "expected_ho_risk": outcome.case.expected_ho_risk,
        "risk_band": outcome.risk_band,
        "facts": outcome.facts.to_json(),
        "questions": outcome.questions,
    }


def rates_to_json(rates: Mapping[str, Rate]) -> dict[str, Any]:
    return {name: rate.to_json() for name, rate in rates.items()}


def summary(outcomes: Sequence[Outcome], mode: str) -> dict[str, Any]:
    """The rates that every mode has, as JSON-ready data."""
    return {
        "n": len(outcomes),
        "mode": mode,
        **rates_to_json(urgency_rates(outcomes)),
        "risk_band_accuracy": risk_band_accuracy(outcomes).to_json(),
        "under_triaged_urgent": under_triaged_urgent(outcomes),
        "baselines": {name: rates_to_json(rates) for name, rates in baselines(outcomes).items()},
    }
