"""Hear one labelled message as the dialogue hears it, against the question that is open."""

from __future__ import annotations

from actions.hearing import hear
from actions.message import Message
from actions.questions import question_for
from actions.state import Progress, State, change_slot
from bot.clinical.facts import Facts
from bot.clinical.judge import judge
from bot.nlu import understand
from bot.nlu.intents import short_answer

from .utterances import Heard, Utterance


def hear_utterance(utterance: Utterance) -> Heard:
    """The facts after a first message of this text, and the advice that they alone would give."""
    mentions = tuple(understand(utterance.text, utterance.today))
    state = State("evaluation", Facts(), Progress(), None, utterance.open_question, False)
    _ask_alone(state)
    hear(state, Message("1", utterance.text, short_answer(utterance.text) or "", mentions, None))
    verdict = judge(state.facts)
    return Heard(state.facts, frozenset(flag.id for flag in verdict.red_flags), verdict.urgency)


def _ask_alone(state: State) -> None:
    """A fact that the interview asks for only together with others is asked as when it is put right."""
    fact = state.open_question
    if fact and question_for(fact) is None:
        state.progress.changing, state.open_question = fact, change_slot(fact)
