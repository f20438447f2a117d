"""Which question next, and in which words: pure functions of the facts, without Rasa.

A question is worth asking while its answer could change the verdict: by itself, or together with
the answers to the other open questions. When no answer could, the interview is over.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from .cases import prepare
from .conditions import BANDS, URGENCIES
from .facts import ABSENT, PRESENT, UNKNOWN, VALUE_FACTS, Event, Facts
from .judge import urgency_and_band
from .knowledge_base import Knowledge, Option, Question
from .knowledge_base import knowledge as shipped

#: A question is put at most twice, the second time in other words.
MAX_ASKED = 2
#: An interview has at most twenty questions (design, section 3).
MAX_QUESTIONS = 20

#: Sections of questions.yml, by the step of the interview that they belong to.
_STEPS = {"story": 1, "red_flags": 1, "event": 2, "symptoms": 3, "risk": 4, "person": 4}
#: What is asked even when a same-day danger sign has fired: whom to see hangs on it.
_ALWAYS_WANTED = ("event_type", "weeks_since_event", "age")
#: Asked whenever it is missing: without it we cannot tell which other questions make sense.
_STORY = ("event_type", "body_site", "age")
#: Class of the trigger events after which a person may feel no pain.
_NUMB_CLASS = "neuro"


class _Rank(NamedTuple):
    """A verdict as two numbers that can be compared: urgency before risk band."""

    urgency: int
    band: int


# -- choosing ----------------------------------------------------------------------------------
def next_question(
    facts: Facts,
    asked: Mapping[str, int],
    knowledge: Knowledge | None = None,
    only_red_flags: bool = False,
) -> Question | None:
    """The missing fact that could change the verdict most, or None when no answer could.

    ``asked`` maps a lead fact to how often it was asked. Danger signs come first, in the order of
    questions.yml, then what happened and where, then the rest by how far it could move the verdict.
    ``only_red_flags`` stops after the danger signs. A fact that is known, or was answered "don't
    know", is never asked for, a lead fact never more than twice, and no more than twenty questions
    are put.
    """
    known = knowledge or shipped()
    now = _rank(facts, known)
    if sum(asked.values()) >= MAX_QUESTIONS or now.urgency == _LEVEL["emergency"]:
        return None
    pending = _pending(facts, asked, known)
    screen = [question for question in pending if question.section == "red_flags"]
    if now.urgency == _LEVEL["same_day"]:
        return _after_same_day(screen if only_red_flags else pending, facts, known)
    first = next((question for question in screen if _gain(question, facts, known, now) > _NO_GAIN), None)
    if first is not None or only_red_flags:
        return first
    story = next((question for question in pending if question.fact in _STORY), None)
    if story is not None:
        return story
    return _most_telling(pending, facts, known, now) or _together(pending, facts, known, now)


def _after_same_day(pending: Sequence[Question], facts: Facts, known: Knowledge) -> Question | None:
    """A same-day danger sign has fired: only what may lift it to an emergency, and the bare event."""
    for question in pending:
        if question.fact in _ALWAYS_WANTED:
            return question
        if any(_rank(flip, known).urgency == _LEVEL["emergency"] for flip in _flips(question, facts, known)):
            return question
    return None


def _most_telling(pending: Sequence[Question], facts: Facts, known: Knowledge, now: _Rank) -> Question | None:
    gains = [(_gain(question, facts, known, now), question) for question in pending]
    # max() keeps the first of equals, so the order of questions.yml decides between them.
    best, question = max(gains, key=lambda pair: pair[0], default=(_NO_GAIN, None))
    return question if best > _NO_GAIN else None


def _gain(question: Question, facts: Facts, known: Knowledge, now: _Rank) -> tuple[int, int]:
    """How far one answer could move the verdict: steps of urgency, then steps of the risk band."""
    ranks = [_rank(flip, known) for flip in _flips(question, facts, known)]
    moved = [(abs(rank.urgency - now.urgency), abs(rank.band - now.band)) for rank in ranks]
    return max(moved, default=_NO_GAIN)


def _together(pending: Sequence[Question], facts: Facts, known: Knowledge, now: _Rank) -> Question | None:
    """A question to ask when no single answer moves the verdict but several together would.

    The open questions are given their worst answers one after the other. If the verdict moves,
    a question without whose answer it would not have moved is best: a "no" there ends the
    interview. Else the one that tipped it.
    """
    worst, tipped = facts, None
    for question in pending:
        worst = max(_flips(question, worst, known), key=lambda flip: _rank(flip, known), default=worst)
        if tipped is None and _rank(worst, known) > now:
            tipped = question
    if tipped is None:
        return None
    needed = (
        question for question in pending if _rank(_without(question, worst, facts, known), known) == now
    )
    return next(needed, tipped)


def _without(question: Question, worst: Facts, facts: Facts, known: Knowledge) -> Facts:
    if question.fact in VALUE_FACTS:
        name = "events" if question.fact == "event_type" else question.fact
        return replace(worst, unknown=facts.unknown, **{name: getattr(facts, name)})
    return _asserted(worst, [name for name in question.covers if is_missing(name, facts)], ABSENT, known)


def _pending(facts: Facts, asked: Mapping[str, int], known: Knowledge) -> list[Question]:
    case = prepare(facts, known)
    return [
        question
        for name, question in known.questions.items()
        if asked.get(question.fact, 0) < MAX_ASKED
        and is_missing(question.fact, facts)
        and known.rules.questions[name].holds(case)
    ]


def is_missing(fact: str, facts: Facts) -> bool:
    """True when ``fact`` is neither known nor answered "don't know"."""
    if fact in facts.unknown:
        return False
    if fact == "event_type":
        return not facts.events
    if fact == "weeks_since_event" and facts.events and facts.events[0].weeks is not None:
        return False
    if fact in VALUE_FACTS:
        return getattr(facts, fact) is None
    return facts.assertion(fact) is None


def _flips(question: Question, facts: Facts, known: Knowledge) -> Iterator[Facts]:
    """The facts after each answer that the question could get."""
    if question.fact in VALUE_FACTS:
        yield from (answered_with_option(question, option.title, facts, known) for option in question.options)
        return
    missing = [name for name in question.covers if is_missing(name, facts)]
    yield _asserted(facts, missing, PRESENT, known)
    yield _asserted(facts, missing, ABSENT, known)
    if len(missing) > 1:
        yield from (_asserted(facts, [name], PRESENT, known) for name in missing)


def _rank(facts: Facts, known: Knowledge) -> _Rank:
    urgency, band = urgency_and_band(facts, known)
    return _Rank(_LEVEL[urgency], _BAND[band])


# -- taking an answer --------------------------------------------------------------------------
def answered(question: Question, answer: str, facts: Facts, knowledge: Knowledge | None = None) -> Facts:
    """The facts after a plain answer: ``yes``, ``no``, ``none`` or ``unknown``.

    "Yes" sets the lead fact. "No" and "none of these" deny all that the question covers and that
    is not present already. "Don't know" marks the lead and all that is not known yet. A question
    for a value (age, place ...) takes no yes or no: the facts come back as they were.
    Raises ValueError for another answer.
    """
    known = knowledge or shipped()
    if answer == "unknown":
        return _asserted(facts, [name for name in question.covers if is_missing(name, facts)], UNKNOWN, known)
    if question.fact in VALUE_FACTS:
        return facts
    if answer == "yes":
        return _asserted(facts, [question.fact], PRESENT, known)
    if answer in ("no", "none"):
        return _asserted(facts, [name for name in question.covers if not facts.has(name)], ABSENT, known)
    raise ValueError(f"answer {answer!r}: expected yes, no, none or unknown")


def answered_with_option(
    question: Question, choice: str | int, facts: Facts, knowledge: Knowledge | None = None
) -> Facts:
    """The facts after a button, by its title or index.

    A button of a several-choice question that leaves the lead fact open marks it as unknown: one
    press says one thing, and the question was put.
    Raises ValueError when the question has no such button.
    """
    known = knowledge or shipped()
    for name, value in _option(question, choice).sets.items():
        held_back = value in (ABSENT, UNKNOWN) and facts.has(name)
        if not held_back:
            facts = _set(facts, name, value, known)
    if is_missing(question.fact, facts):
        return _set(facts, question.fact, UNKNOWN, known)
    return facts


def _option(question: Question, choice: str | int) -> Option:
    options = question.options
    if isinstance(choice, int) and 0 <= choice < len(options):
        return options[choice]
    for option in options:
        if option.title.casefold() == str(choice).strip().casefold():
            return option
    raise ValueError(f"{question.id}: no button {choice!r}; it has {', '.join(o.title for o in options)}")


def _asserted(facts: Facts, names: Sequence[str], assertion: str, known: Knowledge) -> Facts:
    for name in names:
        facts = _set(facts, name, assertion, known)
    return facts


def _set(facts: Facts, name: str, value: Any, known: Knowledge) -> Facts:
    if name in VALUE_FACTS:
        return _with_value(facts, name, value)
    if name in known.risk_factors:
        return facts.with_risk_factor(name, value)
    return facts.with_symptom(name, value)


def _with_value(facts: Facts, name: str, value: Any) -> Facts:
    if value == UNKNOWN:
        return replace(facts, unknown=facts.unknown | {name})
    unknown = facts.unknown - {name}
    if name == "event_type":
        return replace(facts, events=(Event(value),), unknown=unknown)
    return replace(facts, unknown=unknown, **{name: value})


# -- the words ---------------------------------------------------------------------------------
def worded(
    question: Question,
    facts: Facts,
    style: str = "first",
    someone_else: bool = False,
    knowledge: Knowledge | None = None,
) -> str:
    """The text of a question: ``first`` asking, ``again`` after a digression, ``simple`` for repair.

    Whoever may feel no pain is asked for what can be seen, and a man is not asked what only a woman can
    have, where the question has such words.
    """
    if style not in ("first", "again", "simple"):
        raise ValueError(f"style {style!r}: expected first, again or simple")
    who = "other" if someone_else else "self"
    wording = question.text if style == "first" else getattr(question, style)
    numb = getattr(wording, f"numb_{who}") if _may_be_numb(facts, knowledge or shipped()) else None
    male = getattr(wording, f"male_{who}") if facts.sex == "male" else None
    return str(numb or male or getattr(wording, who))


def offered(question: Question, facts: Facts) -> list[tuple[int, Option]]:
    """The buttons that make sense for this person, with their numbers."""
    numbered = enumerate(question.options)
    return [(number, one) for number, one in numbered if one.not_for is None or one.not_for != facts.sex]


def _may_be_numb(facts: Facts, known: Knowledge) -> bool:
    return _NUMB_CLASS in prepare(facts, known).classes


def progress(question: Question, asked: Container[str] = ()) -> tuple[int, int]:
    """(step, steps) of the interview, for example ``(2, 4)``.

    ``asked`` are the lead facts that were asked for: a late question about a danger sign is no step back.
    """
    been = (_STEPS[one.section] for one in shipped().questions.values() if one.fact in asked)
    return max(_STEPS[question.section], *been, 0), max(_STEPS.values())


_LEVEL = {name: level for level, name in enumerate(URGENCIES)}
_BAND = {name: level for level, name in enumerate(BANDS)}
_NO_GAIN = (0, 0)
