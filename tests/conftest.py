"""Shared by all tests: the data folder is a throw-away one, the assistant is loaded once a worker."""

from __future__ import annotations

import os
import tempfile

# Before anything reads it: no test writes into the operator's records.
os.environ["HO_TRIAGE_DATA"] = tempfile.mkdtemp(prefix="ho-triage-tests-")
os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ.pop("HO_TRIAGE_COUNTRY", None)

import pytest

from tests.hazards_plugin import pytest_configure  # noqa: F401  (the hazard log is held against each run)


@pytest.fixture(scope="session")
def agent():
    """The assistant as `python -m bot serve` runs it, without a server; conversations in memory."""
    from bot.server import load_agent
    from bot.training import train

    return load_agent(train())


@pytest.fixture
def chat(agent):
    from tests.conversation import Chat

    return Chat(agent)
