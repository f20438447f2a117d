"""The real assistant behind Slack: a whole conversation by clicks, and reminders across a restart."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from fake_slack import SECRET, TOKEN, FakeSlack, Person, buttons_of, fake_slack, words_of
from serving import free_port, serving, wait_until_quiet

from bot.records.paths import RECORDS_FILE
from bot.training import train

pytestmark = pytest.mark.xdist_group("slack_assistant")
STORY = "I broke my femur 6 weeks ago, they put a rod in, and now the knee won't bend, no fever"
#: How a person who has none of the signs answers, by what they see.
ANSWERS = ("Yes, start", "Yes, it is right", "None of these", "No", "40 to 64", "About the same", "Not sure")
WAITING = "SELECT count(*) FROM reminders WHERE conversation_id = ? AND said_at IS NULL"


@contextmanager
def assistant(slack: FakeSlack, folder: Path) -> Iterator[str]:
    """The server as people start it; gives the address that Slack delivers to."""
    port = free_port()
    command = [sys.executable, "-m", "bot", "serve", "--model", str(train()), "--data", str(folder)]
    secrets = {"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": slack.url}
    with serving([*command, "--port", str(port)], folder, port, secrets) as server:
        yield f"{server.url}/webhooks/slack/webhook"


class Visitor:
    """Somebody on the fake Slack who waits for the answer to each thing that they do."""

    def __init__(self, slack: FakeSlack, webhook: str, folder: Path, name: str) -> None:
        self.person, self.folder = Person(slack, webhook, f"U{name}", f"D{name}"), folder

    def say(self, text: str) -> str:
        return self._after(self.person.says(text))

    def click(self, title: str) -> str:
        return self._after(self.person.clicks(title))

    def titles(self) -> list[str]:
        newest = self.person.shown()[-1:] or [{}]
        return [button["text"]["text"] for button in buttons_of(newest[0])]

    def to_the_verdict(self) -> str:
        """Click through the interview; what was shown in the turn of the verdict."""
        self.say("hello")
        self.click("Yes, start")
        self.say(STORY)
        for _ in range(25):
            if "Yes, it is right" in self.titles():
                return self.click("Yes, it is right")
            self.click(next(title for title in ANSWERS if title in self.titles()))
        raise AssertionError(self.person.screen())

    def waiting(self) -> int:
        """How many reminders wait for this person."""
        with closing(sqlite3.connect(self.folder / RECORDS_FILE)) as records:
            return int(records.execute(WAITING, [self.person.conversation]).fetchone()[0])

    def reminded(self) -> int:
        """How often the person was reminded."""
        return self.person.screen().count("You asked me to write again.")

    def _after(self, body: dict[str, object]) -> str:
        before = len(self.person.shown())
        assert self.person.send(body) == 200
        wait_until_quiet(self.folder)
        return "\n".join(words_of(message) for message in self.person.shown()[before:])


def make_due(folder: Path) -> None:
    """Let the time come for every reminder."""
    with closing(sqlite3.connect(folder / RECORDS_FILE)) as records, records:
        records.execute("UPDATE reminders SET due_at = asked_at")


def test_from_the_first_click_to_the_verdict_and_its_reminder_after_a_restart(tmp_path: Path) -> None:
    with fake_slack() as slack:
        with assistant(slack, tmp_path) as webhook:
            anna, ben = (Visitor(slack, webhook, tmp_path, name) for name in ("ANNA", "BEN"))
            said = anna.to_the_verdict()
            assert said.startswith("See a doctor within 2 weeks\n")
            assert "Ask for an X-ray" in said
            assert "I will ask you again in 2 weeks, on" in anna.click("Yes, ask me again")
            ben.to_the_verdict()
            ben.click("Yes, ask me again")
            assert "no more reminders" in ben.say("stop the reminders")
        assert (anna.waiting(), ben.waiting()) == (1, 0)
        make_due(tmp_path)
        with assistant(slack, tmp_path) as webhook:
            anna.person.webhook = webhook
            while anna.waiting():
                wait_until_quiet(tmp_path)
            assert "112" in anna.say("not good, my chest hurts and I cannot breathe")
        with assistant(slack, tmp_path):
            wait_until_quiet(tmp_path)
        assert (anna.reminded(), ben.reminded()) == (1, 0)
