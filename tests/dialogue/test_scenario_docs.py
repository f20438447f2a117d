"""What docs/scenarios.md shows runs as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.scenarios import InProcess, read_file, run_case

pytestmark = pytest.mark.xdist_group("dialogue-1")
DOCS = Path(__file__).resolve().parents[2] / "docs" / "scenarios.md"
EXAMPLES = re.findall(r"```yaml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("example", range(len(EXAMPLES)))
async def test_an_example_of_the_docs_passes(agent, tmp_path, example):
    file = tmp_path / "example.yml"
    file.write_text(EXAMPLES[example], encoding="utf-8")
    done = [await run_case(case, InProcess(agent, case.stubs)) for case in read_file(file)]
    assert done
    assert [result.report() for result in done if result.status != "passed"] == []
