"""Calls are made in order, again and again until they arrive, and given up only when they never can."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import structlog
from test_mailbox import event, say

from bot.channels import outbox as module
from bot.channels.mailbox import Call, Mailbox
from bot.channels.outbox import Outbox, Refused, TryLater


class Wire:
    """A platform that answers each call with the next of ``answers``: an exception, or None for taken."""

    def __init__(self, folder: Path, *answers: Exception | None) -> None:
        self.mailbox = Mailbox(folder / "mail.sqlite")
        self.answers = list(answers)
        self.tried: list[str] = []
        self.taken: list[str] = []
        self.doubtful: list[str] = []
        self.outbox = Outbox(self.mailbox, "slack", self.send)

    async def send(self, call: Call, may_have_arrived: bool) -> None:
        self.tried.append(call.body["text"])
        if may_have_arrived:
            self.doubtful.append(call.body["text"])
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer
        self.taken.append(call.body["text"])

    async def until_sent(self) -> list[str]:
        while self.mailbox.conversations_with_calls("slack"):
            await asyncio.sleep(0.005)
        return self.taken

    def post(self, *texts: str, conversation: str = "slack-anna") -> None:
        self.mailbox.post("slack", conversation, [say(text) for text in texts])
        self.outbox.wake(conversation)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_WAIT", 0.01)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that the outbox wanted to sleep, without the sleep."""
    wanted: list[float] = []
    sleep = asyncio.sleep

    async def at_once(seconds: float) -> None:
        if seconds > 0:
            wanted.append(seconds)
        await sleep(0)

    monkeypatch.setattr(module, "asyncio", type("Asyncio", (), {**vars(asyncio), "sleep": at_once}))
    return wanted


async def test_calls_that_fail_are_made_again_and_keep_their_order(tmp_path: Path) -> None:
    wire = Wire(tmp_path, TryLater(), None, TryLater())
    wire.post("a", "b", "c")
    assert await wire.until_sent() == ["a", "b", "c"]
    assert wire.tried == ["a", "a", "b", "b", "c"]


async def test_the_waits_double_up_to_a_most_and_vary(
    tmp_path: Path, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST_WAIT", 1.0)
    wire = Wire(tmp_path, *[TryLater() for _ in range(12)])
    wire.post("a")
    await wire.until_sent()
    most = [min(module.LONGEST_WAIT, 2.0**attempt) for attempt in range(12)]
    assert all(high / 2 <= wait <= high for wait, high in zip(waits, most, strict=True))
    assert waits != most


async def test_what_the_platform_asks_to_wait_is_waited(tmp_path: Path, waits: list[float]) -> None:
    wire = Wire(tmp_path, TryLater(seconds=37.0))
    wire.post("a")
    await wire.until_sent()
    assert waits == [37.0]


async def test_a_limit_of_the_whole_platform_holds_every_conversation(
    tmp_path: Path, waits: list[float]
) -> None:
    wire = Wire(tmp_path, TryLater(seconds=37.0, all_wait=True))
    wire.post("a")
    await wire.until_sent()
    waits.clear()
    wire.post("b", conversation="slack-bert")
    await wire.until_sent()
    assert waits[0] == pytest.approx(37.0, abs=1.0)


async def test_a_failing_conversation_does_not_hold_up_another(tmp_path: Path) -> None:
    wire = Wire(tmp_path, TryLater(seconds=600.0))
    wire.post("a")
    wire.post("b", conversation="slack-bert")
    while wire.taken != ["b"]:
        await asyncio.sleep(0.005)
    await wire.outbox.stop(0)


async def test_what_can_never_arrive_is_given_up_and_logged_without_its_text(tmp_path: Path) -> None:
    wire = Wire(tmp_path, Refused("channel_not_found"))
    with structlog.testing.capture_logs() as logs:
        wire.post("my CANARY", "b")
        assert await wire.until_sent() == ["b"]
    assert [(entry["event"], entry["error"]) for entry in logs] == [("outbox.given_up", "channel_not_found")]
    assert "CANARY" not in str(logs)


async def test_a_call_is_doubtful_after_an_answer_that_did_not_come(tmp_path: Path) -> None:
    wire = Wire(tmp_path, TryLater(), TryLater(may_have_arrived=True), TryLater())
    wire.post("a", "b")
    await wire.until_sent()
    assert wire.doubtful == ["a", "a"]


async def test_after_a_restart_only_the_first_call_of_a_conversation_is_doubtful(tmp_path: Path) -> None:
    Mailbox(tmp_path / "mail.sqlite").post("slack", "slack-anna", [say("a"), say("b")])
    wire = Wire(tmp_path)
    wire.outbox.start()
    assert await wire.until_sent() == ["a", "b"]
    assert wire.doubtful == ["a"]


async def test_a_stop_waits_for_the_call_under_way_and_keeps_the_rest(tmp_path: Path) -> None:
    wire = Wire(tmp_path)
    started, go = asyncio.Event(), asyncio.Event()

    async def slow(call: Call, _: bool) -> None:
        started.set()
        await go.wait()
        wire.taken.append(call.body["text"])

    wire.outbox = Outbox(wire.mailbox, "slack", slow)
    wire.post("a", "b")
    await started.wait()
    stopping = asyncio.ensure_future(wire.outbox.stop(10))
    await asyncio.sleep(0)
    go.set()
    await stopping
    assert wire.taken == ["a"]
    left: Any = wire.mailbox.first_call("slack", "slack-anna")
    assert left.body["text"] == "b"


async def test_what_was_erased_is_not_sent(tmp_path: Path) -> None:
    wire = Wire(tmp_path, TryLater(seconds=0.05))
    wire.mailbox.receive(event(1))
    wire.post("a", "b")
    while not wire.tried:
        await asyncio.sleep(0.005)
    from bot.records.mail import forget_mail

    forget_mail(tmp_path / "mail.sqlite", ["slack-anna"])
    await asyncio.sleep(0.1)
    assert wire.tried == ["a"]
