"""A danger sign in any message, at any point, is answered in that very turn."""

from __future__ import annotations

import pytest

from bot.clinical.knowledge_base import knowledge
from tests.conversation import Chat, texts, verdict_in
from tests.dialogue.placing import after_verdict, at_question

pytestmark = pytest.mark.xdist_group("dialogue-1")

EMERGENCIES = [
    "I can't breathe",
    "CANT BREATHE!!!",
    "what is HO? I also have chest pain",
    "thanks, but now I have coughed up blood",
]
QUESTIONS = [question.fact for question in knowledge().questions.values()]


def urgency(replies) -> str | None:
    return (verdict_in(replies) or {}).get("urgency")


@pytest.mark.parametrize("text", EMERGENCIES)
async def test_an_emergency_in_the_first_message_is_answered_before_consent(chat, text):
    assert urgency(await chat.say(text)) == "emergency"


@pytest.mark.parametrize("text", EMERGENCIES)
@pytest.mark.parametrize("fact", ["consent", "story", "fever", "age", "ledger_confirmed"])
async def test_an_emergency_is_answered_whatever_was_asked(agent, fact, text):
    chat = await at_question(agent, fact)
    assert urgency(await chat.say(text)) == "emergency"


@pytest.mark.parametrize("fact", QUESTIONS)
async def test_an_emergency_in_answer_to_any_question_ends_the_questions(agent, fact):
    chat = await at_question(agent, fact)
    assert urgency(await chat.say("I have chest pain and I can't breathe")) == "emergency"
    assert await chat.slot("requested_slot") is None


@pytest.mark.parametrize("text", EMERGENCIES)
async def test_an_emergency_after_the_verdict_is_answered(agent, text):
    chat = await after_verdict(agent)
    assert urgency(await chat.say(text)) == "emergency"


async def test_an_emergency_after_stop_is_answered(agent):
    chat = await at_question(agent, "fever")
    await chat.say("stop")
    assert urgency(await chat.say("I can't breathe")) == "emergency"


async def test_an_emergency_while_a_contradiction_is_open_is_answered(agent):
    chat = await at_question(agent, "fever")
    await chat.say("no stiffness")
    assert urgency(await chat.say("I can't breathe")) == "emergency"


async def test_an_emergency_told_again_is_answered_again(chat):
    await chat.say("I can't breathe")
    assert urgency(await chat.say("I can't breathe")) == "emergency"


async def test_an_emergency_by_button_ends_the_questions(agent):
    chat = await at_question(agent, "breathlessness")
    assert urgency(await chat.say('/answer{"option": "breathlessness:0"}')) == "emergency"


async def test_the_number_comes_within_the_first_25_words(chat):
    first = texts(await chat.say("I can't breathe")).split()[:25]
    assert "112," in first or "(112," in first


async def test_an_emergency_ends_the_questions_but_not_the_conversation(chat):
    await chat.say("I can't breathe")
    assert "bone that grows" in texts(await chat.say("what is HO?"))


async def test_a_same_day_sign_in_the_first_message_is_told_before_consent(chat):
    said = texts(await chat.say("I broke my leg 3 weeks ago, my calf is swollen and red"))
    assert "This needs a doctor today" in said
    assert said.index("This needs a doctor today") < said.index("Shall we start?")


async def test_two_same_day_signs_at_once_are_told_in_one_message(chat):
    said = texts(await chat.say("I broke my leg 3 weeks ago, my calf is swollen and red and I have a fever"))
    assert said.count("This needs a doctor today") == 1


async def test_a_same_day_sign_is_told_only_once(agent):
    chat = await at_question(agent, "fever")
    assert "This needs a doctor today" in texts(await chat.say("yes"))
    assert "This needs a doctor today" not in texts(await chat.say("I have a fever"))


async def test_a_false_alarm_taken_back_goes_on_with_the_questions(agent):
    chat = await at_question(agent, "fever")
    await chat.say("I have chest pain")
    said = texts(await chat.say("sorry, I meant no chest pain, it was a false alarm"))
    assert "I take back the alarm" in said
    assert await chat.slot("requested_slot") is not None
    assert await chat.slot("interview") == "open"


async def test_after_a_false_alarm_the_interview_reaches_its_verdict(chat):
    await chat.say("I had a hip replacement 6 weeks ago and my left hip is stiff")
    await chat.say("yes")
    await chat.say("I have chest pain")
    await chat.say("actually I have no chest pain and I can breathe")
    verdict = await chat.until_verdict(otherwise="no")
    assert verdict["urgency"] != "emergency"


async def test_a_child_is_told_at_once_whom_to_see(chat):
    await chat.say("my son is 9 and broke his elbow 5 weeks ago")
    assert "excluded" not in texts(await chat.say("yes"))
    assert (await chat.slot("progress"))["told"]


async def test_chest_pain_does_not_move_the_place_of_the_case(agent):
    chat = await at_question(agent, "fever")
    await chat.say("actually I do have chest pain")
    assert (await chat.facts())["body_site"] == "left elbow"


async def test_two_conversations_do_not_hear_each_other(agent):
    ill, well = Chat(agent), Chat(agent)
    await ill.say("I can't breathe")
    assert urgency(await well.say("hi")) is None


@pytest.mark.parametrize("fact", ["bladder_problem", "loss_of_motion"])
async def test_despair_is_met_with_care_and_answers_no_question(agent, fact):
    chat = await at_question(agent, fact)
    before = await chat.facts()
    assert "You do not have to bear it alone" in texts(await chat.say("I can't take this any more"))
    assert (await chat.facts())["symptoms_present"] == before["symptoms_present"]
