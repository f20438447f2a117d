"""Reminders that people asked for: kept until they are said, stopped or erased."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from .database import change, first_row, open_database
from .schema import migrations
from .store import ConsentMissing


@dataclass(frozen=True)
class Reminder:
    """``kind`` is the id of the follow-up it belongs to; times are in UTC."""

    id: int
    conversation_id: str
    kind: str
    asked_at: datetime
    due_at: datetime
    said: bool


class Reminders:
    """The reminders in the records file at ``path``; in a conversation at most one waits.

    Each method is one transaction and has reached the disk when it returns. One object is used by one
    thread at a time.
    """

    def __init__(self, path: Path | str) -> None:
        self.db = open_database(path)
        migrations.apply(self.db)

    def close(self) -> None:
        self.db.close()

    def ask(self, conversation_id: str, kind: str, due_at: datetime) -> None:
        """Keep a reminder in place of one that waits. Raises ConsentMissing where no case may be kept."""
        row = {"conversation_id": conversation_id, "kind": kind}
        times = {"asked_at": _iso(datetime.now(timezone.utc)), "due_at": _iso(due_at)}
        try:
            with change(self.db):
                self._delete_waiting(conversation_id)
                self.db["reminders"].insert({**row, **times})
        except sqlite3.IntegrityError as error:
            raise ConsentMissing("there is no case that a reminder could belong to") from error

    def stop(self, conversation_id: str) -> bool:
        """Drop the reminder that waits; whether there was one."""
        with change(self.db):
            return self._delete_waiting(conversation_id) > 0

    def waiting(self, conversation_id: str) -> Reminder | None:
        """The reminder of this conversation that was not said yet."""
        sql = f"{_SELECT} WHERE conversation_id = ? AND said_at IS NULL"
        row = first_row(self.db, sql, [conversation_id])
        return _reminder(row) if row else None

    def due(self, now: datetime, conversation_id: str | None = None) -> list[Reminder]:
        """What is to be said by now, of all conversations or of one, the earliest first."""
        sql = f"{_SELECT} WHERE said_at IS NULL AND due_at <= ?"
        whose = " AND conversation_id = ifnull(?, conversation_id) ORDER BY due_at"
        rows = list(self.db.query(sql + whose, [_iso(now), conversation_id]))
        return [_reminder(row) for row in rows]

    def get(self, reminder_id: int) -> Reminder | None:
        """The reminder, said or not; None once it was stopped or erased."""
        row = first_row(self.db, f"{_SELECT} WHERE id = ?", [reminder_id])
        return _reminder(row) if row else None

    def mark_said(self, reminder_id: int) -> None:
        """It waits no more. Again changes nothing."""
        with change(self.db):
            sql = "UPDATE reminders SET said_at = ? WHERE id = ? AND said_at IS NULL"
            self.db.conn.execute(sql, [_iso(datetime.now(timezone.utc)), reminder_id])

    def _delete_waiting(self, conversation_id: str) -> int:
        sql = "DELETE FROM reminders WHERE conversation_id = ? AND said_at IS NULL"
        return int(self.db.conn.execute(sql, [conversation_id]).rowcount)


_SELECT = "SELECT * FROM reminders"


def _reminder(row: dict[str, Any]) -> Reminder:
    asked, due = (datetime.fromisoformat(row[key]) for key in ("asked_at", "due_at"))
    said = row["said_at"] is not None
    return Reminder(row["id"], row["conversation_id"], row["kind"], asked, due, said)


def _iso(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).isoformat(timespec="microseconds")
