"""The custom actions: safe to run twice, and safe to fail."""

from __future__ import annotations

from copy import deepcopy

import pytest
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from tests.conversation import texts
from tests.dialogue.placing import after_verdict, at_question

pytestmark = pytest.mark.xdist_group("dialogue-2")


async def say_as(chat, text: str, message_id: str) -> str:
    output = CollectingOutputChannel()
    await chat.agent.handle_message(UserMessage(text, output, chat.sender, message_id=message_id))
    return texts(output.messages)


async def test_the_same_message_heard_twice_changes_nothing_in_the_questions(agent):
    chat = await at_question(agent, "fever")
    await say_as(chat, "no", "same")
    facts, asked = await chat.facts(), (await chat.slot("progress"))["asked"]
    open_question = await chat.slot("requested_slot")
    assert await say_as(chat, "no", "same")
    assert await chat.facts() == facts
    assert (await chat.slot("progress"))["asked"] == asked
    assert await chat.slot("requested_slot") == open_question


async def test_the_same_message_heard_twice_after_the_verdict_changes_nothing(agent):
    chat = await after_verdict(agent)
    await say_as(chat, "I have a fever", "same")
    facts = await chat.facts()
    assert await say_as(chat, "I have a fever", "same")
    assert await chat.facts() == facts


async def test_the_same_consent_twice_is_recorded_once(chat):
    from actions.memory import records

    await chat.say("hi")
    await say_as(chat, "yes", "same")
    await say_as(chat, "yes", "same")
    assert records().db["consents"].count_where("conversation_id = ?", [chat.sender]) == 1


def _fails(*_: object) -> None:
    raise RuntimeError("broken on purpose")


async def test_an_action_that_fails_in_the_questions_still_answers_and_keeps_the_facts(agent, monkeypatch):
    chat = await at_question(agent, "fever")
    before, progress = deepcopy((await chat.facts(), await chat.slot("progress")))
    with monkeypatch.context() as broken:
        broken.setattr("actions.interview.choose", _fails)
        assert "Something went wrong" in texts(await chat.say("yes"))
    assert await chat.facts() == before
    assert await chat.slot("progress") == progress


async def test_after_a_failure_the_message_can_be_sent_again(agent, monkeypatch):
    chat = await at_question(agent, "fever")
    with monkeypatch.context() as broken:
        broken.setattr("actions.interview.choose", _fails)
        await chat.say("no")
    assert texts(await chat.say("no"))
    assert "stiffness" in (await chat.facts())["symptoms_present"]


async def test_a_failure_after_the_verdict_still_answers_and_keeps_the_facts(agent, monkeypatch):
    chat = await after_verdict(agent)
    before = await chat.facts()
    with monkeypatch.context() as broken:
        broken.setattr("actions.verdict.hear", _fails)
        assert "Something went wrong" in texts(await chat.say("I have a fever"))
    assert await chat.facts() == before
