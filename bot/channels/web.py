"""The door for people: the page at ``/`` and the socket.io channel it talks to.

Events from the page: ``session_request {session}``, ``user_uttered {session, id, message, title}``.
Events to the page: ``session_confirm {session, history}``, ``bot_uttered {text, quick_replies, custom ...}``,
``turn_end {}``. Rasa's own channel lets a client claim any session and, with current python-socketio,
never delivers to it; this one does neither.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.shared.core.events import BotUttered, Event, UserUttered
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse
from socketio import AsyncServer

from bot.channels.intake import Intake
from bot.channels.page import serve_page
from bot.channels.sessions import Sessions, session_key
from bot.channels.turns import Handler, WholeMessages, parts, run_turn
from bot.records.paths import data_folder

_HISTORY = 300
_TITLE = 100
_REMEMBERED_MESSAGES = 1000
_DRAIN_SECONDS = 12.0


class WebOutput(WholeMessages):
    """Sends to every open page of one conversation."""

    def __init__(self, sio: AsyncServer) -> None:
        super().__init__()
        self.sio = sio

    @classmethod
    def name(cls) -> str:
        """The name that responses with a channel of their own go by."""
        return "web"

    async def deliver(self, recipient_id: str, content: dict[str, Any]) -> None:
        """Emit one message."""
        await self.sio.emit("bot_uttered", _for_page(content), room=recipient_id)


class WebInput(InputChannel):
    """The socket.io channel of the page."""

    def __init__(self, intake: Intake, origins: list[str] | None = None) -> None:
        self.intake = intake
        # None lets in pages of this server only; socket.io takes an empty list for "anybody".
        self.sio = AsyncServer(async_mode="sanic", cors_allowed_origins=origins or None)
        self.sessions = Sessions(session_key(data_folder()))
        self._seen: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._turns: set[asyncio.Task[Any]] = set()

    @classmethod
    def name(cls) -> str:
        """The channel's name, and its place under ``/webhooks/``."""
        return "web"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebInput:
        """Build the channel from its part of credentials.yml (``payload_intents``, ``origins``)."""
        return cls(Intake.from_credentials(credentials), (credentials or {}).get("origins"))

    def get_output_channel(self) -> OutputChannel:
        """An output for messages that no message of a person asked for."""
        return WebOutput(self.sio)

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The routes of the channel, the page and the socket."""
        routes = _PageBlueprint(self)

        @routes.get("/")
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        async def session_request(sid: str, data: Any) -> None:
            await self._open(routes.app, sid, data)

        async def user_uttered(sid: str, data: Any) -> bool:
            turn = asyncio.ensure_future(self._hear(routes.app, on_new_message, sid, data))
            self._turns.add(turn)
            turn.add_done_callback(self._turns.discard)
            return await turn

        self.sio.on("session_request", session_request)
        self.sio.on("user_uttered", user_uttered)
        return routes

    async def drain(self, *_: Any) -> None:
        """Let the turns under way end before the server stops."""
        if self._turns:
            await asyncio.wait(set(self._turns), timeout=_DRAIN_SECONDS)

    async def _open(self, app: Sanic, sid: str, data: Any) -> None:
        session = data.get("session") if isinstance(data, dict) else None
        conversation = self.sessions.conversation(session)
        if conversation is None:
            session = self.sessions.issue()
            conversation = self.sessions.conversation(session)
        await self.sio.enter_room(sid, conversation)
        tracker = await app.ctx.agent.tracker_store.retrieve_full_tracker(conversation)
        past = history(list(tracker.events)) if tracker else []
        await self.sio.emit("session_confirm", {"session": session, "history": past}, to=sid)

    async def _hear(self, app: Sanic, handle: Handler, sid: str, data: Any) -> bool:
        """Take one message; False if it is none, or its session is not ours."""
        if not isinstance(data, dict) or not isinstance(data.get("message"), str):
            return False
        conversation = self.sessions.conversation(data.get("session"))
        if conversation is None:
            await self._open(app, sid, None)
            return False
        text, was_cut = self.intake.read(data["message"])
        if text and not self._already_heard(conversation, data.get("id")):
            await self.sio.enter_room(sid, conversation)
            title = {"title": str(data["title"])[:_TITLE]} if data.get("title") else {}
            output = WebOutput(self.sio)
            message = UserMessage(text, output, conversation, input_channel=self.name(), metadata=title)
            await run_turn(app.ctx.agent, handle, message, was_cut)
        await self.sio.emit("turn_end", {}, room=conversation)
        return True

    def _already_heard(self, conversation: str, message_id: Any) -> bool:
        """Whether a page sent this message before, because its connection broke before the answer."""
        key = (conversation, str(message_id))
        if message_id is None or key not in self._seen:
            self._seen[key] = None
            if len(self._seen) > _REMEMBERED_MESSAGES:
                self._seen.popitem(last=False)
            return False
        return True


class _PageBlueprint(Blueprint):
    """The channel's routes; brings the page and the socket with it, which live outside its prefix."""

    def __init__(self, channel: WebInput) -> None:
        super().__init__("web_webhook")
        self.ctx.channel = channel

    @property
    def app(self) -> Sanic:
        """The server this channel was registered with."""
        return self.ctx.app

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        """Attach the page, the socket and the drain to the server, then the routes."""
        self.ctx.app = app
        self.ctx.channel.sio.attach(app, "/socket.io")
        app.register_listener(self.ctx.channel.drain, "before_server_stop")
        serve_page(app)
        super().register(app, options)


def history(events: list[Event]) -> list[dict[str, Any]]:
    """What was said, oldest first: ``{"from": "you", "text"}`` or ``{"from": "bot", ...}`` as it was sent.

    A button's payload is shown by its title; a payload without one (the page's own greeting) is not shown.
    """
    said = []
    for event in events:
        if isinstance(event, UserUttered) and event.text:
            text = (event.metadata or {}).get("title") or event.text
            if not text.startswith("/"):
                said.append({"from": "you", "text": text})
        elif isinstance(event, BotUttered) and (content := parts(event.message())):
            said.append({"from": "bot", **_for_page(content)})
    return said[-_HISTORY:]


def _for_page(content: Mapping[str, Any]) -> dict[str, Any]:
    """Bot messages as socket.io clients of Rasa know them: buttons are ``quick_replies``."""
    names = {"buttons": "quick_replies"}
    return {names.get(key, key): value for key, value in content.items()}
