"""A small Telegram: a Bot API server on loopback, with the shapes and limits of the real one, and people.

Failures are asked for by ``fail``: each call to the Bot API takes the next one.
"""

from __future__ import annotations

import html.parser
import itertools
import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "4839574812:AAFD39kkdpWt3ywyRZergyOLMaJhac60qcSECRET"
BOT = {"id": 4839574812, "is_bot": True, "first_name": "HO Triage", "username": "ho_triage_bot"}
_TAGS = {"b", "i", "u", "s", "a", "code", "pre", "blockquote"}


class Refusal(Exception):
    """An answer of the API that is no success."""

    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.status = status
        self.body = {"ok": False, "error_code": status, "description": description}
        if parameters:
            self.body["parameters"] = parameters


class _Text(html.parser.HTMLParser):
    """The text of a message without its marks; what Telegram does not know is refused."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.open = "", []
        self.feed(source)
        self.close()
        if self.open:
            raise Refusal(400, "Bad Request: can't parse entities: Can't find end tag")

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in _TAGS:
            raise Refusal(400, f'Bad Request: can\'t parse entities: Unsupported start tag "{tag}"')
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise Refusal(400, "Bad Request: can't parse entities: Unmatched end tag")

    def handle_data(self, data: str) -> None:
        self.text += data


class FakeTelegram:
    """The Bot API for one bot. ``messages`` are all that it shows, by chat; ``calls`` all that were made."""

    def __init__(self) -> None:
        self.messages: dict[int, list[dict[str, Any]]] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.webhook: dict[str, Any] | None = None
        self.failures: list[Any] = []
        self.blocked: set[int] = set()
        self._numbers, self._updates = itertools.count(100), itertools.count(770_000)
        self._waiting: list[dict[str, Any]] = []
        self._lock = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        with self._lock:
            self._lock.notify_all()
        self._server.shutdown()
        self._server.server_close()

    # -- failing -----------------------------------------------------------------------------------
    def fail(self, *failures: Any) -> None:
        """Each of the next calls that show something fails so.

        A failure is ``500``, ``(429, seconds)``, ``"reset"`` (nothing taken, no answer), ``"lost"`` (taken,
        no answer) or ``"html"`` (the page of a proxy).
        """
        self.failures.extend(failures)

    # -- what the platform sends -------------------------------------------------------------------
    def update(self, **content: Any) -> dict[str, Any]:
        return {"update_id": next(self._updates), **content}

    def deliver(self, update: dict[str, Any]) -> int | None:
        """Send an update to the webhook, or keep it until it is asked for; the webhook's status."""
        if self.webhook is None:
            with self._lock:
                self._waiting.append(update)
                self._lock.notify_all()
            return None
        return post(self.webhook["url"], update, self.webhook.get("secret_token"))

    def shown(self, chat: int) -> list[dict[str, Any]]:
        return list(self.messages.get(chat, []))

    def texts(self, chat: int) -> list[str]:
        return [message["text"] for message in self.shown(chat)]

    def made(self, method: str) -> list[dict[str, Any]]:
        return [arguments for name, arguments in list(self.calls) if name == method]

    # -- the methods -------------------------------------------------------------------------------
    def answer(self, method: str, arguments: dict[str, Any]) -> Any:
        """The result of a method. Raises: ``Refusal``."""
        self.calls.append((method, arguments))
        if method == "getMe":
            return BOT
        if method == "getUpdates":
            return self._get_updates(arguments)
        if method in ("setWebhook", "deleteWebhook"):
            self.webhook = arguments if method == "setWebhook" else None
        if method == "sendMessage":
            return self._send_message(arguments)
        if method in ("editMessageText", "editMessageReplyMarkup"):
            return self._edit(arguments)
        return True

    def _get_updates(self, arguments: dict[str, Any]) -> list[dict[str, Any]]:
        if self.webhook is not None:
            raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active")
        with self._lock:
            self._waiting = [u for u in self._waiting if u["update_id"] >= arguments.get("offset", 0)]
            if not self._waiting:
                self._lock.wait(min(arguments.get("timeout", 0), 1.0))
            return sorted(self._waiting, key=lambda update: update["update_id"])

    def _send_message(self, arguments: dict[str, Any]) -> dict[str, Any]:
        chat = int(arguments["chat_id"])
        if chat in self.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        message = {
            "message_id": next(self._numbers),
            "from": BOT,
            "chat": {"id": chat, "type": "private"},
            "date": int(time.time()),
            "text": _text(arguments),
            **_markup(arguments),
        }
        self.messages.setdefault(chat, []).append(message)
        return message

    def _edit(self, arguments: dict[str, Any]) -> dict[str, Any]:
        for message in self.shown(int(arguments["chat_id"])):
            if message["message_id"] == arguments["message_id"]:
                before = json.dumps(message)
                message.pop("reply_markup", None)
                message.update(_markup(arguments))
                if "text" in arguments:
                    message["text"] = _text(arguments)
                if json.dumps(message) == before:
                    raise Refusal(400, "Bad Request: message is not modified")
                return message
        raise Refusal(400, "Bad Request: message to edit not found")

    # -- HTTP --------------------------------------------------------------------------------------
    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
                _, token, method = self.path.split("/")
                arguments = {key: _read(value) for key, value in urllib.parse.parse_qsl(raw)}
                fails = method.startswith(("send", "edit")) and method != "sendChatAction"
                failure = fake.failures.pop(0) if fails and fake.failures else None
                if failure == "reset":
                    self.close_connection = True
                    return
                status, body = fake._respond(token, method, arguments, failure)
                if failure == "lost":
                    self.close_connection = True
                    return
                kind = "text/html" if failure == "html" else "application/json"
                self._send(status, kind, body)

            def _send(self, status: int, kind: str, body: Any) -> None:
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: Any) -> None:
                """Nothing to print."""

        return Handler

    def _respond(self, token: str, method: str, arguments: Any, failure: Any) -> tuple[int, Any]:
        try:
            if token != f"bot{TOKEN}":
                raise Refusal(401, "Unauthorized")
            if isinstance(failure, tuple):
                raise Refusal(429, f"Too Many Requests: retry after {failure[1]}", retry_after=failure[1])
            if failure in (500, "html"):
                raise Refusal(502, "Bad Gateway")
            return 200, {"ok": True, "result": self.answer(method, arguments)}
        except Refusal as refusal:
            return refusal.status, refusal.body


