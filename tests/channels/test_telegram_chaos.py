"""Deliveries that come twice or in the wrong order, a Telegram that fails, a server that is killed."""

from __future__ import annotations

import os
import random
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from serving import small_server
from telegram_fake import TOKEN, FakeTelegram, Person, fake_telegram
from test_telegram_door import HELLO

pytestmark = pytest.mark.xdist_group("small_bot")
PEOPLE, MESSAGES, DELIVERIES = 20, 15, 1000


def deliveries(telegram: FakeTelegram, people: list[Person], dice: random.Random) -> list[list[Any]]:
    """For each person their updates as they arrive: some twice or more, neighbours swapped."""
    lines = []
    spare = DELIVERIES - PEOPLE * MESSAGES
    for person in people:
        updates = [telegram.update(message=person.message(text=f"message {n}")) for n in range(MESSAGES)]
        line = list(updates)
        for at in range(0, MESSAGES - 1, 2):
            if dice.random() < 0.3:
                line[at : at + 2] = reversed(line[at : at + 2])
        for _ in range(spare // PEOPLE):
            place = dice.randrange(len(line))
            line.insert(dice.randrange(place, len(line) + 1), line[place])
        lines.append(line)
    return lines


def test_of_1000_deliveries_every_message_is_answered_once_and_in_order(
    small_door: Any,
    telegram: FakeTelegram,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.channels.inbox.REORDERING_WINDOW", 1.0)
    dice = random.Random(20261125)
    people = [Person(telegram, 50_000 + number) for number in range(PEOPLE)]
    telegram.fail(*(dice.choice([None, None, None, 500, "reset", "html", (429, 0.02)]) for _ in range(400)))
    lines = deliveries(telegram, people, dice)
    with ThreadPoolExecutor(4) as posts:
        statuses = list(posts.map(lambda line: [telegram.deliver(update) for update in line], lines))
    assert {status for line in statuses for status in line} == {200}
    assert sum(map(len, statuses)) == DELIVERIES
    expected = [f"You said: message {number}" for number in range(MESSAGES)]
    for person in people:
        person.until(lambda person=person: len(person.texts()) >= MESSAGES, 60)
    telegram.failures.clear()
    time.sleep(0.2)
    assert [person.texts() for person in people] == [expected] * PEOPLE


def test_a_server_that_is_killed_answers_what_it_had_taken_once_and_logs_no_secret(tmp_path: Path) -> None:
    with fake_telegram() as telegram:
        environment = {
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_API_URL": telegram.url,
            "TELEGRAM_WEBHOOK_SECRET": "a-secret-of-the-webhook",
            "LOG_LEVEL": "DEBUG",
        }
        anna = Person(telegram, 1)
        port = _served(tmp_path, environment, telegram, anna)
        log = (tmp_path / "server.log").read_text()
        with small_server(tmp_path, environment, port=port):
            anna.until(lambda: len(anna.texts()) >= 2, 60)
            anna.say("verdict")
            anna.until_shown("Call 112 now.")
        log += (tmp_path / "server.log").read_text()
    assert anna.texts() == [HELLO, "Something went wrong. Call 112 if you feel very ill.", "Call 112 now."]
    assert "Telegram is on." in log
    for secret in (TOKEN, TOKEN.split(":")[1], "a-secret-of-the-webhook"):
        assert secret not in log


def _served(folder: Path, environment: dict[str, str], telegram: FakeTelegram, anna: Person) -> int:
    """Serve, take two messages, and be killed before the first is sent and while the second is answered."""
    from serving import free_port

    port = free_port()
    environment["TELEGRAM_WEBHOOK_URL"] = f"http://127.0.0.1:{port}/webhooks/telegram/webhook"
    with small_server(folder, environment, port=port) as server:
        anna.until(lambda: telegram.webhook)
        telegram.fail(*[500] * 20)
        anna.say("hello")
        anna.until(lambda: len(telegram.failures) < 20)
        anna.say("block")
        time.sleep(0.8)
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait()
        telegram.failures.clear()
    return port
