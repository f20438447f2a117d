"""What comes from a platform and what goes to it, kept on disk until it is dealt with.

An event is recorded before the platform is told that it arrived, and a known event is never taken twice.
Its answer is stored in the same transaction that marks it answered, as the calls which carry it out.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from bot.records.database import change, first_row, scrub
from bot.records.mail import ANSWERED, open_mail
from bot.records.paths import mail_path

_DAY = 24 * 3600.0
#: How long the id of an answered event is known. Platforms repeat a delivery for a day at most.
REMEMBERED_DAYS = 7


@dataclass(frozen=True)
class Event:
    """Something that a person did on a platform and that wants an answer.

    ``id`` is the platform's own and unique in its channel; ``order`` grows with the platform's order.
    ``text`` is what was said, or the payload of a button of ours; without it no turn is run. ``response`` is
    a response of the domain that is said first. ``to`` is where the answer goes, as the channel needs it;
    ``metadata`` goes into the tracker. ``to`` and ``metadata`` are JSON.
    """

    channel: str
    id: str
    conversation: str
    order: int
    to: dict[str, Any]
    text: str = ""
    response: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)
    #: Made by the service and not by a person: ``text`` is no word of theirs, and no answer is an answer.
    internal: bool = False


class Outgoing(NamedTuple):
    """A call that is to be made: the method's name as the channel knows it, and its arguments as JSON."""

    method: str
    body: dict[str, Any]


@dataclass(frozen=True)
class Call:
    """A stored call. ``at`` is when it was stored, in seconds since 1970."""

    id: int
    at: float
    conversation: str
    method: str
    body: dict[str, Any]


class Mailbox:
    """The events and calls of all platforms in one SQLite file; each method is one transaction."""

    def __init__(self, path: Path | None = None) -> None:
        """``path`` is by default the file in the data folder."""
        self._db = open_mail(path or mail_path())

    def close(self) -> None:
        self._db.close()

    # -- events ------------------------------------------------------------------------------
    def receive(self, event: Event, calls: Iterable[Outgoing] = ()) -> bool:
        """Record an event and the ``calls`` that need not wait for its answer; False if it is known."""
        body = {key: value for key, value in asdict(event).items() if key not in _COLUMNS}
        row = [event.channel, event.id, event.conversation, event.order, time.time(), json.dumps(body)]
        with change(self._db):
            is_new = self._db.conn.execute(_INSERT_EVENT, row).rowcount > 0
            if is_new:
                self._add(event.channel, event.conversation, calls)
        return is_new

    def note(self, event: Event) -> bool:
        """Remember an event that wants no answer; False if it is known."""
        with change(self._db):
            row = [event.channel, event.id, None, None, time.time(), None]
            return bool(self._db.conn.execute(_INSERT_EVENT, row).rowcount > 0)

    def first_event(self, channel: str, conversation: str) -> tuple[Event, float] | None:
        """The event that is next in a conversation and when it was received, in seconds since 1970."""
        row = first_row(self._db, _FIRST_EVENT, [channel, conversation])
        if row is None:
            return None
        body = json.loads(row["body"])
        return Event(channel, row["event_id"], conversation, row["sort"], **body), row["at"]

    def unanswered(self, channel: str) -> dict[str, set[str]]:
        """The ids of the events without an answer, by conversation."""
        sql = "SELECT conversation_id, event_id FROM events WHERE channel = ? AND body IS NOT NULL"
        found: dict[str, set[str]] = {}
        for row in self._db.query(sql, [channel]):
            found.setdefault(row["conversation_id"], set()).add(row["event_id"])
        return found

    def answer(self, event: Event, calls: Iterable[Outgoing]) -> None:
        """Mark an event answered, drop its words, and store the calls that are its answer."""
        with change(self._db):
            self._db.conn.execute(ANSWERED + " WHERE channel = ? AND event_id = ?", [event.channel, event.id])
            self._add(event.channel, event.conversation, calls)

    def drop_old_ids(self) -> None:
        """Forget the ids of events that were answered long ago."""
        with change(self._db):
            limit = time.time() - REMEMBERED_DAYS * _DAY
            self._db.conn.execute("DELETE FROM events WHERE body IS NULL AND at < ?", [limit])

    # -- calls -------------------------------------------------------------------------------
    def post(self, channel: str, conversation: str, calls: Iterable[Outgoing]) -> None:
        """Store calls that no event asked for."""
        with change(self._db):
            self._add(channel, conversation, calls)

    def first_call(self, channel: str, conversation: str) -> Call | None:
        """The call that is to be made next in a conversation."""
        row = first_row(self._db, _FIRST_CALL, [channel, conversation])
        return (
            Call(row["id"], row["at"], conversation, row["method"], json.loads(row["body"])) if row else None
        )

    def conversations_with_calls(self, channel: str) -> list[str]:
        """The conversations in which something is still to be sent."""
        sql = "SELECT DISTINCT conversation_id FROM calls WHERE channel = ?"
        return [row["conversation_id"] for row in self._db.query(sql, [channel])]

    def remove(self, call: Call) -> None:
        """Drop a call that was made, or that can never be."""
        with change(self._db):
            self._db.conn.execute("DELETE FROM calls WHERE id = ?", [call.id])

    def scrub(self) -> None:
        """Leave no stale copy of removed rows in the file. Raises ErasureIncomplete."""
        scrub(self._db)

    def _add(self, channel: str, conversation: str, calls: Iterable[Outgoing]) -> None:
        for call in calls:
            row = [channel, conversation, time.time(), call.method, json.dumps(call.body)]
            self._db.conn.execute(_INSERT_CALL, row)


_COLUMNS = ("channel", "id", "conversation", "order")
_INSERT_EVENT = (
    "INSERT OR IGNORE INTO events (channel, event_id, conversation_id, sort, at, body)"
    " VALUES (?, ?, ?, ?, ?, ?)"
)
_INSERT_CALL = "INSERT INTO calls (channel, conversation_id, at, method, body) VALUES (?, ?, ?, ?, ?)"
_FIRST_EVENT = (
    "SELECT event_id, sort, at, body FROM events"
    " WHERE channel = ? AND conversation_id = ? AND body IS NOT NULL ORDER BY sort, rowid LIMIT 1"
)
_FIRST_CALL = (
    "SELECT id, at, method, body FROM calls WHERE channel = ? AND conversation_id = ? ORDER BY id LIMIT 1"
)
