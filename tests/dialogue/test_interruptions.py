"""Every question meets every interruption: answered, then the same question in fewer words."""

from __future__ import annotations

import pytest

from bot.clinical.facts import Facts
from bot.clinical.interview import worded
from bot.clinical.knowledge_base import knowledge
from tests.conversation import texts
from tests.dialogue.placing import STIFF_ELBOW, at_question, without

pytestmark = pytest.mark.xdist_group("dialogue-1")

QUESTIONS = {question.fact: question for question in knowledge().questions.values()}
INTERRUPTIONS = {
    "what is HO?": "bone that grows",
    "why do you ask?": None,
    "what does Brooker mean?": "Brooker",
    "help": "tap a button",
    "what do you keep about me?": "delete my data",
    "are you a doctor?": "not a doctor",
    "I want to talk to a human": "no person behind this chat",
}


@pytest.mark.parametrize("interruption", INTERRUPTIONS)
@pytest.mark.parametrize("fact", QUESTIONS)
async def test_the_interruption_is_answered_and_the_question_returns(agent, fact, interruption):
    question = QUESTIONS[fact]
    chat = await at_question(agent, fact)
    said = texts(await chat.say(interruption)).strip()
    assert (INTERRUPTIONS[interruption] or question.why) in said
    assert said.endswith(worded(question, Facts.from_json(without(STIFF_ELBOW, fact)), "again"))
    assert await chat.slot("requested_slot") == fact


@pytest.mark.parametrize("interruption", INTERRUPTIONS)
@pytest.mark.parametrize("place", ["consent", "story", "ledger_confirmed"])
async def test_the_interruption_returns_to_what_is_no_fact_too(agent, place, interruption):
    chat = await at_question(agent, place)
    assert texts(await chat.say(interruption))
    assert await chat.slot("requested_slot") == place
