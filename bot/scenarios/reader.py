"""Reads scenario files: YAML 1.2 with line numbers, every mistake named with its place and its mend."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError

from .case import UNSUPPORTED, Case, Check, Step

SHARED_FILE = "conftest.yml"
_CLOCK = "mocked_datetime"
_TOP = {"test_cases", "fixtures", "metadata", "stub_custom_actions", "beginnings", "not_in_reach"}
_CASE = {"test_case", "steps", "fixtures", "metadata", "parameters", "beginning"}
_OPENERS = ("user", "bot", "utter", "slot_was_set", "slot_was_not_set")
_USER = {
    "user",
    "metadata",
    "assertions",
    "assertion_order_enabled",
    "expect",
    "never",
    "until",
    "answers",
    "at_most",
}
_EXPECT = {"intent", "entities", "slots", "custom", "verdict", "text_matches", "utter", "action"}
_ASSERTIONS = {
    "slot_was_set",
    "slot_was_not_set",
    "action_executed",
    "bot_uttered",
    "bot_did_not_utter",
    "flow_started",
    "flow_completed",
    "flow_cancelled",
    *UNSUPPORTED,
}
_BLANK = re.compile(r"\$\{(\w+)\}")


class ScenarioError(ValueError):
    """A scenario file that cannot be used; the message names file, line, key and mend."""


def find_files(path: Path) -> list[Path]:
    """The scenario files at ``path``: itself, or every ``*.yml`` below it but the shared ones."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise ScenarioError(f"{path}: there is no such file or folder.")
    return sorted(file for end in ("*.yml", "*.yaml") for file in path.rglob(end) if file.name != SHARED_FILE)


def read_file(file: Path, root: Path | None = None) -> list[Case]:
    """All cases of ``file``, parametrised ones once a row.

    ``conftest.yml`` files from ``root`` (default: the file's folder) down to the file's folder lend
    their fixtures, metadata, beginnings and stubs. Raises: ``ScenarioError``.
    """
    return _File(file, [*_shared_files(file, root or file.parent), file]).cases()


def not_in_reach(root: Path) -> dict[str, str]:
    """What no scenario below ``root`` can reach, by name, and why: its ``conftest.yml`` tells."""
    file = root / SHARED_FILE
    return dict(_load(file).get("not_in_reach") or {}) if file.is_file() else {}


def _shared_files(file: Path, root: Path) -> list[Path]:
    root = root.resolve()
    around = reversed(file.resolve().parents)
    folders = [folder for folder in around if folder == root or root in folder.parents]
    return [folder / SHARED_FILE for folder in folders if (folder / SHARED_FILE).is_file()]


