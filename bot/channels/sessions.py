"""Sessions of the page: issued by the server, unguessable, and known again after a restart.

A session is ``<conversation id>.<signature>`` in a cookie that no script can read. Only the
conversation id reaches the tracker and the records, so who reads those still cannot enter the
conversation.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from sanic.request import Request

#: Every conversation of the page begins so.
PREFIX = "web-"
#: Conversations of doors that know their people; no other door lets such a name in.
GUARDED = (PREFIX, "slack-", "telegram-")
#: The cookie of the page at ``/``, and that of the page in a frame of another site.
COOKIE, FRAMED_COOKIE = "ho_triage", "ho_triage_frame"
_SECONDS = 30 * 24 * 3600
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class Sessions:
    """Issues sessions and knows its own again."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def issue(self) -> str:
        """A new session."""
        conversation = PREFIX + secrets.token_urlsafe(24)
        return f"{conversation}.{self._sign(conversation)}"

    def conversation(self, session: object) -> str | None:
        """The conversation id of a session that was issued with this key, else None."""
        if not isinstance(session, str):
            return None
        conversation, _, signature = session.partition(".")
        genuine = hmac.compare_digest(signature.encode(), self._sign(conversation).encode())
        return conversation if genuine else None

    def of(self, request: Request) -> str | None:
        """The conversation id of the session in a request's cookies, else None."""
        held = (self.conversation(request.cookies.get(name)) for name in (FRAMED_COOKIE, COOKIE))
        return next((conversation for conversation in held if conversation), None)

    def mark(self, conversation: str) -> str:
        """A name by which a page can tell one of its conversations from another; opens nothing."""
        return self._sign(f"mark {conversation}")[:12]

    def _sign(self, conversation: str) -> str:
        return hmac.new(self._key, conversation.encode(), hashlib.sha256).hexdigest()


def set_cookie(session: str, request: Request, framed: bool) -> str:
    """The ``Set-Cookie`` header that gives a browser its session.

    A frame of another site gets its cookie only if it may be sent from there, which browsers allow
    on https alone; it is partitioned, so that no two sites share a conversation.
    """
    secure = is_https(request)
    crossing = framed and (secure or _host(request).rsplit(":", 1)[0] in _LOOPBACK)
    name = FRAMED_COOKIE if crossing else COOKIE
    site = "SameSite=None; Secure; Partitioned" if crossing else "SameSite=Lax"
    secured = "; Secure" if secure and not crossing else ""
    return f"{name}={session}; Path=/; Max-Age={_SECONDS}; HttpOnly; {site}{secured}"


def is_https(request: Request) -> bool:
    """Whether the browser speaks https, be it to us or to the proxy before us."""
    return (request.headers.get("x-forwarded-proto") or request.scheme).split(",")[0].strip() == "https"


def is_of_this_site(request: Request) -> bool:
    """Whether the page that sends this came from here; what no browser sent has no origin and passes."""
    origin = request.headers.get("origin")
    return origin is None or origin.partition("://")[2] == _host(request)


def _host(request: Request) -> str:
    headers = request.headers
    return (headers.get("x-forwarded-host") or headers.get("host") or "").split(",")[0].strip()


def session_key(folder: Path) -> bytes:
    """The key kept in ``folder/session.key``, made on first use, readable by its owner only."""
    path = folder / "session.key"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        key = secrets.token_bytes(32)
        file.write(key)
    return key
