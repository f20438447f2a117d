"""The dialogue's use of the records: nothing is written without consent."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from bot.clinical.merge import Change
from bot.records import Records
from bot.records.paths import data_folder, records_path
from bot.records.reminders import Reminders

from .message import Message
from .state import State

#: Bump when the words of ``utter_ask_consent`` change what a person agrees to.
CONSENT_VERSION = "2026-11-22"


@lru_cache(maxsize=1)
def records() -> Records:
    return Records(data_folder() / "records.sqlite")


@lru_cache(maxsize=1)
def reminders() -> Reminders:
    return Reminders(records_path())


def remember_consent(state: State, answer: str) -> None:
    records().record_consent(state.conversation_id, CONSENT_VERSION, answer)


def remember_facts(state: State, message: Message, changes: Sequence[Change]) -> None:
    if state.progress.consent == "yes":
        records().record_facts(state.conversation_id, message.id, state.facts, changes)


def remember_verdict(state: State, verdict: dict[str, Any]) -> None:
    if state.progress.consent == "yes":
        records().record_verdict(state.conversation_id, verdict)
