"""The judgement: facts in, verdict out. Pure functions over the knowledge; no sentence lives here.

Order of thought: the points give a risk band; danger signs and then the urgency rules give how
soon; the most urgent that holds counts. A danger sign sets the urgency whatever the points say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from .cases import place_in_words, prepare
from .conditions import BANDS, URGENCIES, Case, Condition
from .facts import ABSENT, PRESENT, UNKNOWN, VALUE_FACTS, Facts
from .knowledge_base import Knowledge, Rule, Rules, SafetyNet, Scored, Watch
from .knowledge_base import knowledge as shipped_knowledge
from .timeline import timeline
from .verdict import Excluded, FiredFlag, ImagingAdvice, Net, Reason, Verdict, WhatIf

_LEVEL = {name: index for index, name in enumerate(URGENCIES)}
_DEFAULT = "routine"
_TOP = URGENCIES[-1]
#: A sign not told is named as raising the advice only from here on: more would bury the danger signs.
_LEAST_RAISED = _LEVEL["same_day"]
_MOST_IMAGING = 3
_MOST_OF_A_KIND = 5
#: The blank of a sentence for the signs that were told, and how many it names.
_TOLD, _MOST_TOLD = "{told}", 4


# -- the fast path ------------------------------------------------------------------------------
def urgency_and_band(facts: Facts, knowledge: Knowledge | None = None) -> tuple[str, str]:
    """Only (urgency, risk band), without reasons: cheap enough to try many changes of the facts."""
    known = knowledge or shipped_knowledge()
    return _decide(prepare(facts, known), known)


def _decide(case: Case, known: Knowledge) -> tuple[str, str]:
    case.band = _band(sum(one.points for one in _score(case, known)), known)
    case.urgency = _first(case, known.rules)
    return case.urgency, case.band


def _first(case: Case, rules: Rules) -> str:
    """The most urgent level that any red flag or rule sets: the list begins with the most urgent."""
    present = case.present
    for needs, test, urgency in rules.by_urgency:
        if (needs is None or not needs.isdisjoint(present)) and test(case):
            return urgency
    return _DEFAULT


# -- points -------------------------------------------------------------------------------------
def _score(case: Case, known: Knowledge) -> list[Scored]:
    """What counts, after "only the highest of its group" and the cap of its part."""
    best: dict[str, Scored] = {}
    for one in _all_points(case, known.rules):
        held = best.get(one.group)
        if held is None or (one.points, one.fact) > (held.points, held.fact):
            best[one.group] = one
    return list(_capped(best.values(), known))


def _all_points(case: Case, rules: Rules) -> Iterator[Scored]:
    for kind in case.types & rules.triggers.keys():
        yield rules.triggers[kind]
    for name in case.present & rules.findings.keys():
        if rules.findings[name].when.holds(case):
            yield rules.findings[name].scored
    for scored, when in rules.patterns:
        if when.test(case):
            yield scored
    for scored, when in rules.timing:
        if when.test(case):
            yield scored
            return


def _capped(scored: Iterable[Scored], known: Knowledge) -> Iterator[Scored]:
    """Highest first, so that a cap cuts off the least; the points always add up to the score."""
    left = {name: part.cap for name, part in known.parts.items() if part.cap is not None}
    for one in sorted(scored, key=lambda item: (-item.points, item.fact)):
        if one.part in left and one.points > 0:
            given = min(one.points, left[one.part])
            left[one.part] -= given
            if given < one.points:
                one = one._replace(points=given)
        yield one


def _band(score: int, known: Knowledge) -> str:
    fitting = [band for band in known.bands.values() if score >= band.at_least]
    return max(fitting, key=lambda band: band.at_least).id


# -- the whole verdict -----------------------------------------------------------------------------
def judge(facts: Facts, knowledge: Knowledge | None = None) -> Verdict:
    """The verdict for these facts: same facts and same knowledge version, same verdict."""
    known = knowledge or shipped_knowledge()
    case = prepare(facts, known)
    urgency, band = _decide(case, known)
    scored = _score(case, known)
    exclusions = tuple(_exclusions(case, known))
    level = known.levels[urgency]
    imaging = tuple(_imaging(case, facts, known))
    return Verdict(
        urgency=urgency,
        risk_band=band,
        score=sum(one.points for one in scored),
        advice=level.advice,
        who_to_see=_who_to_see(urgency, exclusions, known),
        band_sentence=known.bands[band].sentence,
        red_flags=tuple(_fired_flags(case, known)),
        reasons=(*_urgency_reasons(case, known), *_point_reasons(scored, known)),
        imaging=imaging,
        safety_net=_safety_net(case, facts, known),
        what_would_change=tuple(_what_would_change(facts, case, known)),
        exclusions=exclusions,
        unrecognised=tuple(_unrecognised(facts, known)),
        rules_version=known.version,
        timeline=timeline(case, known) if imaging else None,
    )


def _fired_flags(case: Case, known: Knowledge) -> Iterator[FiredFlag]:
    for rule in known.rules.red_flags:
        if rule.when.holds(case):
            flag = rule.entry
            found = tuple(sorted(rule.when.names & case.present))
            say = _with_told(flag.say, rule.when, case, known)
            yield FiredFlag(flag.id, flag.label, say, flag.urgency, found, tuple(flag.sources))


def _with_told(text: str, when: Condition, case: Case, known: Knowledge) -> str:
    """``text`` with ``{told}`` filled: the signs of its condition that this case has, the first few."""
    if _TOLD not in text:
        return text
    names = [name for name in known.symptoms if name in when.names and name in case.present]
    implied = {more for name in names for more in known.rules.implied.get(name, ())}
    labels = [known.label(name) for name in names if name not in implied][:_MOST_TOLD]
    told = ", ".join(labels[:-1])
    if told:
        told = known.phrases["told_and"].text.format(first=told, last=labels[-1])
    filled = text.replace(_TOLD, told or labels[-1])
    return filled[:1].upper() + filled[1:]


def _urgency_reasons(case: Case, known: Knowledge) -> Iterator[Reason]:
    """The urgency rules that hold at the level given; a red flag above them explains itself."""
    for rule in known.rules.urgency:
        entry = rule.entry
        if entry.urgency == case.urgency and rule.when.holds(case):
            sentence = _with_told(entry.sentence, rule.when, case, known)
            yield Reason(entry.id, entry.label, sentence, tuple(entry.sources), effect=entry.urgency)


def _point_reasons(scored: list[Scored], known: Knowledge) -> list[Reason]:
    order = {name: index for index, name in enumerate(known.parts)}
    told = sorted(scored, key=lambda one: (order[one.part], -one.points, one.fact))
    return [
        Reason(one.fact, one.entry.label, one.entry.sentence, tuple(one.entry.sources), points=one.points)
        for one in told
        if one.points or one.part in ("trigger", "timing")
    ]


def _who_to_see(urgency: str, exclusions: Iterable[Excluded], known: Knowledge) -> str:
    """Whom this urgency sends to; somebody the tool is not made for may need another doctor."""
    own = [known.phrases.get(f"who_{excluded.id}_{urgency}") for excluded in exclusions]
    return next((phrase.text for phrase in own if phrase), known.levels[urgency].who_to_see)


def _imaging(case: Case, facts: Facts, known: Knowledge) -> list[ImagingAdvice]:
    """The pictures to ask for; none in an emergency, where the team chooses."""
    if case.urgency == _TOP:
        return []
    place = place_in_words(facts, known)
    fitting = [rule.entry for rule in known.rules.imaging if rule.when.holds(case)]
    return [
        ImagingAdvice(
            modality=entry.modality,
            site=entry.site.format(site=place),
            when=entry.informative,
            ask_for=entry.ask_for.format(site=place),
            sources=tuple(entry.sources),
        )
        for entry in fitting[:_MOST_IMAGING]
    ]


def _safety_net(case: Case, facts: Facts, known: Knowledge) -> Net:
    net = _net(case, known)
    unsure = [] if case.urgency == _TOP else [known.label(name) for name in _unknown_dangers(facts, known)]
    look_for = net.look_for
    if unsure:
        look_for += " " + known.phrases["not_sure"].text.format(labels=", ".join(unsure))
    return Net(net.uncertainty, look_for, net.get_help, net.how_long)


def _net(case: Case, known: Knowledge) -> SafetyNet:
    return next(rule.entry for rule in known.rules.safety_nets if rule.when.holds(case))


def _unknown_dangers(facts: Facts, known: Knowledge) -> list[str]:
    """Findings answered "don't know" that would make it an emergency if they were present."""
    unsure = sorted(name for name, value in facts.symptoms.items() if value == UNKNOWN)
    return [
        name
        for name in unsure
        if urgency_and_band(facts.with_symptom(name, PRESENT), known)[0] == "emergency"
    ]


def _exclusions(case: Case, known: Knowledge) -> Iterator[Excluded]:
    for rule in known.rules.exclusions:
        if rule.when.holds(case):
            entry = rule.entry
            sentence = _with_told(entry.sentence, rule.when, case, known)
            yield Excluded(entry.id, entry.label, sentence, tuple(entry.sources))


def _unrecognised(facts: Facts, known: Knowledge) -> list[str]:
    names = [*facts.symptoms, *facts.risk_factors]
    strange = {name for name in names if name not in known.names.findings}
    strange.update(kind for kind in facts.event_types() if kind not in known.triggers)
    strange.update(name for name in facts.unknown if name not in VALUE_FACTS)
    return sorted(strange | set(facts.unrecognised))


# -- what would change the advice --------------------------------------------------------------------
def _what_would_change(facts: Facts, case: Case, known: Knowledge) -> list[WhatIf]:
    """Single findings that, turned round, change urgency or band; the most telling first.

    Of those that lead the same way to the same urgency only the first few are kept: a person
    cannot watch for twenty signs. In an emergency nothing is said that could hold anybody back.
    """
    if case.urgency == _TOP:
        return []
    now = (case.urgency or _DEFAULT, case.band or "low")
    named = _named_levels(_net(case, known))
    turned = [
        what
        for name in _worth_turning(case, known)
        for what in _turned(name, facts, now, known)
        if _fits_net(what, facts, now, named)
    ]
    kept: list[WhatIf] = []
    count: Counter[tuple[str, str]] = Counter()
    for what in sorted(turned, key=lambda one: _telling(one, facts, now)):
        unsure = facts.assertion(what.fact) == UNKNOWN
        count[what.to, what.urgency] += not unsure
        if unsure or count[what.to, what.urgency] <= _MOST_OF_A_KIND:
            kept.append(what)
    return kept


def _named_levels(net: SafetyNet) -> dict[str, int]:
    return {name: _LEVEL[urgency] for urgency, names in net.named.items() for name in names}


def _fits_net(what: WhatIf, facts: Facts, now: tuple[str, str], named: dict[str, int]) -> bool:
    """Whether to name it: a sign that would come must not stand below what the safety net says of it."""
    level = _LEVEL[what.urgency]
    if what.to != PRESENT:
        return True
    if level == _LEVEL[now[0]]:
        # That a new sign of something else would make HO less likely is of no use to anybody.
        return BANDS.index(what.risk_band) > BANDS.index(now[1])
    if level < named.get(what.fact, 0):
        return False
    return level >= _LEAST_RAISED or facts.assertion(what.fact) == UNKNOWN


def _worth_turning(case: Case, known: Knowledge) -> Iterator[str]:
    """What was not sure; what is present, unless it is an event that cannot be undone; what may come."""
    deciding = known.rules.deciding
    yield from sorted(deciding & case.unknown)
    for name in sorted(deciding & case.present):
        finding = known.finding(name)
        if finding and not finding.implies_event and not finding.only_heard:
            yield name
    told = case.present | case.unknown
    yield from (rule.entry.id for rule in known.rules.watch if _may_come(rule, told, case))


def _may_come(rule: Rule[Watch], told: frozenset[str], case: Case) -> bool:
    return rule.entry.id not in told and rule.when.holds(case)


def _turned(name: str, facts: Facts, now: tuple[str, str], known: Knowledge) -> Iterator[WhatIf]:
    to = ABSENT if facts.has(name) else PRESENT
    changed = facts.with_symptom(name, to) if name in known.symptoms else facts.with_risk_factor(name, to)
    then = urgency_and_band(changed, known)
    if then != now:
        yield WhatIf(name, to, *then, _change_sentence(name, to, then, now, facts, known))


def _change_sentence(
    name: str, to: str, then: tuple[str, str], now: tuple[str, str], facts: Facts, known: Knowledge
) -> str:
    label, level = known.label(name), known.levels[then[0]]
    if facts.assertion(name) == UNKNOWN and then[0] != now[0]:
        return known.phrases["raise_if_yes"].text.format(label=label, advice=level.advice)
    if then[0] == now[0]:
        phrase = "would_raise_band" if to == PRESENT else "would_lower_band"
        return known.phrases[phrase].text.format(label=label, band=known.bands[then[1]].label)
    # What goes away speaks of the level that then no longer holds.
    template = level.raised if to == PRESENT else known.levels[now[0]].lowered
    return template.format(label=label)


def _telling(what: WhatIf, facts: Facts, now: tuple[str, str]) -> tuple[bool, bool, int]:
    """Sort key: unsure answers, then what is present, then how far it moves; the rest as it came."""
    moved = abs(_LEVEL[what.urgency] - _LEVEL[now[0]])
    return facts.assertion(what.fact) != UNKNOWN, what.to == PRESENT, -moved


__all__ = ["judge", "urgency_and_band"]
