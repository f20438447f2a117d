"""Conversations with the real assistant: a Rasa agent in this process."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from rasa.shared.exceptions import RasaException

from bot.records.paths import DATA_VARIABLE
from bot.server import load_agent
from bot.training import train

from .cases import Case
from .conversation import converse
from .faults import FAULTS, unanswered
from .metrics import Outcome


class RasaDialogue:
    """One conversation with a Rasa ``Agent``, under its own sender id."""

    def __init__(self, agent: Any, sender_id: str) -> None:
        self._agent = agent
        self._sender_id = sender_id

    async def say(self, text: str) -> Sequence[Mapping[str, Any]]:
        return await self._agent.handle_text(text, sender_id=self._sender_id) or []

    async def requested_slot(self) -> str | None:
        tracker = await self._agent.tracker_store.retrieve(self._sender_id)
        return tracker.get_slot("requested_slot") if tracker else None


def run_conversations(cases: Sequence[Case], after_each: Callable[[], object]) -> list[Outcome]:
    """Lead every case through the dialogue, one after the other; ``after_each`` reports progress."""
    with own_records():
        return asyncio.run(_run(cases, after_each))


async def _run(cases: Sequence[Case], after_each: Callable[[], object]) -> list[Outcome]:
    agent = load_agent(train())
    outcomes = []
    for case in cases:
        outcomes.append(await _answered(case, RasaDialogue(agent, f"evaluation-{case.id}")))
        after_each()
    return outcomes


async def _answered(case: Case, dialogue: RasaDialogue) -> Outcome:
    try:
        return await converse(case, dialogue)
    except (*FAULTS, RasaException):
        return replace(unanswered(case), dead_end=True)


@contextmanager
def own_records() -> Iterator[None]:
    """The records of made-up patients go to a folder that is deleted, never to the operator's own."""
    before = os.environ.get(DATA_VARIABLE)
    with tempfile.TemporaryDirectory() as folder:
        os.environ[DATA_VARIABLE] = folder
        try:
            yield
        finally:
            if before is None:
                del os.environ[DATA_VARIABLE]
            else:
                os.environ[DATA_VARIABLE] = before
