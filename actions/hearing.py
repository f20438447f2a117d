"""A message taken into the state: what it tells, and what it answers of the open question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.clinical.dependence import without_dependents
from bot.clinical.facts import ABSENT, PRESENT, UNKNOWN, VALUE_FACTS, Facts
from bot.clinical.interview import answered, answered_with_option, is_missing
from bot.clinical.judge import judge
from bot.clinical.knowledge_base import Question, knowledge
from bot.clinical.mentions import Mention
from bot.clinical.merge import Change, merge
from bot.handoff.summary import ledger_items

from .changing import close_change, is_doubt, keeps_answer, open_change, put_blank, put_together
from .message import Message
from .questions import question_for, signs_offered
from .state import CONFLICT, LEDGER, State, mirrored

#: Mentions whose kind is not the name of the fact that they tell.
_VALUE_OF = {"event": "event_type"}
#: The finding that "it was a false alarm" denies, whatever the alarm was.
_ALARM = "emergency_words"
#: Someone whose case it is not the writer's own.
_SELF = "self"
_SOMEONE_ELSE = "someone_else"
_IF_ASKED = "if_asked"
_IF_PLACED = "if_placed"
_SIDES = ("left", "right", "both")
_TWO = 2
_FEW_WORDS = 4
#: A bare number is an age only in this range; a smaller one may count anything.
_AGES = range(13, 111)
#: Words that show somebody's sex by the way: they tell nothing that the person wanted to say.
_PRONOUNS = frozenset({"he", "she", "him", "his", "her", "hers"})
#: facts that hold a value -> the kind of the mentions that tell it
_TOLD_AS = {"event_type": "event"}
#: Intents that answer "which is right?"; any other leaves it open.
_SETTLES = {
    "affirm", "deny", "none_of_these", "dont_know", "skip", "answer", "inform", "correct", "nlu_fallback", "",
}  # fmt: skip
#: Messages whose times are not those of the case: "remind me in two weeks".
_ABOUT_LATER = ("set_reminder", "stop_reminders")
#: The buttons of a contradiction, in their order.
CONFLICT_ANSWERS = (PRESENT, ABSENT)


@dataclass(frozen=True)
class Heard:
    """What one message brought. ``followed`` is false when nothing of it could be used."""

    changes: tuple[Change, ...] = ()
    conflicts: tuple[Change, ...] = ()
    turned: bool = False  # the message says that the case is somebody else's, or the writer's own
    reassigned: bool = False  # ... after other things were told: are these about the same person?
    followed: bool = False
    dead_button: bool = False  # a button that no question has
    title: bool = False  # the title of a button of the open question, typed
    kept: bool = False  # a contradiction was asked about, and the present fact stays
    asks_change: bool = False  # a line of the ledger was chosen: its question is open now
    changed: bool = False  # the answer that was to be put right is given, or stays as it was
    answered: bool = False  # the open question is answered; else what was told stands beside it


def hear(state: State, message: Message) -> Heard:
    """Take ``message`` into ``state`` (changed in place) once; hearing it again changes nothing."""
    if state.progress.heard == message.id:
        return Heard(followed=True)
    state.progress.heard = message.id
    if open_change(state, message):
        return Heard(followed=True, asks_change=True)
    before = state.facts
    settled = _settle(state, message)
    question = state.question
    is_title = question is not None and bool(_titles_typed(question, message.text))
    changed = _take_change(state, message, is_title)
    # The title of a button, typed, means what the button means and no more.
    merged = merge(state.facts, [] if is_title else _of_the_case(state, message))
    state.facts = _without_alarm(merged.facts, state, message)
    state.progress.conflicts += [change.fact for change in merged.conflicts]
    turned = _hear_about_whom(state, message)
    option = not changed and _take_option(state, message)
    answer = changed or option or _take_answer(state, message)
    state.facts = without_dependents(before, state.facts)
    changes = _all_changes(before, state.facts, merged.changes)
    told = [change for change in changes if change.text.casefold() not in _PRONOUNS]
    repeats = _repeats(before, message)
    followed = bool(settled or told or merged.conflicts or turned or answer or repeats)
    if followed and not answer:
        state.progress.not_followed += [str(words) for words in message.values("not_understood")]
    return Heard(
        changes=changes,
        conflicts=merged.conflicts,
        turned=turned,
        reassigned=turned and before != Facts(),
        followed=followed,
        dead_button=message.intent == "answer" and not (option or settled or changed),
        title=is_title,
        kept=settled in (PRESENT, UNKNOWN),
        changed=changed,
        answered=bool(answer),
    )


def _all_changes(before: Facts, after: Facts, told: Sequence[Change]) -> tuple[Change, ...]:
    """``told`` has the words of what was named in the message; the rest is what the answer meant."""
    held = [told_of for facts in (before, after) for told_of in (*facts.symptoms, *facts.risk_factors)]
    names = {*held, *VALUE_FACTS} - {change.fact for change in told}
    meant = (Change(name, *_old_and_new(before, after, name)) for name in sorted(names))
    return (*told, *(change for change in meant if change.old != change.new))


def _old_and_new(before: Facts, after: Facts, name: str) -> tuple[Any, Any]:
    if name != "event_type" or before.events == after.events:
        return mirrored(before, name), mirrored(after, name)
    gone = (event.type for event in before.events if event not in after.events)
    come = (event.type for event in after.events if event not in before.events)
    return next(gone, None), next(come, None)


def _without_alarm(facts: Facts, state: State, message: Message) -> Facts:
    """ "It was a false alarm", without naming the sign: what raised it is blank, and asked again."""
    told = {mention.value for mention in message.mentions if mention.assertion == PRESENT}
    if not any(m.value == _ALARM and m.assertion == ABSENT for m in message.mentions):
        return facts
    for name in [name for name, assertion in state.facts.symptoms.items() if assertion == PRESENT]:
        if name not in told and judge(Facts().with_symptom(name, PRESENT)).urgency == "emergency":
            facts = facts.with_symptom(name, None) if facts.has(name) else facts
            state.progress.asked = {f: n for f, n in state.progress.asked.items() if not _asks_for(f, name)}
    return facts


def _asks_for(fact: str, name: str) -> bool:
    question = question_for(fact)
    return question is not None and name in question.covers


# -- an answer put right ---------------------------------------------------------------------------
def _take_change(state: State, message: Message, is_title: bool) -> bool:
    """Whether the answer that is being put right was given, or is to stay as it was; doubt keeps it too."""
    question, told = state.question, state.facts
    if question is None or not state.is_changing:
        return False
    fact = state.progress.changing
    if keeps_answer(message):
        close_change(state)
        return True
    heard = [] if is_title else _of_the_case(state, message)
    about = [m for m in heard if question.fact in (m.kind, m.value, _VALUE_OF.get(m.kind))]
    state.facts = merge(put_blank(told, fact), [replace(m, correction=True) for m in about]).facts
    answered_it = _take_option(state, message) or _take_answer(state, message)
    if not (answered_it or about) or is_missing(question.fact, state.facts):
        state.facts = told
        return False
    state.facts = told if is_doubt(told, state.facts, fact) else put_together(told, state.facts, fact)
    close_change(state)
    return True


# -- what is told ---------------------------------------------------------------------------------
def _of_the_case(state: State, message: Message) -> list[Mention]:
    """The mentions that may change the case, a side said alone read with the place that is known."""
    told = [m for m in message.mentions if _GUARDS.get(m.kind, _always)(state, message, m)]
    told += _meant_here(state, message)
    told += _said_alone(state, message)
    side = message.values("side")
    if side and not message.values("body_site") and _takes_side(state, message):
        told.append(_sided(str(side[0]), state))
    return told


def _meant_here(state: State, message: Message) -> list[Mention]:
    """Words that name a finding only because the open question asked about it ("icy", "C5").

    They never overrule what was said outright, and never deny what is known to be present.
    """
    question = state.question
    outright = {mention.value for mention in message.mentions if mention.kind != _IF_ASKED}
    if question is not None and question.fact in VALUE_FACTS:
        return _value_meant(question, message)
    asked = set(question.covers) - outright if question else set()
    meant = [m for m in message.mentions if m.kind == _IF_ASKED and m.value in asked]
    return [
        Mention(_kind(str(m.value)), m.value, m.assertion, m.text, m.start, m.end)
        for m in meant
        if m.assertion == PRESENT or not state.facts.has(str(m.value))
    ]


def _said_alone(state: State, message: Message) -> list[Mention]:
    """What a message of one or two words can only mean: "71", "replaced" of a hip that was named before."""
    if state.question is not None and state.question.kind == "number":
        return []
    return [*_age_alone(state, message), *_event_alone(state, message), *_course_alone(state, message)]


def _age_alone(state: State, message: Message) -> list[Mention]:
    """A bare number, where the age is missing and no line of the list is asked for."""
    lines = len(ledger_items(state.facts)) if state.open_question == LEDGER else 0
    alone = [m for m in message.mentions if m.kind == "number" and m.text == message.text.strip(" .!")]
    if state.facts.age is not None or state.is_changing:
        return []
    return [replace(m, kind="age") for m in alone if float(m.value) in _AGES and float(m.value) > lines]


def _course_alone(state: State, message: Message) -> list[Mention]:
    """ "Worse I think", said to another question, where the words answer nothing else."""
    asked = state.question.covers if state.question else []
    meant = [str(m.value) for m in message.mentions if m.kind == _IF_ASKED]
    known = state.facts.course is not None or message.answer or any(name in asked for name in meant)
    if known or state.question is None or len(message.text.split()) > _FEW_WORDS:
        return []
    courses = [value.partition("=") for value in meant if value.startswith("course=")]
    return [Mention("course", value) for _, _, value in courses if state.question.fact != "course"][-1:]


def _event_alone(state: State, message: Message) -> list[Mention]:
    """The event that the words mean at the place that was told; nothing where an event is known."""
    place = [str(m.value) for m in message.mentions if m.kind == "body_site"] or [state.facts.body_site or ""]
    if state.facts.events or message.values("event"):
        return []
    meant = [str(m.value).partition("=") for m in message.mentions if m.kind == _IF_PLACED]
    return [Mention("event", event) for where, _, event in meant if where in place[0]][:1]


def _value_meant(question: Question, message: Message) -> list[Mention]:
    """ "worse", asked how it is going; nothing where the message tells such a value outright."""
    kind = _TOLD_AS.get(question.fact, question.fact)
    if message.values(kind) or message.answer == "unknown":
        return []
    said = [str(v).partition("=") for v in message.values(_IF_ASKED)]
    return [Mention(kind, value, correction=True) for fact, _, value in said if fact == question.fact][-1:]


def _may_move(state: State, message: Message, mention: Mention) -> bool:
    """Whether a place is that of the case: a calf that swells does not move a hip replacement."""
    known = state.facts.body_site
    return (
        known is None
        or known in str(mention.value)
        or (mention.correction and not _is_part_of_a_sign(mention, message))
        or message.intent == "correct"
        or state.open_question == "body_site"
        or bool(message.values("event"))
    )


def _may_retime(state: State, message: Message, mention: Mention) -> bool:
    """Whether a time is that of the event: "I had a fever yesterday" does not make it a day ago."""
    asked = state.question
    return message.intent not in _ABOUT_LATER and (
        state.facts.weeks_since_event is None
        or mention.correction
        or message.intent == "correct"
        or state.open_question == "weeks_since_event"
        or bool(message.values("event"))
        or (asked is None and not message.values("symptom"))
    )


def _always(state: State, message: Message, mention: Mention) -> bool:
    return True


#: What a message may tell by the way, and must not change for that.
_GUARDS = {"body_site": _may_move, "weeks_since_event": _may_retime}


def _is_part_of_a_sign(place: Mention, message: Message) -> bool:
    """The chest of "chest pain" is no place where the case could be instead."""
    signs = (mention for mention in message.mentions if mention.kind == "symptom")
    return any(sign.start < place.end and place.start < sign.end for sign in signs)


def _takes_side(state: State, message: Message) -> bool:
    known = state.facts.body_site
    corrects = message.intent == "correct" or any(m.correction for m in message.mentions)
    return state.open_question == "body_site" or bool(known and (corrects or not known.startswith(_SIDES)))


def _sided(side: str, state: State) -> Mention:
    place = [word for word in (state.facts.body_site or "").split() if word not in _SIDES]
    return Mention("body_site", " ".join([side, *place]), correction=True)


def _hear_about_whom(state: State, message: Message) -> bool:
    """Whether the message says whose case it is; the wording of the questions follows."""
    about = message.values("about") or ([_SOMEONE_ELSE] if message.intent == _SOMEONE_ELSE else [])
    if not about:
        return False
    someone_else = about[-1] != _SELF
    turned = someone_else != state.progress.someone_else
    state.progress.someone_else = someone_else
    return turned


def _repeats(known: Facts, message: Message) -> bool:
    """Told again what was known already: followed, though it changes nothing."""
    held = {*known.event_types(), known.body_site}
    return any(
        known.assertion(str(m.value)) == m.assertion or (m.kind in ("event", "body_site") and m.value in held)
        for m in message.mentions
        if m.kind in ("symptom", "risk_factor", "event", "body_site")
    )


# -- contradictions -------------------------------------------------------------------------------
def _settle(state: State, message: Message) -> str | None:
    """Take the answer to the contradiction that was asked about, and say which; without one it stays.

    "Don't know", or anything that is no answer, leaves the sign present: more care, not less.
    """
    conflicts = state.progress.conflicts
    was_asked = state.open_question == CONFLICT or state.complete
    if not (conflicts and was_asked and message.intent in _SETTLES):
        return None
    fact = conflicts.pop(0)
    assertion = _which(fact, message)
    if assertion in CONFLICT_ANSWERS:
        state.facts = merge(state.facts, [_finding(fact, assertion)]).facts
    return assertion


def _which(fact: str, message: Message) -> str:
    named = [mention.assertion for mention in message.mentions if mention.value == fact]
    if named:
        return named[-1]
    option = {f"{CONFLICT}:{number}": value for number, value in enumerate(CONFLICT_ANSWERS)}
    plain = {"yes": PRESENT, "no": ABSENT, "none": ABSENT}
    return option.get(message.option or "") or plain.get(message.answer or "") or UNKNOWN


def _finding(fact: str, assertion: str) -> Mention:
    return Mention(_kind(fact), fact, assertion, correction=True)


def _kind(fact: str) -> str:
    return "risk_factor" if fact in knowledge().risk_factors else "symptom"


# -- what is answered -----------------------------------------------------------------------------
def _take_option(state: State, message: Message) -> bool:
    """A tapped button answers the question it belongs to, even when another one is open by now."""
    fact, _, number = (message.option or "").rpartition(":")
    question = state.question if state.question and state.question.fact == fact else question_for(fact)
    if question is None or not number.isdecimal() or int(number) >= len(question.options):
        return False
    state.facts = answered_with_option(question, int(number), state.facts)
    return True


def _take_answer(state: State, message: Message) -> bool:
    """Read a short answer ("no", "6", "just the left one") against the open question."""
    question = state.question
    if question is None:
        return False
    facts = _read(question, message, state)
    if facts is None:
        return False
    state.facts = facts
    return True


def _read(question: Question, message: Message, state: State) -> Facts | None:
    facts = state.facts
    chosen = _titles_typed(question, message.text)
    if chosen:
        for number in chosen:
            facts = answered_with_option(question, number, facts)
        return facts
    by_place = _chosen(question, message)
    if by_place:
        for number in by_place:
            facts = answered_with_option(question, number, facts)
        return facts
    if any(mention.kind == question.fact for mention in message.mentions):
        return facts
    named = [mention for mention in message.mentions if mention.value in question.covers]
    if named:
        return _rest_of(question, named, message, facts)
    value = _value(question, message)
    if value is not None:
        return merge(facts, [value]).facts
    return _whole(question, message, facts)


def _rest_of(question: Question, named: list[Mention], message: Message, facts: Facts) -> Facts | None:
    """The facts when only some of what the question asks about was named; None: the rest stays open."""
    present = any(mention.assertion == PRESENT for mention in named)
    if message.said in ("no", "none", "unknown") or (message.said == "yes" and not present):
        return answered(question, message.said, facts)
    if facts.assertion(question.fact) is not None:
        return facts
    if present:
        # One sign named leaves the others unsaid, as one button does.
        return merge(facts, [_finding(question.fact, UNKNOWN)]).facts
    return None


def _whole(question: Question, message: Message, facts: Facts) -> Facts | None:
    """Yes, no, none or don't know; a yes to "where?" answers nothing, a no to "what happened?" does."""
    if message.answer is None or (message.answer == "yes" and message.only_agrees):
        return None
    nothing = [number for number, one in enumerate(question.options) if one.sets == {question.fact: "none"}]
    if nothing and message.answer in ("no", "none"):
        return answered_with_option(question, nothing[0], facts)
    after = answered(question, message.answer, facts)
    return None if after == facts and question.fact in VALUE_FACTS else after


