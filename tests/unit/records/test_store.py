"""The memory keeps what it may, once, and forgets it wholly."""

from __future__ import annotations

import csv
import io
import json
import time
from pathlib import Path
from typing import Any

import pytest

from bot.clinical.facts import Facts
from bot.clinical.merge import Change
from bot.records import DECLINED, GIVEN, UNSURE, CaseMissing, ConsentMissing, ErasureIncomplete, Records
from bot.records.conversations import open_conversations
from bot.records.mail import open_mail
from bot.records.paths import data_folder
from bot.records.schema import CASE_TABLES

VERDICT = {"urgency": "routine", "rules_version": "abc123", "reasons": []}
CANARY = "CANARY-words-of-the-person"


def heard(records: Records, words: str = "i am 61", who: str = "anna", message_id: str = "m1") -> None:
    change = Change("age", None, 61, words)
    records.record_facts(who, message_id, Facts(age=61), [change])


def converse(records: Records, words: str, who: str = "anna") -> None:
    """Leave an event in the conversations' file, as the tracker store does."""
    db = open_conversations(records.tracker_path)
    data = json.dumps({"event": "user", "text": words})
    db["events"].insert({"sender_id": who, "type": "user", "at": 1_700_000_000.0, "data": data})
    db["checkpoints"].insert({"sender_id": who, "last_event": 1, "state": data})
    db.close()


def on_its_way(records: Records, words: str, who: str = "anna", event_id: str = "Ev1") -> None:
    """Leave a message that is not heard yet and one that is not sent yet, as the channels do."""
    db, body = open_mail(records.mail_path), json.dumps({"text": words})
    shared = {"channel": "slack", "conversation_id": who, "at": 1_700_000_000.0, "body": body}
    db["events"].insert({**shared, "event_id": event_id, "sort": 1})
    db["calls"].insert({**shared, "method": "chat.postMessage"})
    db.close()


def raw_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


# -- consent -----------------------------------------------------------------------------------
@pytest.mark.parametrize("answer", [None, DECLINED, UNSURE])
def test_nothing_about_a_case_is_kept_without_consent(records: Records, answer: str | None) -> None:
    if answer:
        records.record_consent("anna", "2024-05", answer)
    writes: list[Any] = [
        lambda: heard(records),
        lambda: records.record_verdict("anna", VERDICT),
    ]
    for write in writes:
        with pytest.raises(ConsentMissing):
            write()
    assert records.db["cases"].count == records.db["facts"].count == records.db["verdicts"].count == 0


def test_a_declined_consent_is_kept(records: Records) -> None:
    records.record_consent("anna", "2024-05", DECLINED)
    kept = records.what_is_kept("anna")
    assert [(row["version"], row["answer"]) for row in kept["consents"]] == [("2024-05", DECLINED)]
    assert kept["case"] is None


def test_a_consent_that_was_taken_back_stops_the_recording(consented: Records) -> None:
    consented.record_consent("anna", "2024-05", DECLINED)
    with pytest.raises(ConsentMissing):
        heard(consented)


def test_an_answer_that_is_neither_yes_nor_no_is_refused(records: Records) -> None:
    with pytest.raises(ValueError, match="yes, no, unsure"):
        records.record_consent("anna", "2024-05", "maybe")


def test_the_same_consent_sent_again_is_kept_once(consented: Records) -> None:
    consented.record_consent("anna", "2024-05", GIVEN)
    assert consented.db["consents"].count == 1


# -- facts and verdicts ------------------------------------------------------------------------
def test_a_fact_is_kept_with_its_words_and_message(consented: Records) -> None:
    heard(consented, "I am 61 years old")
    (fact,) = consented.what_is_kept("anna")["facts"]
    assert (fact["fact"], fact["old"], fact["new"]) == ("age", None, 61)
    assert (fact["words"], fact["message_id"]) == ("I am 61 years old", "m1")


def test_a_corrected_fact_keeps_its_history(consented: Records) -> None:
    heard(consented)
    consented.record_facts("anna", "m2", Facts(age=62), [Change("age", 61, 62, "no, 62")])
    kept = consented.what_is_kept("anna")
    assert [fact["new"] for fact in kept["facts"]] == [61, 62]
    assert kept["case"]["facts"]["age"] == 62


