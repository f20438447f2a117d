import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import websockets
from serving import Server, small_server

pytestmark = pytest.mark.xdist_group("small_bot")


class Page:
    """What the page does, without a browser: socket.io over a websocket.

    Written out because python-socketio's client needs a newer aiohttp than Rasa allows.
    """

    def __init__(self, socket: Any) -> None:
        self.socket = socket
        self.session: Any = ""
        self.history: list[dict[str, Any]] = []

    async def next(self, *names: str) -> list[list[Any]]:
        """The events up to and with one of these names."""
        seen: list[list[Any]] = []
        while not seen or seen[-1][0] not in names:
            packet = await asyncio.wait_for(self.socket.recv(), 10)
            if packet == "2":
                await self.socket.send("3")
            elif packet.startswith("42"):
                seen.append(json.loads(packet[2:]))
            elif packet.startswith("43"):
                seen.append(["ack", *json.loads(packet[3:])])
        return seen

    async def emit(self, event: str, data: object, ask_for_ack: bool = False) -> None:
        await self.socket.send(f"42{'7' if ask_for_ack else ''}{json.dumps([event, data])}")

    async def open(self, session: object = None) -> None:
        await self.emit("session_request", {"session": session})
        ((_, answer),) = await self.next("session_confirm")
        self.session, self.history = answer["session"], answer["history"]

    async def say(self, message: str, **more: Any) -> list[dict[str, Any]]:
        """What the bot says in this turn."""
        await self.emit("user_uttered", {"session": self.session, "message": message, **more})
        return [event[1] for event in (await self.next("turn_end"))[:-1]]

    async def is_heard(self, data: object) -> bool:
        """What the server acknowledges."""
        await self.emit("user_uttered", data, ask_for_ack=True)
        return bool((await self.next("ack"))[-1][1])


@asynccontextmanager
async def page_on(server: Server, session: object = None, **connect: Any) -> AsyncIterator[Page]:
    address = server.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    async with websockets.connect(address, **connect) as socket:
        await socket.recv()
        await socket.send("40")
        await socket.recv()
        page = Page(socket)
        await page.open(session)
        yield page


async def test_the_answer_reaches_the_page(server: Server) -> None:
    async with page_on(server) as page:
        assert await page.say("hello") == [{"text": "Hello, I am a small bot."}]


async def test_buttons_come_as_quick_replies(server: Server) -> None:
    async with page_on(server) as page:
        (message,) = await page.say("buttons")
    assert [reply["title"] for reply in message["quick_replies"]] == ["Yes", "Not sure"]


async def test_the_verdict_reaches_the_page_beside_its_text(server: Server) -> None:
    async with page_on(server) as page:
        (message,) = await page.say("verdict")
    assert (message["text"], message["custom"]["type"]) == ("Call 112 now.", "triage_result")


async def test_a_returning_page_gets_the_history(server: Server) -> None:
    async with page_on(server) as page:
        await page.say("/greet")
        await page.say('/answer{"option": "swelling:0"}', title="Yes")
        session = page.session
    async with page_on(server, session) as page:
        assert page.session == session
        assert page.history == [
            {"from": "bot", "text": "Hello, I am a small bot."},
            {"from": "you", "text": "Yes"},
            {"from": "bot", "text": "You chose swelling:0."},
        ]


@pytest.mark.parametrize("session", ["victim", "web-victim.0000", 5, None])
async def test_a_session_that_the_server_did_not_issue_is_replaced(server: Server, session: object) -> None:
    async with page_on(server, session) as page:
        assert page.session != session
        assert page.session.startswith("web-")


async def test_a_message_under_a_foreign_session_is_not_taken(server: Server) -> None:
    async with page_on(server) as page:
        assert not await page.is_heard({"session": "victim", "message": "hello"})


@pytest.mark.parametrize("data", [None, [], "hello", {"message": 1}, {}])
async def test_what_is_no_message_is_not_taken(server: Server, data: object) -> None:
    async with page_on(server) as page:
        assert not await page.is_heard(data)


async def test_two_pages_do_not_hear_each_other(server: Server) -> None:
    async with page_on(server) as one, page_on(server) as other:
        await one.say("hello")
        assert [message["text"] for message in await other.say("verdict")] == ["Call 112 now."]


async def test_a_second_tab_of_the_same_session_hears_the_answer(server: Server) -> None:
    async with page_on(server) as one, page_on(server, one.session) as other:
        await one.say("hello")
        assert (await other.next("turn_end"))[0] == ["bot_uttered", {"text": "Hello, I am a small bot."}]


async def test_a_message_sent_again_is_heard_once(server: Server) -> None:
    async with page_on(server) as page:
        await page.say("hello", id="m1")
        assert await page.say("hello", id="m1") == []


@pytest.mark.parametrize("text", ["crash", "silence"])
async def test_a_turn_that_fails_or_says_nothing_is_answered(server: Server, text: str) -> None:
    async with page_on(server) as page:
        assert await page.say(text) == [{"text": "Something went wrong. Call 112 if you feel very ill."}]


async def test_a_very_long_message_is_read_in_part_and_this_is_said(server: Server) -> None:
    async with page_on(server) as page:
        first, _ = await page.say("bone " * 20_000)
    assert first["text"] == "That was long. I read the first part."


async def test_a_page_of_another_site_cannot_connect(server: Server) -> None:
    with pytest.raises(websockets.exceptions.InvalidStatusCode):
        async with page_on(server, origin="https://evil.example"):
            pass


async def test_a_stop_lets_the_turn_under_way_end_and_a_restart_knows_the_session(
    tmp_path: Path,
) -> None:
    with small_server(tmp_path) as server:
        async with page_on(server) as page:
            turn = asyncio.ensure_future(page.say("hang"))
            await asyncio.sleep(0.3)
            server.process.terminate()
            assert (await turn)[0]["text"].startswith("Something went wrong.")
            session = page.session
    with small_server(tmp_path) as server:
        async with page_on(server, session) as page:
            assert page.session == session
            assert page.history[0] == {"from": "you", "text": "hang"}
