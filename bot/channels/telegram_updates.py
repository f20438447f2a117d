"""What a Telegram update is to us: something said, a button tapped, a call from a group, or nothing.

Updates are read as documented (https://core.telegram.org/bots/api#update); any other shape is nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.words import words

#: The kinds of update that Telegram is asked for.
ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
#: Responses of domain.yml to what is no text.
WORDS_ONLY, EDIT_SEEN = "utter_words_only", "utter_edit_seen"

_COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]{1,32})(?:@(?P<bot>\w+))?(?:\s.*)?", re.DOTALL)
_GROUPS = ("group", "supergroup")
#: What a private chat reports of itself; nobody waits for an answer to these.
_SERVICE = (
    "pinned_message", "message_auto_delete_timer_changed", "write_access_allowed", "connected_website",
    "chat_background_set", "users_shared", "chat_shared", "proximity_alert_triggered", "boost_added",
    "successful_payment", "refunded_payment", "passport_data", "new_chat_title", "new_chat_photo",
)  # fmt: skip
#: Ids have 52 bits at most.
_LARGEST = 2**53
_PRESENT = ("member", "administrator", "creator")


@dataclass(frozen=True)
class Said:
    """Words in a private chat, with the response that comes first; ``edited`` when they replace others.

    ``key`` tells a delivery from another: the update's number, or that of an album of several pictures.
    """

    chat: int
    key: str
    order: int
    text: str = ""
    response: str = ""
    edited: bool = False


@dataclass(frozen=True)
class Tapped:
    """A button of ours: ``data`` is what it carries, ``message`` the message it is on, as far as told."""

    chat: int
    key: str
    order: int
    callback: str
    data: str
    message: Mapping[str, Any]


@dataclass(frozen=True)
class Called:
    """Somebody in a group speaks to the bot, or brought it there."""

    chat: int
    key: str
    order: int
    reply_to: int | None = None
    topic: int | None = None


@dataclass(frozen=True)
class Gone:
    """A person has blocked the bot."""

    chat: int


@dataclass(frozen=True)
class Me:
    """The bot itself. Without a ``username`` (not asked for yet) a mention is not known as one."""

    id: int
    username: str = ""


Heard = Said | Tapped | Called | Gone


def read_update(update: Mapping[str, Any], me: Me) -> Heard | None:
    """What the update is; None for all that needs no answer."""
    number = _number(update, "update_id")
    if number is None:
        return None
    if "callback_query" in update:
        return _tapped(_map(update["callback_query"]), number)
    if "my_chat_member" in update:
        return _moved(_map(update["my_chat_member"]), number)
    edited = "edited_message" in update
    message = _map(update.get("edited_message" if edited else "message"))
    chat = _chat(message)
    if chat is None or _map(message.get("from")).get("is_bot"):
        return None
    kind = message["chat"].get("type")
    if kind in _GROUPS and not edited and _is_to(message, me):
        return Called(chat, str(number), number, _number(message, "message_id"), _topic(message))
    return _said(message, chat, number, edited) if kind == "private" else None


def _said(message: Mapping[str, Any], chat: int, number: int, edited: bool) -> Said | None:
    text, caption = message.get("text"), message.get("caption")
    key = str(number)
    if edited:
        changed = text if isinstance(text, str) else caption
        return Said(chat, key, number, changed, EDIT_SEEN, True) if isinstance(changed, str) else None
    if isinstance(text, str):
        return Said(chat, key, number, payload_of(text))
    if any(name in message for name in _SERVICE):
        return None
    if isinstance(caption, str) and caption.strip():
        return Said(chat, key, number, caption, WORDS_ONLY)
    album = message.get("media_group_id")
    if isinstance(album, str) and album.isascii():
        key = f"album-{album}"
    return Said(chat, key, number, "", WORDS_ONLY)


def payload_of(text: str) -> str:
    """A command of ours as the payload of its intent; any other text as it is."""
    intent = _intent(_COMMAND.fullmatch(text.strip()))
    return f"/{intent}" if intent else text


def _intent(command: re.Match[str] | None) -> str | None:
    commands = words()["telegram"]["commands"]
    meant = (one["intent"] for one in commands if command and one["command"] == command["name"].lower())
    return next(meant, None)


def _tapped(query: Mapping[str, Any], number: int) -> Tapped | None:
    message, callback = _map(query.get("message")), query.get("id")
    chat, data = _chat(message), query.get("data")
    if chat is None or not isinstance(callback, str) or message["chat"].get("type") != "private":
        return None
    return Tapped(chat, str(number), number, callback, data if isinstance(data, str) else "", message)


def _moved(change: Mapping[str, Any], number: int) -> Heard | None:
    """The bot was blocked by a person, or brought into a group."""
    chat = _chat(change)
    before, now = (_map(change.get(key)).get("status") for key in ("old_chat_member", "new_chat_member"))
    if chat is None:
        return None
    kind = change["chat"].get("type")
    if kind == "private":
        return Gone(chat) if now == "kicked" else None
    came = now in _PRESENT and before not in _PRESENT
    return Called(chat, str(number), number) if kind in _GROUPS and came else None


def _is_to(message: Mapping[str, Any], me: Me) -> bool:
    """Whether a message in a group speaks to the bot."""
    if _map(_map(message.get("reply_to_message")).get("from")).get("id") == me.id:
        return True
    text = message.get("text") or message.get("caption")
    if not isinstance(text, str):
        return False
    command = _COMMAND.fullmatch(text.strip())
    if command and _intent(command):
        return not command["bot"] or command["bot"].lower() == me.username.lower()
    return bool(me.username) and re.search(rf"@{me.username}\b", text, re.IGNORECASE) is not None


def _topic(message: Mapping[str, Any]) -> int | None:
    return _number(message, "message_thread_id") if message.get("is_topic_message") else None


def _chat(holder: Mapping[str, Any]) -> int | None:
    return _number(_map(holder.get("chat")), "id")


def _number(holder: Mapping[str, Any], key: str) -> int | None:
    value = holder.get(key)
    fits = isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST
    return value if fits else None


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
