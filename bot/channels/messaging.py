"""A chat platform's way in and out: what Slack and Telegram share.

    webhook -> Messaging.receive -> mailbox (on disk) -> 200 to the platform
                                        |
                      inbox -> one turn -> answer and calls stored in one transaction
                                                     |
                                          outbox -> Platform.send, until it arrives

A channel brings a ``Platform``: how a bot message looks there, and how one call is made.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import structlog
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from sanic import Blueprint, Sanic

from bot.channels.inbox import Inbox
from bot.channels.intake import Intake
from bot.channels.mailbox import Call, Event, Mailbox, Outgoing
from bot.channels.outbox import Outbox
from bot.channels.reminders import hand_over
from bot.channels.turns import FAILED, Collecting, Handler, past_turn, reply, run_turn

logger = structlog.get_logger()

_DRAIN_SECONDS = 12.0
#: ``custom.type`` of the message that tells a person that their data are deleted.
FORGOTTEN = "forgotten"


class Platform(Protocol):
    """What is particular to one platform."""

    #: The channel's name; conversations are named ``<name>-...``.
    name: str

    def render(self, to: Mapping[str, Any], message: Mapping[str, Any]) -> list[Outgoing]:
        """The calls that show one bot message (text, buttons, custom ...) at ``Event.to``. Pure."""

    def address(self, conversation: str) -> dict[str, Any]:
        """Where a conversation takes place, as in ``Event.to``, for what no event asked for."""

    async def send(self, call: Call, may_have_arrived: bool) -> None:
        """Make one call. Raises: ``TryLater``, ``Refused``."""

    async def close(self) -> None:
        """The server stops."""


class Messaging:
    """Inbox, turns and outbox of one platform. Made when the server starts, in its event loop."""

    def __init__(self, platform: Platform, intake: Intake, app: Sanic, handle: Handler) -> None:
        self.platform, self._intake, self._app, self._handle = platform, intake, app, handle
        self.mailbox = Mailbox()
        self._inbox = Inbox(self.mailbox, platform.name, self._answer)
        self._outbox = Outbox(self.mailbox, platform.name, platform.send)
        self._reminding: asyncio.Task[None] | None = None

    @property
    def _agent(self) -> Agent:
        # Asked for each time: the HTTP API may put another model in its place.
        return self._app.ctx.agent

    def start(self) -> None:
        """Go on where the last process ended."""
        self.mailbox.drop_old_ids()
        self._outbox.start()
        self._inbox.start()
        reminding = hand_over(self.platform.name, self.platform.address, self.receive)
        self._reminding = asyncio.ensure_future(reminding)

    async def stop(self) -> None:
        """Let turns and calls under way end; what is left is on disk."""
        if self._reminding is not None:
            self._reminding.cancel()
        await self._inbox.stop(_DRAIN_SECONDS)
        await self._outbox.stop(_DRAIN_SECONDS / 2)
        await self.platform.close()

    def receive(self, event: Event, calls: Iterable[Outgoing] = ()) -> bool:
        """Record an event for its turn, and ``calls`` that go out at once; False if it is known.

        When it returns, both are on the disk: the platform may be told so.
        """
        calls = list(calls)
        is_new = self.mailbox.receive(event, calls)
        if is_new:
            self._inbox.wake(event.conversation)
            if calls:
                self._outbox.wake(event.conversation)
        return is_new

    def note(self, event: Event) -> bool:
        """Remember an event that wants no answer, so that it is not taken twice; False if it is known."""
        return self.mailbox.note(event)

    def post(self, conversation: str, calls: Iterable[Outgoing]) -> None:
        """Store and make calls that no event asked for."""
        self.mailbox.post(self.platform.name, conversation, calls)
        self._outbox.wake(conversation)

    def tell(self, conversation: str, to: Mapping[str, Any], messages: Iterable[Mapping[str, Any]]) -> None:
        """Send bot messages that no event asked for."""
        self.post(conversation, self._rendered(to, messages))

    async def _answer(self, event: Event, maybe_run: bool) -> None:
        """Run the event's turn, or find the one that was run before a kill, and store its answer."""
        outcome = await asyncio.gather(self._calls(event, maybe_run), return_exceptions=True)
        calls: Any = outcome[0]
        if isinstance(calls, BaseException):
            logger.error("event.failed", exc_info=calls)
            calls = self._rendered(event.to, [await self._reply(FAILED, event)])
        self.mailbox.answer(event, calls)
        self._outbox.wake(event.conversation)

    async def _calls(self, event: Event, maybe_run: bool) -> list[Outgoing]:
        """The calls that answer an event."""
        said = await self._said(event, maybe_run)
        if any((message.get("custom") or {}).get("type") == FORGOTTEN for message in said):
            self._outbox.scrub_when_sent(event.conversation)
        return self._rendered(event.to, said)

    async def _said(self, event: Event, maybe_run: bool) -> list[dict[str, Any]]:
        """The bot messages that answer an event."""
        said = [await self._reply(event.response, event)] if event.response else []
        return [*said, *await self._turn(event, maybe_run)] if event.text.strip() else said

    async def _turn(self, event: Event, maybe_run: bool) -> list[dict[str, Any]]:
        """What the turn of an event says, or said when it was run before a kill."""
        text, was_cut = (event.text, False) if event.internal else self._intake.read(event.text)
        output = Collecting(self.platform.name)
        message = UserMessage(
            text,
            output,
            event.conversation,
            input_channel=self.platform.name,
            message_id=message_id(event),
            metadata=event.metadata,
        )
        past = await past_turn(self._agent, message) if maybe_run else None
        handle = self._handle if past is None else _saying(past)
        await run_turn(self._agent, handle, message, was_cut, may_be_silent=event.internal)
        return output.messages

    async def _reply(self, response: str, event: Event) -> dict[str, Any]:
        return await reply(self._agent, response, event.conversation, self.platform.name)

    def _rendered(self, to: Mapping[str, Any], messages: Iterable[Mapping[str, Any]]) -> list[Outgoing]:
        return [call for message in messages for call in self.platform.render(to, message)]


def message_id(event: Event) -> str:
    """The id of the turn's message: the same whenever the event is run."""
    return hashlib.sha256(f"{event.channel}:{event.id}".encode()).hexdigest()[:32]


def _saying(messages: list[dict[str, Any]]) -> Handler:
    """A turn that was run already: it says what it said."""

    async def handle(message: UserMessage) -> None:
        for one in messages:
            await message.output_channel.send_response(message.sender_id, one)

    return handle


class MessagingBlueprint(Blueprint):
    """The routes of a platform's channel; starts and stops its ``Messaging`` with the server."""

    def __init__(self, platform: Platform, intake: Intake, handle: Handler) -> None:
        super().__init__(f"{platform.name}_webhook")
        self.ctx.parts = (platform, intake, handle)

    @property
    def messaging(self) -> Messaging:
        """The way in and out; there is one while the server runs."""
        return self.ctx.messaging

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        """Attach the routes, the start and the drain to the server."""
        # Events are taken as soon as the server listens, and answered when the assistant is there too.
        app.register_listener(self._open, "before_server_start")
        app.register_listener(self._start, "after_server_start")
        app.register_listener(self._stop, "before_server_stop")
        super().register(app, options)

    async def _open(self, app: Sanic, *_: Any) -> None:
        platform, intake, handle = self.ctx.parts
        self.ctx.messaging = Messaging(platform, intake, app, handle)

    async def _start(self, *_: Any) -> None:
        self.messaging.start()

    async def _stop(self, *_: Any) -> None:
        await self.messaging.stop()
