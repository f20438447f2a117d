"""Bot messages as calls of Telegram's Bot API. Pure functions.

A call's ``keyboard`` is ours and not Telegram's: it gets its name when the call is made.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.channels.mailbox import Outgoing
from bot.channels.telegram_keyboards import Button, Keyboard, shortened
from bot.channels.words import words

#: The most that one message holds, as Telegram counts: UTF-16 units of the text without its marks.
LONGEST = 4096
#: Buttons below one message; Telegram takes a hundred.
_MOST_BUTTONS = 90
_HEADING = re.compile(r"#+\s+(.*)")
_ITEM = re.compile(r"\s*-\s+(.*)", re.DOTALL)
_LONGEST_HEADING = 80
_NO_PREVIEW = {"is_disabled": True}


def render(to: Mapping[str, Any], message: Mapping[str, Any]) -> list[Outgoing]:
    """The calls that show ``message`` (text, buttons, custom) in the chat ``to["chat"]``."""
    custom = message.get("custom") or {}
    texts = list(_texts(str(message.get("text") or ""), custom))
    calls = [
        _send(to, as_html(text, number == 0 and _is_verdict(custom))) for number, text in enumerate(texts)
    ]
    keyboard = keyboard_of(message)
    if calls and keyboard is not None:
        calls[-1].body["keyboard"] = keyboard.to_json()
    if calls and to.get("link"):
        calls[-1].body["reply_markup"] = _link(str(to["link"]))
    if calls and custom.get("sources"):
        calls.append(_sources(to, custom["sources"]))
    return calls


def _send(to: Mapping[str, Any], text: str) -> Outgoing:
    body: dict[str, Any] = {
        "chat_id": to["chat"],
        "text": text,
        "parse_mode": "HTML",
        "link_preview_options": _NO_PREVIEW,
    }
    if to.get("topic"):
        body["message_thread_id"] = to["topic"]
    if to.get("reply_to"):
        body["reply_parameters"] = {"message_id": to["reply_to"], "allow_sending_without_reply": True}
    return Outgoing("sendMessage", body)


def _link(address: str) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": words()["telegram"]["open"], "url": address}]]}


# -- text ----------------------------------------------------------------------------------------------
def _is_verdict(custom: Mapping[str, Any]) -> bool:
    return custom.get("type") == "triage_result"


def _texts(text: str, custom: Mapping[str, Any]) -> Iterator[str]:
    """The texts of the messages: what an emergency needs first stands alone."""
    first, gap, rest = text.strip().partition("\n\n")
    if _is_verdict(custom) and custom.get("urgency") == "emergency" and gap:
        yield from split(first)
        text = rest
    yield from split(text)


def split(text: str, longest: int = LONGEST) -> list[str]:
    """``text`` in pieces that fit into a message, cut between paragraphs, else lines, else words."""
    text = text.strip()
    pieces = []
    while _length(text) > longest:
        head = _head(text, longest)
        cut = next((at for mark in ("\n\n", "\n", " ") if (at := head.rfind(mark)) > 0), len(head))
        pieces.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*pieces, text] if text else pieces


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _head(text: str, longest: int) -> str:
    return text.encode("utf-16-le")[: longest * 2].decode("utf-16-le", "ignore")


def as_html(text: str, is_verdict: bool = False) -> str:
    """Escaped for Telegram, headings in bold; so is how soon to be seen, the first line of a verdict."""
    lines = text.split("\n")
    return "\n".join(_line(line, is_verdict and number == 0) for number, line in enumerate(lines))


def _line(line: str, bold: bool) -> str:
    heading, item = _HEADING.fullmatch(line), _ITEM.fullmatch(line)
    if item:
        return f"• {html.escape(item[1], quote=False)}"
    shown = html.escape(heading[1] if heading else line, quote=False)
    is_heading = heading or (line.endswith(":") and len(line) <= _LONGEST_HEADING)
    return f"<b>{shown}</b>" if shown and (bold or is_heading) else shown


def _sources(to: Mapping[str, Any], sources: list[Mapping[str, str]]) -> Outgoing:
    """The sources that the verdict cites, folded, without a sound."""
    shown: list[str] = []
    length = _length(words()["sources"])
    for source in sources:
        line = f"{source['id']}: {source['title']}"
        length += _length(line) + 1
        if length > LONGEST:
            break
        shown.append(_source(line, source.get("url") or ""))
    lines = "\n".join(shown)
    call = _send(to, f"<b>{words()['sources']}</b>\n<blockquote expandable>{lines}</blockquote>")
    call.body["disable_notification"] = True
    return call


def _source(line: str, url: str) -> str:
    shown = html.escape(line, quote=False)
    return f'<a href="{html.escape(url)}">{shown}</a>' if url else shown


# -- buttons -------------------------------------------------------------------------------------------
def keyboard_of(message: Mapping[str, Any]) -> Keyboard | None:
    """The keyboard of a bot message: its buttons, boxes to tick, or the lines of the ledger, folded."""
    custom = message.get("custom") or {}
    buttons = [Button(str(b["title"]), str(b["payload"])) for b in message.get("buttons") or []]
    if custom.get("type") == "ledger":
        lines = [Button(f"{i['label']}: {i['value']}", str(i["payload"])) for i in custom.get("items") or []]
        return Keyboard(tuple(lines[:_MOST_BUTTONS]), folded=True) if lines else None
    if not buttons:
        return None
    alone = set(words()["alone"])
    boxes = [b for b in buttons if b.title not in alone] if custom.get("several") else []
    rest = [button for button in buttons if button not in boxes]
    return Keyboard(tuple([*boxes, *rest][:_MOST_BUTTONS]), boxes=len(boxes))


def chosen(chat: int, message: Mapping[str, Any], title: str) -> Outgoing | None:
    """The message that a button was on, with the choice in place of the buttons; None when it is not told."""
    text, number = message.get("text"), message.get("message_id")
    if not isinstance(number, int):
        return None
    said = words()["chosen"].format(title=shortened(title))
    if not isinstance(text, str) or _length(f"{text}\n\n{said}") > LONGEST:
        return without_buttons(chat, number)
    body = {"chat_id": chat, "message_id": number, "text": f"{text}\n\n{said}"}
    entities = message.get("entities") or []
    return Outgoing("editMessageText", {**body, "entities": entities, "link_preview_options": _NO_PREVIEW})


def without_buttons(chat: int, message_id: int) -> Outgoing:
    """Take the buttons away from a message."""
    return Outgoing("editMessageReplyMarkup", {"chat_id": chat, "message_id": message_id})
