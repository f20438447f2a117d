"""The questions of the interview, by the fact that each asks for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from bot.clinical.knowledge_base import Question, knowledge


@lru_cache(maxsize=1)
def by_fact() -> Mapping[str, Question]:
    return {question.fact: question for question in knowledge().questions.values()}


def question_for(fact: str | None) -> Question | None:
    """The question whose lead fact is ``fact``; None for other slots of the form."""
    return by_fact().get(fact or "")
