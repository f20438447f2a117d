"""Which rules of the medicine a set of cases never uses: for tests that want to use them all."""

from __future__ import annotations

from collections.abc import Sequence

from .cases import prepare
from .facts import Facts
from .knowledge_base import Knowledge
from .knowledge_base import knowledge as shipped

_RULES = ("red_flags", "urgency", "exclusions", "imaging", "safety_nets", "watch")
_POINTS = ("timing", "patterns")


def unused_rules(cases: Sequence[Facts], knowledge: Knowledge | None = None) -> dict[str, list[str]]:
    """Kind of rule -> ids of the rules whose condition holds in none of ``cases``.

    Scored events and findings are used when a case has them.
    """
    known = knowledge or shipped()
    prepared = [prepare(facts, known) for facts in cases]
    unused = {
        kind.replace("_", " "): [
            rule.entry.id for rule in getattr(known.rules, kind) if not any(map(rule.when.holds, prepared))
        ]
        for kind in _RULES
    }
    for kind in _POINTS:
        rules = getattr(known.rules, kind)
        unused[kind] = [r.scored.entry.id for r in rules if not any(map(r.when.holds, prepared))]
    events = {event.type for case in prepared for event in case.events}
    findings = {name for case in prepared for name in case.present}
    unused["scored events"] = sorted(set(known.rules.triggers) - events)
    unused["scored findings"] = sorted(set(known.rules.findings) - findings)
    return {kind: sorted(names) for kind, names in unused.items()}
