"""The door for people: the page at ``/``, the socket.io channel it talks to, and plain HTTP in its place.

``POST session {leave, framed}`` gives the browser its cookie and answers ``{session, history,
emergency_number}``. Over the socket the page sends ``user_uttered {id, message, title, again}`` and hears
``session_confirm {session, history}``, ``user_uttered {id, text}`` (also from its other tabs),
``turn_begin {}``, ``bot_uttered {id, text, quick_replies, custom}`` and ``turn_end {}``. Where no socket can
be had, ``POST message`` takes the same message and answers ``{messages}``. Rasa's own channel lets a client
claim any session and, with current python-socketio, never delivers to it; this one does neither.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse
from socketio import AsyncServer
from socketio.exceptions import ConnectionRefusedError

from bot.channels.history import for_page, past, was_heard
from bot.channels.intake import Intake
from bot.channels.page import serve_page
from bot.channels.reminders import due_in, payload
from bot.channels.sessions import Sessions, is_of_this_site, session_key, set_cookie
from bot.channels.socket_packets import CarefulSocket
from bot.channels.turns import Handler, WholeMessages, run_turn
from bot.clinical.facts import Facts
from bot.clinical.judge import judge
from bot.clinical.knowledge_base import knowledge
from bot.handoff.letter import doctor_letter
from bot.records.paths import data_folder

_TITLE = 100
_MAX_BODY = 256 * 1024
_DRAIN_SECONDS = 12.0
_MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NO_STORE = {"Cache-Control": "no-store"}


@dataclass(frozen=True)
class Said:
    """One message of the person: its id, its text, the title of the button, whether it was sent before."""

    id: str
    message: str
    title: str
    again: bool
    #: Of the service and not of the person.
    internal: bool = False

    @classmethod
    def read(cls, data: object) -> Said | None:
        """What a page sent, or None if that is no message."""
        if not isinstance(data, dict) or not isinstance(data.get("message"), str):
            return None
        given = data.get("id")
        known = isinstance(given, str) and _MESSAGE_ID.fullmatch(given)
        title = str(data.get("title") or "")[:_TITLE]
        return cls(str(given) if known else uuid.uuid4().hex, data["message"], title, bool(data.get("again")))


class WebOutput(WholeMessages):
    """Sends to every open page of one conversation; ``messages`` are those of this turn."""

    def __init__(self, sio: AsyncServer, turn: str, first: int = 1) -> None:
        super().__init__()
        self.sio = sio
        self.turn = turn
        self.first = first
        self.messages: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """The name that responses with a channel of their own go by."""
        return "web"

    async def deliver(self, recipient_id: str, content: dict[str, Any]) -> None:
        """Emit one message."""
        message = for_page(content, f"{self.turn}.{self.first + len(self.messages)}")
        self.messages.append(message)
        await self.sio.emit("bot_uttered", message, room=recipient_id)


class WebInput(InputChannel):
    """The socket.io channel of the page, with plain HTTP for networks that let no socket through."""

    def __init__(self, intake: Intake, origins: list[str] | None = None) -> None:
        self.intake = intake
        self.origins = origins or []
        # None lets in pages of this server only. A site that may frame the page may still not speak for it.
        self.sio = CarefulSocket(async_mode="sanic", cors_allowed_origins=None)
        self.sessions = Sessions(session_key(data_folder()))
        self._turns: dict[tuple[str, str], asyncio.Task[list[dict[str, Any]]]] = {}

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
        return WebOutput(self.sio, uuid.uuid4().hex)

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The routes of the channel, the page and the socket."""
        routes = _PageBlueprint(self)

        @routes.get("/")
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.post("/session")
        async def session(request: Request) -> HTTPResponse:
            return await self._open(request)

        @routes.post("/message")
        async def message(request: Request) -> HTTPResponse:
            return await self._take(request, on_new_message)

        @routes.get("/letter")
        async def letter(request: Request) -> HTTPResponse:
            return await self._letter(request)

        async def user_uttered(sid: str, data: Any) -> bool:
            said, held = Said.read(data), await self.sio.get_session(sid)
            if said is None:
                return False
            await self.hear(routes.app, on_new_message, held["conversation"], said)
            return True

        async def connect(sid: str, environ: Mapping[str, Any], auth: Any = None) -> None:
            conversation = await self._connect(routes.app, sid, environ["sanic.request"])
            self.ask_again(routes.app, on_new_message, conversation)

        self.sio.on("connect", connect)
        self.sio.on("user_uttered", user_uttered)
        return routes

    async def drain(self, *_: Any) -> None:
        """Let the turns under way end before the server stops."""
        if self._turns:
            await asyncio.wait(set(self._turns.values()), timeout=_DRAIN_SECONDS)

    # -- the session ---------------------------------------------------------------------------
    async def _connect(self, app: Sanic, sid: str, request: Request) -> str:
        conversation = self.sessions.of(request)
        if conversation is None:
            raise ConnectionRefusedError("no session")
        await self.sio.save_session(sid, {"conversation": conversation})
        await self.sio.enter_room(sid, conversation)
        await self.sio.emit("session_confirm", await self._state(app, conversation), to=sid)
        return conversation

    def ask_again(self, app: Sanic, handle: Handler, conversation: str) -> None:
        """The person is back: begin to say the reminder that they wanted by now, once."""
        for due in due_in(conversation):
            said = Said(f"reminder-{due.id}", payload(due), "", True, internal=True)
            self._begin(app, handle, conversation, said)

    async def _open(self, request: Request) -> HTTPResponse:
        """The conversation of this browser; a new one for who has none, or leaves the one of this mark."""
        asked, refusal = _read(request)
        if refusal is not None:
            return refusal
        conversation, cookie = self.sessions.of(request), None
        if conversation is None or asked.get("leave") == self.sessions.mark(conversation):
            session = self.sessions.issue()
            conversation = str(self.sessions.conversation(session))
            cookie = set_cookie(session, request, framed=bool(asked.get("framed")))
        answer = _json(await self._state(request.app, conversation))
        if cookie:
            answer.headers.add("Set-Cookie", cookie)
        return answer

    async def _state(self, app: Sanic, conversation: str) -> dict[str, Any]:
        entry = knowledge().emergency_numbers.get(os.environ.get("HO_TRIAGE_COUNTRY", "").upper())
        return {
            "session": self.sessions.mark(conversation),
            "history": await past(app.ctx.agent.tracker_store, conversation),
            "emergency_number": entry.emergency if entry else None,
        }

    # -- a message -----------------------------------------------------------------------------
    async def _take(self, request: Request, handle: Handler) -> HTTPResponse:
        asked, refusal = _read(request)
        if refusal is not None:
            return refusal
        said, conversation = Said.read(asked), self.sessions.of(request)
        if conversation is None:
            return _json({"error": "There is no session. Open one first."}, 401)
        if said is None:
            return _json({"error": '"message" must be a text.'}, 400)
        return _json({"messages": await self.hear(request.app, handle, conversation, said)})

    async def hear(self, app: Sanic, handle: Handler, conversation: str, said: Said) -> list[dict[str, Any]]:
        """Take one message, once, and give the answers to it, also to who sends it again meanwhile."""
        # A page that goes away does not end the turn.
        return await asyncio.shield(self._begin(app, handle, conversation, said))

    def _begin(
        self, app: Sanic, handle: Handler, conversation: str, said: Said
    ) -> asyncio.Task[list[dict[str, Any]]]:
        """The turn of a message, which is under way from here on."""
        key = (conversation, said.id)
        if key not in self._turns:
            turn = asyncio.ensure_future(self._turn(app, handle, conversation, said))
            self._turns[key] = turn
            turn.add_done_callback(lambda _: self._turns.pop(key))
        return self._turns[key]

    async def _turn(self, app: Sanic, handle: Handler, conversation: str, said: Said) -> list[dict[str, Any]]:
        store = app.ctx.agent.tracker_store
        if await was_heard(store, conversation, said.id, said.again):
            everything = await past(store, conversation)
            answers = [one for one in everything if one["id"].startswith(f"{said.id}.")]
        else:
            answers = await self._answer(app, handle, conversation, said)
        await self.sio.emit("turn_end", {}, room=conversation)
        return answers

    async def _answer(
        self, app: Sanic, handle: Handler, conversation: str, said: Said
    ) -> list[dict[str, Any]]:
        text, was_cut = (said.message, False) if said.internal else self.intake.read(said.message)
        # The word that a message was cut stands outside the turn, so it is not counted with the answers.
        output = WebOutput(self.sio, said.id, first=0 if was_cut else 1)
        if not text:
            return []
        shown = said.title or text
        if not shown.startswith("/"):
            await self.sio.emit("user_uttered", {"id": said.id, "text": shown}, room=conversation)
        await self.sio.emit("turn_begin", {}, room=conversation)
        metadata = {"title": said.title} if said.title else {}
        message = UserMessage(
            text, output, conversation, input_channel=self.name(), message_id=said.id, metadata=metadata
        )
        await run_turn(app.ctx.agent, handle, message, was_cut, may_be_silent=said.internal)
        return output.messages

    # -- the copy for the doctor ------------------------------------------------------------------
    async def _letter(self, request: Request) -> HTTPResponse:
        conversation = self.sessions.of(request)
        tracker = await request.app.ctx.agent.tracker_store.retrieve(conversation) if conversation else None
        if tracker is None or tracker.get_slot("interview") != "complete":
            return _json({"error": "There is no advice yet."}, 404)
        facts = Facts.from_json(tracker.get_slot("facts") or {})
        return _json({"markdown": doctor_letter(facts, judge(facts))})


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
        serve_page(app, self.ctx.channel.origins)
        super().register(app, options)


def _read(request: Request) -> tuple[dict[str, Any], HTTPResponse | None]:
    """The request's object; and, if it is not to be heard, the answer that says why."""
    if not is_of_this_site(request):
        return {}, _json({"error": "This is for pages of this server only."}, 403)
    if len(request.body) > _MAX_BODY:
        return {}, _json({"error": f"The request is larger than {_MAX_BODY} bytes."}, 413)
    try:
        body = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        return {}, _json({"error": "The request must be a JSON object."}, 400)
    return body, None


def _json(body: dict[str, Any], status: int = 200) -> HTTPResponse:
    return response.json(body, status=status, headers=_NO_STORE)
