"""Events are answered in order, one at a time in a conversation, and again after a kill."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from test_mailbox import event

from bot.channels.inbox import Inbox
from bot.channels.mailbox import Event, Mailbox


class Listener:
    """Answers events, and keeps in which order and how many at once."""

    def __init__(self, folder: Path) -> None:
        self.mailbox = Mailbox(folder / "mail.sqlite")
        self.began: list[str] = []
        self.maybe_run: list[str] = []
        self.at_once = self.most_at_once = 0
        self.hold = asyncio.Event()
        self.hold.set()
        self.inbox = Inbox(self.mailbox, "slack", self.answer)

    async def answer(self, one: Event, maybe_run: bool) -> None:
        self.began.append(one.id)
        if maybe_run:
            self.maybe_run.append(one.id)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        await self.hold.wait()
        self.at_once -= 1
        self.mailbox.answer(one, [])

    def receive(self, *events: Event) -> None:
        for one in events:
            self.mailbox.receive(one)
            self.inbox.wake(one.conversation)

    async def until_answered(self) -> list[str]:
        while self.mailbox.unanswered("slack"):
            await asyncio.sleep(0.01)
        return self.began


@pytest.fixture
async def listener(tmp_path: Path) -> Listener:
    return Listener(tmp_path)


async def test_events_that_come_out_of_order_are_answered_in_order(listener: Listener) -> None:
    listener.receive(event(2), event(3), event(1))
    assert await listener.until_answered() == ["Ev1", "Ev2", "Ev3"]


async def test_in_one_conversation_one_event_is_answered_at_a_time(listener: Listener) -> None:
    listener.receive(event(1), event(2), event(3))
    await listener.until_answered()
    assert listener.most_at_once == 1


async def test_a_slow_conversation_does_not_hold_up_another(listener: Listener) -> None:
    listener.hold.clear()
    listener.receive(event(1), event(2, "slack-bert"))
    while listener.at_once < 2:
        await asyncio.sleep(0.01)
    listener.hold.set()
    await listener.until_answered()


async def test_what_a_killed_process_left_is_answered_and_marked_as_perhaps_run(
    listener: Listener, tmp_path: Path
) -> None:
    listener.mailbox.receive(event(1))
    after = Listener(tmp_path)
    after.inbox.start()
    after.receive(event(2))
    assert await after.until_answered() == ["Ev1", "Ev2"]
    assert after.maybe_run == ["Ev1"]


async def test_a_stop_waits_for_the_turn_under_way_and_begins_no_other(listener: Listener) -> None:
    listener.hold.clear()
    listener.receive(event(1), event(2))
    while not listener.at_once:
        await asyncio.sleep(0.01)
    stopping = asyncio.ensure_future(listener.inbox.stop(10))
    await asyncio.sleep(0)
    listener.hold.set()
    await stopping
    assert listener.began == ["Ev1"]
    assert listener.mailbox.unanswered("slack") == {"slack-anna": {"Ev2"}}


async def test_an_event_whose_answer_could_not_be_stored_is_run_again_as_perhaps_run(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = listener.mailbox.answer
    monkeypatch.setattr(listener.mailbox, "answer", lambda *_: 1 / 0)
    listener.receive(event(1))
    while not listener.began:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    monkeypatch.setattr(listener.mailbox, "answer", answer)
    listener.receive(event(2))
    assert await listener.until_answered() == ["Ev1", "Ev1", "Ev2"]
    assert listener.maybe_run == ["Ev1"]
