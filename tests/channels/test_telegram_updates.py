"""Reading updates: never an error, whatever comes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram_updates import Called, Me, Said, Tapped, payload_of, read_update

ME = Me(42, "ho_triage_bot")
NAMES = [
    "message", "edited_message", "callback_query", "my_chat_member", "chat", "from", "text", "caption", "id",
    "type", "data", "message_id", "entities", "reply_to_message", "photo", "media_group_id", "is_bot",
    "old_chat_member", "new_chat_member", "status", "message_thread_id", "is_topic_message",
]  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text()
    | st.sampled_from(["private", "group", "supergroup", "member", "kicked", "/start", "@ho_triage_bot"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=30,
)  # fmt: skip
UPDATES = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6)


@given(st.integers() | st.none() | st.text(), UPDATES)
def test_no_shape_is_an_error_and_what_is_heard_can_be_kept(number: Any, update: dict[str, Any]) -> None:
    heard = read_update({"update_id": number, **update}, ME)
    if heard is not None:
        assert abs(heard.chat) < 2**53
    if isinstance(heard, Said | Tapped | Called):
        assert abs(heard.order) < 2**53
        assert heard.key.isascii()


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("/start", "/greet"),
        ("/START payload", "/greet"),
        ("/help@ho_triage_bot", "/help"),
        ("/forget", "/forget_me"),
        ("/nonsense", "/nonsense"),
        ("start", "start"),
        ("it hurts /start", "it hurts /start"),
    ],
)
def test_a_command_stands_for_its_intent(text: str, payload: str) -> None:
    assert payload_of(text) == payload


def test_a_message_of_another_bot_is_not_heard() -> None:
    message = {"chat": {"id": 7, "type": "private"}, "from": {"id": 8, "is_bot": True}, "text": "hello"}
    assert read_update({"update_id": 1, "message": message}, ME) is None


def test_without_a_name_of_its_own_the_bot_takes_no_mention_for_itself() -> None:
    message = {"chat": {"id": -7, "type": "group"}, "from": {"id": 8}, "text": "hello @"}
    assert read_update({"update_id": 1, "message": message}, Me(42)) is None
