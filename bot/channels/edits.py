"""Messages that were changed after they were sent.

An old "no" that becomes a "yes" would answer whichever question is open now, so an edit is not taken as an
answer. What it tells newly is heard all the same, as a message of its own: it may be a danger sign.
"""

from __future__ import annotations

from bot.channels.intake import MAX_CHARACTERS
from bot.nlu import understand

#: Kinds of mentions that only mean something as an answer to a question, or tell nothing of the case.
_ANSWERS = {"answer", "agreement", "command", "number", "if_asked", "side", "not_understood", "language"}


def tells_something_new(before: str, after: str) -> bool:
    """Whether the text ``after`` tells anything of the case that ``before`` did not."""
    return bool(_told(after) - _told(before))


def _told(text: str) -> set[tuple[str, str | float, str]]:
    mentions = understand(text[:MAX_CHARACTERS])
    return {(one.kind, one.value, one.assertion) for one in mentions if one.kind not in _ANSWERS}
