"""Go back, repeat, stop, start again, help, a person, distress, delete: in the middle and after."""

from __future__ import annotations

import pytest

from tests.conversation import texts
from tests.dialogue.placing import after_verdict, at_question

pytestmark = pytest.mark.xdist_group("dialogue-2")


async def interviewed(chat, *answers: str) -> list[str | None]:
    """The questions that were open after the story and after each answer."""
    await chat.say("I had a hip replacement 6 weeks ago and my left hip is stiff")
    await chat.say("yes")
    slots = [await chat.slot("requested_slot")]
    for answer in answers:
        await chat.say(answer)
        slots.append(await chat.slot("requested_slot"))
    return slots


async def test_go_back_undoes_the_last_answer_and_asks_it_again(chat):
    first, _ = await interviewed(chat, "none of these")
    assert "one step" in texts(await chat.say("go back"))
    assert await chat.slot("requested_slot") == first
    assert await chat.slot(first) is None


async def test_go_back_twice_goes_two_steps(chat):
    first, _, _ = await interviewed(chat, "no", "no")
    await chat.say("go back")
    await chat.say("go back")
    assert await chat.slot("requested_slot") == first


async def test_go_back_at_the_first_question_says_so(chat):
    slots = await interviewed(chat)
    await chat.say("go back")
    assert await chat.slot("requested_slot") == slots[0]


async def test_repeat_says_the_whole_question_again(chat):
    slots = await interviewed(chat)
    assert "First, the urgent things" in texts(await chat.say("can you repeat that?"))
    assert await chat.slot("requested_slot") == slots[0]


async def test_stop_ends_the_questions_and_says_what_is_kept(chat):
    await interviewed(chat)
    assert "I have stopped" in texts(await chat.say("stop"))
    assert await chat.slot("requested_slot") is None


async def test_after_stop_any_message_goes_on_with_what_was_told(chat):
    first = (await interviewed(chat))[0]
    await chat.say("stop")
    said = texts(await chat.say("hello"))
    assert "Welcome back" in said
    assert "left hip" in said
    assert await chat.slot("requested_slot") == first


async def test_stop_twice_is_answered_in_other_words(chat):
    await interviewed(chat)
    assert texts(await chat.say("stop")) != texts(await chat.say("stop"))


async def test_after_stop_a_question_about_ho_is_answered_and_the_interview_offered(chat):
    await interviewed(chat)
    await chat.say("stop")
    assert "Shall we go on" in texts(await chat.say("what is HO?"))


async def test_start_again_forgets_the_case_and_keeps_the_consent(chat):
    await interviewed(chat)
    assert "what happened" in texts(await chat.say("start again"))
    assert (await chat.facts())["events"] == []
    assert await chat.slot("requested_slot") == "story"


async def test_start_again_after_the_verdict_asks_for_the_story(agent):
    chat = await after_verdict(agent)
    await chat.say("start again")
    assert await chat.slot("requested_slot") == "story"


async def test_start_again_before_consent_asks_for_consent(chat):
    await chat.say("hi")
    await chat.say("start again")
    assert await chat.slot("requested_slot") == "consent"


@pytest.mark.parametrize("text", ["help", "I want to talk to a human", "I can't take this any more"])
async def test_care_and_help_are_given_and_the_question_returns(agent, text):
    chat = await at_question(agent, "fever")
    said = texts(await chat.say(text))
    assert "fever" in said.strip().splitlines()[-1]
    assert await chat.slot("requested_slot") == "fever"


async def test_distress_is_met_with_the_emergency_number_and_no_menu(agent):
    chat = await after_verdict(agent)
    said = texts(await chat.say("I can't take this any more"))
    assert "112" in said
    assert "What else would you like" not in said


async def test_delete_my_data_in_the_middle_leaves_nothing(chat):
    from actions.memory import records

    await interviewed(chat, "no")
    assert "Receipt" in texts(await chat.say("delete my data"))
    assert await chat.facts() == {}
    assert records().what_is_kept(chat.sender)["facts"] == []


async def test_delete_my_data_after_the_verdict_leaves_nothing(agent):
    chat = await after_verdict(agent)
    await chat.say("delete my data")
    assert await chat.slot("verdict") is None
    assert await chat.slot("interview") == "open"


async def test_after_deletion_the_next_message_begins_anew(agent):
    chat = await after_verdict(agent)
    await chat.say("delete my data")
    assert "Shall we start?" in texts(await chat.say("hello"))


async def test_a_greeting_in_the_middle_is_greeted_and_costs_no_question(agent):
    chat = await at_question(agent, "fever")
    assert "Hello" in texts(await chat.say("hi"))
    assert (await chat.slot("progress"))["misses"] == 0


async def test_a_question_about_ho_before_anything_else_is_answered_and_the_interview_offered(chat):
    said = texts(await chat.say("what is HO?"))
    assert "bone that grows" in said
    assert "When you are ready" in said
