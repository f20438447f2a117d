"""``records list|show|export|forget|purge``: look at what is kept and erase it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from .database import ErasureIncomplete
from .export import table
from .paths import DATA_VARIABLE, RECORDS_FILE, TRACKER_FILE, folder_path
from .store import Records, RecordsError

_LISTED = ("conversation_id", "last_activity", "consent", "facts", "verdicts", "rules_version")

app = typer.Typer(
    no_args_is_help=True, help="Look at, export and erase what HO Triage keeps about conversations."
)

_Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        help=f"Folder with records.sqlite and tracker.sqlite. Default: {DATA_VARIABLE}, else ./var.",
        show_default=False,
    ),
]
_Csv = Annotated[bool, typer.Option("--csv", help="Print CSV, not JSON.")]
_Conversation = Annotated[str, typer.Argument(metavar="ID", help="Conversation id, as 'records list' shows.")]
_SomeConversation = Annotated[
    str | None, typer.Argument(metavar="[ID]", help="Conversation id; without it, all conversations.")
]
_Days = Annotated[float, typer.Option(min=0, max=36_500, help="Days without any activity.")]


@contextmanager
def _records(data: Path | None) -> Iterator[Records]:
    """The memory in ``data``; what it refuses becomes one line on standard error and exit code 1."""
    folder = folder_path(data)
    try:
        # Opening makes what is missing: after a misspelt path people would read that nothing is kept.
        if not any((folder / name).is_file() for name in (RECORDS_FILE, TRACKER_FILE)):
            raise RecordsError(f"there are no records in {folder}; give their folder with --data")
        records = Records(folder / RECORDS_FILE, folder / TRACKER_FILE)
        try:
            yield records
        finally:
            records.close()
    except (RecordsError, ErasureIncomplete, sqlite3.Error, OSError) as error:
        typer.echo(f"Error: {error}", err=True)
        raise typer.Exit(1) from error


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


@app.command("list")
def list_(data: _Data = None, csv: _Csv = False) -> None:
    """List the conversations that anything is kept of, the latest first."""
    with _records(data) as records:
        cases = records.list_cases()
    if csv:
        typer.echo(table(cases, _LISTED), nl=False)
    else:
        _print_json(cases)


@app.command()
def show(conversation: _Conversation, data: _Data = None) -> None:
    """Print all that is kept of one conversation, as JSON."""
    with _records(data) as records:
        _print_json(records.what_is_kept(records.existing(conversation)))


@app.command()
def export(conversation: _SomeConversation = None, data: _Data = None, csv: _Csv = False) -> None:
    """Print one conversation, or all, as JSON or CSV; the export is noted in the audit table."""
    with _records(data) as records:
        typer.echo(records.export(conversation, "csv" if csv else "json").rstrip("\n"))


@app.command()
def forget(conversation: _Conversation, data: _Data = None) -> None:
    """Erase a conversation for ever and print the receipt, as JSON."""
    with _records(data) as records:
        _print_json(records.forget(records.existing(conversation)).to_json())


@app.command()
def purge(older_than_days: _Days, data: _Data = None) -> None:
    """Erase every conversation with no activity for so many days and print the receipt, as JSON."""
    with _records(data) as records:
        _print_json(records.purge(older_than_days).to_json())
