"""The pytest plugin: scenario files in a folder given by ``scenario_paths`` become test items.

The project gives a fixture-free way to an agent: ``scenario_agent = "module:function"`` in the pytest
settings, a function without arguments that gives a loaded ``rasa.core.agent.Agent``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from .case import Case
from .reader import SHARED_FILE, ScenarioError, read_file
from .runner import Result, run_case
from .talk import InProcess


class ScenarioFailed(Exception):
    """A case that did not hold; carries its report."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Settings of the plugin, for pyproject.toml or pytest.ini."""
    parser.addini("scenario_paths", "Folders of scenario files.", type="paths", default=[])
    parser.addini("scenario_agent", "module:function that gives the loaded agent.", default="")
    parser.addini("scenario_groups", "Into how many xdist groups the cases are dealt.", default="1")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ScenarioFile | None:
    """Scenario files below the folders that the project names."""
    folders = parent.config.getini("scenario_paths")
    wanted = file_path.suffix in (".yml", ".yaml") and file_path.name != SHARED_FILE
    if wanted and any(folder in file_path.parents for folder in folders):
        return ScenarioFile.from_parent(parent, path=file_path)
    return None


class ScenarioFile(pytest.File):
    """A file of cases."""

    def collect(self) -> Iterator[ScenarioItem]:
        """One item a case; a file that cannot be read is an error of the collection."""
        folders = [f for f in self.config.getini("scenario_paths") if f in self.path.parents]
        try:
            cases = read_file(self.path, folders[0])
        except ScenarioError as error:
            raise self.CollectError(str(error)) from error
        for case in cases:
            yield ScenarioItem.from_parent(self, name=case.name, case=case)


class ScenarioItem(pytest.Item):
    """One case."""

    def __init__(self, *, case: Case, **rest: Any) -> None:
        super().__init__(**rest)
        self.case = case
        groups = int(self.config.getini("scenario_groups"))
        # By file, not by case: cases of one file share what their folder set up.
        number = 1 + sum(map(ord, case.file.name)) % groups
        self.add_marker(pytest.mark.xdist_group(f"scenarios-{number}"))

    def runtest(self) -> None:
        """Run it in a conversation of its own."""
        agent = _agent(str(self.config.getini("scenario_agent")))
        result = _loop().run_until_complete(run_case(self.case, InProcess(agent, self.case.stubs)))
        _settle(result)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The report of the case in place of a stack."""
        if isinstance(excinfo.value, ScenarioFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """File, line (from 0) and name."""
        return self.path, self.case.line - 1, self.name


def _settle(result: Result) -> None:
    if result.status == "failed":
        raise ScenarioFailed(result.report())
    if result.status != "passed":
        pytest.xfail(result.report())


@lru_cache(maxsize=1)
def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.new_event_loop()


@lru_cache(maxsize=1)
def _agent(where: str) -> Any:
    """One model load a run. Raises: ``pytest.UsageError``."""
    module, _, function = where.partition(":")
    if not function:
        raise pytest.UsageError("Set scenario_agent = module:function in the pytest settings.")
    return getattr(import_module(module), function)()
