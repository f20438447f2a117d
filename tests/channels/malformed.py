"""Requests that are almost right, quite wrong, or no requests at all, for any door."""

from __future__ import annotations

import copy
import http.client
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import urlsplit

NASTY: list[Any] = [
    *(
        None,
        True,
        False,
        0,
        -1,
        10**30,
        1.5e308,
        "",
        " ",
        "\x00",
        "\ud800",
        "é" * 50,
        "/restart",
        "../../etc",
    ),
    *("x" * 5000, [], {}, [[]], {"": None}, [None] * 50, {"type": "message"}, {"a": {"b": {"c": []}}}, "NaN"),
    *("1700000000.000100", "<@U1>", "<!channel>", "{{7*7}}", "'; DROP TABLE events; --", -(2**63), 2**64),
]
CONTENT_TYPES = (
    *(
        "application/json",
        "application/json; charset=utf-8",
        "application/x-www-form-urlencoded",
        "text/plain",
    ),
    *("application/json; charset=bogus", "multipart/form-data; boundary=x", "", "é"),
)


@dataclass(frozen=True)
class Door:
    """A door: its path, right bodies for it, and the headers that go with a body (signatures)."""

    path: str
    bodies: Sequence[Any]
    headers: Callable[[bytes], Mapping[str, str]] = lambda raw: {}
    encode: Callable[[Any], bytes] = lambda body: json.dumps(body).encode()


def hurl(url: str, doors: Sequence[Door], count: int, seed: int) -> list[int]:
    """Send ``count`` malformed requests to the server at ``url``; gives the statuses of the answers."""
    chance, place = Random(seed), urlsplit(url)
    connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=60)
    statuses = []
    for _ in range(count):
        door = chance.choice(doors)
        raw = _bytes(door, chance)
        kind = chance.choice(CONTENT_TYPES) if chance.random() < 0.5 else CONTENT_TYPES[0]
        headers = {**door.headers(raw), "Content-Type": kind}
        for name in [name for name in headers if chance.random() < 0.02]:
            del headers[name]
        method = "POST" if chance.random() < 0.95 else chance.choice(("GET", "PUT", "DELETE", "OPTIONS"))
        connection.request(method, door.path, raw, {k: v.encode("latin-1") for k, v in headers.items()})  # type: ignore[misc]
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    return statuses


def _bytes(door: Door, chance: Random) -> bytes:
    """A body for a door: garbage, or a right one with one to three things wrong."""
    if chance.random() < 0.1:
        return chance.randbytes(chance.randint(0, 300))
    raw = door.encode(mutated(chance.choice(door.bodies), chance))
    if chance.random() < 0.1:
        return raw[: chance.randint(0, len(raw))]
    if chance.random() < 0.02:
        return b'{"a":' * 20_000
    return raw


def mutated(body: Any, chance: Random) -> Any:
    """A copy of ``body`` in which one to three things are replaced, removed or added."""
    body = copy.deepcopy(body)
    for _ in range(chance.randint(1, 3)):
        nodes = list(_containers(body))
        if not nodes:
            return chance.choice(NASTY)
        node = chance.choice(nodes)
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        if not keys or chance.random() < 0.1:
            return chance.choice(NASTY)
        key = chance.choice(keys)
        if chance.random() < 0.3:
            del node[key]
        else:
            node[key] = copy.deepcopy(chance.choice(NASTY))
    return body


def _containers(node: Any) -> Any:
    if isinstance(node, (dict, list)):
        yield node
        for child in node.values() if isinstance(node, dict) else node:
            yield from _containers(child)
