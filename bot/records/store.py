"""The memory of cases: consents, facts with the words they came from, verdicts, audit."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from bot.clinical.facts import Facts
from bot.clinical.merge import Change

from .conversations import forget_conversations, last_said, last_seen, transcript
from .database import change, first_row, open_database, scrub
from .export import to_csv
from .mail import forget_mail, mail_of, mail_times
from .paths import MAIL_FILE, TRACKER_FILE
from .schema import CASE_TABLES, migrations

GIVEN = "yes"
DECLINED = "no"
UNSURE = "unsure"
ANSWERS = (GIVEN, DECLINED, UNSURE)


class RecordsError(Exception):
    """What the memory refuses to do."""


class ConsentMissing(RecordsError):
    """Nothing about a case is kept before consent is given."""


class CaseMissing(RecordsError):
    """Nothing is kept under this conversation id."""


@dataclass(frozen=True)
class Receipt:
    """Proof of an erasure: how many rows of each kind went and when; nothing about whom."""

    id: str
    at: str
    erased: Mapping[str, int]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class Records:
    """The memory in one SQLite file; a case is keyed by its conversation id.

    ``path`` is the file; ``tracker_path`` is the file of Rasa's events, by default ``tracker.sqlite``
    beside it, as is the file of messages on their way. Each method that changes something is one
    transaction and has reached the disk when it returns. Times are ISO 8601 in UTC. Keep one object
    for the life of the process, used by one thread at a time.
    """

    def __init__(self, path: Path | str, tracker_path: Path | str | None = None) -> None:
        self.path = Path(path)
        self.tracker_path = Path(tracker_path) if tracker_path else self.path.with_name(TRACKER_FILE)
        self.mail_path = self.path.with_name(MAIL_FILE)
        self.db = open_database(self.path)
        migrations.apply(self.db)

    def close(self) -> None:
        self.db.close()

    # -- writing ---------------------------------------------------------------------------
    def record_consent(self, conversation_id: str, version: str, answer: str) -> None:
        """Keep an answer (``yes``, ``no`` or ``unsure``) to the consent text of ``version``.

        Only ``yes`` allows a case. The same answer again changes nothing. Raises ValueError for
        any other answer.
        """
        if answer not in ANSWERS:
            raise ValueError(f"consent answer: expected one of {', '.join(ANSWERS)}; got {answer!r}")
        with change(self.db):
            held = self._latest("consents", conversation_id)
            if held and (held["version"], held["answer"]) == (version, answer):
                return
            row = {"conversation_id": conversation_id, "version": version, "answer": answer, "at": _now()}
            self.db["consents"].insert(row)
            self._audit(f"consent_{answer}", conversation_id)

    def record_facts(
        self, conversation_id: str, message_id: str, facts: Facts, changes: Sequence[Change]
    ) -> None:
        """Keep what one message changed, and the facts after it.

        A message id that was recorded before changes nothing: a turn may be sent again.
        Raises ConsentMissing.
        """
        with change(self.db):
            self._open(conversation_id)
            seen = {"conversation_id": conversation_id, "message_id": message_id}
            if self.db["messages"].count_where("conversation_id = ? AND message_id = ?", list(seen.values())):
                return
            now = _now()
            self.db["messages"].insert(seen)
            self.db["facts"].insert_all({**seen, **_fact_row(item), "at": now} for item in changes)
            self.db["cases"].update(conversation_id, {"facts": _dump(facts.to_json()), "updated_at": now})

    def record_verdict(self, conversation_id: str, verdict_json: Mapping[str, Any]) -> None:
        """Keep a verdict with its rules version. The latest one again changes nothing.

        Raises ConsentMissing; KeyError when the verdict names no ``rules_version``.
        """
        verdict = _dump(verdict_json)
        with change(self.db):
            self._open(conversation_id)
            held = self._latest("verdicts", conversation_id)
            if held and held["verdict"] == verdict:
                return
            row = {
                "conversation_id": conversation_id,
                "verdict": verdict,
                "rules_version": verdict_json["rules_version"],
                "at": _now(),
            }
            self.db["verdicts"].insert(row)
            self.db["cases"].update(conversation_id, {"updated_at": row["at"]})

    # -- reading ---------------------------------------------------------------------------
    def what_is_kept(self, conversation_id: str) -> dict[str, Any]:
        """All that is kept of a conversation; lists are empty and ``case`` is None where nothing is."""
        case = next(iter(self._of("cases", conversation_id)), None)
        if case:
            case = {**case, "facts": json.loads(case["facts"])}
        return {
            "conversation_id": conversation_id,
            "consents": self._of("consents", conversation_id),
            "case": case,
            "facts": [_fact_json(row) for row in self._of("facts", conversation_id)],
            "verdicts": [_verdict_json(row) for row in self._of("verdicts", conversation_id)],
            "reminders": self._of("reminders", conversation_id),
            "messages": transcript(self.tracker_path, conversation_id),
            "on_its_way": mail_of(self.mail_path, conversation_id),
            "audit": self._of("audit", conversation_id),
        }

    def list_cases(self) -> list[dict[str, Any]]:
        """Every conversation that anything is kept of, latest first: id, consent, counts, last activity."""
        seen = self._last_activity()
        latest_first = sorted(seen, key=lambda one: seen[one], reverse=True)
        return [self._summary(one, seen[one]) for one in latest_first]

    def export(self, conversation_id: str | None = None, format: str = "json") -> str:
        """One conversation, or all of them when no id is given, as ``json`` or ``csv`` text.

        Raises CaseMissing when nothing is kept under the id, ValueError for another format.
        """
        if format not in ("json", "csv"):
            raise ValueError(f"format: expected json or csv; got {format!r}")
        ids = sorted(self._last_activity()) if conversation_id is None else [self.existing(conversation_id)]
        with change(self.db):
            for one in ids:
                self._audit("export", one)
        kept = [self.what_is_kept(one) for one in ids]
        if format == "csv":
            return to_csv(kept)
        return json.dumps(kept if conversation_id is None else kept[0], ensure_ascii=False, indent=2)

    def existing(self, conversation_id: str) -> str:
        """The id itself. Raises CaseMissing when nothing is kept under it."""
        if conversation_id not in self._last_activity():
            raise CaseMissing(f"nothing is kept under the conversation id {conversation_id!r}")
        return conversation_id

    # -- erasing ---------------------------------------------------------------------------
    def forget(self, conversation_id: str, unheard_too: bool = True) -> Receipt:
        """Erase a conversation from all files; only the receipt stays.

        Where nothing is kept, the receipt says so: a person who asks twice is told the truth. With
        ``unheard_too`` false, messages that wait to be heard stay: the person wrote them after asking.
        Raises ErasureIncomplete when another process holds the old pages: then it is to be run again.
        """
        known = conversation_id in self._last_activity()
        return self._erase([conversation_id] if known else [], "forget", unheard_too)

    def purge(self, older_than_days: float) -> Receipt:
        """Erase every conversation with no activity in the last ``older_than_days`` days."""
        limit = _iso(datetime.now(timezone.utc) - timedelta(days=older_than_days))
        seen = self._with_rest(last_seen(self.tracker_path))
        return self._erase([one for one, at in seen.items() if at < limit], "purge")

    def _erase(self, ids: Sequence[str], action: str, unheard_too: bool = True) -> Receipt:
        erased = dict.fromkeys(("conversations", "conversation_events", "on_its_way", *CASE_TABLES), 0)
        erased["conversations"] = len(ids)
        # The events go first: were we killed in between, the case would still be listed and erasable.
        erased["conversation_events"] = forget_conversations(self.tracker_path, ids)
        erased["on_its_way"] = forget_mail(self.mail_path, ids, unheard_too)
        receipt = Receipt(secrets.token_hex(8), _now(), erased)
        with change(self.db):
            for table in CASE_TABLES:
                for one in ids:
                    done = self.db.conn.execute(f"DELETE FROM {table} WHERE conversation_id = ?", [one])
                    erased[table] += done.rowcount
            self._audit(action, None, receipt.to_json())
        scrub(self.db)
        return receipt

    # -- parts -----------------------------------------------------------------------------
    def _open(self, conversation_id: str) -> None:
        consent = self._latest("consents", conversation_id)
        if not consent or consent["answer"] != GIVEN:
            raise ConsentMissing("no consent was given in this conversation: ask for it, then record_consent")
        if self.db["cases"].count_where("conversation_id = ?", [conversation_id]):
            return
        now = _now()
        case = {"conversation_id": conversation_id, "opened_at": now, "updated_at": now, "facts": "{}"}
        self.db["cases"].insert(case)
        self._audit("case_opened", conversation_id)

    def _audit(
        self, action: str, conversation_id: str | None, detail: Mapping[str, Any] | None = None
    ) -> None:
        row = {"at": _now(), "action": action, "conversation_id": conversation_id}
        self.db["audit"].insert({**row, "detail": _dump(detail) if detail else None})

    def _latest(self, table: str, conversation_id: str) -> dict[str, Any] | None:
        sql = f"SELECT * FROM {table} WHERE conversation_id = ? ORDER BY id DESC LIMIT 1"
        return first_row(self.db, sql, [conversation_id])

    def _of(self, table: str, conversation_id: str) -> list[dict[str, Any]]:
        """The rows of a conversation in the order they came, without the columns that only link them."""
        rows = self.db.query(
            f"SELECT * FROM {table} WHERE conversation_id = ? ORDER BY rowid", [conversation_id]
        )
        return [{k: v for k, v in row.items() if k not in ("id", "conversation_id")} for row in rows]

    def _last_activity(self) -> dict[str, str]:
        """Every conversation that something is kept of, and the time of its latest trace in any file."""
        return self._with_rest(last_said(self.tracker_path))

    def _with_rest(self, seen: dict[str, str]) -> dict[str, str]:
        """``seen`` with the conversations and times of this file and of the messages on their way."""
        rows = self.db.query(
            "SELECT conversation_id, max(at) AS at FROM (SELECT conversation_id, at FROM consents"
            " UNION ALL SELECT conversation_id, updated_at FROM cases) GROUP BY conversation_id"
        )
        times = [(row["conversation_id"], row["at"]) for row in rows]
        for one, at in [*times, *mail_times(self.mail_path).items()]:
            seen[one] = max(at, seen.get(one, ""))
        return seen

    def _summary(self, conversation_id: str, last_activity: str) -> dict[str, Any]:
        consent = self._latest("consents", conversation_id)
        verdict = self._latest("verdicts", conversation_id)
        return {
            "conversation_id": conversation_id,
            "last_activity": last_activity,
            "consent": consent["answer"] if consent else None,
            "facts": self.db["facts"].count_where("conversation_id = ?", [conversation_id]),
            "verdicts": self.db["verdicts"].count_where("conversation_id = ?", [conversation_id]),
            "rules_version": verdict["rules_version"] if verdict else None,
        }


def _fact_row(item: Change) -> dict[str, Any]:
    return {"fact": item.fact, "old": _dump(item.old), "new": _dump(item.new), "words": item.text}


def _fact_json(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "old": json.loads(row["old"]), "new": json.loads(row["new"])}


def _verdict_json(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "verdict": json.loads(row["verdict"])}


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _now() -> str:
    return _iso(datetime.now(timezone.utc))


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")