def _titles_typed(question: Question, text: str) -> list[int]:
    """Numbers of the options whose titles were typed, or sent together by the page ("Fever, Chills")."""
    titles = {option.title.casefold(): number for number, option in enumerate(question.options)}
    if text.strip().casefold() in titles:
        return [titles[text.strip().casefold()]]
    parts = [part.strip(" .!").casefold() for part in text.split(",")]
    return [titles[part] for part in parts] if parts and all(part in titles for part in parts) else []


def _chosen(question: Question, message: Message) -> list[int]:
    """Numbers of the options that were named by their place ("the second", "both", "all of them")."""
    signs = signs_offered(question) if question.kind in ("several", "choice") else []
    picked: list[int] = []
    for place in message.values("choice"):
        if place == "all" or (place == "both" and len(signs) == _TWO):
            picked += signs if question.kind == "several" else []
        elif place == "last":
            picked += signs[-1:]
        elif str(place).isdecimal():
            picked += signs[int(place) - 1 : int(place)]
    return picked


def _value(question: Question, message: Message) -> Mention | None:
    """A bare number or a duration, as the value that the open question asks for."""
    numbers = message.values("number") or message.values("symptom_weeks")
    if question.kind == "number" and numbers:
        return Mention(question.fact, numbers[0], correction=True)
    return None


# -- taking back ----------------------------------------------------------------------------------
def undo_answer(state: State, fact: str) -> None:
    """Forget what the question of ``fact`` brought, so that it can be asked again."""
    question = question_for(fact)
    if question is None:
        return
    for name in {fact, *question.covers}:
        state.facts = put_blank(state.facts, name)
