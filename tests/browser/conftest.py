"""A real browser on the small bot's real server."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "channels"))

from serving import Server, small_server

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def small_bot_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The small bot, trained and served."""
    with small_server(tmp_path_factory.mktemp("browser")) as running:
        yield running


def chromium() -> str | None:
    """The browser to drive: ``CHROMIUM``, or the one that is installed."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, as the machine has it; closed after each file, for its event loop bars all others."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser, small_bot_server: Server) -> Iterator[Page]:
    """The page on a small phone, opened by somebody new."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, base_url=small_bot_server.url)
    context.set_default_timeout(10_000)
    opened = context.new_page()
    opened.goto("/")
    opened.get_by_role("log").get_by_text("Hello, I am a small bot.").wait_for()
    yield opened
    context.close()
