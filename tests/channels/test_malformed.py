"""10,000 malformed requests at every door: no failure of the server, nothing of it in the log, no growth."""

from __future__ import annotations

import asyncio
import json
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest
import websockets
from fake_slack import SECRET, TOKEN, FakeSlack, Person, fake_slack
from hypothesis import given, settings
from hypothesis import strategies as st
from malformed import Door, hurl, mutated
from serving import Server, small_server
from slack_sdk.signature import SignatureVerifier

pytestmark = pytest.mark.xdist_group("small_bot")

REQUESTS, ROUNDS = 10_000, 50
#: What the server may take more after 10,000 requests, in MB: some of them are right by chance and are turns.
GROWTH = 40


def signed(raw: bytes) -> Mapping[str, str]:
    stamp, body = str(int(time.time())), raw.decode("utf-8", errors="replace")
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body)
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": str(signature)}


def form(body: Any) -> bytes:
    return urllib.parse.urlencode({"payload": json.dumps(body)}).encode()


def doors() -> list[Door]:
    """Every door; whoever adds one adds it here."""
    slack = FakeSlack()
    anna = Person(slack, "")
    message = {"blocks": [{"type": "actions", "elements": [{"type": "button", "text": {"text": "Yes"}}]}]}
    button = {"type": "button", "action_id": "choice-0", "value": "yes", "text": {"text": "Yes"}}
    click = anna.click_on({"ts": "1700000000.000100", "thread_ts": "1.2", **message}, button)
    click["message"]["blocks"][0]["elements"][0]["type"] = "checkboxes"
    events = [
        anna.says("silence"),
        anna.edits("a", "b"),
        anna.deletes("a"),
        anna.mentions("a"),
        anna.opens_home(),
    ]
    engine = {"session": "web-x.y", "message": "hello"}
    return [
        Door("/webhooks/rest/webhook", [{"sender": "a", "message": "silence", "metadata": {"b": []}}]),
        Door("/webhooks/slack/webhook", events, signed),
        Door("/webhooks/slack/webhook", [click], signed, form),
        Door("/webhooks/slack/webhook", events),
        Door("/webhooks/web/session", [{"leave": "x", "framed": True}]),
        Door("/webhooks/web/message", [engine]),
        Door("/socket.io/?EIO=4&transport=polling", [engine]),
        Door("/socket.io/?EIO=4&transport=polling&sid=nobody", [engine]),
        Door("/", [engine]),
        Door("/static/../../credentials.yml", [engine]),
    ]


@pytest.fixture(scope="module")
def open_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("malformed")
    with fake_slack() as slack:
        secrets = {"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": slack.url}
        with small_server(folder, secrets) as server:
            yield server


def megabytes(server: Server) -> float:
    lines = Path(f"/proc/{server.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def troubles(server: Server) -> list[str]:
    """Lines of the log that tell of a failure of ours: an error that nobody met, a file that was given up."""
    signs = ("Traceback", "Exception", "Error", "on_tracker_store", '.failed"', '.stuck"')
    return [line for line in server.log.read_text().splitlines() if any(sign in line for sign in signs)]


def test_malformed_requests_never_make_the_server_fail_or_grow(open_server: Server) -> None:
    hurl(open_server.url, doors(), 1000, seed=1)
    before = megabytes(open_server)
    seen: set[int] = set()

    @settings(max_examples=ROUNDS, deadline=None, database=None)
    @given(st.integers(0, 2**32))
    def some(seed: int) -> None:
        seen.update(hurl(open_server.url, doors(), REQUESTS // ROUNDS, seed))
        assert max(seen) < 500

    some()
    assert troubles(open_server) == []
    assert {400, 401, 404, 405} <= seen
    assert megabytes(open_server) - before < GROWTH


def session_cookie(server: Server) -> dict[str, str]:
    """The headers of a page that has a session."""
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{server.url}/webhooks/web/session", b"{}", headers)
    with urllib.request.urlopen(request) as answer:
        return {"Cookie": answer.headers["Set-Cookie"].split(";")[0]}


async def test_malformed_events_of_a_page_never_make_the_server_fail(open_server: Server) -> None:
    address = open_server.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    right = ["user_uttered", {"session": "web-x.y", "id": "1", "message": "hello", "title": "a"}]
    chance, cookie = Random(1), session_cookie(open_server)
    for _ in range(20):
        async with websockets.connect(address, extra_headers=cookie) as socket:
            await socket.send("40")
            for _ in range(20):
                frame: Any = f"42{json.dumps(mutated(right, chance))}"
                if chance.random() < 0.1:
                    frame = chance.randbytes(50) if chance.random() < 0.5 else "45-[]"
                try:
                    await socket.send(frame)
                except websockets.exceptions.ConnectionClosed:
                    break
            await asyncio.sleep(0)
    assert troubles(open_server) == []
    async with websockets.connect(address) as socket:
        assert (await socket.recv()).startswith("0")
