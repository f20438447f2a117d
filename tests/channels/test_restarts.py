"""A restart or a kill between any two messages, or within one, changes nothing that the person sees."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.core.lock_store import InMemoryLockStore

from bot.channels.intake import Intake
from bot.channels.mailbox import Call, Event, Mailbox, Outgoing
from bot.channels.messaging import Messaging
from bot.channels.slack_blocks import render
from bot.records.tracker_store import BoundedSQLiteTrackerStore

SAID = (
    "I broke my femur 6 weeks ago, they put a rod in, and now the knee won't bend, no fever",
    *("yes", "none of these", "no", "why do you ask?", "no", "I'm 44", "actually it was 8 weeks ago"),
    *(["no"] * 12),
    *("yes", "why this advice?", "copy for my doctor"),
)
#: Where the process is killed while it deals with a message; "" lets it end, and restarts it.
KILLS = ("", "before the turn", "after the turn", "after the first call")


class Killed(Exception):
    """In the place of SIGKILL."""


class MortalMailbox(Mailbox):
    """A mailbox whose process dies at a place."""

    dies, died = "", False

    def answer(self, event: Event, calls: Iterable[Outgoing]) -> None:
        self._die_if("after the turn")
        super().answer(event, calls)

    def remove(self, call: Call) -> None:
        self._die_if("after the first call")
        super().remove(call)

    def _die_if(self, place: str) -> None:
        if self.dies == place:
            self.died = True
            raise Killed


class Screen:
    """A platform that takes each call once, as Slack does by the key of a message."""

    name = "slack"

    def __init__(self) -> None:
        self.shown: list[Any] = []
        self._taken: set[tuple[int, float]] = set()

    def render(self, to: Mapping[str, Any], message: Mapping[str, Any]) -> list[Outgoing]:
        return render(to, message)

    def address(self, conversation: str) -> dict[str, Any]:
        return {"channel": conversation}

    async def send(self, call: Call, may_have_arrived: bool) -> None:
        if (call.id, call.at) not in self._taken:
            self._taken.add((call.id, call.at))
            self.shown.append(call.body)

    async def close(self) -> None:
        """Nothing to close."""


class Life:
    """One data folder, and process after process on it."""

    def __init__(self, agent: Any, folder: Path) -> None:
        self.agent, self.folder, self.screen = agent, folder, Screen()
        self.mailbox, self.messaging = self._process()

    def _process(self) -> tuple[MortalMailbox, Messaging]:
        store = BoundedSQLiteTrackerStore(self.agent.domain, path=self.folder / "tracker.sqlite")
        for owner in (self.agent, self.agent.processor):
            owner.tracker_store, owner.lock_store = store, InMemoryLockStore()
        app: Any = SimpleNamespace(ctx=SimpleNamespace(agent=self.agent))
        messaging = Messaging(self.screen, Intake({"answer": ["option"]}), app, self.agent.handle_message)
        messaging.start()
        mailbox: Any = messaging.mailbox
        return mailbox, messaging

    async def hear(self, number: int, text: str, dies: str = "") -> None:
        """Deal with one message, or die on the way."""
        one = Event("slack", f"Ev{number}", "slack-D1", number, {"channel": "D1"}, text)
        self.mailbox.dies = dies
        if dies == "before the turn":
            self.mailbox.receive(one)
            return
        self.messaging.receive(one)
        await self.until_quiet()

    async def until_quiet(self) -> None:
        mailbox = self.mailbox
        while mailbox.unanswered("slack") or mailbox.conversations_with_calls("slack"):
            if mailbox.died:
                return
            await asyncio.sleep(0.01)

    async def again(self) -> None:
        """The next process."""
        await self.messaging.stop()
        self.mailbox, self.messaging = self._process()
        await self.until_quiet()


@pytest.fixture
def real_agent(agent: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The real assistant; its stores are put back after the test."""
    for owner in (agent, agent.processor):
        for name in ("tracker_store", "lock_store"):
            monkeypatch.setattr(owner, name, getattr(owner, name))
    monkeypatch.setattr("bot.channels.messaging.Mailbox", MortalMailbox)
    monkeypatch.setattr("bot.channels.inbox.REORDERING_WINDOW", 0.0)
    return agent


async def test_restarts_and_kills_change_nothing_that_the_person_sees(
    real_agent: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    for name in ("straight", "with kills"):
        (tmp_path / name).mkdir()
        monkeypatch.setenv("HO_TRIAGE_DATA", str(tmp_path / name))
        life = Life(real_agent, tmp_path / name)
        for number, text in enumerate(SAID):
            if name == "straight":
                await life.hear(number, text)
            else:
                await life.hear(number, text, KILLS[number % len(KILLS)])
                await life.again()
        await life.messaging.stop()
        seen.append(life.screen.shown)
    assert "header" in str(seen[0])
    assert seen[1] == seen[0]