def test_a_turn_sent_again_changes_nothing(consented: Records) -> None:
    heard(consented)
    before = consented.what_is_kept("anna")
    consented.record_facts("anna", "m1", Facts(age=99), [Change("age", 61, 99, "again")])
    assert consented.what_is_kept("anna") == before


def test_the_same_message_id_in_another_conversation_is_another_message(consented: Records) -> None:
    consented.record_consent("ben", "2024-05", GIVEN)
    heard(consented, who="anna")
    heard(consented, who="ben")
    assert len(consented.what_is_kept("ben")["facts"]) == 1


def test_a_change_that_cannot_be_written_leaves_nothing_of_its_turn(consented: Records) -> None:
    with pytest.raises(TypeError):
        consented.record_facts("anna", "m1", Facts(), [Change("age", None, object(), "x")])
    heard(consented)
    assert len(consented.what_is_kept("anna")["facts"]) == 1


def test_a_verdict_is_kept_with_its_rules_version(consented: Records) -> None:
    consented.record_verdict("anna", VERDICT)
    (kept,) = consented.what_is_kept("anna")["verdicts"]
    assert (kept["verdict"], kept["rules_version"]) == (VERDICT, "abc123")


def test_the_same_verdict_again_is_kept_once_and_a_new_one_is_added(consented: Records) -> None:
    for urgency in ("routine", "routine", "emergency"):
        consented.record_verdict("anna", {**VERDICT, "urgency": urgency})
    kept = [row["verdict"]["urgency"] for row in consented.what_is_kept("anna")["verdicts"]]
    assert kept == ["routine", "emergency"]


def test_a_case_is_there_after_reopening(consented: Records) -> None:
    heard(consented)
    consented.close()
    assert len(Records(consented.path).what_is_kept("anna")["facts"]) == 1


# -- reading -----------------------------------------------------------------------------------
def test_the_conversation_itself_is_part_of_what_is_kept(consented: Records) -> None:
    converse(consented, "hello there")
    (message,) = consented.what_is_kept("anna")["messages"]
    assert (message["from"], message["text"]) == ("person", "hello there")


def test_a_conversation_without_a_case_is_listed_too(records: Records) -> None:
    converse(records, "hello", who="ben")
    assert [row["conversation_id"] for row in records.list_cases()] == ["ben"]


def test_the_json_export_is_what_is_kept(consented: Records) -> None:
    heard(consented)
    exported = json.loads(consented.export("anna"))
    assert exported == consented.what_is_kept("anna")


def test_an_export_without_an_id_holds_every_conversation(consented: Records) -> None:
    consented.record_consent("ben", "2024-05", DECLINED)
    assert [one["conversation_id"] for one in json.loads(consented.export())] == ["anna", "ben"]


def test_the_csv_export_has_a_line_for_each_thing_kept(consented: Records) -> None:
    heard(consented)
    consented.record_verdict("anna", VERDICT)
    converse(consented, "hello")
    lines = list(csv.DictReader(io.StringIO(consented.export("anna", "csv"))))
    assert [line["kind"] for line in lines] == ["consent", "fact", "verdict", "message"]


@pytest.mark.parametrize("words", ["=1+1", "@SUM(A1)", "+1", "-1"])
def test_words_do_not_run_as_a_formula_in_a_spreadsheet(consented: Records, words: str) -> None:
    heard(consented, words)
    lines = list(csv.DictReader(io.StringIO(consented.export("anna", "csv"))))
    assert [line["words"] for line in lines if line["kind"] == "fact"] == [f"'{words}"]


def test_exporting_an_unknown_conversation_is_refused(records: Records) -> None:
    with pytest.raises(CaseMissing):
        records.export("nobody")


# -- erasing -----------------------------------------------------------------------------------
def many_words(records: Records, who: str) -> None:
    """Enough to split pages, which is where stale copies would stay."""
    records.record_consent(who, "2024-05", GIVEN)
    for number in range(120):
        heard(records, f"{CANARY} {number} " + "x" * 300, who, f"m{number}")
        converse(records, f"{CANARY} said {number}", who)
        on_its_way(records, f"{CANARY} on its way {number}", who, f"Ev{number}")
    records.record_verdict(who, {**VERDICT, "reasons": [CANARY]})


