"""One server of the small bot for all tests of the doors; the small bot in this process behind Telegram."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from serving import ACTIONS, Server, small_model, small_server
from telegram_door import Door, open_door
from telegram_fake import FakeTelegram, Person, fake_telegram


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The small bot, served."""
    with small_server(tmp_path_factory.mktemp("small_server")) as running:
        yield running


@pytest.fixture(scope="session")
def small_agent(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The small bot in this process, its conversations on disk."""
    from rasa.shared.core.domain import Domain

    from bot.records.tracker_store import BoundedSQLiteTrackerStore
    from bot.server import load_agent

    path = tmp_path_factory.mktemp("tracker") / "tracker.sqlite"
    return load_agent(small_model(), BoundedSQLiteTrackerStore(Domain.empty(), path=path), ACTIONS)


@pytest.fixture(scope="module")
def telegram() -> Iterator[FakeTelegram]:
    """Telegram, on loopback."""
    with fake_telegram() as fake:
        yield fake


@pytest.fixture(scope="module")
def small_door(
    small_agent: Any, telegram: FakeTelegram, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Door]:
    """The small bot behind Telegram's webhook."""
    folder = tmp_path_factory.mktemp("small_door")
    with pytest.MonkeyPatch.context() as patch, open_door(patch, telegram, small_agent, folder) as opened:
        Person(telegram, 1).until(lambda: telegram.webhook)
        yield opened
