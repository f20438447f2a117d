"""How a bot message looks in Slack: pure functions from a bot message to calls with Block Kit.

Limits of Slack (docs.slack.dev, Block Kit and chat.postMessage): 50 blocks a message, 3,000 characters a
section, 150 a header, 75 a label, 25 buttons, 10 boxes and 100 options of a menu a block, 40,000 a text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot.channels.mailbox import Outgoing
from bot.channels.words import words

Block = dict[str, Any]

_AS_IT_IS = {"mrkdwn": False, "unfurl_links": False, "unfurl_media": False}

SECTION = 3000
#: A section whose headings are to become bold.
MARKED = SECTION - 200
HEADER = 150
LABEL = 75
VALUE = 2000
BOX_VALUE = 150
BLOCKS = 50
BUTTONS = 25
BOXES = 10
OPTIONS = 100
SOURCES = 10
#: Characters of all blocks of a message; Slack takes more, but shows so much at once.
MESSAGE = 12_000
#: Characters of the text that stands in notifications and is read aloud.
NOTICE = 3000
#: What cuts a long text without cutting a word: paragraphs, lines, words.
_SEAMS = ("\n\n", "\n", " ")
#: A text without any seam is cut after so many characters; escaped, each may be five.
_HARD = SECTION // 5

_NUMBER = re.compile(r"^(?:\d+\.|-) ")

#: The button that sends the ticked boxes.
SEND_TICKED = "send_ticked"
#: Slack makes bold, italics, strikes and code of these; look-alikes stay what they are.
_MARKS = str.maketrans({"*": "\u2217", "_": "\uff3f", "~": "\u223c", "`": "\u02cb"})
#: Blocks that go when a choice is made.
_CHOICES = "choices"


def render(to: Mapping[str, Any], message: Mapping[str, Any]) -> list[Outgoing]:
    """The calls that show one bot message (``text``, ``buttons``, ``custom``) at ``to``."""
    return [
        Outgoing("chat.postMessage", {**to, **_body(blocks), **_AS_IT_IS})
        for blocks in _pages(_blocks(message))
    ]


def chosen(channel: str, message: Mapping[str, Any], title: str) -> Outgoing:
    """The call that puts the chosen option in the place of a message's buttons."""
    old = message.get("blocks")
    kept = [
        {key: value for key, value in block.items() if key != "accessory"}
        for block in (old if isinstance(old, list) else [])
        if isinstance(block, Mapping) and not str(block.get("block_id")).startswith(_CHOICES)
    ]
    done = [*kept[: BLOCKS - 1], _note(words()["chosen"].format(title=title))]
    return Outgoing("chat.update", {"channel": channel, "ts": message["ts"], **_body(done)})


def home(user: str) -> Outgoing:
    """The call that shows the app's home page to one person."""
    blocks = [_section(text) for text in words()["home"]]
    return Outgoing("views.publish", {"user_id": user, "view": {"type": "home", "blocks": blocks}})


def without_blocks(body: Mapping[str, Any]) -> dict[str, Any]:
    """The same message in words only, for a Slack that does not take its blocks."""
    return {key: value for key, value in body.items() if key != "blocks"}


def escape(text: str) -> str:
    """A text that Slack shows as it is, where it reads no marks."""
    return html.escape(text, quote=False)


def escape_marks(text: str) -> str:
    """A text that Slack shows as it is, where it reads marks (``mrkdwn``)."""
    return escape(text.translate(_MARKS))


def split(text: str, limit: int = SECTION) -> list[str]:
    """``text`` in parts that are at most ``limit`` characters when escaped, cut at paragraphs first."""
    return _split(text.strip(), limit, _SEAMS)


# -- a message's blocks ----------------------------------------------------------------------------
def _blocks(message: Mapping[str, Any]) -> list[Block]:
    custom = message.get("custom") or {}
    look = _LOOKS.get(str(custom.get("type")), _words)
    return [*look(message.get("text") or "", custom), *_choices(message.get("buttons") or [], custom)]


