"""One server of the small bot for all tests of the doors."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from serving import Server, small_server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The small bot, served."""
    with small_server(tmp_path_factory.mktemp("small_server")) as running:
        yield running
