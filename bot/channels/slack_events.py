"""What Slack tells us, read into events of ours. Pure functions of Slack's payloads.

People talk with the assistant in a direct message. In a channel it answers only when it is named, by asking
to be written to directly, and what was said there is not kept.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from bot.channels.edits import tells_something_new
from bot.channels.intake import whole_characters
from bot.channels.mailbox import Event, Outgoing
from bot.channels.slack_blocks import SEND_TICKED, chosen, home

CHANNEL = "slack"
_TIME = re.compile(r"(\d{1,12})\.(\d{1,6})")
#: One reply to a row of deletions: whoever clears a chat wants no message for each.
_HOUR = 3600 * 10**6
_LINK = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
#: Subtypes of a message that a person wrote.
_WRITTEN = {"", "file_share", "me_message", "thread_broadcast"}


class Received(NamedTuple):
    """An event and what is to be sent at once, before its answer."""

    event: Event
    calls: tuple[Outgoing, ...] = ()


def event_of(body: Mapping[str, Any]) -> Received | None:
    """The event in a request of the Events API; None when there is nothing to answer."""
    event, number = _map(body.get("event")), _text(body, "event_id")
    if not number or _is_bot(event, body):
        return None
    kind = _text(event, "type")
    if kind == "message" and _text(event, "channel_type") == "im":
        return _direct_message(event, number)
    if kind == "app_mention":
        return _mention(event, number)
    if kind == "app_home_opened" and _text(event, "tab") == "home":
        return _home(event, number)
    return None


def click_of(payload: Mapping[str, Any]) -> Received | None:
    """The event in an interactive payload; None when there is nothing to answer."""
    actions = payload.get("actions")
    action = _map(actions[0]) if isinstance(actions, list) and actions else {}
    channel, message = _text(_map(payload.get("channel")), "id"), _map(payload.get("message"))
    stamp = _text(message, "ts")
    if _text(payload, "type") != "block_actions" or not channel.startswith("D") or not stamp:
        return None
    option = _map(action.get("selected_option"))  # of a menu; a box that is ticked waits for "Send"
    if _text(action, "type") != "button" and not option:
        return None
    to, order = _place(channel, message), _order(_text(action, "action_ts"))
    ticked = ", ".join(_ticked(payload))
    if _text(action, "action_id") == SEND_TICKED and not ticked:
        number = f"click:{channel}:{stamp}:{order}"
        return Received(Event(CHANNEL, number, _talk(channel), order, to, response="utter_tick_one"))
    title, text = (
        html.unescape(_text(_map((option or action).get("text")), "text")),
        _text(option or action, "value"),
    )
    if _text(action, "action_id") == SEND_TICKED:
        title = text = ticked
    # The message answers once: its buttons go with the first click, and a second one is the same event.
    event = Event(
        CHANNEL, f"click:{channel}:{stamp}", _talk(channel), order, to, text, metadata={"title": title}
    )
    return Received(event, (chosen(channel, message, title),))


def plain(text: str) -> str:
    """What a person wrote, without Slack's marks: entities, links, mentions."""
    return html.unescape(_LINK.sub(_read_link, text)).strip()


# -- kinds of events -------------------------------------------------------------------------------
def _direct_message(event: Mapping[str, Any], number: str) -> Received | None:
    subtype = _text(event, "subtype")
    if subtype == "message_changed":
        return _edit(event, number)
    if subtype == "message_deleted":
        return _deletion(event, _map(event.get("previous_message")))
    if subtype not in _WRITTEN:
        return None
    text = plain(_text(event, "text"))
    response = "" if text and not event.get("files") else "utter_words_only"
    return _received(event, number, event, text, response)


def _edit(event: Mapping[str, Any], number: str) -> Received | None:
    message, old = _map(event.get("message")), _map(event.get("previous_message"))
    before, after = plain(_text(old, "text")), plain(_text(message, "text"))
    if _text(message, "subtype") == "tombstone":
        return _deletion(event, old)
    if _is_bot(message, {}) or before == after:
        return None  # our own buttons that were used, or the preview of a link
    if tells_something_new(before, after):
        return _received(event, number, message, after)
    return _received(
        event, f"edit:{_text(event, 'channel')}:{_text(message, 'ts')}", message, response="utter_edit_seen"
    )


def _deletion(event: Mapping[str, Any], old: Mapping[str, Any]) -> Received | None:
    if not old or _is_bot(old, {}):
        return None
    hour = _order(_text(event, "event_ts")) // _HOUR
    return _received(event, f"deleted:{_text(event, 'channel')}:{hour}", old, response="utter_deleted_seen")


def _mention(event: Mapping[str, Any], number: str) -> Received | None:
    channel, stamp = _text(event, "channel"), _text(event, "ts")
    if not channel or channel.startswith("D"):
        return None
    to = {"channel": channel, "thread_ts": _text(event, "thread_ts") or stamp}
    return Received(
        Event(CHANNEL, number, _talk(channel), _order(stamp), to, response="utter_write_privately")
    )


def _home(event: Mapping[str, Any], number: str) -> Received:
    user = _text(event, "user")
    nothing_to_say = Event(CHANNEL, number, _talk(user), _order(_text(event, "event_ts")), {})
    return Received(nothing_to_say, (home(user),))


def _received(
    event: Mapping[str, Any], number: str, message: Mapping[str, Any], text: str = "", response: str = ""
) -> Received | None:
    channel = _text(event, "channel")
    if not channel:
        return None
    order = _order(_text(event, "event_ts") or _text(event, "ts"))
    return Received(Event(CHANNEL, number, _talk(channel), order, _place(channel, message), text, response))


# -- parts of payloads -----------------------------------------------------------------------------
def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(node: Mapping[str, Any], key: str) -> str:
    value = node.get(key)
    return whole_characters(value) if isinstance(value, str) else ""


def _talk(place: str) -> str:
    """The conversation's name; the id of a direct message is one person's with this app."""
    return f"{CHANNEL}-{place}"


def _order(stamp: str) -> int:
    """Slack's time of an event ("1700000000.000100") in microseconds."""
    match = _TIME.fullmatch(stamp)
    return int(match[1]) * 10**6 + int(match[2].ljust(6, "0")) if match else 0


def _place(channel: str, message: Mapping[str, Any]) -> dict[str, Any]:
    """Where the answer goes: the channel, and the thread if the message stands in one."""
    thread = _text(message, "thread_ts")
    return {
        "channel": channel,
        **({"thread_ts": thread} if thread and thread != _text(message, "ts") else {}),
    }


def _is_bot(message: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    grants = body.get("authorizations")
    ours = {_text(_map(one), "user_id") for one in grants} if isinstance(grants, list) else set()
    return bool(message.get("bot_id")) or _text(message, "user") in ours - {""}


def _ticked(payload: Mapping[str, Any]) -> Iterator[str]:
    """The titles of the boxes that are ticked, in their order."""
    for block in _map(_map(payload.get("state")).get("values")).values():
        for element in _map(block).values():
            options = _map(element).get("selected_options")
            for option in options if isinstance(options, list) else []:
                yield html.unescape(_text(_map(option), "value"))


def _read_link(match: re.Match[str]) -> str:
    target, label = match[1], match[2]
    if target.startswith("@"):
        return ""
    return label or target.lstrip("!#")
