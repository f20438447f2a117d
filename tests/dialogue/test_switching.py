"""Switching the person in the middle, and languages that we do not speak."""

from __future__ import annotations

import pytest

from tests.conversation import texts
from tests.dialogue.placing import after_verdict, at_question

pytestmark = pytest.mark.xdist_group("dialogue-2")


@pytest.mark.parametrize("said", ["it is for my husband", "sorry I mean my wife, not me"])
async def test_switching_asks_whether_what_was_told_is_about_them_too(agent, said):
    chat = await at_question(agent, "age")
    assert "about this person too" in texts(await chat.say(said))


async def test_what_is_about_them_too_is_kept_and_the_question_returns(agent):
    chat = await at_question(agent, "age")
    before = await chat.facts()
    await chat.say("it is for my husband")
    await chat.say("yes")
    assert (await chat.facts())["symptoms_present"] == before["symptoms_present"]
    assert await chat.slot("requested_slot") == "age"


async def test_what_is_not_about_them_is_put_aside(agent):
    chat = await at_question(agent, "age")
    await chat.say("it is for my husband")
    said = texts(await chat.say("no"))
    assert "I put that aside" in said
    assert (await chat.facts())["symptoms_present"] == []
    assert (await chat.slot("progress"))["someone_else"] is True


async def test_an_answer_that_another_typed_is_taken_back_and_asked_again(agent):
    chat = await at_question(agent, "breathlessness")
    await chat.say("no")
    said = texts(await chat.say("that was my brother talking"))
    assert "Let us go back" in said
    assert await chat.slot("requested_slot") == "breathlessness"
    assert (await chat.slot("progress"))["someone_else"] is False


async def test_the_same_language_twice_is_not_answered_in_the_same_words(agent):
    chat = await after_verdict(agent)
    first = texts(await chat.say("Hola, me duele la pierna"))
    assert texts(await chat.say("Hola, me duele la pierna")) not in ("", first)
