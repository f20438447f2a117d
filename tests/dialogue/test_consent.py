"""Who I am, may I ask: nothing clinical is asked before, nothing told before is lost."""

from __future__ import annotations

import pytest

from tests.conversation import texts
from tests.dialogue.placing import at_question

pytestmark = pytest.mark.xdist_group("dialogue-1")


async def test_the_first_message_is_met_by_who_i_am_and_the_question_of_consent(chat):
    said = texts(await chat.say("hi"))
    assert "not a doctor" in said
    assert "Shall we start?" in said


async def test_yes_opens_the_story(chat):
    await chat.say("hi")
    await chat.say("yes")
    assert await chat.slot("requested_slot") == "story"


async def test_what_was_told_before_consent_is_not_asked_again(chat):
    await chat.say("I broke my left elbow 6 weeks ago and had surgery")
    await chat.say("yes")
    facts = await chat.facts()
    assert (facts["body_site"], facts["weeks_since_event"]) == ("left elbow", 6.0)
    assert await chat.slot("requested_slot") != "story"


async def test_what_was_told_before_consent_is_kept_in_the_records_after_it(chat):
    from actions.memory import records

    await chat.say("I broke my left elbow 6 weeks ago")
    await chat.say("yes")
    assert '"left elbow"' in records().db["cases"].get(chat.sender)["facts"]


async def test_no_ends_it_and_keeps_nothing(chat):
    await chat.say("my left knee hurts")
    said = texts(await chat.say("no"))
    assert "I keep nothing" in said
    assert await chat.facts() == {}


async def test_whoever_refused_may_come_back(chat):
    await chat.say("hi")
    await chat.say("no")
    await chat.say("hello")
    await chat.say("yes")
    assert await chat.slot("requested_slot") == "story"


async def test_i_dont_know_goes_on_without_a_record(chat):
    from actions.memory import records

    await chat.say("hi")
    said = texts(await chat.say("I don't know"))
    assert "I add nothing to my records" in said
    assert records().what_is_kept(chat.sender)["facts"] == []


async def test_a_story_in_place_of_the_answer_is_kept_and_the_question_comes_again_in_other_words(chat):
    first = texts(await chat.say("hi"))
    again = texts(await chat.say("my left knee hurts"))
    assert (await chat.facts())["body_site"] == "left knee"
    assert "May I ask you some questions" in again
    assert "May I ask you some questions" not in first


async def test_nonsense_twice_goes_on_without_a_record(chat):
    await chat.say("hi")
    await chat.say("zxcv")
    assert "I add nothing to my records" in texts(await chat.say("qwer"))


async def test_no_is_not_taken_as_refusal_when_it_denies_a_sign(chat):
    await chat.say("hi")
    await chat.say("no fever")
    assert await chat.slot("requested_slot") == "consent"


async def test_a_question_about_what_is_kept_returns_to_the_consent(chat):
    await chat.say("hi")
    said = texts(await chat.say("what do you keep about me?"))
    assert "delete my data" in said
    assert await chat.slot("requested_slot") == "consent"


async def test_the_question_of_consent_can_be_repeated_and_stays_open(agent):
    chat = await at_question(agent, "consent")
    await chat.say("😀")
    assert "Shall we start?" in texts(await chat.say("repeat that"))
    assert await chat.slot("requested_slot") == "consent"
