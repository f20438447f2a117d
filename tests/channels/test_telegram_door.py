"""The Telegram door: what comes in is answered once, whatever comes in and whatever Telegram does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from telegram_door import Door, open_door
from telegram_fake import TOKEN, FakeTelegram, Person, fake_telegram, post

pytestmark = pytest.mark.xdist_group("small_bot")
HELLO = "Hello, I am a small bot."
GROUP = {"id": -1001712345678, "type": "supergroup", "title": "Hip replacement friends"}


_people = iter(range(1000, 9999))


@pytest.fixture
def anna(small_door: Door, telegram: FakeTelegram) -> Person:
    """Somebody who writes for the first time."""
    telegram.failures.clear()
    return Person(telegram, next(_people))


# -- set-up --------------------------------------------------------------------------------------------
def test_at_the_start_telegram_is_told_where_we_are_and_what_can_be_said(
    small_door: Door, telegram: FakeTelegram
) -> None:
    webhook = telegram.made("setWebhook")[0]
    assert webhook["url"] == small_door.url
    assert set(webhook["allowed_updates"]) == {
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
    }
    assert len(webhook["secret_token"]) >= 32
    commands = [one["command"] for one in telegram.made("setMyCommands")[0]["commands"]]
    assert commands == ["start", "help", "stop", "restart", "forget", "privacy"]


# -- the webhook ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("secret", [None, "", "wrong", "wrong" * 30])
def test_an_update_without_our_secret_is_refused_and_not_heard(
    small_door: Door, telegram: FakeTelegram, anna: Person, secret: str | None
) -> None:
    update = telegram.update(message=anna.message(text="hello"))
    assert post(small_door.url, update, secret) == 403
    anna.say("verdict")
    anna.until_shown("Call 112 now.")
    assert HELLO not in anna.texts()


@pytest.mark.parametrize(
    ("body", "status"),
    [(body, 400) for body in (b"{", b"[]", b"", b'"x"', b"null", b"\xff", b"[" * 100_000)]
    + [(b"x" * 300_000, 413)],
    ids=["broken", "list", "empty", "text", "null", "bytes", "deep", "oversize"],
)
def test_what_is_no_update_is_refused_with_a_reason(
    small_door: Door, telegram: FakeTelegram, body: bytes, status: int
) -> None:
    assert telegram.webhook
    assert post(small_door.url, body, telegram.webhook["secret_token"]) == status


def test_an_update_that_comes_twice_is_answered_once(
    small_door: Door, telegram: FakeTelegram, anna: Person
) -> None:
    update = telegram.update(message=anna.message(text="hello"))
    assert [telegram.deliver(update) for _ in range(3)] == [200, 200, 200]
    anna.say("verdict")
    anna.until_shown("Call 112 now.")
    assert anna.texts().count(HELLO) == 1


def test_updates_that_overtook_each_other_are_heard_in_their_order(
    telegram: FakeTelegram, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.inbox.REORDERING_WINDOW", 1.0)
    first, second = (telegram.update(message=anna.message(text=text)) for text in ("hello", "verdict"))
    telegram.deliver(second)
    telegram.deliver(first)
    anna.until_shown(HELLO, "Call 112 now.")
    assert anna.texts().index(HELLO) == 0


def test_it_is_shown_that_the_bot_is_typing(telegram: FakeTelegram, anna: Person) -> None:
    anna.say("hello")
    anna.until_shown(HELLO)
    assert {"chat_id": anna.number, "action": "typing"} in telegram.made("sendChatAction")


@pytest.mark.parametrize(("command", "said"), [("/start", HELLO), ("/start@ho_triage_bot abc", HELLO)])
def test_a_command_is_its_intent(anna: Person, command: str, said: str) -> None:
    anna.say(command)
    anna.until_shown(said)


def test_a_payload_that_no_button_sends_is_plain_words(anna: Person) -> None:
    anna.say('/nonsense{"x": "y"}')
    assert "You said: nonsense{" in anna.until_shown("You said:")


# -- what is no text -----------------------------------------------------------------------------------
PHOTO = [{"file_id": "AgAC", "file_unique_id": "AQAD", "file_size": 1253, "width": 90, "height": 67}]
FILE = {"file_id": "BAAC", "file_unique_id": "AgAD", "file_size": 5123}
UNREADABLE: dict[str, Any] = {
    "photo": PHOTO,
    "voice": {**FILE, "duration": 3, "mime_type": "audio/ogg"},
    "audio": {**FILE, "duration": 3},
    "video": {**FILE, "duration": 3, "width": 1, "height": 1},
    "video_note": {**FILE, "duration": 3, "length": 240},
    "animation": {**FILE, "duration": 3, "width": 1, "height": 1},
    "sticker": {**FILE, "type": "regular", "width": 512, "height": 512, "emoji": "👍"},
    "document": {**FILE, "file_name": "scan.pdf"},
    "location": {"latitude": 52.1, "longitude": 4.3},
    "venue": {"location": {"latitude": 52.1, "longitude": 4.3}, "title": "Clinic", "address": "1 Road"},
    "contact": {"phone_number": "31600000000", "first_name": "Ben"},
    "poll": {"id": "1", "question": "?", "options": [], "total_voter_count": 0},
    "dice": {"emoji": "🎲", "value": 3},
    "story": {"chat": {"id": 1, "type": "private"}, "id": 1},
    "something_new": {"of": "the year 2031"},
}


@pytest.mark.parametrize("kind", sorted(UNREADABLE))
def test_what_is_no_text_is_met_with_a_word(small_door: Door, anna: Person, kind: str) -> None:
    assert anna.send(**{kind: UNREADABLE[kind]}) == 200
    anna.until_shown("Words only.")


def test_the_words_below_a_picture_are_heard(anna: Person) -> None:
    anna.send(photo=PHOTO, caption="verdict")
    anna.until_shown("Words only.", "Call 112 now.")


def test_an_album_is_answered_once(telegram: FakeTelegram, anna: Person) -> None:
    for _ in range(4):
        anna.send(photo=PHOTO, media_group_id="13579")
    anna.say("hello")
    anna.until_shown(HELLO)
    assert anna.texts() == ["Words only.", HELLO]


def test_an_edit_is_seen_and_is_no_answer_to_another_question(small_door: Door, anna: Person) -> None:
    turns = small_door.turns
    assert anna.edit("no") == 200
    anna.until_shown("I saw the edit.")
    assert small_door.turns == turns


def test_a_danger_sign_in_an_edit_is_heard(anna: Person) -> None:
    anna.edit("I have chest pain and cannot breathe")
    anna.until_shown("You said: I have chest pain and cannot breathe")


NOT_FOR_US: dict[str, Any] = {
    "channel_post": {"message_id": 1, "chat": {"id": -1009, "type": "channel"}, "text": "hello"},
    "edited_channel_post": {"message_id": 1, "chat": {"id": -1009, "type": "channel"}, "text": "hello"},
    "poll": {"id": "1", "question": "?"},
    "poll_answer": {"poll_id": "1", "user": {"id": 5}, "option_ids": [0]},
    "inline_query": {"id": "1", "from": {"id": 5}, "query": "", "offset": ""},
    "chosen_inline_result": {"result_id": "1", "from": {"id": 5}, "query": ""},
    "message_reaction": {"chat": {"id": 5, "type": "private"}, "message_id": 1, "new_reaction": []},
    "chat_member": {"chat": GROUP, "from": {"id": 5}},
    "chat_join_request": {"chat": GROUP, "from": {"id": 5}},
    "business_message": {"message_id": 1, "chat": {"id": 5, "type": "private"}, "text": "hello"},
    "shipping_query": {"id": "1"},
    "pre_checkout_query": {"id": "1"},
    "brand_new_update": {"x": [1, 2, {"y": None}]},
    "message": {"message_id": 7},
    "edited_message": None,
    "callback_query": {"id": "1"},
    "my_chat_member": [],
}


@pytest.mark.parametrize("kind", sorted(NOT_FOR_US))
def test_an_update_that_is_not_for_us_is_acknowledged_and_left(
    small_door: Door, telegram: FakeTelegram, kind: str
) -> None:
    before = len(telegram.made("sendMessage"))
    assert telegram.deliver(telegram.update(**{kind: NOT_FOR_US[kind]})) == 200
    assert len(telegram.made("sendMessage")) == before


def test_an_edited_live_location_is_left(small_door: Door, telegram: FakeTelegram, anna: Person) -> None:
    moved = anna.message(location={"latitude": 1.0, "longitude": 2.0}, edit_date=1)
    assert telegram.deliver(telegram.update(edited_message=moved)) == 200
    anna.say("hello")
    anna.until_shown(HELLO)
    assert anna.texts() == [HELLO]


# -- groups --------------------------------------------------------------------------------------------
def group_message(anna: Person, text: str, **more: Any) -> dict[str, Any]:
    chat = {**GROUP, "id": GROUP["id"] - anna.number}
    return {**anna.message(text=text), "chat": chat, **more}


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("@ho_triage_bot my hip is stiff", {}),
        ("/start@ho_triage_bot", {}),
        ("/help", {}),
        ("it hurts", {"reply_to_message": {"message_id": 2, "from": {"id": int(TOKEN.split(":")[0])}}}),
    ],
)
def test_in_a_group_the_bot_says_only_where_to_write(
    small_door: Door, telegram: FakeTelegram, anna: Person, text: str, more: Any
) -> None:
    turns, message = small_door.turns, group_message(anna, text, **more)
    telegram.deliver(telegram.update(message=message))
    chat = message["chat"]["id"]
    anna.until(lambda: telegram.texts(chat))
    (shown,) = telegram.shown(chat)
    assert shown["text"] == "Write to me directly."
    assert Person.buttons_of(shown) == [{"text": "Write to me", "url": "https://t.me/ho_triage_bot"}]
    assert small_door.turns == turns


@pytest.mark.parametrize(
    "text", ["my hip is stiff", "/ban@other_bot", "@ho_triage_bot2 hello", "hello /start"]
)
def test_in_a_group_the_bot_does_not_meddle(
    small_door: Door, telegram: FakeTelegram, anna: Person, text: str
) -> None:
    message = group_message(anna, text)
    assert telegram.deliver(telegram.update(message=message)) == 200
    anna.say("hello")
    anna.until_shown(HELLO)
    assert telegram.texts(message["chat"]["id"]) == []


def moved(chat: Any, before: str, now: str) -> dict[str, Any]:
    return {"chat": chat, "from": {"id": 5}, "date": 1, "old_chat_member": {"status": before},
            "new_chat_member": {"status": now}}  # fmt: skip


def test_brought_into_a_group_the_bot_says_where_to_write(telegram: FakeTelegram, anna: Person) -> None:
    chat = group_message(anna, "")["chat"]
    telegram.deliver(telegram.update(my_chat_member=moved(chat, "left", "member")))
    anna.until(lambda: telegram.texts(chat["id"]))


@pytest.mark.parametrize(("before", "now"), [("member", "kicked"), ("kicked", "member")])
def test_blocked_or_let_in_again_nothing_is_said(
    small_door: Door, telegram: FakeTelegram, anna: Person, before: str, now: str
) -> None:
    assert telegram.deliver(telegram.update(my_chat_member=moved(anna.chat, before, now))) == 200
    assert anna.texts() == []


# -- buttons -------------------------------------------------------------------------------------------
def test_a_tap_stops_the_spinner_shows_the_choice_and_takes_the_buttons_away(
    telegram: FakeTelegram, anna: Person
) -> None:
    anna.say("buttons")
    anna.until_shown("Is it swollen?")
    anna.tap("Yes")
    anna.until_shown("You chose swelling:0.")
    anna.until(lambda: telegram.made("answerCallbackQuery"))
    assert anna.texts()[0] == "Is it swollen?\n\nTell me.\n\nYou chose: Yes"
    assert anna.titles() == []


def test_a_second_tap_is_not_a_second_answer(telegram: FakeTelegram, anna: Person) -> None:
    anna.say("buttons")
    anna.until_shown("Is it swollen?")
    again = telegram.update(callback_query=anna.query("Yes"))
    telegram.deliver({**again, "update_id": again["update_id"] + 10_000_000})
    telegram.deliver({**again, "update_id": again["update_id"] + 10_000_001})
    anna.until(
        lambda: any("does not work" in str(a.get("text")) for a in telegram.made("answerCallbackQuery"))
    )
    anna.until_shown("You chose swelling:0.")
    anna.say("hello")
    anna.until_shown(HELLO)
    assert anna.texts().count("You chose swelling:0.") == 1


def test_a_typed_answer_takes_the_buttons_away(anna: Person) -> None:
    anna.say("buttons")
    anna.until_shown("Is it swollen?")
    anna.say("hello")
    anna.until_shown(HELLO)
    anna.until(lambda: not anna.titles())


def test_a_button_of_somebody_else_or_of_another_time_does_nothing(
    small_door: Door, telegram: FakeTelegram, anna: Person
) -> None:
    anna.say("buttons")
    anna.until_shown("Is it swollen?")
    query, turns = anna.query("Yes"), small_door.turns
    ben = Person(telegram, next(_people))
    telegram.deliver(telegram.update(callback_query={**query, "from": ben.me, "message": ben.message()}))
    for data in ("", ":", "1.1:0", "x" * 64, query["data"].split(":")[0] + ":99", None):
        telegram.deliver(telegram.update(callback_query={**query, "data": data}))
    assert small_door.turns == turns


def test_several_answers_are_ticked_and_sent_together(telegram: FakeTelegram, anna: Person) -> None:
    anna.say("several")
    anna.until_shown("Which of these?")
    assert anna.titles() == ["☐ Swelling", "☐ Redness", "None of these", "Send"]
    anna.tap("Send")
    anna.until(lambda: any("Tick one" in str(a.get("text")) for a in telegram.made("answerCallbackQuery")))
    anna.tap("☐ Redness")
    anna.until(lambda: "☑ Redness" in anna.titles())
    anna.tap("☑ Redness")
    anna.until(lambda: "☐ Redness" in anna.titles())
    for box in ("☐ Swelling", "☐ Redness"):
        anna.tap(box)
    anna.until(lambda: "☑ Swelling" in anna.titles() and "☑ Redness" in anna.titles())
    anna.tap("Send")
    anna.until_shown("You said: Swelling, Redness")
    assert "You chose: Swelling, Redness" in anna.texts()[0]


def test_a_tick_that_is_delivered_twice_stays_ticked(telegram: FakeTelegram, anna: Person) -> None:
    anna.say("several")
    anna.until_shown("Which of these?")
    tick = telegram.update(callback_query=anna.query("☐ Swelling"))
    for _ in range(2):
        telegram.deliver(tick)
    anna.until(lambda: "☑ Swelling" in anna.titles())
    anna.tap("Send")
    anna.until_shown("You said: Swelling")


def test_one_answer_alone_is_sent_at_once(anna: Person) -> None:
    anna.say("several")
    anna.until_shown("Which of these?")
    anna.tap("None of these")
    anna.until_shown("You said: none of these")


# -- what Telegram does --------------------------------------------------------------------------------
@pytest.mark.parametrize("failure", [500, "html", "reset", (429, 0.05)], ids=str)
def test_a_failure_of_telegram_loses_and_doubles_nothing(
    telegram: FakeTelegram, anna: Person, failure: Any
) -> None:
    telegram.fail(failure, failure)
    anna.say("hello")
    anna.say("verdict")
    anna.until_shown(HELLO, "Call 112 now.")
    assert anna.texts() == [HELLO, "Call 112 now."]


def test_what_may_have_arrived_is_sent_again_rather_than_lost(telegram: FakeTelegram, anna: Person) -> None:
    telegram.fail("lost")
    anna.say("buttons")
    anna.until(lambda: len(anna.texts()) == 2)
    anna.tap("Yes")
    anna.until_shown("You chose swelling:0.")


def test_a_person_who_blocked_the_bot_holds_up_nobody(telegram: FakeTelegram, anna: Person) -> None:
    ben = Person(telegram, next(_people))
    telegram.blocked.add(ben.number)
    ben.say("hello")
    anna.say("hello")
    anna.until_shown(HELLO)
    telegram.blocked.discard(ben.number)
    ben.say("verdict")
    ben.until_shown("Call 112 now.")
    assert ben.texts() == ["Call 112 now."]


def test_a_turn_that_fails_is_answered(anna: Person) -> None:
    anna.say("crash")
    anna.until_shown("Something went wrong.")


def test_signs_of_the_mark_up_are_shown_as_they_are(anna: Person) -> None:
    anna.say("a < b & <i>c</i> _d_ *e* [f](g)")
    anna.until_shown("You said: a < b & <i>c</i> _d_ *e* [f](g)")


def test_a_long_letter_is_split_between_lines_and_nothing_of_it_is_lost(anna: Person) -> None:
    anna.say("letter")
    anna.until_shown("A summary")
    assert "• Hip replacement" in anna.texts()[0]
    assert "".join(anna.texts()).count("• more") == 80


# -- polling -------------------------------------------------------------------------------------------
def test_polling_needs_no_address_and_takes_each_update_once(
    small_agent: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with fake_telegram() as telegram:
        telegram.webhook = {"url": "https://old.example/"}
        with open_door(monkeypatch, telegram, small_agent, tmp_path, polls=True):
            anna = Person(telegram, next(_people))
            anna.until(lambda: telegram.made("getUpdates"))
            anna.say("hello")
            anna.until_shown(HELLO)
        anna.say("buttons")
        with open_door(monkeypatch, telegram, small_agent, tmp_path, polls=True):
            anna.until_shown("Is it swollen?")
            anna.tap("Yes")
            anna.until_shown("You chose swelling:0.")
        assert anna.texts().count(HELLO) == 1
        assert telegram.made("setWebhook") == []


def test_an_address_that_telegram_does_not_take_yet_is_told_again(
    small_agent: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with fake_telegram() as telegram:
        answer, tried = telegram.answer, []

        def slow_to_know(method: str, arguments: Any) -> Any:
            if method == "setWebhook" and len(tried) < 2:
                tried.append(method)
                from telegram_fake import Refusal

                raise Refusal(400, "Bad Request: bad webhook: failed to resolve host")
            return answer(method, arguments)

        monkeypatch.setattr(telegram, "answer", slow_to_know)
        with open_door(monkeypatch, telegram, small_agent, tmp_path):
            anna = Person(telegram, next(_people))
            anna.until(lambda: telegram.webhook)
            anna.say("hello")
            anna.until_shown(HELLO)
