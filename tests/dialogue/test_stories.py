"""The test stories of `rasa test` hold: which rule answers which message."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("dialogue-1")

TESTS = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("path", sorted(TESTS.glob("test_*.yml")), ids=lambda path: path.stem)
async def test_the_stories_are_predicted_as_written(agent, path, tmp_path):
    from rasa.core.test import test as run_stories

    report = await run_stories(str(path), agent, out_directory=str(tmp_path), disable_plotting=True)
    failed = (tmp_path / "failed_test_stories.yml").read_text(encoding="utf-8")
    assert report["report"]["conversation_accuracy"]["accuracy"] == 1.0, failed


def test_there_are_stories_to_test():
    assert len(list(TESTS.glob("test_*.yml"))) >= 3
