"""The ear: from what a person writes to mentions. Imports nothing of ours but ``bot.clinical``."""

from __future__ import annotations

from datetime import date

from bot.clinical.mentions import Mention

from .pipeline import hear

__all__ = ["understand"]


def understand(text: str, today: date | None = None) -> list[Mention]:
    """What one message says about the case, in the order in which it should be merged.

    ``today`` is the day from which "since January" is counted; by default the current day.
    Words that say nothing give an empty list; no text is an error.
    """
    return hear(text, today or date.today()).mentions if text.strip() else []
