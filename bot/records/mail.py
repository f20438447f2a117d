"""The file of what is on its way: events of a platform not yet answered, and calls to it not yet sent.

``bot.channels`` writes it; here it is opened, shown and erased. A row that was dealt with loses its words at
once: of an answered event only the platform's id stays, so that it is known when it comes again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from .database import change, open_database, scrub

migrations = Migrations("ho_triage_mail")


@migrations()
def m001_events_and_calls(db: Database) -> None:
    """An event without a body is answered. ``sort`` is the platform's order, ``at`` seconds since 1970."""
    db["events"].create(
        {"channel": str, "event_id": str, "conversation_id": str, "sort": int, "at": float, "body": str},
        pk=("channel", "event_id"),
        not_null=("at",),
    )
    db["events"].create_index(["conversation_id", "sort"])
    db["calls"].create(
        {"id": int, "channel": str, "conversation_id": str, "at": float, "method": str, "body": str},
        pk="id",
        not_null=("channel", "conversation_id", "at", "method", "body"),
    )
    db["calls"].create_index(["conversation_id", "id"])


@migrations()
def m002_keyboards(db: Database) -> None:
    """Buttons that can still be tapped; ``name`` is that of the call that showed them."""
    db["keyboards"].create(
        {"name": str, "conversation_id": str, "message_id": int, "body": str},
        pk="name",
        not_null=("conversation_id", "body"),
    )
    db["keyboards"].create_index(["conversation_id"])


def open_mail(path: Path | str) -> Database:
    """Open or make the file, brought to the newest schema."""
    db = open_database(path)
    migrations.apply(db)
    return db


def forget_mail(path: Path | str, conversations: Sequence[str], unheard_too: bool = True) -> int:
    """Erase what is on its way from and to ``conversations``; returns how many rows lost their words.

    ``unheard_too`` is false while the person is talking: what was written after "delete my data" belongs
    to the conversation that begins then. Raises ErasureIncomplete as an erasure of the other files does.
    """
    if not Path(path).exists():
        return 0
    db = open_mail(path)
    try:
        erased = 0
        with change(db):
            for one in conversations:
                erased += db.conn.execute("DELETE FROM calls WHERE conversation_id = ?", [one]).rowcount
                db.conn.execute("DELETE FROM keyboards WHERE conversation_id = ?", [one])
                if unheard_too:
                    erased += db.conn.execute(ANSWERED + " WHERE conversation_id = ?", [one]).rowcount
        scrub(db)
        return erased
    finally:
        db.close()


#: What is left of an event once it is dealt with: that it was there, and when.
ANSWERED = "UPDATE events SET conversation_id = NULL, sort = NULL, body = NULL"


def mail_of(path: Path | str, conversation: str) -> list[dict[str, Any]]:
    """What is on its way: ``{"at": ISO 8601, "kind": "unheard" or "unsent", "body": ...}``, oldest first."""
    sql = (
        "SELECT at, 'unheard' AS kind, body FROM events WHERE conversation_id = ?"
        " UNION ALL SELECT at, 'unsent', body FROM calls WHERE conversation_id = ? ORDER BY at"
    )
    rows = _rows(path, sql, [conversation, conversation])
    return [{**row, "at": _iso(row["at"]), "body": json.loads(row["body"])} for row in rows]


def mail_times(path: Path | str) -> dict[str, str]:
    """Each conversation with anything on its way, and when the latest of it was taken in (ISO 8601, UTC)."""
    sql = (
        "SELECT conversation_id, max(at) AS at FROM (SELECT conversation_id, at FROM calls UNION ALL"
        " SELECT conversation_id, at FROM events WHERE conversation_id IS NOT NULL) GROUP BY conversation_id"
    )
    return {row["conversation_id"]: _iso(row["at"]) for row in _rows(path, sql, [])}


def _rows(path: Path | str, sql: str, values: list[Any]) -> list[dict[str, Any]]:
    if not Path(path).exists():
        return []
    db = open_mail(path)
    try:
        return list(db.query(sql, values))
    finally:
        db.close()


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="microseconds")
