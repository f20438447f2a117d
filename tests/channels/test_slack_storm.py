"""1,000 deliveries with duplicates, reorderings and a failing Slack: nothing is lost, doubled or mixed up."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_slack import SECRET, TOKEN, Person, fake_slack, words_of
from serving import small_server, wait_until_quiet
from storm import storm, whims

pytestmark = pytest.mark.xdist_group("small_bot")

FAILURES = {"429": 0.05, "500": 0.05, "internal_error": 0.05, "reset": 0.05, "lost": 0.05, "hang": 0.002}
#: Long enough for a machine under load: a swapped pair is delivered within it.
SETTINGS = {
    "bot.channels.inbox:REORDERING_WINDOW": 3.0,
    "bot.channels.outbox:FIRST_WAIT": 0.02,
    "bot.channels.slack:_TIMEOUT": 2,
}


def test_in_a_storm_every_conversation_is_right(tmp_path: Path) -> None:
    with fake_slack() as slack:
        slack.retry_after = "0"
        secrets = {"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": slack.url}
        with small_server(tmp_path, secrets, SETTINGS) as server:
            webhook = f"{server.url}/webhooks/slack/webhook"
            people = [Person(slack, webhook, f"U{n:04d}", f"D{n:04d}") for n in range(40)]
            slack.fails = whims(6, FAILURES)
            written = storm(people, 1000, seed=6)
            wait_until_quiet(tmp_path)
    for person, texts in zip(people, written, strict=True):
        assert [words_of(message) for message in person.shown()] == [f"You said: {text}" for text in texts]
