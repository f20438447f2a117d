"""Reminders: offered, taken or not, stopped by a word, said, and what is answered to them."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

import pytest
import time_machine
from rasa.shared.core.events import ActiveLoop

from actions.memory import records, reminders
from bot.channels.intake import Intake
from bot.channels.web import WebInput
from bot.clinical.facts import Facts
from bot.clinical.interview import MAX_ASKED
from bot.clinical.knowledge_base import knowledge
from tests.conversation import buttons, texts, verdict_in
from tests.dialogue.placing import FORM, STIFF_ELBOW, standing

pytestmark = pytest.mark.xdist_group("dialogue-2")


async def before_verdict(agent, channel="telegram", consent="yes"):
    """A chat where all was asked; now "is this right?" is."""
    asked = {question.fact: MAX_ASKED for question in knowledge().questions.values()}
    progress = {"introduced": True, "consent": consent, "asked": {**asked, "story": 1, "ledger_confirmed": 1}}
    facts = Facts.from_json(STIFF_ELBOW).to_json()
    slots = {"facts": facts, "progress": progress, "requested_slot": "ledger_confirmed"}
    chat = await standing(agent, slots, [ActiveLoop(FORM)], channel)
    records().record_consent(chat.sender, "a-test", consent)
    return chat


async def after_verdict(agent, channel="telegram", consent="yes", says="yes, it is right"):
    """A chat that just got its verdict on the stiff elbow of the placing, and what was said."""
    chat = await before_verdict(agent, channel, consent)
    return chat, await chat.say(says)


def waiting(chat):
    return reminders().waiting(chat.sender)


@pytest.mark.parametrize("channel", ["telegram", "slack"])
async def test_a_reminder_is_offered_in_plain_words_where_we_can_write_first(agent, channel):
    chat, said = await after_verdict(agent, channel)
    assert "Shall I ask you again in 2 weeks?" in texts(said)
    assert "Yes, ask me again" in buttons(said)
    assert waiting(chat) is None


@pytest.mark.parametrize(
    ("channel", "consent"), [("rest", "yes"), (None, "yes"), ("web", "yes"), ("telegram", "unsure")]
)
async def test_no_reminder_is_offered_where_none_can_be_sent_or_kept(agent, channel, consent):
    _, said = await after_verdict(agent, channel, consent)
    assert "Shall I ask you again" not in texts(said)


async def test_in_an_emergency_no_reminder_is_offered_nor_kept(agent):
    chat, said = await after_verdict(agent, says="yes, and I have chest pain")
    assert verdict_in(said)["urgency"] == "emergency"
    assert "ask you again" not in texts(said)
    assert "Please get help first" in texts(await chat.say("remind me in two weeks"))
    assert waiting(chat) is None


@pytest.mark.parametrize("yes", ["yes", "/set_reminder", "ok", "yes please", "remind me in two weeks"])
async def test_a_yes_keeps_a_reminder_at_the_time_that_was_offered(agent, yes):
    chat, _ = await after_verdict(agent)
    said = texts(await chat.say(yes))
    kept = waiting(chat)
    assert timedelta(0) <= kept.asked_at + timedelta(days=14) - kept.due_at < timedelta(minutes=1)
    assert "in 2 weeks, on" in said
    assert f"{kept.due_at.day} {kept.due_at:%B}" in said


async def test_the_time_in_remind_me_is_no_time_of_the_case(agent):
    chat, _ = await after_verdict(agent)
    before = await chat.facts()
    await chat.say("remind me in two weeks")
    assert await chat.facts() == before


async def test_a_no_is_respected_and_not_asked_again(agent):
    chat, _ = await after_verdict(agent)
    assert "I will not write to you" in texts(await chat.say("no"))
    assert waiting(chat) is None
    again = texts(await chat.say("actually it was 7 weeks ago and my age is 41"))
    assert "ask you again" not in again


async def test_a_yes_later_on_is_no_yes_to_the_offer(agent):
    chat, _ = await after_verdict(agent)
    await chat.say("what is HO?")
    await chat.say("yes")
    assert waiting(chat) is None


async def test_a_danger_sign_in_the_answer_to_the_offer_is_heard(agent):
    chat, _ = await after_verdict(agent)
    said = await chat.say("yes, and now I have chest pain")
    assert verdict_in(said)["urgency"] == "emergency"


async def test_a_reminder_before_there_is_a_result_is_put_off(agent):
    chat = await before_verdict(agent)
    said = texts(await chat.say("remind me next week"))
    assert "no result for you yet" in said
    assert await chat.slot("requested_slot")


async def test_a_channel_that_cannot_write_first_says_so(agent):
    chat, _ = await after_verdict(agent, "rest")
    assert "cannot write to you first" in texts(await chat.say("remind me in two weeks"))


async def test_on_the_page_a_reminder_is_kept_for_the_return(agent):
    chat, _ = await after_verdict(agent, "web")
    assert "come back to this page" in texts(await chat.say("remind me please"))
    assert waiting(chat) is not None


async def test_without_a_kept_case_no_reminder_is_kept(agent):
    chat, _ = await after_verdict(agent, consent="unsure")
    assert "keep a note" in texts(await chat.say("remind me in two weeks"))
    assert waiting(chat) is None


@pytest.mark.parametrize("word", ["stop", "no more reminders", "/stop_reminders", "please stop reminding me"])
async def test_a_word_ends_them_at_once(agent, word):
    chat, _ = await after_verdict(agent)
    await chat.say("/set_reminder")
    assert "no more reminders" in texts(await chat.say(word))
    assert waiting(chat) is None


async def test_goodbye_leaves_the_reminder(agent):
    chat, _ = await after_verdict(agent)
    await chat.say("/set_reminder")
    await chat.say("bye")
    assert waiting(chat) is not None


async def test_starting_again_ends_it(agent):
    chat, _ = await after_verdict(agent)
    await chat.say("/set_reminder")
    await chat.say("start again")
    assert waiting(chat) is None


async def test_delete_my_data_takes_it_along(agent):
    chat, _ = await after_verdict(agent)
    await chat.say("/set_reminder")
    await chat.say("delete my data")
    assert records().what_is_kept(chat.sender)["reminders"] == []
    assert reminders().due(datetime.now(timezone.utc) + timedelta(days=365), chat.sender) == []


async def reminded(agent):
    """A chat whose reminder was just said."""
    chat, _ = await after_verdict(agent)
    await chat.say("/set_reminder")
    said = await chat.say(f'/remind{{"reminder": "{waiting(chat).id}"}}')
    return chat, said


async def test_when_the_time_has_come_it_asks_how_it_goes(agent):
    chat, said = await reminded(agent)
    assert "A doctor should have looked at it by now. How is it going?" in texts(said)
    assert "No more reminders" in buttons(said)
    assert waiting(chat) is None


async def test_a_reminder_that_was_stopped_is_not_said(agent):
    chat, _ = await after_verdict(agent)
    await chat.say("/set_reminder")
    number = waiting(chat).id
    await chat.say("no more reminders")
    assert await chat.say(f'/remind{{"reminder": "{number}"}}') == []


async def test_the_reminder_of_somebody_else_is_not_said(agent):
    other, _ = await after_verdict(agent)
    await other.say("/set_reminder")
    chat, _ = await after_verdict(agent)
    assert await chat.say(f'/remind{{"reminder": "{waiting(other).id}"}}') == []


async def test_a_danger_sign_in_the_reply_is_treated_as_ever(agent):
    chat, _ = await reminded(agent)
    said = await chat.say("not good, I cannot breathe and my chest hurts")
    assert verdict_in(said)["urgency"] == "emergency"


@pytest.mark.parametrize(
    ("tap", "course"), [("it is getting better", "better"), ("it is getting worse", "worse")]
)
async def test_the_buttons_of_the_reminder_are_heard(agent, tap, course):
    chat, _ = await reminded(agent)
    said = await chat.say(tap)
    assert (await chat.facts())["course"] == course
    assert texts(said)


async def test_a_new_verdict_offers_a_new_time(agent):
    chat, _ = await after_verdict(agent)
    await chat.say("/set_reminder")
    said = texts(await chat.say("I have a fever now and the elbow is red and hot"))
    assert "Shall I ask you again in 2 days?" in said
    await chat.say("yes")
    assert waiting(chat).kind == "seen_today"


async def test_the_page_asks_when_the_person_comes_back_and_once(agent, monkeypatch):
    web, app = WebInput(Intake()), SimpleNamespace(ctx=SimpleNamespace(agent=agent))
    shown = []

    async def emit(event, data, **_):
        shown.append((event, data))

    monkeypatch.setattr(web.sio, "emit", emit)

    async def back():
        web.ask_again(app, agent.handle_message, chat.sender)
        web.ask_again(app, agent.handle_message, chat.sender)
        await asyncio.sleep(0)
        await asyncio.gather(*web._turns.values())

    chat, _ = await after_verdict(agent, "web")
    await chat.say("remind me please")
    await back()
    assert shown == []
    with time_machine.travel(waiting(chat).due_at + timedelta(days=1), tick=True):
        await back()
        await back()
    said = [data["text"] for event, data in shown if event == "bot_uttered"]
    assert sum("How is it going?" in text for text in said) == 1
    assert not any(event == "user_uttered" for event, _ in shown)
