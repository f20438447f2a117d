"""Buttons of questions that are closed, that never were, and payloads that are rubbish."""

from __future__ import annotations

import pytest

from tests.conversation import texts, verdict_in
from tests.dialogue.placing import after_verdict, at_question

pytestmark = pytest.mark.xdist_group("dialogue-2")

RUBBISH = ["nonsense:0", "fever:99", "fever:-1", "fever:", ":", "fever:²", "conflict:0", "consent:0", ""]


def tap(option: str) -> str:
    return f'/answer{{"option": "{option}"}}'


@pytest.mark.parametrize("option", RUBBISH)
async def test_a_button_that_no_question_has_is_told_so_and_loses_nothing(agent, option):
    chat = await at_question(agent, "fever")
    before = await chat.facts()
    assert "does not work any more" in texts(await chat.say(tap(option)))
    assert await chat.slot("requested_slot") == "fever"
    assert await chat.facts() == before


@pytest.mark.parametrize("option", RUBBISH)
async def test_a_rubbish_button_after_the_verdict_is_told_so(agent, option):
    chat = await after_verdict(agent)
    assert "does not work any more" in texts(await chat.say(tap(option)))


async def test_a_rubbish_button_costs_no_question(agent):
    chat = await at_question(agent, "fever")
    await chat.say(tap("nonsense:0"))
    assert (await chat.slot("progress"))["asked"]["fever"] == 1


async def test_a_button_of_a_closed_question_is_taken_and_the_open_one_stays(agent):
    chat = await at_question(agent, "age")
    await chat.say(tap("spasms:0"))
    assert "spasms" in (await chat.facts())["symptoms_present"]


async def test_a_button_of_a_question_after_the_verdict_is_judged_again(agent):
    chat = await after_verdict(agent)
    replies = await chat.say(tap("fever:0"))
    assert "Fever" in texts(replies)
    assert verdict_in(replies)["urgency"] == "same_day"


async def test_a_clinical_button_is_no_consent(chat):
    await chat.say("hi")
    await chat.say(tap("fever:0"))
    assert await chat.slot("requested_slot") == "consent"
    assert "fever" in (await chat.facts())["symptoms_present"]
