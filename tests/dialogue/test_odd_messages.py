"""Long, empty, emoji, other languages: an answer each time, and the question stays."""

from __future__ import annotations

import pytest

from tests.conversation import texts
from tests.dialogue.placing import after_verdict, at_question

pytestmark = pytest.mark.xdist_group("dialogue-2")

ODD = [
    "",
    "   ",
    "😀😀😀",
    "?",
    "...",
    "Hola, me duele mucho la pierna",
    "Ich habe Schmerzen im Knie",
    "我的腿很疼",
    "blah " * 700,
    "{emergency_number}",
    "<script>alert(1)</script>",
    "0",
]


@pytest.mark.parametrize("text", ODD)
async def test_an_odd_first_message_is_met_by_who_i_am(chat, text):
    assert "HO Triage" in texts(await chat.say(text)) or text


@pytest.mark.parametrize("text", ODD)
async def test_an_odd_answer_is_met_and_the_questions_go_on(agent, text):
    chat = await at_question(agent, "fever")
    assert texts(await chat.say(text))
    assert await chat.slot("requested_slot") is not None


@pytest.mark.parametrize("text", ODD)
async def test_an_odd_message_after_the_verdict_is_met(agent, text):
    chat = await after_verdict(agent)
    assert texts(await chat.say(text))


@pytest.mark.parametrize(
    "text", ["zxcv", "yes", "no", "I don't know", "hello", "go back", "change something"]
)
async def test_the_same_message_twice_after_the_verdict_is_not_answered_in_the_same_words(agent, text):
    chat = await after_verdict(agent)
    assert texts(await chat.say(text)) != texts(await chat.say(text))
