"""What hangs on a fact that was taken back: it goes with it, so that nothing stands on a mistake."""

from __future__ import annotations

from dataclasses import replace

from .facts import ABSENT, PRESENT, Facts
from .knowledge_base import Knowledge
from .knowledge_base import knowledge as shipped


def without_dependents(before: Facts, after: Facts, knowledge: Knowledge | None = None) -> Facts:
    """``after``, less what only followed from facts of ``before`` that no longer hold; a pure function.

    An event that is gone takes with it the risk factors that tell of it ("complete spinal cord injury")
    and the place that it alone explains; a finding that is now denied takes with it those that imply it
    ("a growing lump"). What the person saw for themselves stays.
    """
    known = knowledge or shipped()
    for name in _imply_denied(before, after, known):
        after = after.with_symptom(name, None).with_risk_factor(name, None)
    gone = before.event_types() - after.event_types()
    if not gone:
        return after
    for name in _tell_of(gone, before, after, known):
        after = after.with_risk_factor(name, None)
    if after.events and after.body_site == before.body_site and _was_elsewhere(before, after, known):
        after = replace(after, body_site=None)
    return after


def _imply_denied(before: Facts, after: Facts, known: Knowledge) -> list[str]:
    held = {**after.symptoms, **after.risk_factors}
    denied = {n for n, value in held.items() if value == ABSENT and before.assertion(n) != ABSENT}
    return [
        name
        for name, value in held.items()
        if value == PRESENT and before.has(name) and denied & known.rules.implied.get(name, frozenset())
    ]


def _tell_of(gone: frozenset[str], before: Facts, after: Facts, known: Knowledge) -> list[str]:
    """Risk factors known before that only an event that is gone brought, or that only tell of one."""
    said, classes = _said_by(after.event_types(), known)
    said_by_gone, classes_of_gone = _said_by(gone, known)
    out = []
    for name in after.risk_factors:
        entry = known.risk_factors.get(name)
        if entry is None or not before.has(name) or name in said:
            continue
        told_of = entry.implies_event in gone and entry.implies_event not in said
        came_with = entry.brought_by in classes_of_gone - classes
        if name in said_by_gone or told_of or came_with:
            out.append(name)
    return out


def _said_by(events: frozenset[str], known: Knowledge) -> tuple[set[str], set[str]]:
    """The risk factors that the names of these events say, and their classes."""
    triggers = [known.triggers[kind] for kind in events if kind in known.triggers]
    said = {name for trigger in triggers for name in trigger.says}
    return said, {name for trigger in triggers for name in trigger.classes}


def _was_elsewhere(before: Facts, after: Facts, known: Knowledge) -> bool:
    """Whether the place is that of the old event, and cannot be that of the new one."""
    words = (before.body_site or "").lower().split()
    groups = {group for word in words for group in known.rules.site_words.get(word, ())}
    new, old = _usual_places(after, known), _usual_places(before, known)
    return bool(new and old & groups) and not new & groups


def _usual_places(facts: Facts, known: Knowledge) -> set[str]:
    triggers = [known.triggers[kind] for kind in facts.event_types() if kind in known.triggers]
    return {trigger.site for trigger in triggers if trigger.site}
