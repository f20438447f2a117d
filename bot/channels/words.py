"""The words around a bot message in a chat app, from ``words.yml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def words() -> dict[str, Any]:
    """The file as it is: headings, labels and the text of the home page."""
    text = Path(__file__).with_name("words.yml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))
