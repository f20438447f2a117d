"""The command line: what it prints, where, and how it ends."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.__main__ import app
from bot.training import ROOT, model_path

COMMANDS = ["serve", "train", "assess", "understand", "evaluate", "records"]


def run(*words: str, given: str | None = None) -> Result:
    return CliRunner().invoke(app, [*words], input=given)


def assess(facts: object) -> Result:
    return run("assess", "-", given=json.dumps(facts))


def test_help_names_every_command() -> None:
    result = run("--help")
    assert result.exit_code == 0
    assert [name for name in COMMANDS if name not in result.stdout] == []


@pytest.mark.parametrize(
    "command",
    [[name] for name in COMMANDS]
    + [["records", name] for name in ("list", "show", "export", "forget", "purge")],
)
def test_every_command_has_help(command: list[str]) -> None:
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.stdout


def test_assess_prints_the_verdict_as_json() -> None:
    result = assess({"event_type": "thr", "weeks_since_event": 3, "symptoms_present": ["chest_pain"]})
    assert result.exit_code == 0
    assert json.loads(result.stdout)["urgency"] == "emergency"
    assert result.stderr == ""


def test_assess_reads_a_file(tmp_path: Path) -> None:
    (tmp_path / "case.json").write_text('{"event_type": "thr"}')
    assert json.loads(run("assess", str(tmp_path / "case.json")).stdout)["risk_band"]


@pytest.mark.parametrize(
    ("facts", "name", "nearest"),
    [
        ({"event_type": "thrr"}, "thrr: no event", "thr"),
        ({"symptoms_present": ["chest_pains"]}, "chest_pains: no finding", "chest_pain"),
        ({"risk_factors": ["previous_hoo"]}, "previous_hoo: no finding", "previous_ho"),
        ({"symptom_present": ["fever"]}, "symptom_present: no key", "symptoms_present"),
        ({"event_type": "zzz"}, "zzz: no event", "No known name is near"),
    ],
)
def test_assess_tells_a_person_of_a_name_it_does_not_know(facts: object, name: str, nearest: str) -> None:
    result = assess(facts)
    assert result.exit_code == 0
    (line,) = result.stderr.splitlines()
    assert line.startswith(name)
    assert line.endswith(f"{nearest}.")
    assert json.loads(result.stdout)["unrecognised"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("{", "not JSON"),
        ("[]", "expected a JSON object"),
        ('{"age": -1}', "age: expected a number"),
        ('{"symptoms_present": "fever"}', "symptoms_present: expected a list"),
    ],
)
def test_assess_ends_with_1_and_one_line_for_what_it_cannot_read(given: str, told: str) -> None:
    result = run("assess", "-", given=given)
    assert result.exit_code == 1
    assert told in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""


def test_assess_names_a_file_that_is_not_there() -> None:
    result = run("assess", "no-such-file.json")
    assert result.exit_code == 1
    assert result.stderr.startswith("no-such-file.json: No such file")


def test_understand_prints_the_facts_it_heard_as_json() -> None:
    result = run("understand", "I have no fever but my knee is swollen")
    assert result.exit_code == 0
    heard = json.loads(result.stdout)
    assert (heard["symptoms_absent"], heard["symptoms_present"]) == (["fever"], ["swelling"])


def test_understand_reads_standard_input() -> None:
    assert json.loads(run("understand", "-", given="I am 44 years old").stdout)["age"] == 44


def test_train_says_that_a_model_fits_and_trains_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    model = tmp_path / model_path().name
    monkeypatch.setattr("bot.training.fitting_model", lambda: model)
    result = run("train")
    assert result.exit_code == 0
    assert result.stdout == f"{model} fits the data.\n"


@pytest.mark.parametrize("port", ["0", "-1", "65536", "99999", "http"])
def test_serve_refuses_what_is_no_port(port: str) -> None:
    result = run("serve", "--port", port)
    assert result.exit_code == 2
    assert "--port" in result.stderr


def in_a_process(*words: str) -> subprocess.CompletedProcess[str]:
    """``serve`` for real, without colours, from the root."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=ROOT, env={**os.environ, "NO_COLOR": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_serve_on_a_port_that_is_taken_ends_with_1_and_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = in_a_process("serve", "--port", port, "--data", str(tmp_path))
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert f"Port {port}" in line
    assert "--port" in line


def test_serve_with_a_data_folder_that_cannot_be_made_ends_with_1_and_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    done = in_a_process("serve", "--port", port, "--data", str(tmp_path / "file"))
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "--data" in line
