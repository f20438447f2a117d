"""Ways to talk with an assistant: in this process, or at a live server's REST channel."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
import socketio

from .checks import NotVisible, Turn

if TYPE_CHECKING:
    from rasa.core.agent import Agent
    from rasa.shared.core.trackers import DialogueStateTracker


#: Seconds to wait for a server's answer over socket.io.
_PATIENCE = 60.0
#: Parts of a message that carries text; any other message is a custom payload by itself.
_PARTS = {"text", "quick_replies", "buttons", "attachment", "image", "custom"}


class InProcess:
    """One conversation with a loaded agent: the real model and actions, every event visible."""

    def __init__(self, agent: Agent, stubs: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        self.agent, self.stubs = agent, stubs or {}
        self.sender = f"scenario-{uuid.uuid4().hex}"
        self._seen = 0

    async def start(self, slots: Mapping[str, Any]) -> Turn:
        """Start the session and set ``slots``; gives what the start led to."""
        from rasa.shared.core.events import SlotSet

        processor = self.agent.processor
        with _stubbed(processor, self.stubs):
            tracker = await processor.fetch_tracker_with_initial_session(self.sender)
        for name, value in slots.items():
            tracker.update(SlotSet(name, value), self.agent.domain)
        await processor.save_tracker(tracker)
        return self._turn(tracker)

    async def say(self, text: str, metadata: Mapping[str, Any] | None = None) -> Turn:
        """Send one message, by the channel that ``metadata`` names as ``input_channel``; gives its turn."""
        from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

        about = dict(metadata or {})
        channel = about.get("input_channel")
        message = UserMessage(
            text, CollectingOutputChannel(), self.sender, input_channel=channel, metadata=about
        )
        with _stubbed(self.agent.processor, self.stubs):
            await self.agent.handle_message(message)
        return self._turn(await self.agent.tracker_store.retrieve(self.sender))

    def _turn(self, tracker: DialogueStateTracker) -> Turn:
        events = [event.as_dict() for event in tracker.events]
        new, self._seen = events[self._seen :], len(events)
        return Turn(new, tracker.current_slot_values())


@contextmanager
def _stubbed(processor: Any, stubs: Mapping[str, Mapping[str, Any]]) -> Iterator[None]:
    """While open, the actions named in ``stubs`` answer with their stub."""
    endpoint = processor.action_endpoint
    processor.action_endpoint = _Stubs(endpoint, stubs) if stubs else endpoint
    try:
        yield
    finally:
        processor.action_endpoint = endpoint


class _Stubs:
    """An action endpoint that answers for the stubbed actions and passes the others on."""

    def __init__(self, endpoint: Any, stubs: Mapping[str, Mapping[str, Any]]) -> None:
        self.endpoint, self.stubs = endpoint, stubs

    def __getattr__(self, name: str) -> Any:
        return getattr(self.endpoint, name)

    async def request(self, **call: Any) -> Any:
        stub = self.stubs.get(call["json"]["next_action"])
        if stub is None:
            return await self.endpoint.request(**call)
        return {"events": list(stub.get("events") or []), "responses": list(stub.get("responses") or [])}


class RestServer:
    """One conversation over a server's REST channel (``http://host:port``): only what people see.

    Raises: ``aiohttp.ClientError`` when the server cannot be reached or answers with an error.
    """

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url, self.session = url.rstrip("/"), session
        self.sender = f"scenario-{uuid.uuid4().hex}"

    async def start(self, slots: Mapping[str, Any]) -> Turn:
        """A server starts the session by itself; slots cannot be set from outside."""
        if slots:
            raise NotVisible("fixtures")
        return Turn([])

    async def say(self, text: str, metadata: Mapping[str, Any] | None = None) -> Turn:
        """Send one message; gives the bot's messages as events without response names."""
        body = {"sender": self.sender, "message": text, "metadata": dict(metadata or {})}
        async with self.session.post(f"{self.url}/webhooks/rest/webhook", json=body) as response:
            response.raise_for_status()
            return Turn([_as_event(message) for message in json.loads(await response.text())])


class SocketServer:
    """One conversation over a server's socket.io channel (``ws://host:port``): only what people see.

    Speaks Rasa's own channel and those that issue the session themselves, by the socket or as a cookie that
    a POST to ``cookies`` gives (a server without that address is Rasa's own). The message is acknowledged
    when its turn has ended. Raises: ``aiohttp.ClientError`` when the server cannot be reached or is silent.
    """

    def __init__(self, url: str, path: str = "socket.io", cookies: str = "webhooks/web/session") -> None:
        self.url, self.path, self.cookies = url.replace("ws", "http", 1).rstrip("/"), path, cookies
        self.session = f"scenario-{uuid.uuid4().hex}"
        self._said: list[Mapping[str, Any]] = []
        self.http: aiohttp.ClientSession | None = None
        self.socket: Any = None

    def _hear(self, message: Mapping[str, Any]) -> None:
        buttons = message.get("buttons") or message.get("quick_replies")
        custom = message.get("custom") or ({} if message.keys() & _PARTS else dict(message))
        self._said.append(_as_event({**message, "buttons": buttons, "custom": custom.get("data", custom)}))

    def _confirm(self, answer: Any) -> None:
        given = answer.get("session") if isinstance(answer, Mapping) else answer
        self.session = str(given or self.session)
        self._confirmed.set()

    async def start(self, slots: Mapping[str, Any]) -> Turn:
        """Open the socket and the session; slots cannot be set from outside."""
        if slots:
            raise NotVisible("fixtures")
        # Unsafe is aiohttp's word for taking a cookie from an address without a name.
        self.http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        async with self.http.post(f"{self.url}/{self.cookies}", json={}):
            self.socket = self._new_socket()
        with _as_client_error():
            # Polling: the client's websockets want a newer aiohttp than Rasa allows.
            await self.socket.connect(self.url, socketio_path=self.path, transports=["polling"])
            await self.socket.emit("session_request", {"session_id": self.session})
            await asyncio.wait_for(self._confirmed.wait(), _PATIENCE)
        return Turn([])

    async def say(self, text: str, metadata: Mapping[str, Any] | None = None) -> Turn:
        """Send one message; gives the bot's messages until its turn ended."""
        sent = {"message": text, "session": self.session, "session_id": self.session}
        with _as_client_error():
            await self.socket.call(
                "user_uttered", {**sent, "metadata": dict(metadata or {})}, timeout=_PATIENCE
            )
            await asyncio.sleep(0)
        said, self._said = self._said, []
        return Turn(said)

    async def close(self) -> None:
        """Close the socket, if it was opened."""
        if self.socket is not None and self.socket.connected:
            await self.socket.disconnect()
        if self.http is not None:
            await self.http.close()

    def _new_socket(self) -> socketio.AsyncClient:
        socket = socketio.AsyncClient(reconnection=False, http_session=self.http)
        self._confirmed = asyncio.Event()
        socket.on("bot_uttered", self._hear)
        socket.on("session_confirm", self._confirm)
        return socket


@contextmanager
def _as_client_error() -> Iterator[None]:
    try:
        yield
    except (socketio.exceptions.SocketIOError, asyncio.TimeoutError) as error:
        raise aiohttp.ClientError(f"socket.io: {error or 'no answer'}") from error


def _as_event(message: Mapping[str, Any]) -> dict[str, Any]:
    data = {key: message.get(key) for key in ("buttons", "custom", "image", "attachment")}
    return {"event": "bot", "text": message.get("text"), "data": data}
