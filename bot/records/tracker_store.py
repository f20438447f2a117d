"""Rasa's conversations in SQLite, at a cost for each turn that does not grow with the conversation.

Rasa replays all events of a session several times in a turn: on loading, for each policy's features,
and once more as JSON for each custom action. Here a load gives only the last ``TURNS_LOADED`` turns,
preceded by a few events that bring slots and active form to where they stood before them. The whole
history stays in the file for export and erasure.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    ConversationPaused,
    Event,
    SessionStarted,
    SlotSet,
)
from rasa.shared.core.trackers import DialogueStateTracker

from .conversations import forget_conversation, open_conversations
from .database import change, first_row
from .paths import data_folder, tracker_path
from .redaction import redact_logs

__all__ = ["FORGET_SLOT", "TURNS_LOADED", "BoundedSQLiteTrackerStore", "forget_conversation"]

#: A rule spans one turn of the person (Rasa's ``restrict_rules``); the rest is for "repeat" and the like.
TURNS_LOADED = 6

#: The action that erases the records sets this slot to the receipt's id, after resetting all slots.
FORGET_SLOT = "forget_requested"

_STORED = "_ho_triage_stored"


class BoundedSQLiteTrackerStore(TrackerStore):
    """A tracker store on one SQLite file; what ``save`` returned from is on the disk.

    In endpoints.yml: ``type: bot.records.tracker_store.BoundedSQLiteTrackerStore`` and, if wanted,
    ``path``; without it the file lies in the data folder.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        path: str | Path | None = None,
        turns_loaded: int = TURNS_LOADED,
        host: None = None,
    ) -> None:
        """``host`` is what Rasa passes to every store and has no meaning here.

        Raises sqlite3.OperationalError when the file cannot be opened."""
        super().__init__(domain, event_broker)
        # Every Rasa server loads its tracker store, so that no way of starting it logs people's words.
        redact_logs()
        self.path = Path(path) if path else tracker_path()
        data_folder(self.path.parent)
        self._turns_loaded = turns_loaded
        self._db = open_conversations(self.path)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Add the events that are not in the file yet, in one transaction.

        A turn that set the slot ``forget_requested`` erases the conversation instead, itself included:
        only the slots as that turn left them go on.
        """
        events = [event for event in tracker.events if not _is_stored(event)]
        if any(_asks_to_forget(event) for event in events):
            forget_conversation(self.path, tracker.sender_id)
            events = _restored(_state(tracker))
        if events:
            with change(self._db):
                last_event = self._insert(tracker.sender_id, events)
                if _is_safe_cut(tracker):
                    self._checkpoint(tracker, last_event)
        for event in tracker.events:
            _mark_stored(event)
        if self.event_broker is not None:
            await self._stream_new_events(self.event_broker, events, tracker.sender_id)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation as it stands, with its last turns only; None when there is none."""
        checkpoint = self._oldest_checkpoint(sender_id)
        events = list(self._events(sender_id, checkpoint["last_event"] if checkpoint else 0))
        session = _latest_session_start(events)
        if session is not None:
            events = events[session:]
        elif checkpoint:
            events = [*_restored(json.loads(checkpoint["state"])), *events]
        return self._tracker(sender_id, events)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """The whole conversation, earlier sessions too; None when there is none."""
        return self._tracker(conversation_id, list(self._events(conversation_id, 0)))

    async def exists(self, conversation_id: str) -> bool:
        return bool(self._db["events"].count_where("sender_id = ?", [conversation_id]))

    async def keys(self) -> Iterable[str]:
        """The ids of all conversations."""
        return [row["sender_id"] for row in self._db.query("SELECT DISTINCT sender_id FROM events")]

    # -- parts -----------------------------------------------------------------------------
    def _tracker(self, sender_id: str, events: Sequence[Event]) -> DialogueStateTracker | None:
        if not events:
            return None
        for event in events:
            _mark_stored(event)
        return DialogueStateTracker.from_events(sender_id, list(events), self.domain.slots)

    def _events(self, sender_id: str, after: int) -> Iterator[Event]:
        sql = "SELECT data FROM events WHERE sender_id = ? AND id > ? ORDER BY id"
        for row in self._db.query(sql, [sender_id, after]):
            event = _read_event(json.loads(row["data"]))
            if event is not None:
                yield event

    def _insert(self, sender_id: str, events: Iterable[Event]) -> int:
        sql = "INSERT INTO events (sender_id, type, at, data) VALUES (?, ?, ?, ?)"
        last_event = 0
        for event in events:
            row = [sender_id, event.type_name, event.timestamp, json.dumps(event.as_dict())]
            last_event = self._db.conn.execute(sql, row).lastrowid or last_event
        return last_event

    def _oldest_checkpoint(self, sender_id: str) -> Mapping[str, Any] | None:
        """Where the loaded turns begin; None while the conversation has no more turns than are loaded."""
        sql = (
            "SELECT id, last_event, state FROM checkpoints"
            " WHERE sender_id = ? ORDER BY id DESC LIMIT 1 OFFSET ?"
        )
        return first_row(self._db, sql, [sender_id, self._turns_loaded])

    def _checkpoint(self, tracker: DialogueStateTracker, last_event: int) -> None:
        sql = "INSERT INTO checkpoints (sender_id, last_event, state) VALUES (?, ?, ?)"
        self._db.conn.execute(sql, [tracker.sender_id, last_event, json.dumps(_state(tracker))])
        oldest = self._oldest_checkpoint(tracker.sender_id)
        if oldest:
            outdated = "DELETE FROM checkpoints WHERE sender_id = ? AND id < ?"
            self._db.conn.execute(outdated, [tracker.sender_id, oldest["id"]])


