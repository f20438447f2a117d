"""What comes in at any door: how long it may be, and which button payloads are ours."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: Longest text that is read, in characters. Longer texts block everybody while they are understood.
MAX_CHARACTERS = 2000
_PAYLOAD = re.compile(r"/(?P<intent>\w+)\s*(?P<entities>\{.*\})?\s*", re.DOTALL)


def whole_characters(text: str) -> str:
    """``text`` with "?" in the place of half a character (a lone surrogate), which no file can hold.

    JSON can carry it ("\\ud800"), and where it reached the tracker store, Rasa would go on without the disk.
    """
    return text.encode("utf-8", errors="replace").decode("utf-8")


@dataclass(frozen=True)
class Intake:
    """The rules of one door. ``payload_intents`` maps an intent that buttons may send to its entities."""

    payload_intents: Mapping[str, list[str]] = field(default_factory=dict)

    @classmethod
    def from_credentials(cls, credentials: Mapping[str, Any] | None) -> Intake:
        """Read ``payload_intents`` from a channel's part of credentials.yml."""
        return cls((credentials or {}).get("payload_intents") or {})

    def read(self, text: str) -> tuple[str, bool]:
        """The text as the assistant may see it, and whether it was cut to ``MAX_CHARACTERS``.

        A text that begins with ``/`` commands Rasa past the ear: unless it is one of our own
        buttons' payloads it loses the slash and is plain words.
        """
        text = whole_characters(text).strip()
        if text.startswith("/") and not self._is_ours(text):
            text = text.lstrip("/ \t\r\n")
        if len(text) <= MAX_CHARACTERS:
            return text, False
        return text[:MAX_CHARACTERS].rsplit(maxsplit=1)[0], True

    def _is_ours(self, text: str) -> bool:
        match = _PAYLOAD.fullmatch(text)
        if match is None or match["intent"] not in self.payload_intents:
            return False
        try:
            entities = json.loads(match["entities"] or "{}")
        except ValueError:
            return False
        allowed = self.payload_intents[match["intent"]]
        return all(key in allowed and isinstance(value, str) for key, value in entities.items())
