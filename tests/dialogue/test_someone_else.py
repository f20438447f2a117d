"""Asking for another person: the wording follows, also when it turns in the middle."""

from __future__ import annotations

import pytest

from tests.conversation import texts
from tests.dialogue.placing import at_question

pytestmark = pytest.mark.xdist_group("dialogue-2")


async def test_a_husbands_story_is_asked_about_in_the_third_person(chat):
    await chat.say("my husband broke his elbow 5 weeks ago and can't bend it")
    said = texts(await chat.say("yes"))
    assert "hard for them to breathe" in said


async def test_turning_to_someone_else_in_the_middle_is_said_and_followed(agent):
    chat = await at_question(agent, "fever")
    said = texts(await chat.say("I am asking for my wife"))
    assert "about someone else" in said
    assert (await chat.slot("progress"))["someone_else"] is True


async def test_turning_after_the_verdict_is_said(agent):
    from tests.dialogue.placing import after_verdict

    chat = await after_verdict(agent)
    assert "about someone else" in texts(await chat.say("I am asking for my wife"))
