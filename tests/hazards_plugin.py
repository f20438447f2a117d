"""Hold the hazard log (docs/hazards.yml) against the tests that it names.

A pytest plugin: at the end of a full run every test that the log names must have run and passed, or
the run fails. When only some tests were asked for, those that ran must have passed; that the others
exist is checked without running them, by tests/test_hazards.py.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
LOG = ROOT / "docs" / "hazards.yml"


def read_log() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(LOG.read_text(encoding="utf-8"))
    return loaded


# -- does a named test exist? ----------------------------------------------------------------------


def exists(node_id: str) -> bool:
    """Whether ``path::test``, ``path::Class::test`` or ``scenario.yml::case`` names a test. Runs nothing."""
    path, _, name = node_id.partition("::")
    if not name or not (ROOT / path).is_file():
        return False
    names = _scenarios(path) if path.endswith((".yml", ".yaml")) else _functions(path)
    return name.partition("[")[0] in names


@lru_cache(maxsize=256)
def _functions(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(_names(tree.body, ""))


def _names(body: Sequence[ast.stmt], prefix: str) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from _names(node.body, f"{prefix}{node.name}::")
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test"):
            yield prefix + node.name


@lru_cache(maxsize=256)
def _scenarios(path: str) -> frozenset[str]:
    loaded = yaml.safe_load((ROOT / path).read_text(encoding="utf-8")) or {}
    return frozenset(str(case.get("test_case")) for case in loaded.get("test_cases", []))


# -- did the named tests pass? ---------------------------------------------------------------------


def unproved(hazards: Sequence[Mapping[str, Any]], outcomes: Mapping[str, str], full: bool) -> list[str]:
    """Controls that this run does not show, a line each.

    ``outcomes`` maps the ids of the tests that ran to passed, failed or skipped; ``full``: every test
    was asked for, so that one that did not run counts too.
    """
    lines = []
    for hazard in hazards:
        for test in hazard["tests"]:
            found = [what for ran, what in outcomes.items() if _named(ran) == test]
            wrong = sorted(set(found) - {"passed"})
            if wrong or (full and not found):
                why = ", ".join(wrong) or "did not run"
                lines.append(f"{hazard['id']} ({hazard['hazard']}): {test}: {why}")
    return lines


def _named(ran: str) -> str:
    """The id of the test function: without its parameters and without xdist's ``@group``."""
    return ran.partition("[")[0].partition("@")[0]


class HazardsPlugin:
    """Collects the outcomes of a run and fails it for a control that is not shown."""

    def __init__(self) -> None:
        self.outcomes: dict[str, str] = {}
        self.lines: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        before = self.outcomes.get(report.nodeid, "passed")
        # A failure in set-up or tear-down stands, whatever the other phases say.
        self.outcomes[report.nodeid] = report.outcome if before == "passed" else before

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if session.shouldstop or session.shouldfail or session.config.option.collectonly:
            return
        self.lines = unproved(read_log()["hazards"], self.outcomes, is_full(session.config))
        if self.lines and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.lines:
            terminalreporter.section("hazards whose control is not shown (docs/hazards.yml)", red=True)
            for line in self.lines:
                terminalreporter.line(line)


def is_full(config: pytest.Config) -> bool:
    """Whether all tests were asked for: no path but the whole folder, no selection."""
    options = config.option
    selected = options.keyword or options.markexpr or options.deselect or getattr(options, "lf", False)
    asked = {(config.invocation_params.dir / arg).resolve() for arg in config.args}
    return not selected and asked <= {ROOT, ROOT / "tests"}


def pytest_configure(config: pytest.Config) -> None:
    # With xdist the controller sees every report; a worker sees its share only.
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(HazardsPlugin(), "hazards")
