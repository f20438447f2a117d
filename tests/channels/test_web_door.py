import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import websockets
from serving import Server, small_server

from bot.channels.sessions import PREFIX

pytestmark = pytest.mark.xdist_group("small_bot")


def ask(
    server: Server, place: str, body: object = None, **headers: str
) -> tuple[int, dict[str, Any], list[str]]:
    """Status, answer and cookies of a request as the page makes it; without ``body`` it is a GET."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{server.url}/webhooks/web/{place}", data, headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.load(answer), answer.headers.get_all("Set-Cookie") or []
    except urllib.error.HTTPError as refusal:
        return refusal.code, json.load(refusal), []


def cookie(server: Server, held: str = "", **body: Any) -> str:
    """The cookie with which a browser goes on after it asked for its session."""
    given = ask(server, "session", body, **({"Cookie": held} if held else {}))[2]
    return given[0].split(";")[0] if given else held


def plainly(server: Server, held: str, message: object, **more: Any) -> list[dict[str, Any]]:
    """What the bot says to a message that is sent without a socket."""
    return ask(server, "message", {"message": message, **more}, Cookie=held)[1]["messages"]


class Page:
    """What the page does, without a browser: socket.io over a websocket.

    Written out because python-socketio's client needs a newer aiohttp than Rasa allows.
    """

    def __init__(self, socket: Any, held: str) -> None:
        self.socket = socket
        self.cookie = held
        self.mark = ""
        self.history: list[dict[str, Any]] = []

    async def next(self, *names: str) -> list[list[Any]]:
        """The events up to and with one of these names."""
        seen: list[list[Any]] = []
        while not seen or seen[-1][0] not in names:
            packet = await asyncio.wait_for(self.socket.recv(), 20)
            if packet == "2":
                await self.socket.send("3")
            elif packet.startswith("42"):
                seen.append(json.loads(packet[2:]))
            elif packet.startswith("43"):
                seen.append(["ack", *json.loads(packet[3:])])
        return seen

    async def emit(self, event: str, data: object, ask_for_ack: bool = False) -> None:
        await self.socket.send(f"42{'7' if ask_for_ack else ''}{json.dumps([event, data])}")

    async def say(self, message: str, **more: Any) -> list[dict[str, Any]]:
        """What the bot says in this turn."""
        await self.emit("user_uttered", {"message": message, **more})
        return [event[1] for event in await self.next("turn_end") if event[0] == "bot_uttered"]

    async def is_heard(self, data: object) -> bool:
        """What the server acknowledges."""
        await self.emit("user_uttered", data, ask_for_ack=True)
        return bool((await self.next("ack"))[-1][1])


@asynccontextmanager
async def page_on(server: Server, held: str | None = None, **connect: Any) -> AsyncIterator[Page]:
    held = held or await asyncio.to_thread(cookie, server)
    address = server.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    async with websockets.connect(address, extra_headers={"Cookie": held}, **connect) as socket:
        await socket.recv()
        await socket.send("40")
        page = Page(socket, held)
        answer = (await page.next("session_confirm"))[-1][1]
        page.mark, page.history = answer["session"], answer["history"]
        yield page


def texts(messages: list[dict[str, Any]]) -> list[str]:
    return [message["text"] for message in messages]


async def test_the_answer_reaches_the_page(server: Server) -> None:
    async with page_on(server) as page:
        assert await page.say("hello", id="m1") == [{"id": "m1.1", "text": "Hello, I am a small bot."}]


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
        await page.say("/greet", id="a")
        await page.say('/answer{"option": "swelling:0"}', title="Yes", id="b")
        held = page.cookie
    async with page_on(server, held) as page:
        assert page.history == [
            {"from": "bot", "id": "a.1", "text": "Hello, I am a small bot."},
            {"from": "you", "id": "b", "text": "Yes"},
            {"from": "bot", "id": "b.1", "text": "You chose swelling:0."},
        ]


def test_the_session_is_a_cookie_that_no_script_reads_and_no_other_site_sends(server: Server) -> None:
    (given,) = ask(server, "session", {})[2]
    assert given.startswith(f"ho_triage={PREFIX}")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(given.split("; "))
    assert "Secure" not in given


def test_on_https_the_cookie_is_sent_on_https_only(server: Server) -> None:
    (given,) = ask(server, "session", {}, **{"X-Forwarded-Proto": "https"})[2]
    assert {"HttpOnly", "SameSite=Lax", "Secure"} <= set(given.split("; "))


def test_in_a_frame_the_cookie_is_a_partitioned_one_of_its_own(server: Server) -> None:
    (given,) = ask(server, "session", {"framed": True}, **{"X-Forwarded-Proto": "https"})[2]
    assert given.startswith("ho_triage_frame=")
    assert {"HttpOnly", "SameSite=None", "Secure", "Partitioned"} <= set(given.split("; "))


@pytest.mark.parametrize(
    "held", ["ho_triage=web-victim", "ho_triage=web-victim.0000", "ho_triage=", "other=1"]
)
def test_a_session_that_the_server_did_not_issue_is_replaced(server: Server, held: str) -> None:
    assert cookie(server, held).startswith("ho_triage=web-")
    assert cookie(server, held) != held


def test_who_has_a_session_keeps_it(server: Server) -> None:
    held = cookie(server)
    assert ask(server, "session", {}, Cookie=held)[2] == []


def test_who_leaves_a_conversation_gets_an_empty_one(server: Server) -> None:
    held = cookie(server)
    plainly(server, held, "hello")
    state = ask(server, "session", {}, Cookie=held)[1]
    status, answer, given = ask(server, "session", {"leave": state["session"]}, Cookie=held)
    assert (status, answer["history"], len(given)) == (200, [], 1)
    assert answer["session"] != state["session"]


def test_a_second_tab_that_leaves_the_old_conversation_stays_in_the_new_one(server: Server) -> None:
    old = cookie(server)
    mark = ask(server, "session", {}, Cookie=old)[1]["session"]
    new = cookie(server, old, leave=mark)
    assert ask(server, "session", {"leave": mark}, Cookie=new)[2] == []


async def test_a_socket_without_a_session_is_refused(server: Server) -> None:
    address = server.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    async with websockets.connect(address, extra_headers={"Cookie": "ho_triage=web-victim.00"}) as socket:
        await socket.recv()
        await socket.send("40")
        assert json.loads((await socket.recv())[2:]) == {"message": "no session"}


@pytest.mark.parametrize("held", ["", "ho_triage=web-victim.0000"])
def test_a_message_without_a_session_is_refused(server: Server, held: str) -> None:
    assert ask(server, "message", {"message": "hello"}, Cookie=held)[0] == 401


@pytest.mark.parametrize("data", [None, [], "hello", {"message": 1}, {}])
async def test_what_is_no_message_is_not_taken(server: Server, data: object) -> None:
    async with page_on(server) as page:
        assert not await page.is_heard(data)


async def test_two_pages_do_not_hear_each_other(server: Server) -> None:
    async with page_on(server) as one, page_on(server) as other:
        await one.say("hello")
        assert texts(await other.say("verdict")) == ["Call 112 now."]


async def test_a_second_tab_of_the_same_session_hears_the_answer(server: Server) -> None:
    async with page_on(server) as one, page_on(server, one.cookie) as other:
        await one.say("hello", id="m1")
        heard = dict(await other.next("turn_end"))
    assert heard["user_uttered"] == {"id": "m1", "text": "hello"}
    assert heard["bot_uttered"] == {"id": "m1.1", "text": "Hello, I am a small bot."}


async def test_a_message_sent_again_is_heard_once(server: Server) -> None:
    async with page_on(server) as page:
        await page.say("hello", id="m1")
        assert await page.say("hello", id="m1") == []


async def test_a_message_sent_again_much_later_is_heard_once(server: Server) -> None:
    async with page_on(server) as page:
        await page.say("hello", id="m1")
        for number in range(12):
            await page.say("hello", id=f"other{number}")
        assert await page.say("hello", id="m1", again=True) == []


def test_without_a_socket_a_message_is_answered_in_the_same_conversation(server: Server) -> None:
    held = cookie(server)
    assert plainly(server, held, "my knee is stiff", id="m1") == [
        {"id": "m1.1", "text": "You said: my knee is stiff"}
    ]
    history = ask(server, "session", {}, Cookie=held)[1]["history"]
    assert [message["id"] for message in history] == ["m1", "m1.1"]


def test_a_message_sent_again_without_a_socket_gets_the_answer_it_had(server: Server) -> None:
    held = cookie(server)
    first = plainly(server, held, "my knee is stiff", id="m1")
    again = plainly(server, held, "my knee is stiff", id="m1", again=True)
    assert [(one["id"], one["text"]) for one in again] == [(one["id"], one["text"]) for one in first]
    assert len(ask(server, "session", {}, Cookie=held)[1]["history"]) == 2


async def test_a_message_sent_by_both_ways_at_once_is_heard_once(server: Server) -> None:
    held = await asyncio.to_thread(cookie, server)
    sending = (asyncio.to_thread(plainly, server, held, "my knee is stiff", id="m1") for _ in range(3))
    answers = await asyncio.gather(*sending)
    assert answers[0] == answers[1] == answers[2]
    state = (await asyncio.to_thread(ask, server, "session", {}, Cookie=held))[1]
    assert [message["id"] for message in state["history"]] == ["m1", "m1.1"]


async def test_a_page_with_a_socket_hears_what_was_said_without_one(server: Server) -> None:
    async with page_on(server) as page:
        await asyncio.to_thread(plainly, server, page.cookie, "hello", id="m1")
        assert (await page.next("turn_end"))[:3] == [
            ["user_uttered", {"id": "m1", "text": "hello"}],
            ["turn_begin", {}],
            ["bot_uttered", {"id": "m1.1", "text": "Hello, I am a small bot."}],
        ]


@pytest.mark.parametrize("place", ["session", "message"])
def test_a_request_from_another_site_is_refused(server: Server, place: str) -> None:
    held = cookie(server)
    for origin in ("https://evil.example", "null"):
        assert ask(server, place, {"message": "hello"}, Cookie=held, Origin=origin)[0] == 403


def test_a_request_from_the_page_itself_is_heard(server: Server) -> None:
    assert ask(server, "session", {}, Origin=server.url)[0] == 200


@pytest.mark.parametrize(
    ("body", "status"), [([], 400), ({"message": 1}, 400), ({"message": "a" * 300_000}, 413)]
)
def test_what_is_no_message_is_refused_with_a_reason(server: Server, body: object, status: int) -> None:
    told, answer, _ = ask(server, "message", body, Cookie=cookie(server))
    assert told == status
    assert answer["error"]


def test_an_id_that_is_none_is_not_taken_for_one(server: Server) -> None:
    held = cookie(server)
    assert plainly(server, held, "hello", id="x" * 65) != plainly(server, held, "hello", id="x" * 65)


def test_before_there_is_advice_there_is_no_letter(server: Server) -> None:
    assert ask(server, "letter", Cookie=cookie(server))[0] == 404


@pytest.mark.parametrize("text", ["crash", "silence"])
async def test_a_turn_that_fails_or_says_nothing_is_answered(server: Server, text: str) -> None:
    async with page_on(server) as page:
        assert texts(await page.say(text)) == ["Something went wrong. Call 112 if you feel very ill."]


async def test_a_very_long_message_is_read_in_part_and_this_is_said(server: Server) -> None:
    async with page_on(server) as page:
        first, second = await page.say("bone " * 20_000, id="m1")
        held = page.cookie
    assert first == {"id": "m1.0", "text": "That was long. I read the first part."}
    async with page_on(server, held) as page:
        assert page.history[-1]["id"] == second["id"] == "m1.1"


async def test_a_page_of_another_site_cannot_connect(server: Server) -> None:
    with pytest.raises(websockets.exceptions.InvalidStatusCode):
        async with page_on(server, origin="https://evil.example"):
            pass


async def test_a_stop_lets_the_turn_under_way_end_and_a_restart_knows_the_session_and_what_was_heard(
    tmp_path: Path,
) -> None:
    with small_server(tmp_path) as server:
        async with page_on(server) as page:
            turn = asyncio.ensure_future(page.say("hang", id="m1"))
            await asyncio.sleep(0.3)
            server.process.terminate()
            assert (await turn)[0]["text"].startswith("Something went wrong.")
            mark, held = page.mark, page.cookie
    with small_server(tmp_path) as server:
        async with page_on(server, held) as page:
            assert page.mark == mark
            assert page.history[0] == {"from": "you", "id": "m1", "text": "hang"}
            assert await page.say("hang", id="m1", again=True) == []
