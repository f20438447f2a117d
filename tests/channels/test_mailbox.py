"""What is on its way outlives the process, is known again, and loses its words when it is dealt with."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from bot.channels.mailbox import REMEMBERED_DAYS, Event, Mailbox, Outgoing


def event(number: int, conversation: str = "slack-anna", text: str = "hello") -> Event:
    return Event("slack", f"Ev{number}", conversation, number, {"channel": "D1"}, text)


def say(text: str) -> Outgoing:
    return Outgoing("chat.postMessage", {"text": text})


@pytest.fixture
def mailbox(tmp_path: Path) -> Mailbox:
    return Mailbox(tmp_path / "mail.sqlite")


def reopened(mailbox: Mailbox, folder: Path) -> Mailbox:
    mailbox.close()
    return Mailbox(folder / "mail.sqlite")


def test_an_event_is_taken_once_also_after_a_restart(mailbox: Mailbox, tmp_path: Path) -> None:
    assert mailbox.receive(event(1))
    mailbox = reopened(mailbox, tmp_path)
    assert not mailbox.receive(event(1))


def test_an_answered_event_is_not_taken_again(mailbox: Mailbox) -> None:
    mailbox.receive(event(1))
    mailbox.answer(event(1), [])
    assert not mailbox.receive(event(1))
    assert mailbox.first_event("slack", "slack-anna") is None


def test_the_same_id_on_another_platform_is_another_event(mailbox: Mailbox) -> None:
    mailbox.receive(event(1))
    assert mailbox.receive(Event("telegram", "Ev1", "telegram-1", 1, {}))


def test_an_event_comes_back_as_it_was_recorded(mailbox: Mailbox, tmp_path: Path) -> None:
    whole = Event("slack", "Ev1", "slack-anna", 7, {"channel": "D1"}, "hello", "utter_x", {"title": "Hi"})
    mailbox.receive(whole)
    found = reopened(mailbox, tmp_path).first_event("slack", "slack-anna")
    assert found is not None
    assert found[0] == whole


def test_events_come_in_the_platforms_order(mailbox: Mailbox) -> None:
    for number in (3, 1, 2):
        mailbox.receive(event(number))
    order = []
    while found := mailbox.first_event("slack", "slack-anna"):
        order.append(found[0].id)
        mailbox.answer(found[0], [])
    assert order == ["Ev1", "Ev2", "Ev3"]


def test_calls_come_in_the_order_in_which_they_were_stored(mailbox: Mailbox, tmp_path: Path) -> None:
    mailbox.receive(event(1), [say("a")])
    mailbox.answer(event(1), [say("b"), say("c")])
    mailbox = reopened(mailbox, tmp_path)
    said = []
    while call := mailbox.first_call("slack", "slack-anna"):
        said.append(call.body["text"])
        mailbox.remove(call)
    assert said == ["a", "b", "c"]


def test_an_answer_that_cannot_be_stored_whole_is_not_stored_at_all(mailbox: Mailbox) -> None:
    mailbox.receive(event(1))
    broken: Any = Outgoing("chat.postMessage", {"text": object()})
    with pytest.raises(TypeError):
        mailbox.answer(event(1), [say("a"), broken])
    assert mailbox.first_call("slack", "slack-anna") is None
    assert mailbox.unanswered("slack") == {"slack-anna": {"Ev1"}}


def test_of_what_was_dealt_with_no_word_stays(mailbox: Mailbox, tmp_path: Path) -> None:
    mailbox.receive(event(1, text="my CANARY hurts"))
    mailbox.answer(event(1), [say("your CANARY")])
    call = mailbox.first_call("slack", "slack-anna")
    assert call is not None
    mailbox.remove(call)
    mailbox.scrub()
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"CANARY" not in left
    assert b"slack-anna" not in left
    assert b"Ev1" in left


def test_ids_are_forgotten_when_no_platform_would_repeat_them(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox.receive(event(1))
    mailbox.answer(event(1), [])
    mailbox.receive(event(2))
    later = time.time() + (REMEMBERED_DAYS + 1) * 24 * 3600
    monkeypatch.setattr("bot.channels.mailbox.time.time", lambda: later)
    mailbox.drop_old_ids()
    assert mailbox.receive(event(1))
    assert not mailbox.receive(event(2))
