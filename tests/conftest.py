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
    """The real assistant, loaded once a process; conversations in memory."""
    from tests.conversation import assistant

    return assistant()


@pytest.fixture
def chat(agent):
    from tests.conversation import Chat

    return Chat(agent)
