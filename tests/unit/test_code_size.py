"""Functions stay small enough to read at a glance."""

from __future__ import annotations

import ast
import statistics
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def function_lengths() -> dict[str, int]:
    lengths = {}
    for folder in ("bot", "actions"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    lengths[f"{path.relative_to(ROOT)}:{node.name}"] = node.end_lineno - node.lineno + 1
    return lengths


def test_no_function_is_longer_than_sixty_lines():
    assert {name: length for name, length in function_lengths().items() if length > 60} == {}


def test_the_median_function_has_ten_lines_or_fewer():
    assert statistics.median(function_lengths().values()) <= 10
