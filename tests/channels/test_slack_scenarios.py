"""The happy path and the red flags through Slack: same facts, same verdict, all of it on the screen."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from fake_slack import SECRET, TOKEN, Person, fake_slack
from serving import ROOT, free_port, serving
from through_a_channel import run_through

from bot.scenarios import find_files, read_file

pytestmark = pytest.mark.xdist_group("small_bot")
SCENARIOS = ROOT / "tests" / "scenarios"
#: Of each file every so many-th case, so that the run stays short; all of them if the variable is set.
EVERY = 1 if os.environ.get("HO_TRIAGE_ALL_SCENARIOS") else 8


async def test_the_scenarios_hold_through_slack(tmp_path: Path) -> None:
    from bot.training import train

    files = [file for folder in ("happy_path", "red_flags") for file in find_files(SCENARIOS / folder)]
    cases = [case for file in files for case in read_file(file, SCENARIOS)[::EVERY]]
    port = free_port()
    model, data = str(train()), str(tmp_path)
    command = [sys.executable, "-m", "bot", "serve", "--enable-api", "--model", model, "--data", data]
    with fake_slack() as slack:
        secrets = {"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": slack.url}
        with serving([*command, "--port", str(port)], tmp_path, port, secrets) as server:
            webhook = f"{server.url}/webhooks/slack/webhook"
            results = await run_through(
                cases, lambda n: Person(slack, webhook, f"U{n:04d}", f"D{n:04d}"), server.url, tmp_path
            )
    assert [result.report() for result in results if result.status != "passed"] == []