def _load(file: Path) -> Mapping[str, Any]:
    try:
        content = YAML(typ="rt").load(file.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ScenarioError(f"{file}:{line}: this is no YAML: {error.problem}.") from error
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{file}: this is no UTF-8 text.") from error
    if not isinstance(content, Mapping):
        raise ScenarioError(f"{file}:1: expected a map with `test_cases`.")
    return content


def _line(node: Any, key: Any = None) -> int:
    at = getattr(node, "lc", None)
    if at is None:
        return 0
    if key is not None and at.data and key in at.data:
        return int(at.data[key][0]) + 1
    return int(at.line) + 1


class _File:
    """One file and what its ``conftest.yml`` files lend it."""

    def __init__(self, file: Path, layers: Sequence[Path]) -> None:
        self.file = file
        self.fixtures: dict[str, dict[str, Any]] = {}
        self.metadata: dict[str, dict[str, Any]] = {}
        self.beginnings: dict[str, Any] = {}
        self.stubs: dict[str, Any] = {}
        for layer in layers:
            self.content = _load(layer)
            self._known(self.content, _TOP)
            self._take_in(self.content)

    def _take_in(self, content: Mapping[str, Any]) -> None:
        for key, target in (("fixtures", self.fixtures), ("metadata", self.metadata)):
            for entry in self._list(content, key):
                for name, values in entry.items():
                    target[name] = _merged(values)
        self.beginnings.update(content.get("beginnings") or {})
        self.stubs.update(content.get("stub_custom_actions") or {})

    def cases(self) -> list[Case]:
        if "test_cases" not in self.content:
            raise self._error(1, "test_cases", "is missing; add the list of cases")
        cases = [case for node in self._list(self.content, "test_cases") for case in self._case(node)]
        names = [case.name for case in cases]
        for case in cases:
            if names.count(case.name) > 1:
                raise self._error(
                    case.line, "test_case", f"{case.name!r} stands twice; give each its own name"
                )
        return cases

    def _case(self, node: Any) -> Iterator[Case]:
        self._known(node, _CASE)
        if not isinstance(node.get("test_case"), str):
            raise self._error(_line(node), "test_case", "is missing; give the case a name")
        for number, row in enumerate(node.get("parameters") or [{}]):
            self._check_row(node, row)
            name = node["test_case"] + (f" [{_row_name(row, number)}]" if row else "")
            steps = [*self._beginning(node), *self._list(node, "steps")]
            yield self._built(node, name, [_filled(step, row) for step in steps], _line_of_row(node, number))

    def _built(self, node: Any, name: str, nodes: list[Any], line: int) -> Case:
        slots: dict[str, Any] = {}
        for fixture in node.get("fixtures") or []:
            slots.update(self._named(self.fixtures, fixture, node, "fixtures"))
        now = slots.pop(_CLOCK, None)
        metadata = (
            self._named(self.metadata, node["metadata"], node, "metadata") if "metadata" in node else {}
        )
        stubs = _stubs_for(self.stubs, node["test_case"])
        return Case(name, self.file, line, self._steps(nodes, metadata), slots, now and str(now), stubs)

    def _beginning(self, node: Any) -> list[Any]:
        return (
            self._named(self.beginnings, node["beginning"], node, "beginning") if "beginning" in node else []
        )

    def _named(self, known: Mapping[str, Any], name: str, node: Any, key: str) -> Any:
        if name not in known:
            listed = ", ".join(known) or "none is defined"
            raise self._error(_line(node, key), key, f"{name!r} is not defined; known: {listed}")
        return known[name]

    def _check_row(self, node: Any, row: Any) -> None:
        if not isinstance(row, Mapping):
            raise self._error(
                _line(node, "parameters"), "parameters", "each row must be a map of name to value"
            )

    def _steps(self, nodes: list[Any], metadata: dict[str, Any]) -> list[Step]:
        steps = [Step(None, _line(nodes[0]) if nodes else 0)]
        for node in nodes:
            openers = [key for key in _OPENERS if isinstance(node, Mapping) and key in node]
            if len(openers) != 1:
                found = " and ".join(openers) or "none"
                raise self._error(
                    _line(node), "steps", f"a step has exactly one of {_or(_OPENERS)}; found {found}"
                )
            if openers[0] == "user":
                steps.append(self._user(node, metadata))
            else:
                self._known(node, {openers[0]})
                steps[-1].checks += self._loose(openers[0], node)
        return steps

    def _loose(self, key: str, node: Any) -> list[Check]:
        line = _line(node, key)
        if key in ("bot", "utter"):
            return [Check(key, node[key], line)]
        return [Check(key, {"name": name, **value}, line) for name, value in _slots(node[key])]

    def _user(self, node: Any, metadata: dict[str, Any]) -> Step:
        self._known(node, _USER)
        own = self._named(self.metadata, node["metadata"], node, "metadata") if "metadata" in node else {}
        step = Step(str(node["user"]), _line(node, "user"), {**metadata, **own})
        step.ordered = bool(node.get("assertion_order_enabled", False))
        step.checks = [check for entry in node.get("assertions") or [] for check in self._assertion(entry)]
        step.checks += self._expected(node, "expect")
        step.checks += [Check("never", check, check.line) for check in self._expected(node, "never")]
        step.until = self._expected(node, "until")
        step.answers = {str(slot): str(said) for slot, said in (node.get("answers") or {}).items()}
        step.at_most = int(node.get("at_most", step.at_most))
        return step

    def _assertion(self, entry: Any) -> Iterator[Check]:
        self._known(entry, _ASSERTIONS)
        for kind, want in entry.items():
            line = _line(entry, kind)
            if kind in ("slot_was_set", "slot_was_not_set"):
                yield from (Check(kind, dict(slot), line) for slot in want)
            else:
                yield Check(kind, want, line)

    def _expected(self, node: Any, key: str) -> list[Check]:
        wanted = node.get(key) or {}
        self._known(wanted, _EXPECT)
        return [Check(f"expect_{kind}", want, _line(wanted, kind)) for kind, want in wanted.items()]

    def _list(self, node: Any, key: str) -> list[Any]:
        value = node.get(key) or []
        if not isinstance(value, list):
            raise self._error(_line(node, key), key, "must be a list")
        return value

    def _known(self, node: Any, allowed: set[str]) -> None:
        if not isinstance(node, Mapping):
            raise self._error(_line(node), str(node), f"must be a map with {_or(sorted(allowed))}")
        for key in node:
            if key not in allowed:
                raise self._error(
                    _line(node, key), str(key), f"is not known here; use {_or(sorted(allowed))}"
                )

    def _error(self, line: int, key: str, what: str) -> ScenarioError:
        return ScenarioError(f"{self.file}:{line}: {key}: {what}.")


def _or(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _merged(values: Any) -> dict[str, Any]:
    """Rasa writes maps also as lists of one-key maps."""
    entries = [values] if isinstance(values, Mapping) else values or []
    return {key: value for entry in entries for key, value in entry.items()}


def _slots(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    for entry in value if isinstance(value, list) else [value]:
        if isinstance(entry, Mapping):
            yield from ((name, {"value": wanted}) for name, wanted in entry.items())
        else:
            yield str(entry), {}


def _stubs_for(stubs: Mapping[str, Any], case: str) -> dict[str, dict[str, Any]]:
    """Stubs of the whole file, over which those of the case win (``<test_case>::<action>``)."""
    own = {key.split("::", 1)[1]: stub for key, stub in stubs.items() if key.startswith(f"{case}::")}
    return {**{key: stub for key, stub in stubs.items() if "::" not in key}, **own}


def _row_name(row: Mapping[str, Any], number: int) -> str:
    return f"{number + 1}: {str(next(iter(row.values())))[:40]}"


def _line_of_row(node: Any, number: int) -> int:
    rows = node.get("parameters")
    return _line(rows[number]) if rows else _line(node, "test_case")


def _filled(node: Any, row: Mapping[str, Any]) -> Any:
    """``node`` with ``${name}`` replaced; a text that is one blank takes the value with its type."""
    if isinstance(node, str):
        whole = _BLANK.fullmatch(node)
        if whole and whole[1] in row:
            return row[whole[1]]
        return _BLANK.sub(lambda blank: str(row.get(blank[1], blank[0])), node)
    if not row or not isinstance(node, (CommentedMap, CommentedSeq)):
        return node
    copy = node.copy()  # keeps the line numbers
    for key, value in list(node.items() if isinstance(node, Mapping) else enumerate(node)):
        copy[key] = _filled(value, row)
    return copy
