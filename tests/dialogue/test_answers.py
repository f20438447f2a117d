"""Every kind of answer to every question: never silent, never asked more than twice."""

from __future__ import annotations

import pytest

from bot.clinical.knowledge_base import knowledge
from tests.conversation import texts
from tests.dialogue.placing import at_question

pytestmark = pytest.mark.xdist_group("dialogue-2")

QUESTIONS = {question.fact: question for question in knowledge().questions.values()}
ANSWERS = ["yes", "no", "none of these", "I don't know", "skip", "rather not say", "zxcv qwer", "😀", ""]


@pytest.mark.parametrize("fact", QUESTIONS)
async def test_no_answer_is_met_with_silence(agent, fact):
    for answer in ANSWERS:
        chat = await at_question(agent, fact)
        assert texts(await chat.say(answer)).strip(), answer


@pytest.mark.parametrize("fact", QUESTIONS)
async def test_every_button_answers_its_question(agent, fact):
    for option in QUESTIONS[fact].options:
        chat = await at_question(agent, fact)
        number = QUESTIONS[fact].options.index(option)
        await chat.say(f'/answer{{"option": "{fact}:{number}"}}')
        assert await chat.slot("requested_slot") != fact, option.title


@pytest.mark.parametrize("fact", QUESTIONS)
async def test_a_button_and_its_title_typed_say_the_same(agent, fact):
    for number, option in enumerate(QUESTIONS[fact].options):
        tapped, typed = await at_question(agent, fact), await at_question(agent, fact)
        await tapped.say(f'/answer{{"option": "{fact}:{number}"}}')
        await typed.say(option.title)
        assert await typed.facts() == await tapped.facts(), option.title


@pytest.mark.parametrize("fact", QUESTIONS)
async def test_dont_know_is_kept_as_a_third_state_and_not_asked_again(agent, fact):
    chat = await at_question(agent, fact)
    await chat.say("I don't know")
    assert await chat.slot(fact) == "unknown"
    assert await chat.slot("requested_slot") != fact


@pytest.mark.parametrize("fact", QUESTIONS)
async def test_nonsense_brings_simpler_words_and_then_not_sure(agent, fact):
    chat = await at_question(agent, fact)
    assert "other words" in texts(await chat.say("zxcv qwer"))
    assert await chat.slot("requested_slot") == fact
    assert "not sure" in texts(await chat.say("qwer zxcv"))
    assert await chat.slot("requested_slot") != fact


@pytest.mark.parametrize("fact", QUESTIONS)
async def test_a_question_asked_twice_is_not_asked_a_third_time(agent, fact):
    chat = await at_question(agent, fact, asked=2)
    await chat.say("I also smoke")
    assert await chat.slot("requested_slot") != fact


async def test_no_but_sets_the_answer_and_what_follows(agent):
    chat = await at_question(agent, "fever")
    await chat.say("no, but my calf is swollen")
    facts = await chat.facts()
    assert "fever" in facts["symptoms_absent"]
    assert "swelling" in facts["symptoms_present"]


async def test_yes_and_sets_the_answer_and_what_follows(agent):
    chat = await at_question(agent, "fever")
    await chat.say("yes, and my arm is swollen too")
    assert {"fever", "swelling"} <= set((await chat.facts())["symptoms_present"])


async def test_no_with_one_sign_named_denies_the_others(agent):
    chat = await at_question(agent, "swelling")
    await chat.say("no, it's just a bit warm")
    facts = await chat.facts()
    assert "warmth" in facts["symptoms_present"]
    assert {"swelling", "redness"} <= set(facts["symptoms_absent"])


async def test_yes_with_one_sign_denied_keeps_the_yes(agent):
    chat = await at_question(agent, "fever")
    await chat.say("yes, but no chills")
    facts = await chat.facts()
    assert "fever" in facts["symptoms_present"]
    assert "chills" in facts["symptoms_absent"]


async def test_a_word_that_means_a_sign_only_where_it_was_asked_is_taken_there(agent):
    chat = await at_question(agent, "cold_limb")
    await chat.say("icy")
    assert "cold_limb" in (await chat.facts())["symptoms_present"]


async def test_a_word_that_means_a_sign_only_where_it_was_asked_is_not_taken_elsewhere(agent):
    chat = await at_question(agent, "age")
    await chat.say("icy")
    assert "cold_limb" not in (await chat.facts())["symptoms_present"]


async def test_none_answers_what_happened(agent):
    chat = await at_question(agent, "event_type")
    await chat.say("none")
    assert (await chat.facts())["event_type"] == "none"


async def test_yes_with_a_side_sets_both(agent):
    facts = {"event_type": "thr", "body_site": "hip", "weeks_since_event": 6, "age": 60}
    chat = await at_question(agent, "loss_of_motion", facts)
    await chat.say("yes, my left one")
    heard = await chat.facts()
    assert heard["body_site"] == "left hip"
    assert "loss_of_motion" in heard["symptoms_present"]


async def test_a_sign_at_another_place_does_not_move_the_case(agent):
    chat = await at_question(agent, "fever")
    await chat.say("my knee is sore too")
    assert (await chat.facts())["body_site"] == "left elbow"


async def test_a_bare_number_answers_how_old(agent):
    chat = await at_question(agent, "age")
    await chat.say("52")
    assert (await chat.facts())["age"] == 52


async def test_what_answers_another_question_is_noted_and_the_open_one_returns_in_other_words(agent):
    chat = await at_question(agent, "breathlessness")
    first = texts(await chat.say("what do you mean?"))
    said = texts(await chat.say("I also smoke"))
    assert "smoking" in (await chat.facts())["risk_factors"]
    assert said != first


async def test_a_known_fact_is_never_asked_for(chat):
    await chat.say("I had a hip replacement 6 weeks ago, no fever, my left hip is stiff, I am 61")
    await chat.say("yes")
    for _ in range(25):
        slot = await chat.slot("requested_slot")
        assert slot not in ("fever", "event_type", "weeks_since_event", "body_site", "age", "stiffness")
        if slot is None:
            break
        await chat.say("no")


async def test_a_story_that_was_not_followed_is_asked_for_once_more(chat):
    await chat.say("hi")
    await chat.say("yes")
    assert "For example" in texts(await chat.say("zxcv"))
    await chat.say("qwer")
    assert await chat.slot("requested_slot") != "story"


async def test_no_story_leads_to_short_questions(chat):
    await chat.say("hi")
    await chat.say("yes")
    assert "one at a time" in texts(await chat.say("I don't know"))


async def test_an_interview_has_at_most_twenty_questions(chat):
    await chat.say("hi")
    asked = 1
    while await chat.slot("interview") == "open":
        await chat.say("yes" if asked == 1 else "I don't know")
        asked += await chat.slot("requested_slot") is not None
    assert asked <= 20
