"""Despair, politeness, loose commands and other languages, at an open question."""

from __future__ import annotations

import pytest

from tests.conversation import Chat, buttons, texts, verdict_in
from tests.dialogue.placing import after_verdict, at_question

pytestmark = pytest.mark.xdist_group("dialogue-2")


@pytest.mark.parametrize(
    "text",
    [
        "hip replaced 6 weeks ago, stiff. honestly i want to kill myself",
        "i cannot cope any more, i want to end it all",
        "some days i wish i just wouldn't wake up",
    ],
)
async def test_words_of_self_harm_are_answered_before_all_else(chat, text):
    assert texts(await chat.say(text)).startswith("I am sorry this is so hard")


async def test_facts_beside_words_of_self_harm_are_kept(chat):
    await chat.say("hip replaced 6 weeks ago, stiff. honestly i want to kill myself")
    assert (await chat.facts())["weeks_since_event"] == 6


async def test_self_harm_beside_an_emergency_is_answered_with_both(chat):
    replies = await chat.say("I can't breathe. I want to kill myself")
    assert "crisis line" in texts(replies)
    assert (verdict_in(replies) or {}).get("urgency") == "emergency"


async def test_fear_is_met_without_the_crisis_line(agent):
    chat = await at_question(agent, "fever")
    assert "crisis" not in texts(await chat.say("im scared"))


@pytest.mark.parametrize("text", ["ok", "ok thanks", "im ok", "right", "sure", "start", "continue"])
async def test_politeness_is_no_yes_to_a_danger_sign(agent, text):
    chat = await at_question(agent, "fever")
    await chat.say(text)
    assert "fever" not in (await chat.facts())["symptoms_present"]


async def test_politeness_is_a_yes_to_the_consent(agent):
    chat = await at_question(agent, "consent")
    await chat.say("ok")
    assert (await chat.slot("progress"))["consent"] == "yes"


async def test_loose_words_of_deletion_are_asked_about(agent):
    chat = await at_question(agent, "fever")
    assert buttons(await chat.say("please delete everything")) == ["Yes", "No"]
    assert "Receipt" in texts(await chat.say("yes"))


async def test_a_no_to_starting_again_keeps_the_answers(agent):
    chat = await at_question(agent, "fever")
    await chat.say("can we do this all over from the start")
    await chat.say("no")
    assert (await chat.facts())["body_site"] == "left elbow"
    assert await chat.slot("requested_slot") == "fever"


async def test_the_third_what_do_you_mean_offers_not_sure(agent):
    chat = await at_question(agent, "fever")
    said = [texts(await chat.say("what do you mean?")) for _ in range(3)]
    assert len(set(said)) == 3
    assert "Not sure" in said[-1]


async def test_the_curious_are_not_asked(agent):
    chat = await at_question(agent, "story", {})
    await chat.say("nothing wrong with me just curious")
    assert await chat.slot("requested_slot") is None


async def test_spanish_is_answered_in_spanish(agent: object) -> None:
    assert "solo entiendo" in texts(await Chat(agent).say("no hablo ingles"))


async def test_a_question_at_the_list_is_no_denial_of_it(agent):
    chat = await at_question(agent, "ledger_confirmed")
    await chat.say("so its not infected?")
    assert await chat.slot("requested_slot") == "ledger_confirmed"


async def test_the_time_of_a_sign_is_not_that_of_the_event(agent):
    chat = await at_question(agent, "fever")
    await chat.say("I had a fever yesterday but its gone")
    assert (await chat.facts())["weeks_since_event"] == 6


async def test_advice_that_stays_is_one_line_with_the_whole_result(agent):
    chat = await after_verdict(agent)
    replies = await chat.say("actually I am 41")
    assert len(replies[0]["text"]) < 200
    assert verdict_in(replies)
