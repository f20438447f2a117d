"""Scenarios through a chat platform: what is said goes through the fake platform and a real server.

A turn is read from the server's HTTP API, so that every check of a scenario can be made; besides, all that
the assistant said in it must stand on the person's screen.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import aiohttp

from bot.records.paths import MAIL_FILE
from bot.scenarios.case import Case
from bot.scenarios.checks import NotVisible, Turn
from bot.scenarios.runner import Result, run_case

#: Cases at the same time; each waits for its own answers most of the time.
AT_ONCE = 12


class Person(Protocol):
    """Somebody on a fake platform."""

    conversation: str

    def says(self, text: str) -> Any:
        """A delivery that says ``text``."""

    def chooses(self, payload: str) -> Any | None:
        """A delivery of the newest button with this payload; None if there is none."""

    def send(self, body: Any) -> int:
        """Deliver; gives the HTTP status."""

    def screen(self) -> str:
        """All words that the person sees."""


class ThroughChannel:
    """One conversation of a scenario."""

    def __init__(self, person: Person, url: str, folder: Path, session: aiohttp.ClientSession) -> None:
        self.person, self.url, self.session, self._seen = person, url, session, 0
        self._mail = sqlite3.connect(folder / MAIL_FILE)

    async def start(self, slots: Mapping[str, Any]) -> Turn:
        """A platform starts the session with the first message."""
        if slots:
            raise NotVisible("fixtures")
        return Turn([])

    async def say(self, text: str, metadata: Mapping[str, Any] | None = None) -> Turn:
        """Say ``text``, or choose the button that says it; gives its turn."""
        body = self.person.chooses(text) or self.person.says(text)
        status = await asyncio.to_thread(self.person.send, body)
        assert status == 200
        while self._is_on_its_way():
            await asyncio.sleep(0.02)
        turn = await self._turn()
        screen = "".join(self.person.screen().split())
        for event in turn.bot:
            for line in str(event.get("text") or "").split("\n"):
                assert "".join(line.lstrip("-# ").split()) in screen, f"not shown: {line}"
        return turn

    def _is_on_its_way(self) -> bool:
        sql = (
            "SELECT EXISTS (SELECT 1 FROM events WHERE conversation_id = ?1)"
            " OR EXISTS (SELECT 1 FROM calls WHERE conversation_id = ?1)"
        )
        return bool(self._mail.execute(sql, [self.person.conversation]).fetchone()[0])

    async def _turn(self) -> Turn:
        address = f"{self.url}/conversations/{self.person.conversation}/tracker"
        async with self.session.get(address, params={"include_events": "ALL"}) as answer:
            tracker = json.loads(await answer.text())
        new, self._seen = tracker["events"][self._seen :], len(tracker["events"])
        return Turn(new, tracker["slots"])


async def run_through(
    cases: Sequence[Case], person: Callable[[int], Person], url: str, folder: Path
) -> list[Result]:
    """Run ``cases``, each by a person of its own."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(number: int, case: Case, session: aiohttp.ClientSession) -> Result:
        async with gate:
            return await run_case(case, ThroughChannel(person(number), url, folder, session))

    async with aiohttp.ClientSession() as session:
        return list(await asyncio.gather(*(one(n, case, session) for n, case in enumerate(cases))))
