"""Every question meets every interruption: answered, then the same question in fewer words."""

from __future__ import annotations

from itertools import pairwise

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


#: Small talk, feelings and questions that are answered; what follows is the answer's first words.
ASIDES = {
    "how are you?": "I am fine",
    "I can't take this any more": "I am sorry this is so hard",
    "is this private?": "on this service only",
    "order a pizza": "I can only help with HO",
    "Hola, me duele la pierna": "solo entiendo",
    # An emoji tells nothing: by design it is repaired, and the question comes in other words.
    "😀": "I did not follow that",
    "you idiot": "you are upset",
    "repeat that": "Once more",
    "what have you heard?": "This is what I heard",
    "what if I had a fever?": "Let us suppose this",
    "why not a clot?": "cannot rule out a blood clot",
}

#: Where the emoji is repaired in other words.
ELSEWHERE = {
    ("consent", "😀"): "I need a yes or a no",
    ("ledger_confirmed", "😀"): "What should I change?",
}


@pytest.mark.parametrize("place", [*QUESTIONS, "consent", "story", "ledger_confirmed"])
async def test_one_aside_after_the_other_is_answered_and_leaves_the_question_and_the_facts(agent, place):
    chat = await at_question(agent, place)
    facts, last = await chat.facts(), ""
    for aside, answer in ASIDES.items():
        said = [reply["text"] for reply in await chat.say(aside) if reply.get("text")]
        assert ELSEWHERE.get((place, aside), answer) in "\n".join(said), aside
        assert all(one != other for one, other in pairwise([last, *said])), aside
        assert "Something went wrong" not in "\n".join(said), aside
        assert await chat.slot("requested_slot") == place, aside
        assert await chat.facts() == facts, aside
        last = said[-1]
