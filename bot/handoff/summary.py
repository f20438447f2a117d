"""The facts and the verdict as chat messages. Words live in ``bot/clinical/knowledge``, none here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot.clinical.facts import PRESENT, Facts
from bot.clinical.knowledge_base import URGENCIES, Knowledge, knowledge
from bot.clinical.merge import Change
from bot.clinical.verdict import Verdict, WhatIf

from .letter import doctor_letter
from .words import Words, best_first, capital, fill

#: In the chat the strongest reasons do; ``why_lines`` gives all of them.
REASONS_SHOWN = 3
#: Denied findings that the ledger of a chat names one by one; its JSON holds all.
DENIED_SHOWN = 8
FLAGS_SHOWN = 3
OTHERS_SHOWN = 3
#: Signs to come back sooner for, in a chat; the card and the letter have all of them.
SIGNS_SHOWN = 5


# -- the facts -----------------------------------------------------------------------------------
def ledger_lines(facts: Facts, known: Knowledge | None = None) -> list[dict[str, str]]:
    """What was heard, a line a fact: ``{"fact": "swelling", "line": "Swelling: yes", "answer": "yes"}``.

    First the story (what, where, when, who), then what is present, what is not sure, what is denied.
    Facts that were never told have no line.
    """
    words = Words(known or knowledge())
    return [_line(words, fact, answer) for fact, answer in _answers(facts, words)]


def ledger_items(facts: Facts, known: Knowledge | None = None) -> list[dict[str, str]]:
    """The same with name and value apart: ``{"fact": "age", "label": "Age", "value": "44"}``.

    Of several events each has its own: ``event_type``, ``event_type.2`` and so on.
    """
    words = Words(known or knowledge())
    items = []
    for fact, answer in _answers(facts, words):
        if fact == "event_type" and len(facts.events) > 1:
            items += [(_numbered(n), words.event(event)) for n, event in enumerate(facts.events, 1)]
        else:
            items.append((fact, answer))
    return [{"fact": f, "label": words.fact(f.partition(".")[0]), "value": value} for f, value in items]


def is_told(facts: Facts, fact: str) -> bool:
    """Whether a fact has a numbered line of its own in the chat: all that is not denied and not open."""
    return facts.assertion(fact) in (None, PRESENT)


def item_line(item: Mapping[str, str], known: Knowledge | None = None) -> str:
    """One of ``ledger_items`` as a line: ``"Age: 44"``."""
    return Words(known or knowledge()).say("ledger_line", name=item["label"], answer=item["value"])


def _numbered(number: int) -> str:
    return "event_type" if number == 1 else f"event_type.{number}"


def ledger_text(facts: Facts, known: Knowledge | None = None) -> str:
    """What was heard, short enough to read in a chat.

    The story and what is present come a line each, numbered as in ``ledger_items`` so that a line can be
    named; then what is not sure, and of what was denied the danger signs that are asked for first.
    """
    words = Words(known or knowledge())
    findings = _findings(facts, words)
    numbered = [item for item in ledger_items(facts, words.knowledge) if is_told(facts, item["fact"])]
    lines = [
        words.say("ledger_numbered", n=str(n), line=item_line(item, words.knowledge))
        for n, item in enumerate(numbered, 1)
    ]
    for assertion in ("unknown", "absent"):
        held = [name for name, said in findings.items() if said == assertion]
        if held:
            names = _shortened(held, words) if assertion == "absent" else [words.fact(name) for name in held]
            lines.append("- " + words.say(f"ledger_{assertion}", names=", ".join(names)))
    return "\n".join(lines)


def _shortened(names: Sequence[str], words: Words) -> list[str]:
    asked = [name for question in words.knowledge.questions.values() for name in question.covers]
    first = sorted(names, key=lambda name: asked.index(name) if name in asked else len(asked))
    shown = [words.fact(name) for name in first[:DENIED_SHOWN]]
    rest = len(first) - len(shown)
    return [*shown, words.say("ledger_more", n=str(rest))] if rest else shown


def _line(words: Words, fact: str, answer: str) -> dict[str, str]:
    line = words.say("ledger_line", name=words.fact(fact), answer=answer)
    return {"fact": fact, "line": line, "answer": answer}


def _answers(facts: Facts, words: Words) -> Iterator[tuple[str, str]]:
    yield from _story(facts, words)
    findings = _findings(facts, words)
    for assertion in ("present", "unknown", "absent"):
        for name, held in findings.items():
            if held == assertion:
                yield name, words.answer(name, held)


def _findings(facts: Facts, words: Words) -> dict[str, str]:
    """Symptoms, then risk factors; without those that the name of a told event says already."""
    triggers = words.knowledge.triggers
    said = {name for kind in facts.event_types() if kind in triggers for name in triggers[kind].says}
    risks = {name: held for name, held in facts.risk_factors.items() if name not in said or held != PRESENT}
    return {**facts.symptoms, **risks}


def _story(facts: Facts, words: Words) -> Iterator[tuple[str, str]]:
    for fact in ("event_type", "body_site", "weeks_since_event", "age", "sex", "course"):
        value = words.events(facts) if fact == "event_type" else getattr(facts, fact)
        if fact in facts.unknown:
            yield fact, words.say("answer_unknown")
        elif value not in (None, ""):
            yield fact, value if fact == "event_type" else words.answer(fact, value)


def change_line(change: Change, known: Knowledge | None = None) -> str:
    """``"Age: 62 (before: 61)"``; without the old part when it was not known."""
    words = Words(known or knowledge())
    name, new = words.fact(change.fact.partition(".")[0]), words.answer(change.fact, change.new)
    if change.old is None:
        return words.say("ledger_line", name=name, answer=new)
    return words.say("ledger_change", name=name, new=new, old=words.answer(change.fact, change.old))


# -- the verdict -----------------------------------------------------------------------------------
def emergency_message(
    verdict: Verdict, number: str, someone_else: bool = False, known: Knowledge | None = None
) -> str:
    """What to do first, the number within the first 25 words, then what the danger sign may mean."""
    words = Words(known or knowledge(), someone_else)
    first = words.say("emergency", emergency_number=number or words.say("no_number"))
    says = [flag.say for flag in verdict.red_flags if flag.urgency == "emergency"]
    return " ".join([first, *(_filled(say, number, words) for say in says[:1])])


def chat_summary(
    verdict: Verdict,
    facts: Facts,
    number: str = "",
    someone_else: bool = False,
    known: Knowledge | None = None,
) -> list[str]:
    """The verdict as messages, most urgent first.

    How soon and whom to see; the HO risk band and why; the imaging to ask for; the safety net; what
    would change the advice; what this is not. In an emergency ``emergency_message`` goes before, and
    only why, whom to see, what to do meanwhile and what this is not are said: HO can wait.
    """
    words = Words(known or knowledge(), someone_else)
    if verdict.urgency == "emergency":
        parts = [_urgency(verdict, words), verdict.safety_net.look_for, words.say("disclaimer")]
    else:
        parts = _all_parts(verdict, facts, words)
    return [_filled(part, number, words) for part in parts]


def _all_parts(verdict: Verdict, facts: Facts, words: Words) -> list[str]:
    return [
        _urgency(verdict, words),
        _band(verdict, words),
        _imaging(verdict, words),
        _safety_net(verdict, words),
        _changes(verdict, words),
        _limits(verdict, facts, words),
    ]


def _urgency(verdict: Verdict, words: Words) -> str:
    return "\n".join([*_how_soon(verdict, words), *(excluded.sentence for excluded in verdict.exclusions)])


def _how_soon(verdict: Verdict, words: Words) -> Iterator[str]:
    who = words.say("who_to_see", who=verdict.who_to_see)
    if verdict.urgency == "emergency":
        labels = ", ".join(flag.label for flag in verdict.red_flags if flag.urgency == "emergency")
        yield from (words.say("emergency_why", labels=labels), who)
        return
    yield from (verdict.advice, who)
    yield from _listed("why_so_soon", _whys(verdict), words)


def _whys(verdict: Verdict) -> list[str]:
    """The danger signs, else the rule that set the urgency."""
    flags = [flag.say for flag in verdict.red_flags][:FLAGS_SHOWN]
    return flags or [reason.sentence for reason in verdict.reasons if reason.effect][:1]


def _band(verdict: Verdict, words: Words) -> str:
    label = _band_label(verdict.risk_band, words)
    lines = [words.say("band", band=label, sentence=verdict.band_sentence)]
    if verdict.red_flags:
        lines.append(words.say("band_after_danger"))
    counted = sorted((r for r in verdict.reasons if r.points), key=lambda reason: -abs(reason.points or 0))
    reasons = _listed("reasons", _cited(counted[:REASONS_SHOWN], words), words)
    return "\n".join([*lines, *(reasons or [words.say("no_reasons")])])


def _imaging(verdict: Verdict, words: Words) -> str:
    asked = [_cite(f"{one.ask_for} {one.when}", one.sources, words) for one in verdict.imaging]
    return "\n".join(_listed("imaging", asked, words) or [words.say("no_imaging")])


def _safety_net(verdict: Verdict, words: Words) -> str:
    net = verdict.safety_net
    return "\n".join([words.say("safety_net"), net.look_for, net.get_help, net.how_long, net.uncertainty])


def _changes(verdict: Verdict, words: Words, most: int = SIGNS_SHOWN) -> str:
    lines = [*_listed("what_would_change", _lowering(verdict), words), *_raising(verdict, words, most)]
    none = "emergency_stands" if verdict.urgency == "emergency" else "nothing_would_change"
    return "\n".join(lines or [words.say(none)])


def _lowering(verdict: Verdict) -> list[str]:
    """What would lower the advice, or move the risk band alone; in the verdict's own words."""
    raised = _raised(verdict)
    return [change.sentence for change in verdict.what_would_change if change not in raised][:OTHERS_SHOWN]


