"""The tables of the records file, made and changed by migrations only: never edit one that was released."""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("ho_triage_records")

#: Every table with rows about one conversation, children before the case they belong to.
CASE_TABLES = ("facts", "messages", "verdicts", "reminders", "audit", "cases", "consents")

_CASE_LINK: list[Any] = [("conversation_id", "cases", "conversation_id")]


@migrations()
def m001_first_tables(db: Database) -> None:
    """Consents stand alone: a refusal is kept though no case may be opened."""
    db["consents"].create(
        {"id": int, "conversation_id": str, "version": str, "answer": str, "at": str},
        pk="id",
        not_null=("conversation_id", "version", "answer", "at"),
    )
    db["cases"].create(
        {"conversation_id": str, "opened_at": str, "updated_at": str, "facts": str},
        pk="conversation_id",
        not_null=("opened_at", "updated_at", "facts"),
    )
    db["messages"].create(
        {"conversation_id": str, "message_id": str},
        pk=("conversation_id", "message_id"),
        foreign_keys=_CASE_LINK,
    )
    _create_history(db)
    for table in ("consents", "facts", "verdicts", "audit"):
        db[table].create_index(["conversation_id"])


def _create_history(db: Database) -> None:
    """What is only ever added to. ``old`` and ``new`` are JSON: an assertion, a value or null."""
    db["facts"].create(
        {
            "id": int,
            "conversation_id": str,
            "message_id": str,
            "fact": str,
            "old": str,
            "new": str,
            "words": str,
            "at": str,
        },
        pk="id",
        not_null=("conversation_id", "message_id", "fact", "new", "at"),
        foreign_keys=_CASE_LINK,
    )
    db["verdicts"].create(
        {"id": int, "conversation_id": str, "verdict": str, "rules_version": str, "at": str},
        pk="id",
        not_null=("conversation_id", "verdict", "rules_version", "at"),
        foreign_keys=_CASE_LINK,
    )
    db["audit"].create(
        {"id": int, "at": str, "action": str, "conversation_id": str, "detail": str},
        pk="id",
        not_null=("at", "action"),
    )


@migrations()
def m002_reminders(db: Database) -> None:
    """A reminder without ``said_at`` waits; one that was stopped is gone. ``kind`` is its follow-up's id."""
    db["reminders"].create(
        {"id": int, "conversation_id": str, "kind": str, "asked_at": str, "due_at": str, "said_at": str},
        pk="id",
        not_null=("conversation_id", "kind", "asked_at", "due_at"),
        foreign_keys=_CASE_LINK,
    )
    db["reminders"].create_index(["conversation_id"])
    db["reminders"].create_index(["due_at"])
