"""Calls to Telegram's Bot API.

Made with the client of aiogram 2.15, the version that Rasa 3.6 brings: its address, its session (made in the
server's loop, by the first call) and its reading of errors. Its types are of 2021 and know neither secret
tokens nor anything younger, so methods and arguments are ours.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from typing import Any

import aiohttp
from aiogram import Bot
from aiogram.bot.api import TelegramAPIServer
from aiogram.utils import exceptions

from bot.channels.outbox import Refused, TryLater

TELEGRAM = "https://api.telegram.org"
_SECONDS = 30.0
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
#: Nobody knows whether the call was taken: the connection broke, or what came back is no answer of the API.
_UNCLEAR = (
    exceptions.NetworkError, asyncio.TimeoutError, ValueError, TypeError, LookupError, AttributeError,
)  # fmt: skip
#: Never taken however often it is made.
_HOPELESS = (exceptions.BadRequest, exceptions.MigrateToChat)
_PERSON_GONE = (
    exceptions.BotBlocked, exceptions.BotKicked, exceptions.UserDeactivated, exceptions.ChatNotFound,
    exceptions.CantInitiateConversation, exceptions.CantTalkWithBots,
)  # fmt: skip


class PersonGone(Refused):
    """The chat cannot be written to any more: blocked, deleted, never begun."""


class NotAsSent(Refused):
    """Telegram could not read the marks of a text."""


class TelegramApi:
    """The methods of one bot. The token is part of every address: no error of ours carries one."""

    def __init__(self, token: str, base: str = TELEGRAM) -> None:
        """Raises: ``ValueError`` for what cannot be a token."""
        if not _TOKEN.fullmatch(token):
            raise ValueError("This is no token of a Telegram bot. It looks like 123456:ABC-DEF.")
        self._bot = Bot(token, server=TelegramAPIServer.from_base(base))

    @property
    def bot_id(self) -> int:
        return int(self._bot.id)

    async def call(self, method: str, arguments: Mapping[str, Any], seconds: float = _SECONDS) -> Any:
        """The result of a method. Raises: ``TryLater``, ``Refused``."""
        data = {
            key: value if isinstance(value, str) else json.dumps(value) for key, value in arguments.items()
        }
        error: Exception
        with self._bot.request_timeout(aiohttp.ClientTimeout(total=seconds)):
            try:
                return await self._bot.request(method, data)
            except (exceptions.TelegramAPIError, *_UNCLEAR) as failed:
                error = _meaning(failed)
        # Outside of the except: what failed knows the address, and with it the token.
        raise error

    async def close(self) -> None:
        """Give the connections back."""
        await self._bot.session.close()


def _meaning(failed: Exception) -> Exception:
    name = type(failed).__name__
    if isinstance(failed, exceptions.RetryAfter):
        return TryLater(seconds=float(failed.timeout))
    if isinstance(failed, _PERSON_GONE):
        return PersonGone(name)
    if isinstance(failed, exceptions.CantParseEntities):
        return NotAsSent(name)
    if isinstance(failed, _HOPELESS):
        return Refused(name)
    if isinstance(failed, exceptions.Unauthorized) and str(failed).lower().startswith("forbidden"):
        return PersonGone(name)
    return TryLater(may_have_arrived=isinstance(failed, _UNCLEAR))