def _raising(verdict: Verdict, words: Words, most: int) -> Iterator[str]:
    """For an emergency and for the same day a list of the signs that lead there; ``most`` at most."""
    raised = _raised(verdict)
    levels = ("emergency", "same_day")
    labels = {one: [words.knowledge.label(w.fact) for w in raised if w.urgency == one] for one in levels}
    today = min(len(labels["same_day"]), most // 2)
    shown = {"emergency": labels["emergency"][: most - today]}
    shown["same_day"] = labels["same_day"][: most - len(shown["emergency"])]
    for urgency in levels:
        yield from _listed(f"raised_to_{urgency}", [f"{capital(one)}." for one in shown[urgency]], words)
    if sum(map(len, shown.values())) < sum(map(len, labels.values())):
        yield words.say("more_signs")


def _raised(verdict: Verdict) -> list[WhatIf]:
    now = URGENCIES.index(verdict.urgency)
    return [one for one in verdict.what_would_change if URGENCIES.index(one.urgency) > now]


def _limits(verdict: Verdict, facts: Facts, words: Words) -> str:
    lines = [words.say("disclaimer")]
    if not facts.events or not facts.symptoms:
        lines.append(words.say("little_told"))
    if verdict.unrecognised:
        names = ", ".join(name.replace("_", " ") for name in verdict.unrecognised)
        lines.append(words.say("unrecognised", names=names))
    return "\n".join(lines)


# -- asked after the verdict -------------------------------------------------------------------------
def cited_sources(verdict: Verdict, known: Knowledge | None = None) -> list[dict[str, str]]:
    """The sources of all that the verdict says: ``{"id": "S7", "title": ..., "url": ...}``, best first."""
    held = known or knowledge()
    sources = held.sources
    parts: tuple[Any, ...] = (*verdict.red_flags, *verdict.exclusions, *verdict.reasons, *verdict.imaging)
    parts += (verdict.timeline,) if verdict.timeline else ()
    names = {name for part in parts for name in part.sources} & set(sources)
    return [
        {"id": name, "title": sources[name].title, "url": sources[name].url or ""}
        for name in best_first(sorted(names, key=lambda one: (len(one), one)), held)
    ]


def why_lines(verdict: Verdict, known: Knowledge | None = None) -> list[str]:
    """Every reason with its sources, as messages: danger signs, what counts for HO, the rules' version."""
    words = Words(known or knowledge())
    messages = []
    if verdict.red_flags:
        flags = _cited_as(((flag.say, flag.sources) for flag in verdict.red_flags), words)
        messages.append("\n".join(_listed("why_danger", flags, words)))
    reasons = _listed("why_risk", _cited(verdict.reasons, words), words)
    messages.append("\n".join(reasons or [words.say("no_reasons")]))
    messages.append(words.say("why_rules", version=verdict.rules_version))
    return messages


def lookalike_lines(name: str, facts: Facts, known: Knowledge | None = None) -> list[str]:
    """Why this and not the look-alike ``name``: what was told that fits it, what does not, what is open.

    Raises KeyError for a look-alike that lookalikes.yml does not have.
    """
    words = Words(known or knowledge())
    entry = words.knowledge.lookalikes[name]
    lines = [words.say("rival_cannot", name=entry.label, text=entry.text)]
    for saying, told in (("present", ("present",)), ("absent", ("absent",)), ("open", (None, "unknown"))):
        signs = [words.knowledge.label(sign) for sign in entry.signs if facts.assertion(sign) in told]
        if signs:
            lines.append(words.say(f"rival_{saying}", names=", ".join(signs)))
    return lines


def what_would_change_lines(verdict: Verdict, known: Knowledge | None = None) -> list[str]:
    """The single facts that would move the advice, as one message."""
    return [_changes(verdict, Words(known or knowledge()), most=len(verdict.what_would_change))]


def change_summary(
    old: Verdict,
    new: Verdict,
    changes: Sequence[Change],
    supposed: bool = False,
    known: Knowledge | None = None,
) -> str:
    """What changed in the facts, whether the advice and the risk band move, and why.

    ``supposed`` words it as a what-if: the facts were not changed.
    """
    words = Words(known or knowledge())
    told = "; ".join(change_line(change, words.knowledge) for change in changes)
    parts = [words.say("supposed" if supposed else "changed", changes=told)]
    parts += _moved_urgency(old, new, words, supposed)
    if old.risk_band != new.risk_band:
        bands = (_band_label(verdict.risk_band, words) for verdict in (old, new))
        parts.append(_move(words, "band_would_move" if supposed else "band_moves", bands))
    if supposed:
        parts.append(words.say("not_changed"))
    return " ".join(parts)


def still_emergency(changes: Sequence[Change], number: str, known: Knowledge | None = None) -> str:
    """One line for what is told after an emergency: noted, and that help is still to be called."""
    words = Words(known or knowledge())
    told = "; ".join(change_line(change, words.knowledge) for change in changes)
    parts = [words.say("changed", changes=told)] if told else []
    return " ".join([*parts, words.say("still_emergency", emergency_number=number or words.say("no_number"))])


def supposed_so_far(
    old: Verdict, new: Verdict, changes: Sequence[Change], known: Knowledge | None = None
) -> str:
    """What a what-if would mean while questions are open: the danger that it adds, no whole advice yet."""
    words = Words(known or knowledge())
    told = "; ".join(change_line(change, words.knowledge) for change in changes)
    added = _missing_in(old.red_flags, [flag for flag in new.red_flags if flag.urgency == new.urgency])
    parts = [words.say("supposed", changes=told), *(flag.say for flag in added[:1])]
    if URGENCIES.index(new.urgency) < URGENCIES.index("same_day"):
        parts.append(words.say("so_far_not_urgent"))
    else:
        saying = "so_far_stays" if old.urgency == new.urgency else "so_far"
        parts.append(words.say(saying, advice=words.knowledge.levels[new.urgency].advice))
    return " ".join([*parts, words.say("not_changed")])


def _moved_urgency(old: Verdict, new: Verdict, words: Words, supposed: bool) -> Iterator[str]:
    labels = [words.knowledge.levels[verdict.urgency].label for verdict in (old, new)]
    if old.urgency == new.urgency:
        yield words.say("would_stay" if supposed else "stays", urgency=labels[1])
        return
    yield _move(words, "would_move" if supposed else "moves", labels)
    why = _why_moved(old, new, words)
    if why:
        yield why


def _move(words: Words, saying: str, labels: Iterable[str]) -> str:
    before, after = labels
    return words.say(saying, old=before, new=after)


def _why_moved(old: Verdict, new: Verdict, words: Words) -> str | None:
    """What raised the advice; when it went down, what no longer holds it up, else what speaks for less."""
    higher = URGENCIES.index(new.urgency) > URGENCIES.index(old.urgency)
    added = _missing_in(_setting(old), _setting(new))
    gone = _missing_in(_setting(new), _setting(old))
    if gone and not higher:
        return words.say("moves_without", what=", ".join(one.label for one in gone))
    if added:
        return words.say("moves_because", why=getattr(added[0], "say", None) or added[0].sentence)
    return None


def _setting(verdict: Verdict) -> list[Any]:
    """The danger signs and rules that set the urgency of this verdict."""
    flags = [flag for flag in verdict.red_flags if flag.urgency == verdict.urgency]
    return [*flags, *(reason for reason in verdict.reasons if reason.effect == verdict.urgency)]


def _missing_in(others: Sequence[Any], these: Sequence[Any]) -> list[Any]:
    held = {other.label for other in others}
    return [one for one in these if one.label not in held]


# -- small parts ---------------------------------------------------------------------------------------
def _filled(text: str, number: str, words: Words) -> str:
    number = number or words.say("no_number")
    return "\n".join(fill(line, emergency_number=number) for line in text.split("\n"))


def _band_label(band: str, words: Words) -> str:
    return words.knowledge.bands[band].label


def _listed(title: str, items: Sequence[str], words: Words) -> list[str]:
    """A title and its items, a line each; nothing when there are none."""
    return [words.say(title), *(words.say("item", text=item) for item in items)] if items else []


def _cited(reasons: Iterable[Any], words: Words) -> list[str]:
    return _cited_as(((reason.sentence, reason.sources) for reason in reasons), words)


def _cited_as(pairs: Iterable[tuple[str, Sequence[str]]], words: Words) -> list[str]:
    return [_cite(text, sources, words) for text, sources in pairs]


def _cite(text: str, sources: Sequence[str], words: Words) -> str:
    return words.say("cited", text=capital(text), sources=", ".join(sources)) if sources else capital(text)


__all__ = [
    "change_line",
    "change_summary",
    "chat_summary",
    "doctor_letter",
    "emergency_message",
    "is_told",
    "item_line",
    "ledger_items",
    "ledger_lines",
    "lookalike_lines",
    "still_emergency",
    "supposed_so_far",
    "what_would_change_lines",
    "why_lines",
]
