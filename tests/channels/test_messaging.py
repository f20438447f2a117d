"""A turn belongs to its event: run once, found again after a kill, answered whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from serving import ACTIONS, small_model

from bot.channels.intake import Intake
from bot.channels.mailbox import Call, Event, Outgoing
from bot.channels.messaging import Messaging
from bot.records.tracker_store import FORGET_SLOT, BoundedSQLiteTrackerStore

pytestmark = pytest.mark.xdist_group("small_bot")


class Board:
    """A platform that shows texts in order."""

    name = "slack"

    def __init__(self) -> None:
        self.shown: list[tuple[str, str]] = []

    def render(self, to: Mapping[str, Any], message: Mapping[str, Any]) -> list[Outgoing]:
        return [Outgoing("show", {"to": to["channel"], "text": message["text"]})]

    def address(self, conversation: str) -> dict[str, Any]:
        return {"channel": conversation}

    async def send(self, call: Call, may_have_arrived: bool) -> None:
        self.shown.append((call.body["to"], call.body["text"]))

    async def close(self) -> None:
        """Nothing to close."""


@cache
def agent_of(path: Path) -> Any:
    from rasa.shared.core.domain import Domain

    from bot.server import load_agent

    store = BoundedSQLiteTrackerStore(Domain.empty(), path=path)
    return load_agent(small_model(), store, ACTIONS)


class House:
    """The small bot behind a board, in one data folder; ``again`` is its next process."""

    def __init__(self, folder: Path) -> None:
        self.agent, self.board = agent_of(folder / "tracker.sqlite"), Board()
        app: Any = SimpleNamespace(ctx=SimpleNamespace(agent=self.agent))
        self.turns = 0
        self.messaging = Messaging(self.board, Intake({"answer": ["option"]}), app, self.handle)

    async def handle(self, message: Any) -> None:
        self.turns += 1
        await self.agent.handle_message(message)

    async def until_shown(self, count: int) -> list[str]:
        while len(self.board.shown) < count:
            await asyncio.sleep(0.01)
        return [text for _, text in self.board.shown]


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    monkeypatch.setenv("HO_TRIAGE_DATA", str(tmp_path))
    monkeypatch.setattr("bot.channels.inbox.REORDERING_WINDOW", 0.01)
    made = House(tmp_path)
    made.messaging.start()
    yield made
    await made.messaging.stop()


def event(number: int, text: str, **more: Any) -> Event:
    return Event("slack", f"Ev{number}", "slack-anna", number, {"channel": "D1"}, text, **more)


async def test_an_event_is_answered_where_it_came_from(house: House) -> None:
    house.messaging.receive(event(1, "hello"))
    await house.until_shown(1)
    assert house.board.shown == [("D1", "Hello, I am a small bot.")]


async def test_a_known_event_is_answered_once(house: House) -> None:
    assert house.messaging.receive(event(1, "hello"))
    assert not house.messaging.receive(event(1, "hello"))
    house.messaging.receive(event(2, "verdict"))
    assert await house.until_shown(2) == ["Hello, I am a small bot.", "Call 112 now."]
    assert not house.messaging.receive(event(1, "hello"))


async def test_an_event_can_be_answered_by_a_response_without_a_turn(house: House) -> None:
    house.messaging.receive(event(1, "", response="utter_too_long"))
    assert await house.until_shown(1) == ["That was long. I read the first part."]
    assert house.turns == 0


async def test_a_response_is_said_before_the_turn(house: House) -> None:
    house.messaging.receive(event(1, "hello", response="utter_too_long"))
    assert await house.until_shown(2) == ["That was long. I read the first part.", "Hello, I am a small bot."]


@pytest.mark.parametrize("text", ["crash", "silence"])
async def test_a_turn_that_fails_or_says_nothing_is_answered(house: House, text: str) -> None:
    house.messaging.receive(event(1, text))
    assert await house.until_shown(1) == ["Something went wrong. Call 112 if you feel very ill."]


async def test_a_bot_message_that_cannot_be_rendered_does_not_end_in_silence(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    render = house.board.render

    def broken(to: Mapping[str, Any], message: Mapping[str, Any]) -> list[Outgoing]:
        if message.get("custom"):
            raise KeyError("urgency")
        return render(to, message)

    monkeypatch.setattr(house.board, "render", broken)
    house.messaging.receive(event(1, "verdict"))
    house.messaging.receive(event(2, "hello"))
    shown = await house.until_shown(2)
    assert shown == ["Something went wrong. Call 112 if you feel very ill.", "Hello, I am a small bot."]


async def test_a_turn_that_was_saved_before_a_kill_is_not_run_again(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house.messaging.mailbox, "answer", lambda *_: 1 / 0)
    house.messaging.receive(event(1, "bone " * 1000))
    while not house.turns:
        await asyncio.sleep(0.01)
    await house.messaging.stop()
    after = House(tmp_path)
    after.messaging.start()
    first, second = await after.until_shown(2)
    await after.messaging.stop()
    assert first == "That was long. I read the first part."
    assert second.startswith("You said: bone bone")
    assert (house.turns, after.turns) == (1, 0)


async def test_a_turn_that_was_not_saved_before_a_kill_is_run(house: House, tmp_path: Path) -> None:
    await house.messaging.stop()
    house.messaging.mailbox.receive(event(1, "hello"))
    after = House(tmp_path)
    after.messaging.start()
    assert await after.until_shown(1) == ["Hello, I am a small bot."]
    assert after.turns == 1
    await after.messaging.stop()


@pytest.mark.parametrize(
    ("receipt", "shown"), [("r1", "Deleted. Receipt: r1."), ("declined", "I keep nothing.")]
)
async def test_a_turn_that_erased_the_conversation_before_a_kill_still_tells_so(
    house: House, tmp_path: Path, receipt: str, shown: str
) -> None:
    from rasa.shared.core.events import SlotSet
    from rasa.shared.core.trackers import DialogueStateTracker

    await house.messaging.stop()
    tracker = DialogueStateTracker("slack-anna", house.agent.domain.slots)
    tracker.update(SlotSet(FORGET_SLOT, receipt), house.agent.domain)
    await house.agent.tracker_store.save(tracker)
    house.messaging.mailbox.receive(event(1, "yes"))
    after = House(tmp_path)
    after.messaging.start()
    assert await after.until_shown(1) == [shown]
    assert after.turns == 0
    await after.messaging.stop()


async def test_what_no_event_asked_for_comes_after_what_was_answered(house: House) -> None:
    house.messaging.receive(event(1, "hello"))
    await house.until_shown(1)
    house.messaging.tell("slack-anna", {"channel": "D1"}, [{"text": "How are you?"}])
    assert await house.until_shown(2) == ["Hello, I am a small bot.", "How are you?"]
