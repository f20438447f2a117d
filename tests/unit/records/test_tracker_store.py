"""The conversations' file: a turn's cost is bounded and nothing else changes."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    AllSlotsReset,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from small_assistant import load_agent

from bot.records.conversations import open_conversations, transcript
from bot.records.tracker_store import BoundedSQLiteTrackerStore

Turn = tuple[list[Any], Any, dict[str, Any], Any]


def bounded(tmp_path: Path, **options: Any) -> BoundedSQLiteTrackerStore:
    return BoundedSQLiteTrackerStore(Domain.empty(), path=tmp_path / "tracker.sqlite", **options)


async def say(agent: Agent, text: str, sender: str = "anna") -> Turn:
    """What the bot answers, its form, slots and last action after one message."""
    answers = await agent.handle_text(text, sender_id=sender)
    tracker = await agent.tracker_store.retrieve(sender)
    assert tracker is not None
    loop = tracker.active_loop
    form = (loop.name, loop.rejected, loop.is_interrupted) if loop else None
    return [a.get("text") for a in answers or []], form, tracker.current_slot_values(), tracker.latest_action


async def talk(model: str, store: TrackerStore, messages: list[str]) -> list[Turn]:
    agent = load_agent(model, store)
    return [await say(agent, message) for message in messages]


def chatter(turns: int, kinds: list[str], seed: int) -> list[str]:
    chosen = random.Random(seed)
    return [chosen.choice(kinds) for _ in range(turns)]


async def test_two_hundred_turns_go_the_same_way_with_and_without_the_bound(
    small_model: str, tmp_path: Path
) -> None:
    messages = chatter(200, ["hello", "begin", "tell", "tell you", "why", "/why"], seed=1)
    assert await talk(small_model, bounded(tmp_path), messages) == await talk(
        small_model, InMemoryTrackerStore(Domain.empty()), messages
    )


@pytest.mark.parametrize("seed", [2, 3])
async def test_restarts_and_new_sessions_go_the_same_way_with_the_tightest_bound(
    small_model: str, tmp_path: Path, seed: int
) -> None:
    kinds = ["hello", "begin", "tell", "why", "why", "/restart", "/session_start"]
    messages = chatter(60, kinds, seed)
    assert await talk(small_model, bounded(tmp_path, turns_loaded=1), messages) == await talk(
        small_model, InMemoryTrackerStore(Domain.empty()), messages
    )


async def test_a_question_stays_open_through_many_interruptions(small_model: str, tmp_path: Path) -> None:
    agent = load_agent(small_model, bounded(tmp_path))
    for message in ("begin", "tell: hip", *["why"] * 30):
        await say(agent, message)
    answers, form, slots, _ = await say(agent, "tell: bad")
    assert (answers, form) == (["Kept tell: hip and tell: bad"], None)
    assert slots["requested_slot"] is None


async def test_a_long_conversation_is_not_taken_for_a_new_one(small_model: str, tmp_path: Path) -> None:
    agent = load_agent(small_model, bounded(tmp_path, turns_loaded=0))
    first, *_ = await say(agent, "hello")
    later, *_ = await say(agent, "hello")
    assert (first, later) == (["Hello"], [])


async def test_the_number_of_events_loaded_stops_growing(small_model: str, tmp_path: Path) -> None:
    agent = load_agent(small_model, bounded(tmp_path))
    counts = []
    for message in ["begin", *["why"] * 60]:
        await say(agent, message)
        tracker = await agent.tracker_store.retrieve("anna")
        assert tracker is not None
        counts.append(len(tracker.events))
    assert max(counts[10:]) <= max(counts[:10])


async def test_the_whole_history_stays_readable(small_model: str, tmp_path: Path) -> None:
    agent = load_agent(small_model, bounded(tmp_path))
    for _ in range(20):
        await say(agent, "why")
    tracker = await agent.tracker_store.retrieve_full_tracker("anna")
    assert tracker is not None
    assert sum(isinstance(event, UserUttered) for event in tracker.events) == 20


async def test_the_file_keeps_no_more_checkpoints_than_a_load_needs(small_model: str, tmp_path: Path) -> None:
    agent = load_agent(small_model, bounded(tmp_path, turns_loaded=3))
    for _ in range(20):
        await say(agent, "why")
    db = open_conversations(tmp_path / "tracker.sqlite")
    assert db["checkpoints"].count == 4


async def test_a_saved_turn_is_there_after_reopening(small_model: str, tmp_path: Path) -> None:
    await say(load_agent(small_model, bounded(tmp_path)), "begin")
    answers, *_ = await say(load_agent(small_model, bounded(tmp_path)), "tell: hip")
    assert answers == ["How bad?"]


async def test_saving_the_same_tracker_twice_adds_nothing(tmp_path: Path) -> None:
    store = bounded(tmp_path)
    tracker = DialogueStateTracker.from_events("anna", [ActionExecuted("action_listen")])
    await store.save(tracker)
    await store.save(tracker.copy())
    assert open_conversations(store.path)["events"].count == 1


async def test_conversations_do_not_mix(small_model: str, tmp_path: Path) -> None:
    agent = load_agent(small_model, bounded(tmp_path))
    await say(agent, "begin", "anna")
    _, form, *_ = await say(agent, "hello", "ben")
    assert form is None
    assert sorted(await agent.tracker_store.keys()) == ["anna", "ben"]


async def test_an_unknown_conversation_is_none(tmp_path: Path) -> None:
    assert await bounded(tmp_path).retrieve("nobody") is None


async def test_a_new_session_loads_without_the_earlier_one(tmp_path: Path) -> None:
    store = bounded(tmp_path)
    await store.save(DialogueStateTracker.from_events("anna", [UserUttered("old"), SessionStarted()]))
    tracker = await store.retrieve("anna")
    assert tracker is not None
    assert [type(event) for event in tracker.events] == [SessionStarted]


async def forgotten(small_model: str, tmp_path: Path) -> BoundedSQLiteTrackerStore:
    """A conversation whose latest turn asked for its erasure."""
    domain = load_agent(small_model, InMemoryTrackerStore(Domain.empty())).domain
    store = BoundedSQLiteTrackerStore(domain, path=tmp_path / "tracker.sqlite")
    said = [UserUttered("my CANARY"), SlotSet("place", "CANARY"), ActionExecuted("action_listen")]
    await store.save(DialogueStateTracker.from_events("anna", said, domain.slots))
    tracker = await store.retrieve("anna")
    assert tracker is not None
    reset = [AllSlotsReset(), SlotSet("done", True), SlotSet("forget_requested", "receipt-1")]
    for event in [UserUttered("forget my CANARY"), *reset, ActionExecuted("action_listen")]:
        tracker.update(event)
    await store.save(tracker)
    return store


async def test_a_turn_that_asks_for_erasure_leaves_no_word_in_the_raw_files(
    small_model: str, tmp_path: Path
) -> None:
    await forgotten(small_model, tmp_path)
    assert b"CANARY" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


async def test_after_an_erasure_the_conversation_goes_on_with_the_slots_set_since(
    small_model: str, tmp_path: Path
) -> None:
    tracker = await (await forgotten(small_model, tmp_path)).retrieve("anna")
    assert tracker is not None
    assert (tracker.get_slot("done"), tracker.get_slot("place")) == (True, None)
    assert tracker.latest_action_name == "action_listen"


async def test_the_turn_after_an_erasure_is_kept(small_model: str, tmp_path: Path) -> None:
    store = await forgotten(small_model, tmp_path)
    await say(load_agent(small_model, store), "why")
    assert [line["text"] for line in transcript(store.path, "anna")] == ["why", "Because"]


async def test_slots_that_were_set_long_ago_are_still_set(tmp_path: Path, small_model: str) -> None:
    domain = load_agent(small_model, InMemoryTrackerStore(Domain.empty())).domain
    store = BoundedSQLiteTrackerStore(domain, path=tmp_path / "tracker.sqlite", turns_loaded=1)
    tracker = DialogueStateTracker.from_events("anna", [SlotSet("place", "hip")], domain.slots)
    for _ in range(5):
        tracker.update(ActionExecuted("action_listen"))
        await store.save(tracker)
    loaded = await store.retrieve("anna")
    assert loaded is not None
    assert loaded.get_slot("place") == "hip"


def test_endpoints_yml_can_name_the_store(tmp_path: Path) -> None:
    endpoint = EndpointConfig(
        type="bot.records.tracker_store.BoundedSQLiteTrackerStore", path=str(tmp_path / "tracker.sqlite")
    )
    assert isinstance(TrackerStore.create(endpoint), BoundedSQLiteTrackerStore)
