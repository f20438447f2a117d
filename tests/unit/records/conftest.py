"""What the tests of the memory share."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_assistant import train_small

from bot.records import GIVEN, Records


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The path of a trained model."""
    return train_small(tmp_path_factory.mktemp("small"))


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return Records(tmp_path / "records.sqlite")


@pytest.fixture
def consented(records: Records) -> Records:
    """A memory that may keep the case ``anna``."""
    records.record_consent("anna", "2024-05", GIVEN)
    return records
