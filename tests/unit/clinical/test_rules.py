"""Every rule of the medicine fires on its example and not on its near miss."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.clinical.facts import Facts
from bot.clinical.judge import judge
from bot.clinical.knowledge_base import knowledge
from bot.clinical.verdict import Verdict

EXAMPLES: dict[str, dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[2] / "data" / "rule_examples.yml").read_text(encoding="utf-8")
)
KNOWN = knowledge()


def fired(kind: str, name: str, verdict: Verdict) -> bool:
    """Whether the rule can be seen in the verdict, the way a person would see it."""
    if kind == "red_flags":
        return name in [flag.id for flag in verdict.red_flags]
    if kind == "urgency_rules":
        return name in [reason.fact for reason in verdict.reasons if reason.effect]
    if kind == "imaging":
        return KNOWN.imaging[name].modality in [image.modality for image in verdict.imaging] and (
            KNOWN.imaging[name].informative in [image.when for image in verdict.imaging]
        )
    if kind == "safety_nets":
        return verdict.safety_net.uncertainty == KNOWN.safety_nets[name].uncertainty
    if kind == "exclusions":
        return name in [excluded.id for excluded in verdict.exclusions]
    if kind == "findings":
        return name in [reason.fact for reason in verdict.reasons if reason.points]
    entry = KNOWN.patterns[name] if kind == "patterns" else KNOWN.timing[name]
    return entry.sentence in [reason.sentence for reason in verdict.reasons]


ALL_RULES = {
    "red_flags": set(KNOWN.red_flags),
    "urgency_rules": set(KNOWN.urgency_rules),
    "imaging": set(KNOWN.imaging),
    "patterns": set(KNOWN.patterns),
    "timing": set(KNOWN.timing),
    "safety_nets": set(KNOWN.safety_nets),
    "exclusions": set(KNOWN.exclusions),
    "findings": {
        name
        for name, entry in {**KNOWN.symptoms, **KNOWN.risk_factors}.items()
        if entry.points and entry.when is not None
    },
}
PAIRS = [(kind, name) for kind in ALL_RULES for name in sorted(ALL_RULES[kind] & EXAMPLES[kind].keys())]


@pytest.mark.parametrize(("kind", "name"), PAIRS)
def test_a_rule_fires_on_its_example(kind: str, name: str):
    assert fired(kind, name, judge(Facts.from_json(EXAMPLES[kind][name]["fires"])))


@pytest.mark.parametrize(("kind", "name"), PAIRS)
def test_a_rule_stays_silent_on_its_near_miss(kind: str, name: str):
    assert not fired(kind, name, judge(Facts.from_json(EXAMPLES[kind][name]["near_miss"])))


OTHER_WAYS = [(name, facts) for name, row in EXAMPLES["red_flags"].items() for facts in row.get("also", [])]


@pytest.mark.parametrize(("name", "facts"), OTHER_WAYS)
def test_a_red_flag_fires_in_each_of_its_ways(name: str, facts: dict[str, Any]):
    assert fired("red_flags", name, judge(Facts.from_json(facts)))


@pytest.mark.parametrize("kind", sorted(ALL_RULES))
def test_every_rule_has_an_example(kind: str):
    assert ALL_RULES[kind] - EXAMPLES[kind].keys() == set()


@pytest.mark.parametrize("kind", sorted(ALL_RULES))
def test_no_example_speaks_of_a_rule_that_is_gone(kind: str):
    assert EXAMPLES[kind].keys() - ALL_RULES[kind] == set()


@pytest.mark.parametrize("name", sorted(KNOWN.triggers))
def test_each_event_scores_its_points(name: str):
    verdict = judge(Facts.from_json({"event_type": name, "symptoms_present": ["fatigue"]}))
    scored = {reason.fact: reason.points for reason in verdict.reasons if reason.points is not None}
    assert scored[name] == KNOWN.triggers[name].points


UNCONDITIONAL = sorted(
    name
    for name, entry in {**KNOWN.symptoms, **KNOWN.risk_factors}.items()
    if entry.points and entry.when is None
)


@pytest.mark.parametrize("name", UNCONDITIONAL)
def test_each_finding_scores_its_points_when_present(name: str):
    key = "symptoms_present" if name in KNOWN.symptoms else "risk_factors"
    verdict = judge(Facts.from_json({"event_type": "thr", key: [name]}))
    scored = {reason.fact: reason.points for reason in verdict.reasons if reason.points is not None}
    finding = KNOWN.finding(name)
    assert finding is not None
    # What it implies may share its group, and then the higher of the two is named.
    implied = {fact: points for fact, points in scored.items() if fact in (name, *finding.implies)}
    assert max(implied.values()) == finding.points


@pytest.mark.parametrize("name", UNCONDITIONAL)
def test_a_denied_finding_scores_nothing(name: str):
    key = "symptoms_absent" if name in KNOWN.symptoms else "risk_factors_absent"
    verdict = judge(Facts.from_json({"event_type": "thr", key: [name]}))
    assert name not in [reason.fact for reason in verdict.reasons]
