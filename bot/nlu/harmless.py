"""Signs that their company makes none: toes that are warm and pink, ankles that are down by morning.

Runs when it is known what is said of each finding. The rules are ``vocabulary/harmless.yml``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot.clinical.facts import PRESENT

from .patterns import PatternSet
from .story import NONE, Finding, Story
from .vocabulary import pattern_set, read


@dataclass(frozen=True)
class _Rule:
    """One rule of harmless.yml; ``beside`` and ``told`` are met when each of their sets is found."""

    findings: frozenset[str]
    beside: tuple[PatternSet, ...]
    told: tuple[PatternSet, ...]
    unless: PatternSet
    alone: bool


def leave_out_harmless(story: Story) -> None:
    """Leave out the present findings that a rule of harmless.yml takes for none."""
    for rule in _rules():
        if not rule.findings & {f.name for f in story.findings}:
            continue
        if rule.alone and _signs(story) - rule.findings:
            continue
        if all(pattern.find(story.words) for pattern in (*rule.beside, *rule.told)):
            story.findings = [f.said(NONE) if _is_harmless(story, f, rule) else f for f in story.findings]


def _is_harmless(story: Story, finding: Finding, rule: _Rule) -> bool:
    if finding.name not in rule.findings or finding.assertion != PRESENT:
        return False
    sentence = story.sentence(finding.start)
    words = story.words[sentence.start : sentence.stop]
    return all(pattern.find(words) for pattern in rule.beside) and not rule.unless.find(words)


def _signs(story: Story) -> set[str]:
    """The signs that are present in the message."""
    return {f.name for f in story.present("symptom")} & set(read("harmless")["signs"])


@lru_cache(maxsize=1)
def _rules() -> tuple[_Rule, ...]:
    return tuple(_rule(data) for data in read("harmless")["rules"])


def _rule(data: dict[str, Any]) -> _Rule:
    beside, told = (tuple(_patterns(group) for group in data.get(key, ())) for key in ("beside", "told"))
    return _Rule(
        frozenset(data["findings"]), beside, told, _patterns(data.get("unless", ())), "alone" in data
    )


def _patterns(patterns: Sequence[str]) -> PatternSet:
    return pattern_set(("", pattern) for pattern in patterns)
