"""From facts to a case that the rules can read: implied findings, event classes, sites in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from .conditions import Case, CaseEvent
from .facts import ABSENT, PRESENT, UNKNOWN, Event, Facts
from .knowledge_base import Knowledge, Rules

_WORD = re.compile(r"[a-z]+")
_SIDES = {"left": "left", "right": "right", "both": "both", "bilateral": "both"}
_NONE: frozenset[str] = frozenset()


def prepare(facts: Facts, knowledge: Knowledge) -> Case:
    """The facts as the rules read them; a pure function, cheap enough for many calls a turn."""
    rules = knowledge.rules
    symptoms = _with_implied(_named(facts.symptoms, PRESENT), rules)
    risks = _with_implied(_named(facts.risk_factors, PRESENT), rules)
    events = _events(facts, risks, knowledge)
    sites, sides = _places(facts, events, knowledge)
    weeks = facts.weeks_since_event
    if weeks is None and events:
        weeks = events[0].weeks
    return Case(
        present=symptoms | risks,
        symptoms=symptoms,
        absent=frozenset(_both(facts, ABSENT)),
        unknown=frozenset(_both(facts, UNKNOWN)),
        events=events,
        sites=sites,
        sides=sides,
        values=(weeks, facts.age, facts.sex, facts.course),
    )


def _named(held: Mapping[str, str], assertion: str) -> list[str]:
    return [name for name, value in held.items() if value == assertion]


def _both(facts: Facts, assertion: str) -> list[str]:
    return _named(facts.symptoms, assertion) + _named(facts.risk_factors, assertion)


def _with_implied(names: list[str], rules: Rules) -> frozenset[str]:
    implied = [rules.implied[name] for name in names if name in rules.implied]
    return frozenset(names).union(*implied) if implied else frozenset(names)


def _events(facts: Facts, risks: Iterable[str], knowledge: Knowledge) -> tuple[CaseEvent, ...]:
    """Told events first, then those that a risk factor tells of (a complete spinal cord injury)."""
    told = [_event(event, facts, index, knowledge) for index, event in enumerate(facts.events)]
    types = {event.type for event in told}
    for name in sorted(risks):
        factor = knowledge.risk_factors.get(name)
        implied = factor.implies_event if factor else None
        if implied and implied not in types:
            types.add(implied)
            told.append(CaseEvent(implied, frozenset(knowledge.triggers[implied].classes), None))
    return tuple(told)


def _event(event: Event, facts: Facts, index: int, knowledge: Knowledge) -> CaseEvent:
    trigger = knowledge.triggers.get(event.type)
    classes = frozenset(trigger.classes) if trigger else _NONE
    # The single number of weeks belongs to the most telling event, which comes first.
    weeks = facts.weeks_since_event if event.weeks is None and index == 0 else event.weeks
    return CaseEvent(event.type, classes, weeks)


def _places(
    facts: Facts, events: tuple[CaseEvent, ...], knowledge: Knowledge
) -> tuple[frozenset[str], frozenset[str]]:
    """Site groups and sides named for the case or its events; else where the event acts."""
    places = [facts.body_site, *(event.body_site for event in facts.events)]
    words = _WORD.findall(" ".join(place for place in places if place).lower())
    by_word = knowledge.rules.site_words
    groups = [by_word[word] for word in words if word in by_word] or _usual_sites(events, knowledge)
    sides = frozenset(_SIDES[word] for word in words if word in _SIDES)
    return (_NONE.union(*groups) if groups else frozenset(["unnamed"])), sides


def _usual_sites(events: tuple[CaseEvent, ...], knowledge: Knowledge) -> list[frozenset[str]]:
    triggers = [knowledge.triggers.get(event.type) for event in events]
    sites = [knowledge.sites[trigger.site] for trigger in triggers if trigger and trigger.site]
    return [frozenset((site.id, *site.groups)) for site in sites]


# -- the place in words ------------------------------------------------------------------------------
_PART = re.compile(r"[/,;&]|\band\b")
_ASIDE = re.compile(r"\([^)]*\)")
_SECOND_WORD = frozenset(["limb", "joint"])


def place_in_words(facts: Facts, knowledge: Knowledge) -> str:
    """``"the left hip"``, ``"both hips and the right knee"``; where the event acts when none is named."""
    parts = _PART.split(_ASIDE.sub(" ", (facts.body_site or "").lower()))
    named = list(dict.fromkeys(filter(None, (_one_place(part, knowledge) for part in parts))))
    if not named:
        triggers = (knowledge.triggers.get(event.type) for event in facts.events)
        usual = [trigger.site for trigger in triggers if trigger and trigger.site]
        named = [_with_article(site, knowledge) for site in usual[:1]]
    if len(named) < 2:
        return named[0] if named else knowledge.phrases["the_place"].text
    return knowledge.phrases["two_places"].text.format(first=", ".join(named[:-1]), second=named[-1])


def _one_place(part: str, knowledge: Knowledge) -> str | None:
    """The words up to the last that names a place: "left hip wound" is the left hip."""
    words = part.split()
    ends = [index for index, word in enumerate(words) if word in knowledge.rules.site_words]
    if not ends:
        return None
    end = ends[-1] + 1
    end += words[end : end + 1] != [] and words[end] in _SECOND_WORD
    return _with_article(" ".join(words[:end]), knowledge)


def _with_article(place: str, knowledge: Knowledge) -> str:
    first = place.split()[0]
    return place if _SIDES.get(first) == "both" else knowledge.phrases["one_place"].text.format(place=place)
