"""The verdict discussed: what is only supposed changes nothing, and no look-alike is ruled out."""

from __future__ import annotations

import pytest

from tests.conversation import texts
from tests.dialogue.placing import STIFF_ELBOW, after_verdict, at_question

pytestmark = pytest.mark.xdist_group("dialogue-2")


@pytest.mark.parametrize(
    ("text", "moves"),
    [
        ("what if I also had a fever and my leg was swollen?", "today"),
        ("what if I couldn't breathe?", "emergency"),
        ("suppose the joint was hot and red", "today"),
        ("what if I wasn't stiff?", "normal visit"),
        ("would it be different if I got a temperature?", "today"),
    ],
)
async def test_a_what_if_in_lay_words_says_how_the_advice_would_move(agent, text, moves):
    chat = await after_verdict(agent)
    before = await chat.facts()
    said = texts(await chat.say(text))
    assert f'to "{moves}"' in said or moves in said
    assert "I have not changed your answers" in said
    assert await chat.facts() == before


async def test_what_is_so_already_moves_nothing(agent):
    chat = await after_verdict(agent)
    assert "I have that down already" in texts(await chat.say("what if I was stiff?"))


async def test_a_what_if_before_the_result_changes_nothing(agent):
    chat = await at_question(agent, "fever")
    await chat.say("what if I also had a fever and my leg was swollen?")
    assert "fever" not in (await chat.facts())["symptoms_present"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("why not a clot?", "rule out a blood clot"),
        ("how do you know it's not infected?", "rule out an infection"),
        ("could it be a fracture instead?", "rule out a break"),
    ],
)
async def test_a_look_alike_is_never_ruled_out(agent, text, named):
    assert named in texts(await (await after_verdict(agent)).say(text))


async def test_why_not_names_what_was_told_for_it_and_against_it(agent):
    case = {**STIFF_ELBOW, "symptoms_present": ["pain"], "symptoms_absent": ["swelling"]}
    chat = await after_verdict(agent, case)
    said = texts(await chat.say("why not a clot?"))
    assert "could fit: pain" in said
    assert "none of this: swelling" in said
    assert "I do not know about: warm skin" in said