def _words(text: str, _: Mapping[str, Any]) -> Iterator[Block]:
    return (_section(part) for part in split(text))


def _verdict(text: str, verdict: Mapping[str, Any]) -> Iterator[Block]:
    """Urgency first, then the advice as it is worded everywhere, then the sources."""
    heading = words()["urgency"].get(str(verdict.get("urgency")))
    if heading:
        yield {"type": "header", "text": _plain(_cut(heading, HEADER))}
    for paragraph in text.split("\n\n"):
        yield from (_marked(part) for part in split(paragraph, MARKED))
    links = [_source(one) for one in verdict.get("sources") or []]
    if links:
        yield {"type": "divider"}
        yield {"type": "context", "elements": [_mrkdwn(part) for part in _packed(links)[:SOURCES]]}


def _ledger(text: str, ledger: Mapping[str, Any]) -> Iterator[Block]:
    """The lines as they are, those that tell one fact with a button to change it; a menu for the others."""
    left = {f"{item['label']}: {item['value']}": item for item in ledger.get("items") or []}
    for number, line in enumerate(filter(None, text.split("\n"))):
        item = left.pop(_NUMBER.sub("", line), None)
        blocks = [_section(part) for part in split(line)]
        if item is not None:
            blocks[-1]["accessory"] = _button(words()["change"], item["payload"], f"change-{number}")
        yield from blocks
    for number, some in enumerate(_in_groups(list(left.items()), OPTIONS)):
        yield {
            "type": "actions",
            "block_id": f"{_CHOICES}-change-{number}",
            "elements": [_menu(some, f"menu-{number}")],
        }


def _letter(text: str, _: Mapping[str, Any]) -> Iterator[Block]:
    """The copy for the doctor: headings bold, the rest as it is."""
    for paragraph in text.split("\n\n"):
        yield from (_marked(part) for part in split(paragraph, MARKED))


_LOOKS = {"triage_result": _verdict, "ledger": _ledger, "doctor_letter": _letter}


# -- choices ---------------------------------------------------------------------------------------
def _choices(buttons: Sequence[Mapping[str, Any]], custom: Mapping[str, Any]) -> list[Block]:
    """Boxes where several may be chosen, buttons for the rest, and how far the questions are."""
    alone = words()["alone"]
    boxes = [one for one in buttons if custom.get("several") and one["title"] not in alone]
    blocks = [_note(words()["several"])] if boxes else []
    blocks += [_boxes(some, number) for number, some in enumerate(_in_groups(boxes, BOXES))]
    blocks += [
        {"type": "actions", "elements": some} for some in _in_groups(_buttons(buttons, boxes), BUTTONS)
    ]
    if custom.get("section"):
        section, sections = custom["section"]
        blocks.append(_note(words()["part"].format(section=section, sections=sections)))
    return [{**block, "block_id": f"{_CHOICES}-{number}"} for number, block in enumerate(blocks)]


def _buttons(buttons: Iterable[Mapping[str, Any]], boxes: Sequence[Mapping[str, Any]]) -> list[Block]:
    send = {**_button(words()["send"], words()["send"], SEND_TICKED), "style": "primary"}
    others = [
        _button(one["title"], one["payload"], f"choice-{number}")
        for number, one in enumerate(buttons)
        if one not in boxes
    ]
    return [send, *others] if boxes else others


def _boxes(options: Iterable[Mapping[str, Any]], number: int) -> Block:
    shown = [
        {"text": _plain(_cut(one["title"], LABEL)), "value": one["title"][:BOX_VALUE]} for one in options
    ]
    element = {"type": "checkboxes", "action_id": f"boxes-{number}", "options": shown}
    return {"type": "actions", "elements": [element]}


def _menu(lines: Iterable[tuple[str, Mapping[str, Any]]], action_id: str) -> Block:
    options = [
        {"text": _plain(_cut(line, LABEL)), "value": item["payload"][:BOX_VALUE]} for line, item in lines
    ]
    label = _plain(words()["change_other"])
    return {"type": "static_select", "action_id": action_id, "placeholder": label, "options": options}


