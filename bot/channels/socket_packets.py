"""The socket of the page: what is no packet of ours is dropped before the library stumbles over it."""

from __future__ import annotations

import json
import re
from typing import Any

from socketio import AsyncServer

#: An event of the page, with the number by which it wants to be acknowledged.
_EVENT = re.compile(r"2\d{0,9}(\[.*\])", re.DOTALL)
_CONNECT = re.compile(r"0(\{.*\})?", re.DOTALL)
_DISCONNECT = "1"
#: Far more than a longest message takes; json.loads of more only costs.
_LONGEST = 256 * 1024


class CarefulSocket(AsyncServer):
    """Takes the packets that the page sends: connect, disconnect, and an event with one argument."""

    async def _handle_eio_message(self, eio_sid: str, data: Any) -> None:
        if is_packet(data):
            await super()._handle_eio_message(eio_sid, data)


def is_packet(data: Any) -> bool:
    """Whether ``data`` is a packet that the page may send."""
    if not isinstance(data, str) or len(data) > _LONGEST:
        return False
    event, connect = _EVENT.fullmatch(data), _CONNECT.fullmatch(data)
    if event is None:
        return data == _DISCONNECT or (connect is not None and isinstance(_read(connect[1] or "{}"), dict))
    content = _read(event[1])
    return isinstance(content, list) and len(content) == 2 and isinstance(content[0], str)


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