def _read(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value


def _text(arguments: dict[str, Any]) -> str:
    text = str(arguments["text"])
    if arguments.get("parse_mode") == "HTML":
        text = _Text(text).text
    if not text.strip():
        raise Refusal(400, "Bad Request: message text is empty")
    if len(text.encode("utf-16-le")) > 2 * 4096:
        raise Refusal(400, "Bad Request: message is too long")
    return text


def _markup(arguments: dict[str, Any]) -> dict[str, Any]:
    markup = arguments.get("reply_markup")
    if not markup:
        return {}
    for button in itertools.chain(*markup["inline_keyboard"]):
        if not 1 <= len(button.get("callback_data", "x").encode()) <= 64:
            raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
    return {"reply_markup": markup}


def post(url: str, body: Any, secret: str | None = None) -> int:
    """Send JSON (or bytes) as Telegram does; the status of the answer."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    if secret is not None:
        headers["X-Telegram-Bot-Api-Secret-Token"] = secret
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


class Person:
    """Somebody in a private chat with the bot. ``send`` is how updates travel, by default as they should."""

    def __init__(self, telegram: FakeTelegram, number: int, send: Callable[[Any], Any] | None = None) -> None:
        self.telegram, self.number = telegram, number
        self._send = send or telegram.deliver
        self._messages = itertools.count(1)
        self.me = {"id": number, "is_bot": False, "first_name": "Anna", "language_code": "en"}
        self.chat = {"id": number, "type": "private", "first_name": "Anna"}

    def message(self, **content: Any) -> dict[str, Any]:
        number = next(self._messages)
        return {"message_id": number, "from": self.me, "chat": self.chat, "date": int(time.time()), **content}

    def say(self, text: str) -> Any:
        return self._send(self.telegram.update(message=self.message(text=text)))

    def send(self, **content: Any) -> Any:
        """A message that is no text: ``photo=[...]``, ``voice={...}``."""
        return self._send(self.telegram.update(message=self.message(**content)))

    def edit(self, text: str) -> Any:
        return self._send(self.telegram.update(edited_message=self.message(text=text, edit_date=1)))

    def tap(self, title: str) -> Any:
        """Tap the newest button with this title."""
        return self._send(self.telegram.update(callback_query=self.query(title)))

    def query(self, title: str) -> dict[str, Any]:
        for message in reversed(self.telegram.shown(self.number)):
            for button in self.buttons_of(message):
                if button["text"] == title:
                    data = {"chat_instance": "4712", "data": button["callback_data"]}
                    return {
                        "id": f"cb{next(self._messages)}",
                        "from": self.me,
                        "message": dict(message),
                        **data,
                    }
        raise AssertionError(f"There is no button {title!r}: {self.titles()}")

    @staticmethod
    def buttons_of(message: dict[str, Any]) -> list[dict[str, Any]]:
        return list(itertools.chain(*message.get("reply_markup", {}).get("inline_keyboard", [])))

    def titles(self) -> list[str]:
        """The titles of all buttons that can be seen."""
        shown = self.telegram.shown(self.number)
        return [button["text"] for message in shown for button in self.buttons_of(message)]

    def texts(self) -> list[str]:
        return self.telegram.texts(self.number)

    def until(self, holds: Callable[[], Any], seconds: float = 20.0) -> Any:
        """Wait until ``holds``; what it gives back."""
        end = time.monotonic() + seconds
        while not (found := holds()):
            if time.monotonic() > end:
                raise AssertionError(f"Not in {seconds} s. Shown: {self.texts()}")
            time.sleep(0.01)
        return found

    def until_shown(self, *words: str) -> str:
        """Wait until all ``words`` are shown; the newest text with the last of them."""
        return str(
            self.until(
                lambda: (
                    all(any(w in text for text in self.texts()) for w in words)
                    and next(text for text in reversed(self.texts()) if words[-1] in text)
                )
            )
        )


@contextmanager
def fake_telegram() -> Iterator[FakeTelegram]:
    fake = FakeTelegram()
    try:
        yield fake
    finally:
        fake.close()