def _button(title: str, payload: str, action_id: str) -> Block:
    # Our payloads are short; one that is not is said by its title, which is understood as well.
    value = payload if len(payload) <= VALUE else title
    return {"type": "button", "action_id": action_id, "text": _plain(_cut(title, LABEL)), "value": value}


# -- texts -----------------------------------------------------------------------------------------
def _section(text: str) -> Block:
    return {"type": "section", "text": _plain(text)}


def _marked(paragraph: str) -> Block:
    """A paragraph with its heading bold and its list with dots."""
    return {"type": "section", "text": _mrkdwn("\n".join(_line(line) for line in paragraph.split("\n")))}


def _line(line: str) -> str:
    heading = line.lstrip("# ")
    if line.startswith("#") or line.endswith(":"):
        return f"*{escape_marks(heading)}*"
    return "• " + escape_marks(line[2:]) if line.startswith("- ") else escape_marks(line)


def _source(source: Mapping[str, Any]) -> str:
    name, url = f"{source['id']}: {source['title']}", str(source.get("url") or "")
    if not url.startswith(("https://", "http://")) or any(mark in url for mark in "|<>"):
        return escape_marks(name)
    return f"<{escape(url)}|{escape_marks(name).replace('|', ' ')}>"


def _note(text: str) -> Block:
    return {"type": "context", "elements": [_plain(_cut(text, SECTION // 5))]}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": escape(text), "emoji": False}


def _mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _cut(text: str, limit: int) -> str:
    """``text``, or as much of its beginning as fits when it is escaped."""
    if len(escape(text)) <= limit:
        return text
    fits = next(end for end in range(limit - 1, -1, -1) if len(escape(text[:end])) < limit)
    return text[:fits].rstrip() + "…"


def _split(text: str, limit: int, seams: Sequence[str]) -> list[str]:
    if len(escape(text)) <= limit:
        return [text] if text else []
    if not seams:
        return [text[start : start + _HARD] for start in range(0, len(text), _HARD)]
    parts = [part for piece in text.split(seams[0]) for part in _split(piece, limit, seams[1:])]
    return _joined(parts, limit, seams[0])


def _joined(parts: Iterable[str], limit: int, seam: str) -> list[str]:
    """The parts again, as many together as fit."""
    together: list[str] = []
    for part in parts:
        if together and len(escape(together[-1] + seam + part)) <= limit:
            together[-1] += seam + part
        else:
            together.append(part)
    return together


def _packed(lines: Iterable[str]) -> list[str]:
    """Lines that are escaped already, as many together as fit into a text."""
    packed = [words()["sources"]]
    for line in lines:
        if len(packed[-1]) + 1 + len(line) <= SECTION:
            packed[-1] += "\n" + line
        else:
            packed.append(line[:SECTION])
    return packed


# -- messages --------------------------------------------------------------------------------------
def _pages(blocks: Iterable[Block]) -> list[list[Block]]:
    """The blocks in as many messages as they need; buttons stay with what stands before them."""
    pages: list[list[Block]] = []
    size = 0
    for block in blocks:
        length = len(_said(block))
        if not pages or len(pages[-1]) == BLOCKS or size + length > MESSAGE:
            pages.append([])
            size = 0
        pages[-1].append(block)
        size += length
    return pages


def _body(blocks: Sequence[Block]) -> dict[str, Any]:
    text = "\n".join(filter(None, map(_said, blocks)))
    return {"text": _notice(text), "blocks": list(blocks)}


def _said(block: Mapping[str, Any]) -> str:
    """The words of a block, without those of its buttons; "" for one that has none."""
    texts = [block.get("text"), *(block.get("elements") or [] if block.get("type") == "context" else [])]
    return "\n".join(str(text["text"]) for text in texts if isinstance(text, Mapping) and text.get("text"))


def _notice(text: str) -> str:
    if len(text) <= NOTICE:
        return text
    return escape(_cut(html.unescape(text), _HARD))


def _in_groups(items: Sequence[Any], size: int) -> Iterator[list[Any]]:
    return (list(items[start : start + size]) for start in range(0, len(items), size))
