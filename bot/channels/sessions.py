"""Sessions of the page: issued by the server, unguessable, and known again after a restart.

A session is ``<conversation id>.<signature>``. Only the conversation id reaches the tracker and the
records, so who reads those still cannot enter the conversation.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

#: Every conversation of the page begins so.
PREFIX = "web-"
#: Conversations of doors that know their people; no other door lets such a name in.
GUARDED = (PREFIX, "slack-", "telegram-")


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

    def _sign(self, conversation: str) -> str:
        return hmac.new(self._key, conversation.encode(), hashlib.sha256).hexdigest()


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
