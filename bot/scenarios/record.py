"""A chat as a scenario file: what was said becomes the steps, what the bot answered the checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from ruamel.yaml import YAML

from .checks import Turn


def as_scenario(name: str, turns: Sequence[tuple[str, Turn]]) -> str:
    """The YAML of one case called ``name``: each message with its turn's responses, by name where known.

    A message of a custom action without a response name is held by its text.
    """
    steps = [step for said, turn in turns for step in [{"user": said}, *_checks(turn)]]
    out = StringIO()
    yaml = YAML()
    yaml.width = 110  # type: ignore[assignment]
    yaml.dump({"test_cases": [{"test_case": name, "steps": steps}]}, out)
    return out.getvalue()


def _checks(turn: Turn) -> list[dict[str, str]]:
    return [check for event in turn.bot if (check := _check(event))]


def _check(event: Mapping[str, Any]) -> dict[str, str] | None:
    name = (event.get("metadata") or {}).get("utter_action")
    if name:
        return {"utter": str(name)}
    return {"bot": str(event["text"])} if event.get("text") else None
