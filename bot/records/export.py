"""What is kept, as a table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

COLUMNS = ("conversation_id", "kind", "at", "name", "value", "words", "message_id")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def to_csv(kept: Iterable[Mapping[str, Any]]) -> str:
    """One line for each consent, fact change, verdict, reminder and message of ``Records.what_is_kept``."""
    lines = ({**one, **line} for one in kept for line in _lines(one))
    return table(lines, COLUMNS)


def table(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """CSV text with a header line; what would run as a formula in a spreadsheet is quoted."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({column: _cell(row.get(column)) for column in columns})
    return out.getvalue()


def _lines(conversation: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for row in conversation["consents"]:
        yield {"kind": "consent", "at": row["at"], "name": row["version"], "value": row["answer"]}
    for row in conversation["facts"]:
        shared = {key: row[key] for key in ("at", "words", "message_id")}
        yield {"kind": "fact", "name": row["fact"], "value": row["new"], **shared}
    for row in conversation["verdicts"]:
        verdict = json.dumps(row["verdict"], ensure_ascii=False)
        yield {"kind": "verdict", "at": row["at"], "name": row["rules_version"], "value": verdict}
    for row in conversation["reminders"]:
        yield {"kind": "reminder", "at": row["asked_at"], "name": row["kind"], "value": row["due_at"]}
    for row in conversation["messages"]:
        yield {"kind": "message", "at": row["at"], "name": row["from"], "words": row["text"]}


def _cell(value: Any) -> Any:
    # A spreadsheet would run a patient's words as a formula.
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value
