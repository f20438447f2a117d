"""A small Slack on loopback: its Web API with its limits and its whims, and people who write to the app.

The shapes of requests and payloads are Slack's own (docs.slack.dev: Events API, block_actions,
chat.postMessage).
"""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from slack_sdk.signature import SignatureVerifier

TOKEN = "xoxb-fake-token"
SECRET = "fake-signing-secret"
TEAM, APP, BOT, BOT_USER = "T0FAKE", "A0FAKE", "B0FAKE", "U0BOT"

Failure = Callable[[str, Mapping[str, Any]], str]


class FakeSlack:
    """The Web API. ``fails`` names for each call what goes wrong, "" for nothing:

    ``429``, ``500``, ``internal_error`` or another error code: nothing is done; ``reset``: the connection
    breaks before anything is done; ``lost``: it breaks after; ``hang``: done, and never answered.
    """

    def __init__(self) -> None:
        self.messages: dict[str, list[dict[str, Any]]] = {}
        self.homes: dict[str, dict[str, Any]] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.fails: Failure = lambda method, body: ""
        self.retry_after = "1"
        self.url = ""
        self._stamps = itertools.count(1)

    def stamp(self) -> str:
        """The next time, unique as Slack's are."""
        return f"{int(time.time())}.{next(self._stamps):06d}"

    def shown(self, channel: str) -> list[dict[str, Any]]:
        """The app's messages in a channel, oldest first."""
        return [message for message in self.messages.get(channel, []) if message.get("bot_id")]

    # -- the HTTP side ---------------------------------------------------------------------------
    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        body = dict(request.query) if request.method == "GET" else await request.json()
        self.calls.append((method, body))
        failure = self.fails(method, body)
        if failure == "429":
            return web.json_response(
                {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": self.retry_after}
            )
        if failure == "500":
            return web.Response(status=500, text="<html>oops</html>", content_type="text/html")
        if failure and failure not in ("reset", "lost", "hang"):
            return web.json_response({"ok": False, "error": failure})
        if failure == "reset":
            return _broken(request)
        done = self._do(method, body, request.headers.get("Authorization", ""))
        if failure == "lost":
            return _broken(request)
        if failure == "hang":
            await asyncio.sleep(60)
        return web.json_response(done)

    def _do(self, method: str, body: dict[str, Any], authorization: str) -> dict[str, Any]:
        if authorization != f"Bearer {TOKEN}":
            return {"ok": False, "error": "invalid_auth"}
        doing = {
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "views.publish": self._publish,
            "conversations.history": self._history,
            "conversations.replies": self._history,
        }
        return doing[method](body) if method in doing else {"ok": False, "error": "unknown_method"}

    def _post(self, body: dict[str, Any]) -> dict[str, Any]:
        error = wrong_with(body)
        if error:
            return {"ok": False, "error": error}
        names = ("text", "blocks", "thread_ts", "metadata")
        kept = {key: body[key] for key in names if key in body}
        stamp = self.stamp()
        message = {"type": "message", "user": BOT_USER, "bot_id": BOT, "app_id": APP, "ts": stamp, **kept}
        self.messages.setdefault(body["channel"], []).append(message)
        return {"ok": True, "channel": body["channel"], "ts": stamp, "message": message}

    def _update(self, body: dict[str, Any]) -> dict[str, Any]:
        error = wrong_with(body)
        if error:
            return {"ok": False, "error": error}
        for message in self.shown(body["channel"]):
            if message["ts"] == body["ts"]:
                message.update({key: body[key] for key in ("text", "blocks") if key in body})
                message["edited"] = {"user": BOT_USER, "ts": self.stamp()}
                return {"ok": True, "channel": body["channel"], "ts": body["ts"]}
        return {"ok": False, "error": "message_not_found"}

    def _publish(self, body: dict[str, Any]) -> dict[str, Any]:
        error = wrong_with({"text": "home", "blocks": body["view"]["blocks"]})
        if error or body["view"]["type"] != "home":
            return {"ok": False, "error": error or "invalid_arguments"}
        self.homes[body["user_id"]] = body["view"]
        return {"ok": True, "view": body["view"]}

    def _history(self, body: dict[str, Any]) -> dict[str, Any]:
        thread, oldest = body.get("ts"), float(body.get("oldest", 0))
        found = [
            {key: value for key, value in message.items() if key != "metadata" or _wanted(body)}
            for message in reversed(self.messages.get(body["channel"], []))
            if float(message["ts"]) > oldest and message.get("thread_ts") == thread
        ]
        return {"ok": True, "messages": found[: int(body.get("limit", 100))], "has_more": False}


def _wanted(body: Mapping[str, Any]) -> bool:
    return str(body.get("include_all_metadata", "")).lower() in ("true", "1")


def _broken(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


@contextmanager
def fake_slack() -> Iterator[FakeSlack]:
    """The Web API, served from a thread of its own."""
    slack, loop, ready = FakeSlack(), asyncio.new_event_loop(), threading.Event()

    async def serve() -> None:
        app = web.Application(client_max_size=10 * 2**20)
        app.router.add_route("*", "/api/{method}", slack._answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        slack.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/api/"  # type: ignore[union-attr]
        ready.set()

    def run() -> None:
        loop.run_until_complete(serve())
        loop.run_forever()

    threading.Thread(target=run, daemon=True).start()
    ready.wait(10)
    try:
        yield slack
    finally:
        loop.call_soon_threadsafe(loop.stop)


# -- what Slack refuses ----------------------------------------------------------------------------
def wrong_with(body: Mapping[str, Any]) -> str:
    """The error code for a message that breaks a limit of Slack, "" for one that does not."""
    text, blocks = body.get("text") or "", body.get("blocks") or []
    if not text and not blocks:
        return "no_text"
    if len(text) > 40_000:
        return "msg_too_long"
    if len(blocks) > 50 or not all(_is_block(block) for block in blocks):
        return "invalid_blocks"
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    return "invalid_blocks" if len(ids) != len(set(ids)) else ""


def _is_block(block: Mapping[str, Any]) -> bool:
    kind = block.get("type")
    if kind == "header":
        return block["text"]["type"] == "plain_text" and _is_text(block["text"], 150)
    if kind == "section":
        return _is_text(block["text"], 3000) and ("accessory" not in block or _is_element(block["accessory"]))
    if kind == "context":
        elements = block["elements"]
        return 1 <= len(elements) <= 10 and all(_is_text(one, 3000) for one in elements)
    if kind == "actions":
        elements = block["elements"]
        ids = [one["action_id"] for one in elements]
        return (
            1 <= len(elements) <= 25
            and len(ids) == len(set(ids))
            and all(_is_element(one) for one in elements)
        )
    return kind == "divider"


def _is_text(text: Mapping[str, Any], limit: int) -> bool:
    return text["type"] in ("plain_text", "mrkdwn") and 1 <= len(text["text"]) <= limit


def _is_element(element: Mapping[str, Any]) -> bool:
    if not 1 <= len(element["action_id"]) <= 255:
        return False
    if element["type"] == "button":
        label = element["text"]
        return label["type"] == "plain_text" and _is_text(label, 75) and len(element["value"]) <= 2000
    options, most = element["options"], {"checkboxes": 10, "static_select": 100}
    values = [one["value"] for one in options]
    return (
        element["type"] in most
        and 1 <= len(options) <= most[element["type"]]
        and len(values) == len(set(values))
        and all(_is_text(one["text"], 75) and 1 <= len(one["value"]) <= 150 for one in options)
    )


# -- people ----------------------------------------------------------------------------------------
@dataclass
class Person:
    """Somebody who writes to the app at ``webhook``, in their direct message with it."""

    slack: FakeSlack
    webhook: str
    user: str = "U0ANNA"
    channel: str = "D0ANNA"
    secret: str = SECRET
    thread: str | None = None
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def conversation(self) -> str:
        return f"slack-{self.channel}"

    def shown(self) -> list[dict[str, Any]]:
        """What the app has written to this person."""
        return self.slack.shown(self.channel)

    # -- what people do; each gives the request's body, so that it can be sent again ---------------
    def says(self, text: str, **more: Any) -> dict[str, Any]:
        """A message in the direct message, as the Events API tells of it."""
        stamp = self.slack.stamp()
        place = {"thread_ts": self.thread} if self.thread else {}
        message = {"type": "message", "user": self.user, "text": text, "ts": stamp, "team": TEAM, **place}
        self.slack.messages.setdefault(self.channel, []).append(message)
        return self.event(
            {**message, "channel": self.channel, "channel_type": "im", "event_ts": stamp, **more}
        )

    def edits(self, before: str, after: str) -> dict[str, Any]:
        """A message that was changed."""
        stamp, now = self.slack.stamp(), self.slack.stamp()
        old = {"type": "message", "user": self.user, "text": before, "ts": stamp, "team": TEAM}
        new = {**old, "text": after, "edited": {"user": self.user, "ts": now}}
        return self._about("message_changed", now, message=new, previous_message=old)

    def deletes(self, text: str) -> dict[str, Any]:
        """A message that was taken back."""
        stamp, now = self.slack.stamp(), self.slack.stamp()
        old = {"type": "message", "user": self.user, "text": text, "ts": stamp, "team": TEAM}
        return self._about("message_deleted", now, deleted_ts=stamp, previous_message=old)

    def _about(self, subtype: str, stamp: str, **more: Any) -> dict[str, Any]:
        event = {"type": "message", "subtype": subtype, "channel": self.channel, "channel_type": "im"}
        return self.event({**event, "hidden": True, "ts": stamp, "event_ts": stamp, **more})

    def mentions(self, text: str, channel: str = "C0TEAM") -> dict[str, Any]:
        """A message in a channel that names the app."""
        stamp = self.slack.stamp()
        event = {"type": "app_mention", "user": self.user, "text": f"<@{BOT_USER}> {text}", "ts": stamp}
        return self.event({**event, "channel": channel, "event_ts": stamp})

    def opens_home(self) -> dict[str, Any]:
        """The app's home page is opened."""
        event = {"type": "app_home_opened", "user": self.user, "channel": self.channel, "tab": "home"}
        return self.event({**event, "event_ts": self.slack.stamp()})

    def event(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """The envelope of the Events API."""
        return {
            "token": "unused",
            "team_id": TEAM,
            "api_app_id": APP,
            "event": dict(event),
            "type": "event_callback",
            "event_id": f"Ev{self.user}{next(self._numbers):06d}",
            "event_time": int(time.time()),
            "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True}],
            "is_ext_shared_channel": False,
        }

    def clicks(self, title: str, ticked: list[str] | None = None) -> dict[str, Any]:
        """A click on the newest button with this title, with these boxes ticked."""
        message, element = next(
            (message, element)
            for message in reversed(self.shown())
            for element in buttons_of(message)
            if element["text"]["text"] == title
        )
        return self.click_on(message, element, ticked)

    def chooses(self, payload: str) -> dict[str, Any] | None:
        """A click on the button with this payload in the newest message that has buttons."""
        newest = next((message for message in reversed(self.shown()) if buttons_of(message)), None)
        for element in buttons_of(newest or {}):
            if element["value"] == payload:
                return self.click_on(newest or {}, element)
        return None

    def screen(self) -> str:
        """All words that the app has written, without Slack's marks."""
        return "\n".join(words_of(message) for message in self.shown()).replace("*", "")

    def click_on(
        self, message: Mapping[str, Any], element: Mapping[str, Any], ticked: list[str] | None = None
    ) -> dict[str, Any]:
        """A click on one button of one message."""
        values = {
            block.get("block_id", "b"): {box["action_id"]: {"type": "checkboxes", "selected_options": chosen}}
            for block in message.get("blocks", [])
            for box in block.get("elements", [])
            if box["type"] == "checkboxes"
            for chosen in [[one for one in box["options"] if one["value"] in (ticked or [])]]
        }
        return {
            "type": "block_actions",
            "user": {"id": self.user, "team_id": TEAM},
            "api_app_id": APP,
            "team": {"id": TEAM, "domain": "fake"},
            "container": {"type": "message", "message_ts": message["ts"], "channel_id": self.channel},
            "trigger_id": f"{next(self._numbers)}.{TEAM}",
            "channel": {"id": self.channel, "name": "directmessage"},
            "message": dict(message),
            "state": {"values": values},
            "response_url": "https://hooks.slack.invalid/actions",
            "actions": [{**element, "block_id": "b", "action_ts": self.slack.stamp()}],
        }

    def send(self, body: Mapping[str, Any], **how: Any) -> int:
        """Deliver a body as Slack does; gives the status of the answer."""
        if body["type"] == "event_callback":
            raw, kind = json.dumps(body).encode(), "application/json; charset=utf-8"
        else:
            raw = urllib.parse.urlencode({"payload": json.dumps(body)}).encode()
            kind = "application/x-www-form-urlencoded"
        return deliver(self.webhook, raw, **{"content_type": kind, "secret": self.secret, **how})


def deliver(
    webhook: str,
    raw: bytes,
    secret: str = SECRET,
    at: float | None = None,
    content_type: str = "application/json; charset=utf-8",
    headers: Mapping[str, str] | None = None,
) -> int:
    """POST a signed request; gives the status."""
    stamp = str(int(time.time() if at is None else at))
    body = raw.decode("utf-8", errors="replace")
    signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body) or ""
    signed = {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signature,
        "Content-Type": content_type,
    }
    request = urllib.request.Request(webhook, raw, {**signed, **(headers or {})})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def buttons_of(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The buttons of a message, in their order."""
    blocks = message.get("blocks", [])
    elements = [
        one for block in blocks for one in [*block.get("elements", []), block.get("accessory")] if one
    ]
    return [one for one in elements if one["type"] == "button"]


def words_of(message: Mapping[str, Any]) -> str:
    """All words of a message's blocks save those of buttons and boxes, as a person reads them."""
    import html

    texts = []
    for block in message.get("blocks", []):
        if "text" in block:
            texts.append(block["text"]["text"])
        if block["type"] == "context":
            texts += [one["text"] for one in block["elements"]]
    return html.unescape("\n".join(texts))
