"""The questions of the interview, by the fact that each asks for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from bot.clinical.facts import ABSENT, ASSERTIONS, UNKNOWN
from bot.clinical.knowledge_base import Finding, Option, Question, Wording, knowledge
from bot.handoff.words import Words, capital


@lru_cache(maxsize=1)
def by_fact() -> Mapping[str, Question]:
    return {question.fact: question for question in knowledge().questions.values()}


def question_for(fact: str | None) -> Question | None:
    """The question whose lead fact is ``fact``; None for other slots of the form."""
    return by_fact().get(fact or "")


def change_question(fact: str) -> Question | None:
    """The question that asks for ``fact`` alone, to put it right; None for what is no fact.

    A value is asked for as in the interview, a finding that shares its question with others as yes or no.
    """
    name = fact.partition(".")[0]
    question = question_for(name)
    if question is not None and question.covers == [name]:
        return question
    known = knowledge()
    entry = known.symptoms.get(name) or known.risk_factors.get(name)
    return _of_one_finding(entry, Words(known)) if entry else None


def _of_one_finding(entry: Finding, words: Words) -> Question:
    name, label = entry.id, words.fact(entry.id)
    asked = next((one for one in words.knowledge.questions.values() if name in one.covers), None)
    return Question(
        id=name,
        fact=name,
        covers=[name],
        kind="yes_no",
        section=asked.section if asked else "symptoms",
        why=asked.why if asked else words.say("change_why"),
        options=[Option(title=capital(words.answer(name, one)), sets={name: one}) for one in ASSERTIONS],
        sources=entry.sources,
        reviewed=entry.reviewed,
        text=_for_anyone(words.say("change_first")),
        again=_for_anyone(words.say("change_again", name=label)),
        simple=_for_anyone(words.say("change_simple", name=label)),
    )


def _for_anyone(text: str) -> Wording:
    return Wording(self=text, other=text)


def signs_offered(question: Question) -> list[int]:
    """Numbers of the options that say that something is so, in their order: no "none", no "not sure"."""
    held_back = {ABSENT, UNKNOWN}
    return [n for n, one in enumerate(question.options) if not set(one.sets.values()) & held_back]
