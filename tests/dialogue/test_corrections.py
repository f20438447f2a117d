"""What was told can be put right at any time, and what contradicts is asked about."""

from __future__ import annotations

import pytest

from tests.conversation import buttons, texts, verdict_in
from tests.dialogue.placing import STIFF_ELBOW, after_verdict, at_question

pytestmark = pytest.mark.xdist_group("dialogue-2")

FEVERISH = {**STIFF_ELBOW, "symptoms_present": ["stiffness", "fever"]}
CORRECTIONS = [
    ("actually it was 3 months ago, not 6 weeks", "weeks_since_event", pytest.approx(13, abs=0.5)),
    ("sorry, I meant the right one", "body_site", "right elbow"),
    ("no wait, I do have a fever", "fever", "present"),
]


async def value_of(chat, fact):
    facts = await chat.facts()
    return "present" if fact in facts["symptoms_present"] else facts.get(fact)


@pytest.mark.parametrize(("text", "fact", "value"), CORRECTIONS)
@pytest.mark.parametrize("place", ["fever", "breathlessness", "age", "ledger_confirmed"])
async def test_a_correction_during_the_questions_is_taken(agent, place, text, fact, value):
    chat = await at_question(agent, place)
    await chat.say(text)
    assert await value_of(chat, fact) == value


@pytest.mark.parametrize(("text", "fact", "value"), CORRECTIONS)
async def test_a_correction_after_the_verdict_is_judged_again(agent, text, fact, value):
    chat = await after_verdict(agent)
    replies = await chat.say(text)
    assert await value_of(chat, fact) == value
    assert verdict_in(replies)


async def test_a_correction_says_what_was_and_what_is(agent):
    chat = await at_question(agent, "age")
    said = texts(await chat.say("actually it was 3 months ago, not 6 weeks"))
    assert "about 3 months ago (before: about 6 weeks ago)" in said


async def test_a_correction_after_the_verdict_says_whether_the_advice_moved(agent):
    chat = await after_verdict(agent)
    assert "The advice moves from" in texts(await chat.say("no wait, I do have a fever"))


async def test_two_corrections_at_once_are_both_taken(agent):
    chat = await at_question(agent, "age")
    await chat.say("actually it was 3 months ago, and it is my right elbow")
    facts = await chat.facts()
    assert facts["weeks_since_event"] > 12
    assert facts["body_site"] == "right elbow"


async def test_a_denial_of_what_was_told_is_asked_about_with_a_button_for_each(agent):
    chat = await at_question(agent, "age", FEVERISH)
    replies = await chat.say("no fever")
    assert "Which is right?" in texts(replies)
    assert buttons(replies) == ["Fever: yes", "Fever: no"]


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        ('/answer{"option": "conflict:0"}', True),
        ('/answer{"option": "conflict:1"}', False),
        ("yes", True),
        ("no", False),
        ("I have a fever", True),
        ("no fever", False),
        ("I don't know", True),
        ("zxcv", True),
    ],
)
@pytest.mark.parametrize("where", ["questions", "verdict"])
async def test_the_answer_settles_the_contradiction_and_doubt_keeps_the_sign(agent, where, answer, kept):
    asked = await at_question(agent, "age", FEVERISH) if where == "questions" else None
    chat = asked or await after_verdict(agent, FEVERISH)
    await chat.say("no fever")
    assert texts(await chat.say(answer))
    assert ("fever" in (await chat.facts())["symptoms_present"]) is kept
    assert (await chat.slot("progress"))["conflicts"] == []


async def test_a_question_in_between_leaves_the_contradiction_open(agent):
    chat = await at_question(agent, "age", FEVERISH)
    await chat.say("no fever")
    said = texts(await chat.say("what is HO?"))
    assert "Which is right:" in said
    assert await chat.slot("requested_slot") == "conflict"


async def test_after_the_contradiction_the_cut_question_returns(agent):
    chat = await at_question(agent, "age", FEVERISH)
    await chat.say("no fever")
    await chat.say("no")
    assert await chat.slot("requested_slot") not in (None, "conflict")


async def test_a_what_if_answers_without_changing_a_fact(agent):
    chat = await after_verdict(agent)
    before = await chat.facts()
    said = texts(await chat.say("what if I also had a fever?"))
    assert "today" in said
    assert await chat.facts() == before


async def test_a_what_if_in_the_middle_of_the_questions_changes_nothing(agent):
    chat = await at_question(agent, "age")
    before = await chat.facts()
    await chat.say("what if I also had a fever?")
    assert await chat.facts() == before
    assert await chat.slot("requested_slot") == "age"


async def test_at_the_ledger_no_asks_what_to_change(agent):
    chat = await at_question(agent, "ledger_confirmed")
    assert "What should I change?" in texts(await chat.say("no"))


async def test_at_the_ledger_yes_brings_the_verdict(agent):
    facts = {**STIFF_ELBOW, "unknown": []}
    chat = await after_verdict(agent, facts)
    await chat.say("change something")
    assert verdict_in(await chat.say("it was 5 weeks ago"))
