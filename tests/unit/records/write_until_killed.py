"""Run by test_kill: writes and says on standard output what was acknowledged; argv: data folder."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.clinical.facts import Facts
from bot.clinical.merge import Change
from bot.records import GIVEN, Records
from bot.records.tracker_store import BoundedSQLiteTrackerStore


async def main(folder: Path) -> None:
    records = Records(folder / "records.sqlite")
    store = BoundedSQLiteTrackerStore(Domain.empty(), path=folder / "tracker.sqlite")
    records.record_consent("anna", "2024-05", GIVEN)
    for number in range(1_000_000):
        tracker = await store.retrieve("anna") or DialogueStateTracker("anna", None)
        records.record_facts("anna", str(number), Facts(), [Change("age", None, number)])
        tracker.update_with_events([UserUttered(str(number)), ActionExecuted("action_listen")], None)
        await store.save(tracker)
        print(number, flush=True)


asyncio.run(main(Path(sys.argv[1])))