def _is_safe_cut(tracker: DialogueStateTracker) -> bool:
    """True when the bot listens and nothing is due: only then slots and form are the whole state."""
    return tracker.latest_action_name == ACTION_LISTEN_NAME and tracker.followup_action is None


def _state(tracker: DialogueStateTracker) -> dict[str, Any]:
    """Slots, form and last action of a tracker that listens."""
    loop = tracker.active_loop
    return {
        "at": tracker.events[-1].timestamp,
        "slots": {name: slot.value for name, slot in tracker.slots.items() if slot.has_been_set},
        "loop": loop.name if loop else None,
        "loop_rejected": bool(loop and loop.rejected),
        "last_action": _last_action(tracker),
        "paused": tracker.is_paused(),
    }


def _last_action(tracker: DialogueStateTracker) -> str:
    for event in reversed(tracker.events):
        if isinstance(event, ActionExecuted) and event.action_name not in (ACTION_LISTEN_NAME, None):
            return event.action_name
    return ACTION_SESSION_START_NAME


def _restored(state: Mapping[str, Any]) -> list[Event]:
    """Events that bring an empty tracker to ``state``.

    They begin with an action, or rules with ``conversation_start`` would take this for a new
    conversation. In a form that action is the form itself: Rasa folds later runs into it.
    """
    at, loop = state["at"], state["loop"]
    events: list[Event] = [ActionExecuted(loop or state["last_action"], timestamp=at), ActiveLoop(loop, at)]
    if state["loop_rejected"]:
        events.append(ActionExecutionRejected(loop, timestamp=at))
    events.extend(SlotSet(name, value, at) for name, value in state["slots"].items())
    if state["paused"]:
        events.append(ConversationPaused(at))
    return [*events, ActionExecuted(ACTION_LISTEN_NAME, timestamp=at)]


def _asks_to_forget(event: Event) -> bool:
    return isinstance(event, SlotSet) and event.key == FORGET_SLOT and bool(event.value)


def _latest_session_start(events: Sequence[Event]) -> int | None:
    starts = [index for index, event in enumerate(events) if isinstance(event, SessionStarted)]
    return starts[-1] if starts else None


def _is_stored(event: Event) -> bool:
    return getattr(event, _STORED, False)


def _mark_stored(event: Event) -> None:
    # On the event and not the tracker: Rasa copies trackers, and copies share their events.
    setattr(event, _STORED, True)


@cache
def _event_class(type_name: str) -> type[Event] | None:
    # Rasa walks all subclasses for each event; that walk was half the time of a long load.
    return Event.resolve_by_type(type_name)


def _read_event(data: dict[str, Any]) -> Event | None:
    kind = _event_class(data["event"])
    return kind._from_parameters(data) if kind else None
