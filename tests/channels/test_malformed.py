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
from serving import Server, free_port, small_server
from slack_sdk.signature import SignatureVerifier
from telegram_fake import TOKEN as TELEGRAM_TOKEN
from telegram_fake import FakeTelegram, fake_telegram
from telegram_fake import Person as TelegramPerson

pytestmark = pytest.mark.xdist_group("small_bot")

TELEGRAM_SECRET = "a-secret-of-the-webhook"
REQUESTS, ROUNDS = 10_000, 50
#: What the server may take more after 10,000 requests, in MB: some of them are right by chance and are turns.
GROWTH = 40


def signed(raw: bytes) -> Mapping[str, str]:
    stamp, body = str(int(time.time())), raw.decode("utf-8", errors="replace")
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body)
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": str(signature)}


def form(body: Any) -> bytes:
    return urllib.parse.urlencode({"payload": json.dumps(body)}).encode()


def trusted(_: bytes) -> Mapping[str, str]:
    return {"X-Telegram-Bot-Api-Secret-Token": TELEGRAM_SECRET}


def telegram_doors() -> list[Door]:
    """What Telegram sends, with its secret and without."""
    telegram = FakeTelegram()
    ben = TelegramPerson(telegram, 7)
    tapped = {"id": "1", "from": ben.me, "chat_instance": "1", "data": "0:1:yes"}
    updates = [
        telegram.update(message=ben.message(text="silence")),
        telegram.update(message=ben.message(photo=[{"file_id": "a"}], caption="a", media_group_id="1")),
        telegram.update(edited_message=ben.message(text="a", edit_date=2)),
        telegram.update(callback_query={**tapped, "message": ben.message(text="a")}),
        telegram.update(my_chat_member={"chat": ben.chat, "from": ben.me, "date": 1}),
    ]
    telegram.close()
    path = "/webhooks/telegram/webhook"
    return [Door(path, updates, trusted), Door(path, updates), Door("/webhooks/telegram/", updates)]


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
        Door("/webhooks/web/letter", [engine]),
        *telegram_doors(),
        *(Door(f"/webhooks/{name}/", [engine]) for name in ("rest", "web", "slack")),
        *(Door(path, [engine]) for path in ("/", "/letter", "/embed-sample", "/ho-triage.js")),
        Door("/static/../../credentials.yml", [engine]),
    ]


@pytest.fixture(scope="module")
def open_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("malformed")
    port = free_port()
    with fake_slack() as slack, fake_telegram() as telegram:
        secrets = {
            **{"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": slack.url},
            **{"TELEGRAM_TOKEN": TELEGRAM_TOKEN, "TELEGRAM_API_URL": telegram.url},
            "TELEGRAM_WEBHOOK_SECRET": TELEGRAM_SECRET,
            "TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{port}/webhooks/telegram/webhook",
        }
        with small_server(folder, secrets, port=port) as server:
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
    assert {400, 401, 403, 404, 405} <= seen
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
