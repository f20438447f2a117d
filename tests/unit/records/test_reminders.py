"""Reminders are kept until they are said, stopped or erased, and only with consent."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from bot.records import ConsentMissing, Records
from bot.records.reminders import Reminders

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=timezone.utc)
VERDICT = {"urgency": "routine", "rules_version": "abc123"}


@pytest.fixture
def reminders(consented: Records) -> Reminders:
    for who in ("anna", "ben"):
        consented.record_consent(who, "2024-05", "yes")
        consented.record_verdict(who, VERDICT)
    return Reminders(consented.path)


def test_a_reminder_is_due_from_its_time_on_and_not_before(reminders: Reminders) -> None:
    reminders.ask("anna", "normal_visit", NOW)
    assert reminders.due(NOW - timedelta(seconds=1)) == []
    assert [one.conversation_id for one in reminders.due(NOW)] == ["anna"]


def test_without_a_case_none_is_kept(reminders: Reminders) -> None:
    with pytest.raises(ConsentMissing):
        reminders.ask("nobody", "normal_visit", NOW)


def test_a_new_one_takes_the_place_of_the_one_that_waits(reminders: Reminders) -> None:
    reminders.ask("anna", "normal_visit", NOW)
    reminders.ask("anna", "seen_today", NOW + timedelta(days=2))
    assert [one.kind for one in reminders.due(NOW + timedelta(days=9))] == ["seen_today"]


def test_what_cannot_be_kept_leaves_the_one_that_waits(reminders: Reminders, consented: Records) -> None:
    reminders.ask("anna", "normal_visit", NOW)
    with pytest.raises(ConsentMissing):
        reminders.ask("nobody", "normal_visit", NOW)
    assert reminders.waiting("anna") is not None


def test_a_reminder_that_was_said_is_not_due_again(reminders: Reminders) -> None:
    reminders.ask("anna", "normal_visit", NOW)
    (due,) = reminders.due(NOW)
    reminders.mark_said(due.id)
    assert reminders.due(NOW) == []
    assert reminders.get(due.id) is not None


def test_stopping_ends_only_ones_own(reminders: Reminders) -> None:
    for who in ("anna", "ben"):
        reminders.ask(who, "normal_visit", NOW)
    assert reminders.stop("anna") is True
    assert reminders.stop("anna") is False
    assert [one.conversation_id for one in reminders.due(NOW)] == ["ben"]


def test_what_is_due_can_be_asked_of_one_conversation(reminders: Reminders) -> None:
    for who in ("anna", "ben"):
        reminders.ask(who, "normal_visit", NOW)
    assert [one.conversation_id for one in reminders.due(NOW, "ben")] == ["ben"]


def test_it_is_there_after_reopening(reminders: Reminders, consented: Records) -> None:
    reminders.ask("anna", "normal_visit", NOW)
    reminders.close()
    assert Reminders(consented.path).due(NOW)


def test_it_is_shown_exported_and_erased_with_the_case(reminders: Reminders, consented: Records) -> None:
    reminders.ask("anna", "normal_visit", NOW)
    assert [one["kind"] for one in consented.what_is_kept("anna")["reminders"]] == ["normal_visit"]
    assert "reminder,2026" in consented.export("anna", "csv").replace("anna,", "")
    assert consented.forget("anna").erased["reminders"] == 1
    assert reminders.due(NOW) == []
