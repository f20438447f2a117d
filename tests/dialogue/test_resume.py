"""Back after a pause: what was told is kept, summed up and confirmed, with a clock that is set."""

from __future__ import annotations

import datetime

import pytest
import time_machine

from tests.conversation import Chat, texts, verdict_in

pytestmark = pytest.mark.xdist_group("dialogue-2")

MONDAY = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.timezone.utc)
STORY = "I am 40, I broke my left elbow 6 weeks ago, it was operated on, and it is stiff"


async def told(agent) -> Chat:
    chat = Chat(agent)
    await chat.say(STORY)
    await chat.say("yes")
    return chat


@pytest.mark.parametrize("hours", [2, 24, 24 * 30])
async def test_after_a_pause_what_was_told_is_summed_up_and_confirmed(agent, hours):
    with time_machine.travel(MONDAY, tick=False) as clock:
        chat = await told(agent)
        clock.shift(datetime.timedelta(hours=hours))
        said = texts(await chat.say("hello again"))
    assert "Last time you told me this" in said
    assert "left elbow" in said
    assert "Is this still right?" in said


async def test_a_short_pause_changes_nothing(agent):
    with time_machine.travel(MONDAY, tick=False) as clock:
        chat = await told(agent)
        clock.shift(datetime.timedelta(minutes=20))
        assert "Welcome back" not in texts(await chat.say("hello again"))


async def test_once_confirmed_the_questions_go_on(agent):
    with time_machine.travel(MONDAY, tick=False) as clock:
        chat = await told(agent)
        clock.shift(datetime.timedelta(days=1))
        await chat.say("hello again")
        await chat.say("yes")
    assert await chat.slot("requested_slot") == "breathlessness"


async def test_what_the_returning_message_tells_is_kept_too(agent):
    with time_machine.travel(MONDAY, tick=False) as clock:
        chat = await told(agent)
        clock.shift(datetime.timedelta(days=1))
        await chat.say("hi, there is a lump now")
    assert {"lump", "stiffness"} <= set((await chat.facts())["symptoms_present"])


async def test_what_happened_is_longer_ago_by_then(agent):
    with time_machine.travel(MONDAY, tick=False) as clock:
        chat = await told(agent)
        clock.shift(datetime.timedelta(weeks=4))
        await chat.say("hello again")
    assert (await chat.facts())["weeks_since_event"] == pytest.approx(10, abs=0.1)


async def test_an_emergency_is_no_matter_for_a_summary(agent):
    with time_machine.travel(MONDAY, tick=False) as clock:
        chat = await told(agent)
        clock.shift(datetime.timedelta(days=1))
        assert verdict_in(await chat.say("I can't breathe"))["urgency"] == "emergency"


async def test_after_the_verdict_the_advice_is_named_and_the_facts_confirmed(agent):
    with time_machine.travel(MONDAY, tick=False) as clock:
        chat = Chat(agent)
        await chat.until_verdict(STORY, "yes", otherwise="no")
        clock.shift(datetime.timedelta(days=1))
        said = texts(await chat.say("hello again"))
        assert "Last time my advice was" in said
        assert "Is this still right?" in said
        assert "my advice stays as it was" in texts(await chat.say("yes"))


async def test_what_is_new_after_the_verdict_is_judged_after_the_summary(agent):
    with time_machine.travel(MONDAY, tick=False) as clock:
        chat = Chat(agent)
        await chat.until_verdict(STORY, "yes", otherwise="no")
        clock.shift(datetime.timedelta(days=1))
        replies = await chat.say("actually I have a fever now")
    assert "Last time my advice was" in texts(replies)
    assert verdict_in(replies)["urgency"] == "same_day"
