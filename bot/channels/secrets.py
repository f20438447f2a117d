"""The secrets of a channel, from the environment: with all of them it is on, else it is off and says so."""

from __future__ import annotations

import os


class Secrets:
    """The variables that one channel needs. ``title`` is its name for people."""

    def __init__(self, title: str, *names: str) -> None:
        self.title = title
        self._values = {name: os.environ.get(name, "").strip() for name in names}
        self.missing = [name for name, value in self._values.items() if not value]

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def state(self) -> str:
        """One line for the operator; names variables and never shows a value."""
        if not self.missing:
            return f"{self.title} is on."
        return f"{self.title} is off: {' and '.join(self.missing)} not set (docs/{self.title.lower()}.md)."
