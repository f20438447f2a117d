"""The Telegram door in a thread of its own, as the server runs it: webhook over HTTP, or polling."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import yaml
from sanic import Sanic
from serving import ROOT, free_port
from telegram_fake import TOKEN, FakeTelegram

_numbers = itertools.count(1)
# Otherwise a second server in one process cannot be started.
Sanic.test_mode = True


class Door:
    """A server with nothing but this door, for ``agent``; ``turns`` counts what the assistant was asked."""

    def __init__(self, agent: Any) -> None:
        self.agent, self.port, self.turns = agent, free_port(), 0
        self._up, self._loop = threading.Event(), asyncio.new_event_loop()
        self._stop: asyncio.Event | None = None
        self._trouble: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/webhooks/telegram/webhook"

    def start(self) -> None:
        self._thread.start()
        assert self._up.wait(60)
        assert self._trouble is None, repr(self._trouble)

    def stop(self) -> None:
        assert self._stop is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(20)
        assert not self._thread.is_alive()

    async def _handle(self, message: Any) -> None:
        self.turns += 1
        await self.agent.handle_message(message)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        outcome = asyncio.gather(self._serve(), return_exceptions=True)
        (self._trouble,) = self._loop.run_until_complete(outcome)
        self._up.set()

    async def _serve(self) -> None:
        from bot.channels.telegram import TelegramInput

        doors = yaml.safe_load((ROOT / "credentials.yml").read_text(encoding="utf-8"))
        channel = TelegramInput.from_credentials(doors["bot.channels.telegram.TelegramInput"])
        app = Sanic(f"telegram_{next(_numbers)}")
        app.ctx.agent = self.agent
        app.blueprint(channel.blueprint(self._handle), url_prefix="/webhooks/telegram")
        server = await app.create_server("127.0.0.1", self.port, return_asyncio_server=True, access_log=False)
        self._stop = asyncio.Event()
        await server.startup()
        await server.before_start()
        await server.after_start()
        await server.start_serving()
        self._up.set()
        await self._stop.wait()
        await server.before_stop()
        await server.close()


@contextmanager
def open_door(
    patch: pytest.MonkeyPatch, telegram: FakeTelegram, agent: Any, folder: Any, polls: bool = False
) -> Iterator[Door]:
    """The door for ``agent`` with its files in ``folder``, quick where it would wait for others."""
    door = Door(agent)
    patch.setenv("HO_TRIAGE_DATA", str(folder))
    patch.setenv("TELEGRAM_TOKEN", TOKEN)
    patch.setenv("TELEGRAM_API_URL", telegram.url)
    patch.setenv("TELEGRAM_WEBHOOK_URL", door.url)
    patch.delenv("TELEGRAM_POLLING", raising=False)
    if polls:
        patch.setenv("TELEGRAM_POLLING", "yes")
    patch.setattr("bot.channels.inbox.REORDERING_WINDOW", 0.02)
    patch.setattr("bot.channels.outbox.FIRST_WAIT", 0.02)
    patch.setattr("bot.channels.telegram.FIRST_RETRY", 0.02)
    patch.setattr("bot.channels.reminders.EVERY", 0.05)
    door.start()
    try:
        yield door
    finally:
        door.stop()
