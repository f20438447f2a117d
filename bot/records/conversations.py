"""The file of Rasa's conversation events, read and erased without Rasa."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from .database import change, open_database, scrub

migrations = Migrations("ho_triage_conversations")
#: In place of a receipt's number, where a conversation was erased because consent was declined.
CONSENT_WAS_DECLINED = "declined"
_SPEAKERS = {"user": "person", "bot": "assistant"}


@migrations()
def m001_events_and_checkpoints(db: Database) -> None:
    """``checkpoints`` holds the state after a turn, so that a load need not replay what came before."""
    db["events"].create(
        {"id": int, "sender_id": str, "type": str, "at": float, "data": str},
        pk="id",
        not_null=("sender_id", "type", "data"),
    )
    db["events"].create_index(["sender_id", "id"])
    db["checkpoints"].create(
        {"id": int, "sender_id": str, "last_event": int, "state": str},
        pk="id",
        not_null=("sender_id", "last_event", "state"),
    )
    db["checkpoints"].create_index(["sender_id", "id"])


def open_conversations(path: Path | str) -> Database:
    """Open or make the conversations file, brought to the newest schema."""
    db = open_database(path)
    migrations.apply(db)
    return db


def forget_conversation(path: Path | str, sender_id: str) -> int:
    """Erase one conversation from the file and its log; returns how many events went."""
    return forget_conversations(path, [sender_id])


def forget_conversations(path: Path | str, sender_ids: Sequence[str]) -> int:
    """Erase conversations; raises ErasureIncomplete when another process holds the old pages."""
    if not Path(path).exists():
        return 0
    db = open_conversations(path)
    try:
        erased = 0
        with change(db):
            for sender_id in sender_ids:
                db.conn.execute("DELETE FROM checkpoints WHERE sender_id = ?", [sender_id])
                erased += db.conn.execute("DELETE FROM events WHERE sender_id = ?", [sender_id]).rowcount
        scrub(db)
        return erased
    finally:
        db.close()


def transcript(path: Path | str, sender_id: str) -> list[dict[str, Any]]:
    """What was said, in order: ``{"at": ISO 8601, "from": "person" or "assistant", "text": ...}``."""
    rows = _rows(
        path,
        "SELECT type, at, data FROM events WHERE sender_id = ? AND type IN ('user', 'bot') ORDER BY id",
        [sender_id],
    )
    return [
        {"at": _iso(row["at"]), "from": _SPEAKERS[row["type"]], "text": json.loads(row["data"]).get("text")}
        for row in rows
    ]


def last_said(path: Path | str) -> dict[str, str]:
    """Each conversation in which anything was said, and when its latest event happened (ISO 8601, UTC).

    After "delete my data" only the state of the dialogue is left, without words: that is not listed.
    """
    said = "SELECT sender_id FROM events WHERE type IN ('user', 'bot')"
    sql = f"SELECT sender_id, max(at) AS at FROM events WHERE sender_id IN ({said}) GROUP BY sender_id"
    return {row["sender_id"]: _iso(row["at"]) for row in _rows(path, sql, [])}


def last_seen(path: Path | str) -> dict[str, str]:
    """Each conversation with any event, and when the latest happened (ISO 8601, UTC)."""
    rows = _rows(path, "SELECT sender_id, max(at) AS at FROM events GROUP BY sender_id", [])
    return {row["sender_id"]: _iso(row["at"]) for row in rows}


def _rows(path: Path | str, sql: str, values: list[Any]) -> list[dict[str, Any]]:
    if not Path(path).exists():
        return []
    db = open_conversations(path)
    try:
        return list(db.query(sql, values))
    finally:
        db.close()


def _iso(seconds: float | None) -> str:
    return datetime.fromtimestamp(seconds or 0.0, timezone.utc).isoformat(timespec="microseconds")