def test_after_forget_the_raw_files_hold_no_trace(records: Records) -> None:
    many_words(records, "anna")
    assert CANARY.encode() in raw_bytes(records.path.parent)
    records.forget("anna")
    left = raw_bytes(records.path.parent)
    assert CANARY.encode() not in left
    assert b"anna" not in left


def test_after_purge_the_raw_files_hold_no_trace(records: Records) -> None:
    many_words(records, "anna")
    records.purge(0)
    assert CANARY.encode() not in raw_bytes(records.path.parent)


def test_what_is_on_its_way_is_shown_and_listed(records: Records) -> None:
    on_its_way(records, "hello")
    assert [row["conversation_id"] for row in records.list_cases()] == ["anna"]
    shown = records.what_is_kept("anna")["on_its_way"]
    assert [(row["kind"], row["body"]["text"]) for row in shown] == [
        ("unheard", "hello"),
        ("unsent", "hello"),
    ]


def test_the_id_of_an_erased_event_is_still_known(records: Records) -> None:
    on_its_way(records, "hello")
    records.forget("anna")
    db = open_mail(records.mail_path)
    assert [(row["event_id"], row["body"]) for row in db["events"].rows] == [("Ev1", None)]


def test_what_was_written_after_delete_my_data_is_still_heard(records: Records) -> None:
    on_its_way(records, "hello")
    records.forget("anna", unheard_too=False)
    assert [row["kind"] for row in records.what_is_kept("anna")["on_its_way"]] == ["unheard"]


def test_purge_spares_a_conversation_with_something_new_on_its_way(records: Records) -> None:
    on_its_way(records, "hello")
    open_mail(records.mail_path)["events"].update(("slack", "Ev1"), {"at": time.time()})
    assert records.purge(1).erased["conversations"] == 0


def test_forget_leaves_other_conversations_alone(consented: Records) -> None:
    consented.record_consent("ben", "2024-05", GIVEN)
    heard(consented, who="ben")
    converse(consented, "mine", who="ben")
    consented.forget("anna")
    kept = consented.what_is_kept("ben")
    assert (len(kept["facts"]), len(kept["messages"])) == (1, 1)


def test_the_receipt_says_how_much_went_and_nothing_about_whom(consented: Records) -> None:
    heard(consented)
    converse(consented, "hello")
    receipt = consented.forget("anna").to_json()
    assert receipt["erased"]["facts"] == receipt["erased"]["conversation_events"] == 1
    assert "anna" not in json.dumps(receipt)


def test_only_the_receipt_stays_after_forget(consented: Records) -> None:
    heard(consented)
    receipt = consented.forget("anna")
    assert [consented.db[table].count for table in CASE_TABLES if table != "audit"] == [0] * 6
    (left,) = consented.db["audit"].rows
    assert json.loads(left["detail"])["id"] == receipt.id


def test_forgetting_twice_gives_a_receipt_of_nothing(consented: Records) -> None:
    consented.forget("anna")
    assert not any(consented.forget("anna").erased.values())


def test_a_forgotten_person_may_begin_again(consented: Records) -> None:
    heard(consented)
    consented.forget("anna")
    consented.record_consent("anna", "2024-05", GIVEN)
    heard(consented)
    assert len(consented.what_is_kept("anna")["facts"]) == 1


def test_purge_spares_what_was_active_since(consented: Records) -> None:
    converse(consented, "long ago", who="ben")
    receipt = consented.purge(1)
    assert receipt.erased["conversations"] == 1
    assert [row["conversation_id"] for row in consented.list_cases()] == ["anna"]


def test_an_erasure_that_another_reader_hinders_says_so(
    consented: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.records.database.BUSY_MILLISECONDS", 100)
    records, reader = Records(consented.path), Records(consented.path)
    reader.db.conn.execute("BEGIN")
    reader.db.conn.execute("SELECT * FROM consents").fetchall()
    with pytest.raises(ErasureIncomplete):
        records.forget("anna")


# -- the folder --------------------------------------------------------------------------------
def test_the_data_folder_is_for_its_owner_only(tmp_path: Path) -> None:
    assert data_folder(tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_a_new_file_is_for_its_owner_only(records: Records) -> None:
    assert {path.stat().st_mode & 0o777 for path in records.path.parent.iterdir()} == {0o600}


def test_the_environment_names_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HO_TRIAGE_DATA", str(tmp_path / "there"))
    assert data_folder() == tmp_path / "there"
