"""A message taken into the state: what it tells, and what it answers of the open question."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bot.clinical.facts import Facts
from bot.clinical.interview import MAX_ASKED, answered, answered_with_option
from bot.clinical.knowledge_base import Question
from bot.clinical.mentions import Mention
from bot.clinical.merge import Change, merge

from .message import Message
from .questions import question_for
from .state import State

#: Someone whose case it is not the writer's own.
_SELF = "self"


@dataclass(frozen=True)
class Heard:
    """What one message brought. ``followed`` is false when nothing of it could be used."""

    changes: tuple[Change, ...] = ()
    conflicts: tuple[Change, ...] = ()
    turned: bool = False  # the message says that the case is somebody else's, or the writer's own
    followed: bool = False


def hear(state: State, message: Message) -> Heard:
    """Take ``message`` into ``state`` (changed in place) once; hearing it again changes nothing."""
    if state.progress.heard == message.id:
        return Heard(followed=True)
    state.progress.heard = message.id
    merged = merge(state.facts, message.mentions)
    state.facts = merged.facts
    turned = _hear_about_whom(state, message)
    option = _take_option(state, message)
    answer = option or _take_answer(state, message)
    followed = bool(merged.changes or merged.conflicts or turned or answer or _repeats(message))
    if followed and not answer:
        state.progress.not_followed += [str(words) for words in message.values("not_understood")]
    return Heard(merged.changes, merged.conflicts, turned, followed)


def _hear_about_whom(state: State, message: Message) -> bool:
    """Whether the message says whose case it is; the wording of the questions follows."""
    about = message.values("about")
    if not about:
        return False
    someone_else = about[-1] != _SELF
    turned = someone_else != state.progress.someone_else
    state.progress.someone_else = someone_else
    return turned


def _take_option(state: State, message: Message) -> bool:
    """A tapped button answers the question it belongs to, even when another one is open by now."""
    fact, _, number = (message.option or "").rpartition(":")
    question = question_for(fact)
    if question is None or not number.isdigit() or int(number) >= len(question.options):
        return False
    state.facts = answered_with_option(question, int(number), state.facts)
    return True


def _take_answer(state: State, message: Message) -> bool:
    """Read a short answer ("no", "6", "just the left one") against the open question."""
    question = question_for(state.open_question)
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
    if any(m.value in question.covers or m.kind == question.fact for m in message.mentions):
        # The merge has taken it in already; one of several named is an answer to all.
        state.progress.asked[question.fact] = MAX_ASKED
        return facts
    value = _value(question, message, facts)
    if value is not None:
        return merge(facts, [value]).facts
    if message.answer:
        return answered(question, message.answer, facts)
    return None


def _titles_typed(question: Question, text: str) -> list[int]:
    """Numbers of the options whose titles were typed, or sent together by the page ("Fever, Chills")."""
    titles = {option.title.casefold(): number for number, option in enumerate(question.options)}
    parts = [part.strip(" .!").casefold() for part in text.split(",")]
    return [titles[part] for part in parts] if parts and all(part in titles for part in parts) else []


def _value(question: Question, message: Message, facts: Facts) -> Mention | None:
    """A bare number, a bare side or a duration, as the value that the open question asks for."""
    numbers = message.values("number") or message.values("symptom_weeks")
    sides = message.values("side")
    if question.kind == "number" and numbers:
        return Mention(question.fact, numbers[0], correction=True)
    if question.fact == "body_site" and sides:
        site = (facts.body_site or "").split(" ")[-1]
        return Mention("body_site", f"{sides[0]} {site}".strip(), correction=True)
    return None


def _repeats(message: Message) -> bool:
    """Told again what was known already: followed, though it changes nothing."""
    return any(m.kind in ("symptom", "risk_factor", "event", "body_site") for m in message.mentions)


def undo_answer(state: State, fact: str) -> None:
    """Forget what the question of ``fact`` brought, so that it can be asked again."""
    question = question_for(fact)
    if question is None:
        return
    for name in {fact, *question.covers}:
        state.facts = _without(state.facts, name)


def _without(facts: Facts, name: str) -> Facts:
    facts = replace(facts, unknown=facts.unknown - {name})
    if name == "event_type":
        return replace(facts, events=())
    if hasattr(facts, name):
        cleared: dict[str, Any] = {name: None}
        return replace(facts, **cleared)
    return facts.with_symptom(name, None).with_risk_factor(name, None)
