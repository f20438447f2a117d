"""``records`` on the command line: JSON for programs, one clear line for people, exit codes."""

from __future__ import annotations

import csv
import io
import json

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.records import Records
from bot.records.cli import app


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


def test_a_file_that_is_no_database_ends_with_1(records: Records) -> None:
    records.close()
    records.path.write_bytes(b"not a database " * 100)
    result = run(records, "list")
    assert result.exit_code == 1
    assert "Error:" in result.stderr
