"""What was said in a conversation of the page, each message under an id that never changes.

The id of a message of the person is the one its page gave it, which Rasa keeps with the turn; the
answers to it are ``<id>.1``, ``<id>.2`` ... So a page that comes back shows each message once,
whichever way it came, and a message that is sent again is known, also after a restart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.events import BotUttered, Event, UserUttered

from bot.channels.turns import parts

_KEPT = 300


def for_page(content: Mapping[str, Any], message_id: str) -> dict[str, Any]:
    """Bot messages as socket.io clients of Rasa know them, buttons as ``quick_replies``; and the id."""
    names = {"buttons": "quick_replies"}
    return {"id": message_id, **{names.get(key, key): value for key, value in content.items()}}


def history(events: Iterable[Event]) -> list[dict[str, Any]]:
    """What was said, oldest first: ``{"from": "you", "id", "text"}`` or ``{"from": "bot", "id", ...}``.

    A button's payload is shown by its title; a payload without one (the page's own greeting) is not shown.
    """
    said: list[dict[str, Any]] = []
    turn, answers = "0", 0
    for event in events:
        if isinstance(event, UserUttered) and event.text:
            turn, answers = str(event.message_id), 0
            text = (event.metadata or {}).get("title") or event.text
            if not text.startswith("/"):
                said.append({"from": "you", "id": turn, "text": text})
        elif isinstance(event, BotUttered) and (content := parts(event.message())):
            answers += 1
            said.append({"from": "bot", **for_page(content, f"{turn}.{answers}")})
    return said[-_KEPT:]


async def past(store: TrackerStore, conversation: str) -> list[dict[str, Any]]:
    """``history`` of a whole conversation, from its store."""
    tracker = await store.retrieve_full_tracker(conversation)
    return history(tracker.events) if tracker else []


async def was_heard(store: TrackerStore, conversation: str, message_id: str, again: bool) -> bool:
    """Whether this message was taken before, also by another process or before a restart.

    ``again``: the page sent it before, perhaps long ago; then the whole conversation is searched.
    """
    reading = store.retrieve_full_tracker if again else store.retrieve
    tracker = await reading(conversation)
    events = tracker.events if tracker else ()
    return any(isinstance(event, UserUttered) and event.message_id == message_id for event in events)
