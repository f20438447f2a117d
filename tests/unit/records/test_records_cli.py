"""``records`` on the command line: JSON for programs, one clear line for people, exit codes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import Result
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from typer.testing import CliRunner

from bot.records import Records
from bot.records.cli import app
from bot.records.conversations import last_seen
from bot.records.tracker_store import BoundedSQLiteTrackerStore


def run(records: Records, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--data", str(records.path.parent)])


def test_list_prints_every_conversation_as_json(consented: Records) -> None:
    assert [row["conversation_id"] for row in json.loads(run(consented, "list").stdout)] == ["anna"]


def test_list_prints_csv_on_request(consented: Records) -> None:
    (row,) = csv.DictReader(io.StringIO(run(consented, "list", "--csv").stdout))
    assert (row["conversation_id"], row["consent"]) == ("anna", "yes")


def test_show_prints_all_that_is_kept(consented: Records) -> None:
    assert json.loads(run(consented, "show", "anna").stdout) == consented.what_is_kept("anna")


def test_export_without_an_id_prints_every_conversation(consented: Records) -> None:
    assert len(json.loads(run(consented, "export").stdout)) == 1


def test_export_prints_csv_on_request(consented: Records) -> None:
    (row,) = csv.DictReader(io.StringIO(run(consented, "export", "anna", "--csv").stdout))
    assert (row["kind"], row["value"]) == ("consent", "yes")


def test_forget_erases_and_prints_a_receipt(consented: Records) -> None:
    receipt = json.loads(run(consented, "forget", "anna").stdout)
    assert receipt["erased"]["consents"] == 1
    assert consented.list_cases() == []


def test_purge_prints_a_receipt(consented: Records) -> None:
    receipt = json.loads(run(consented, "purge", "--older-than-days", "0").stdout)
    assert receipt["erased"]["conversations"] == 1


@pytest.mark.parametrize("command", ["show", "export", "forget"])
def test_a_missing_conversation_ends_with_1_and_one_line_on_standard_error(
    records: Records, command: str
) -> None:
    result = run(records, command, "nobody")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: nothing is kept")
    assert result.stdout == ""


@pytest.mark.parametrize("words", [["purge"], ["show"], ["purge", "--older-than-days", "-1"], ["bogus"]])
def test_wrong_use_ends_with_2(records: Records, words: list[str]) -> None:
    assert run(records, *words).exit_code == 2


@pytest.mark.parametrize(
    "words", [["list"], ["show", "a"], ["export"], ["forget", "a"], ["purge", "--older-than-days", "1"]]
)
def test_a_misspelt_folder_is_told_and_not_made(tmp_path: Path, words: list[str]) -> None:
    folder = tmp_path / "typo"
    result = CliRunner().invoke(app, [*words, "--data", str(folder)])
    assert result.exit_code == 1
    assert result.stderr == f"Error: there are no records in {folder}; give their folder with --data\n"
    assert not folder.exists()


def test_a_folder_without_records_stays_empty(tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["list", "--data", str(tmp_path)]).exit_code == 1
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
async def left_by_the_chat(records: Records) -> Records:
    """The memory after "delete my data" in the chat: only the state of the dialogue is left."""
    store = BoundedSQLiteTrackerStore(Domain.empty(), path=records.tracker_path)
    asked = [UserUttered("delete my data"), SlotSet("forget_requested", "receipt-1")]
    await store.save(DialogueStateTracker.from_events("anna", asked))
    return records


@pytest.mark.parametrize("command", ["show", "export", "forget"])
def test_what_was_deleted_in_the_chat_is_as_unknown_as_what_never_was(
    left_by_the_chat: Records, command: str
) -> None:
    result = run(left_by_the_chat, command, "anna")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: nothing is kept")


def test_what_was_deleted_in_the_chat_is_not_listed(left_by_the_chat: Records) -> None:
    assert json.loads(run(left_by_the_chat, "list").stdout) == []


def test_purge_takes_the_state_that_a_deletion_in_the_chat_left(left_by_the_chat: Records) -> None:
    run(left_by_the_chat, "purge", "--older-than-days", "0")
    assert last_seen(left_by_the_chat.tracker_path) == {}


def test_a_file_that_is_no_database_ends_with_1(records: Records) -> None:
    records.close()
    records.path.write_bytes(b"not a database " * 100)
    result = run(records, "list")
    assert result.exit_code == 1
    assert "Error:" in result.stderr
