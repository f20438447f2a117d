"""What was acknowledged outlives kill -9."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from bot.records import Records

HERE = Path(__file__).parent


def acknowledged_before_kill(folder: Path, wait_for: int) -> int:
    """Kill the writer some time after its ``wait_for``th acknowledgement; returns the last one heard."""
    command = [sys.executable, HERE / "write_until_killed.py", folder]
    path = f"{HERE}:{HERE.parents[2]}"
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": path}) as writer:
        assert writer.stdout is not None
        for _ in range(wait_for):
            writer.stdout.readline()
        writer.kill()
        return [wait_for - 1, *(int(line) for line in writer.stdout if line.endswith("\n"))][-1]


@pytest.mark.parametrize("seed", [1, 2])
def test_every_acknowledged_write_is_there_after_kill_9(tmp_path: Path, seed: int) -> None:
    last = acknowledged_before_kill(tmp_path, random.Random(seed).randrange(20, 200))
    kept = Records(tmp_path / "records.sqlite").what_is_kept("anna")
    assert [fact["new"] for fact in kept["facts"]][: last + 1] == list(range(last + 1))
    assert [message["text"] for message in kept["messages"]][: last + 1] == list(map(str, range(last + 1)))
