"""How both databases are opened, changed and scrubbed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils import Database

BUSY_MILLISECONDS = 10_000

_PRAGMAS = (
    # FULL, not the usual NORMAL: what was acknowledged also outlives a power cut.
    "synchronous = FULL",
    "secure_delete = ON",
    "foreign_keys = ON",
    # VACUUM and sorts would otherwise leave plain copies in the system's temporary folder.
    "temp_store = MEMORY",
)


class ErasureIncomplete(RuntimeError):
    """The rows are deleted but another process still holds their old pages; run the erasure again."""


def open_database(path: Path | str) -> Database:
    """Open or make the SQLite file at ``path`` in WAL mode; one thread at a time may use it.

    A new file is readable by its owner only. Raises OSError or sqlite3.Error when it cannot be opened.
    """
    # The log and index files that SQLite adds take their mode from this one.
    Path(path).touch(mode=0o600)
    connection = sqlite3.connect(path, timeout=BUSY_MILLISECONDS / 1000, check_same_thread=False)
    db = Database(connection)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").fetchall()
    db.enable_wal()
    return db


@contextmanager
def change(db: Database) -> Iterator[None]:
    """One transaction: all of it is kept, or on any error none of it."""
    # IMMEDIATE takes the write lock before the first read, so that two writers queue instead of failing.
    db.conn.execute("BEGIN IMMEDIATE")
    with db.conn:
        yield


def first_row(db: Database, sql: str, values: list[Any]) -> dict[str, Any] | None:
    """The first row of a query, or None."""
    # Read to the end: a query left half read holds its snapshot, and an erasure would wait for it.
    return next(iter(list(db.query(sql, values))), None)


def scrub(db: Database) -> None:
    """Remove every trace of deleted rows from the file and its write-ahead log.

    Raises ErasureIncomplete when another process keeps reading and the log cannot be emptied.
    """
    # secure_delete zeroes deleted cells, yet pages that were rearranged earlier may hold stale copies.
    db.conn.execute("VACUUM")
    busy, _, _ = db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise ErasureIncomplete("another process is reading the database; run the erasure again")
