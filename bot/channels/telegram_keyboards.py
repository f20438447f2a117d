"""Inline keyboards: what they hold, how they look, and what a tap on one means.

Telegram gives 64 bytes to a button, and a payload may be longer: a button carries ``<keyboard>:<number>``,
and the keyboard is kept on disk until the conversation goes on. So a second tap is known as one, ticks
outlive a restart, and nobody can send a payload that was not offered.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from bot.channels.words import words
from bot.records.database import change, first_row
from bot.records.mail import open_mail
from bot.records.paths import mail_path

#: Characters of a row's titles that a phone shows beside each other, and the most buttons of a row.
_ROW_CHARACTERS, _ROW_BUTTONS = 26, 3
_TITLE = 60
_TICKED, _OPEN = "☑ ", "☐ "
SEND, UNFOLD = "send", "fold"


class Button(NamedTuple):
    """A title and what a tap on it says."""

    title: str
    payload: str


@dataclass(frozen=True)
class Keyboard:
    """Buttons below one message. The first ``boxes`` of them are ticked and sent together.

    With ``folded``, one button shows the others.
    """

    buttons: tuple[Button, ...]
    boxes: int = 0
    ticked: frozenset[int] = frozenset()
    folded: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "buttons": [list(button) for button in self.buttons],
            "boxes": self.boxes,
            "ticked": sorted(self.ticked),
            "folded": self.folded,
        }

    @classmethod
    def from_json(cls, held: dict[str, Any]) -> Keyboard:
        buttons = tuple(Button(*button) for button in held["buttons"])
        return cls(buttons, held["boxes"], frozenset(held["ticked"]), held["folded"])

    def toggled(self, number: int) -> Keyboard:
        """With one tick set or taken away."""
        return replace(self, ticked=self.ticked ^ {number})

    def unfolded(self) -> Keyboard:
        """With all its buttons shown."""
        return replace(self, folded=False)

    def together(self) -> Button:
        """What the ticks say, sent together as the page does."""
        said = ", ".join(self.buttons[number].title for number in sorted(self.ticked))
        return Button(said, said)

    def markup(self, name: str) -> dict[str, Any]:
        """As Telegram takes it; ``name`` is what the taps come back with."""
        if self.folded:
            return {"inline_keyboard": [[_key(words()["change"], name, UNFOLD)]]}
        titles = [self._title(number) for number in range(len(self.buttons))]
        rows = [[_key(titles[number], name, number) for number in row] for row in rows_of(titles, self.boxes)]
        if self.boxes:
            rows.append([_key(words()["send"], name, SEND)])
        return {"inline_keyboard": rows}

    def _title(self, number: int) -> str:
        mark = "" if number >= self.boxes else _TICKED if number in self.ticked else _OPEN
        return mark + shortened(self.buttons[number].title)


def _key(title: str, name: str, what: int | str) -> dict[str, str]:
    return {"text": title, "callback_data": f"{name}:{what}"}


def shortened(title: str) -> str:
    """A title that a button can show; cut at a word."""
    if len(title) <= _TITLE:
        return title
    return title[:_TITLE].rsplit(maxsplit=1)[0] + "…"


def rows_of(titles: list[str], boxes: int = 0) -> list[list[int]]:
    """The buttons' numbers in rows that fit on a phone; boxes do not share a row with the others."""
    rows: list[list[int]] = []
    for number, title in enumerate(titles):
        row = rows[-1] if rows else []
        width = sum(len(titles[other]) for other in row) + len(title)
        if row and number != boxes and len(row) < _ROW_BUTTONS and width <= _ROW_CHARACTERS - 2 * len(row):
            row.append(number)
        else:
            rows.append([number])
    return rows


class Placed(NamedTuple):
    """A keyboard that a person can see: ``name`` in its taps, ``message_id`` once Telegram has shown it."""

    name: str
    message_id: int | None
    keyboard: Keyboard


class Keyboards:
    """The keyboards that can be tapped, in the file of what is on its way; erased with their conversation."""

    def __init__(self, path: Path | None = None) -> None:
        self._db = open_mail(path or mail_path())

    def close(self) -> None:
        self._db.close()

    def keep(self, name: str, conversation: str, keyboard: Keyboard) -> None:
        """Keep a keyboard that is about to be shown. Again changes nothing."""
        row = [name, conversation, json.dumps(keyboard.to_json())]
        with change(self._db):
            sql = "INSERT OR IGNORE INTO keyboards (name, conversation_id, body) VALUES (?, ?, ?)"
            self._db.conn.execute(sql, row)

    def shown(self, name: str, message_id: int) -> bool:
        """Telegram shows it, in this message; False if the conversation has gone on meanwhile."""
        sql = "UPDATE keyboards SET message_id = ? WHERE name = ?"
        with change(self._db):
            return bool(self._db.conn.execute(sql, [message_id, name]).rowcount > 0)

    def replace(self, name: str, keyboard: Keyboard) -> None:
        """Keep what a tap has changed."""
        with change(self._db):
            body = json.dumps(keyboard.to_json())
            self._db.conn.execute("UPDATE keyboards SET body = ? WHERE name = ?", [body, name])

    def find(self, name: str, conversation: str) -> Keyboard | None:
        """A keyboard of this conversation that can still be tapped."""
        sql = "SELECT body FROM keyboards WHERE name = ? AND conversation_id = ?"
        row = first_row(self._db, sql, [name, conversation])
        return Keyboard.from_json(json.loads(row["body"])) if row else None

    def close_all(self, conversation: str) -> list[Placed]:
        """The conversation goes on: no earlier keyboard can be tapped; returns them."""
        sql = "SELECT name, message_id, body FROM keyboards WHERE conversation_id = ? ORDER BY rowid"
        rows = list(self._db.query(sql, [conversation]))
        with change(self._db):
            self._db.conn.execute("DELETE FROM keyboards WHERE conversation_id = ?", [conversation])
        return [Placed(r["name"], r["message_id"], Keyboard.from_json(json.loads(r["body"]))) for r in rows]
