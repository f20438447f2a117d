"""The real assistant behind Telegram: a whole conversation, reminders, and the scenarios of the dialogue."""

from __future__ import annotations

import asyncio
import os
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from serving import ROOT
from telegram_door import Door, open_door
from telegram_fake import FakeTelegram, Person, fake_telegram

from actions import memory
from bot.records.database import open_database
from bot.records.mail import mail_times
from bot.records.paths import mail_path, records_path
from bot.scenarios import find_files, read_file, run_case
from bot.scenarios.checks import Turn

pytestmark = pytest.mark.xdist_group("telegram")
STORY = "I broke my femur 6 weeks ago, they put a rod in, and now the knee won't bend, no fever"
#: How a person who has none of the signs answers, by what they see.
ANSWERS = ("None of these", "No", "40 to 64", "About the same", "Not sure")
ALL = "HO_TRIAGE_ALL_SCENARIOS"


@contextmanager
def elsewhere() -> Iterator[None]:
    """The actions keep their files open: in here they open those of another folder."""
    for opened in (memory.records, memory.reminders):
        opened.cache_clear()
    yield
    for opened in (memory.records, memory.reminders):
        opened.cache_clear()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("telegram")


@pytest.fixture(scope="module")
def door(agent: Any, telegram: FakeTelegram, folder: Path) -> Iterator[Door]:
    with (
        pytest.MonkeyPatch.context() as patch,
        elsewhere(),
        open_door(patch, telegram, agent, folder) as opened,
    ):
        Person(telegram, 1).until(lambda: telegram.webhook)
        yield opened


_people = iter(range(1000, 9999))


@pytest.fixture
def anna(door: Door, telegram: FakeTelegram) -> Person:
    return Person(telegram, next(_people))


def quiet(person: Person) -> None:
    """Wait until everything is answered and sent."""
    person.until(lambda: not mail_times(mail_path()), 60)


def say(person: Person, text: str) -> str:
    """Say it; all that is shown in answer."""
    before = len(person.texts())
    person.say(text)
    quiet(person)
    return "\n".join(person.texts()[before:])


def tap(person: Person, title: str) -> str:
    before = len(person.texts())
    person.tap(title)
    quiet(person)
    return "\n".join(person.texts()[before:])


def to_the_verdict(person: Person) -> str:
    """Tap through the interview; what was shown in the turn of the verdict."""
    say(person, "/start")
    tap(person, "Yes, start")
    said = say(person, STORY)
    for _ in range(25):
        if "Yes, it is right" in person.titles():
            return tap(person, "Yes, it is right")
        choice = next(title for title in ANSWERS if title in person.titles())
        said = tap(person, choice)
    raise AssertionError(said)


def test_a_whole_conversation_by_taps_ends_in_the_verdict_urgency_first(
    telegram: FakeTelegram, anna: Person
) -> None:
    said = to_the_verdict(anna)
    assert said.startswith("See a doctor within two weeks.")
    assert "Ask for an X-ray" in said
    (verdict,) = [a for a in telegram.made("sendMessage") if "See a doctor within two" in str(a["text"])]
    assert str(verdict["text"]).startswith("<b>See a doctor within two weeks.")
    (sources,) = [a for a in telegram.made("sendMessage") if "<blockquote expandable>" in str(a["text"])]
    assert "https://" in sources["text"]
    assert "Why this advice?" in anna.titles()


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("/help", "Answer in your own words"),
        ("/privacy", "I keep your answers"),
        ("/stop", "I have stopped."),
        ("/restart", "Start again and put your answers aside?"),
        ("/forget", "Delete all? This cannot be undone."),
    ],
)
def test_each_command_does_what_the_menu_says(anna: Person, command: str, shown: str) -> None:
    say(anna, STORY)
    tap(anna, "Yes, start")
    assert shown in say(anna, command)


def test_delete_my_data_leaves_nothing_of_the_words_in_any_file(folder: Path, anna: Person) -> None:
    say(anna, "my CANARYNAME hip hurts")
    tap(anna, "Yes, start")
    tap(anna, "None of these")
    assert "Your data are deleted" in say(anna, "delete my data")

    def found() -> list[str]:
        files = [path for path in folder.iterdir() if path.is_file()]
        return [path.name for path in files if b"CANARYNAME" in path.read_bytes()]

    anna.until(lambda: not found())


def test_an_emergency_says_the_number_in_a_message_of_its_own_and_first(anna: Person) -> None:
    say(anna, STORY)
    tap(anna, "Yes, start")
    before = len(anna.texts())
    say(anna, "I have chest pain and cannot breathe")
    first = anna.texts()[before]
    assert "112" in " ".join(first.split()[:25])
    assert "\n\n" not in first


# -- reminders -----------------------------------------------------------------------------------------
def due_of(person: Person) -> datetime:
    """When the person's waiting reminder is due."""
    row = next(
        open_database(records_path()).query(
            "SELECT due_at FROM reminders WHERE conversation_id = ? AND said_at IS NULL",
            [f"telegram-{person.number}"],
        )
    )
    return datetime.fromisoformat(row["due_at"])


def reminders_shown(person: Person) -> int:
    return sum("You asked me to write again." in text for text in person.texts())


def test_a_reminder_comes_when_it_is_due_once_and_its_answer_is_heard(
    door: Door, agent: Any, telegram: FakeTelegram, folder: Path, anna: Person
) -> None:
    assert "Shall I ask you again in 2 weeks?" in to_the_verdict(anna)
    assert "I will ask you again in 2 weeks, on" in tap(anna, "Yes, ask me again")
    due = due_of(anna)
    with time_machine.travel(due - timedelta(hours=1), tick=True):
        time.sleep(0.3)
        assert reminders_shown(anna) == 0
    telegram.fail(500, "reset")
    with time_machine.travel(due + timedelta(seconds=1), tick=True):
        anna.until(lambda: reminders_shown(anna))
        time.sleep(0.3)
        assert reminders_shown(anna) == 1
        assert "Worse" in anna.titles()
        said = say(anna, "not good, my chest hurts and I cannot breathe")
        assert "112" in said


def test_a_reminder_survives_a_restart_and_stop_ends_it(
    agent: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with elsewhere(), fake_telegram() as telegram:
        anna, ben = Person(telegram, next(_people)), Person(telegram, next(_people))
        with open_door(monkeypatch, telegram, agent, tmp_path):
            anna.until(lambda: telegram.webhook)
            for person in (anna, ben):
                to_the_verdict(person)
                tap(person, "Yes, ask me again")
            assert "no more reminders" in say(ben, "/stop")
            due = due_of(anna)
        with (
            time_machine.travel(due + timedelta(days=1), tick=True),
            open_door(monkeypatch, telegram, agent, tmp_path),
        ):
            anna.until(lambda: reminders_shown(anna))
        assert (reminders_shown(anna), reminders_shown(ben)) == (1, 0)


def test_blocking_the_bot_ends_the_reminders(door: Door, telegram: FakeTelegram, anna: Person) -> None:
    to_the_verdict(anna)
    tap(anna, "Yes, ask me again")
    change = {"chat": anna.chat, "from": anna.me, "date": 1}
    status = {"old_chat_member": {"status": "member"}, "new_chat_member": {"status": "kicked"}}
    telegram.deliver(telegram.update(my_chat_member={**change, **status}))
    with pytest.raises(StopIteration):
        due_of(anna)


# -- the scenarios of the dialogue -----------------------------------------------------------------------
class TelegramTalk:
    """A scenario's conversation through Telegram; what the tracker holds was also shown to the person."""

    def __init__(self, agent: Any, telegram: FakeTelegram) -> None:
        self.agent, self.person = agent, Person(telegram, next(_people))
        self.sender, self._seen = f"telegram-{self.person.number}", 0

    async def start(self, slots: Mapping[str, Any]) -> Turn:
        assert not slots
        return Turn([])

    async def say(self, text: str, metadata: Mapping[str, Any] | None = None) -> Turn:
        before = len(self.person.texts())
        await asyncio.to_thread(self.person.say, text)
        await asyncio.to_thread(quiet, self.person)
        tracker = await self.agent.tracker_store.retrieve(self.sender)
        events = [event.as_dict() for event in tracker.events]
        new, self._seen = events[self._seen :], len(events)
        self._was_shown(new, _plain("\n".join(self.person.texts()[before:])))
        return Turn(new, tracker.current_slot_values())

    @staticmethod
    def _was_shown(events: list[dict[str, Any]], shown: str) -> None:
        for event in events:
            if event["event"] == "bot":
                assert _plain(event["text"] or "") in shown


def _plain(text: str) -> str:
    """A text without its layout: list marks, headings, spaces."""
    words = (word for word in text.split() if word not in ("-", "•") and set(word) != {"#"})
    return " ".join(words)


def _cases() -> list[Any]:
    """The cases of the happy path and of the red flags; of a table the first, unless all are wanted."""
    chosen: dict[Any, Any] = {}
    for name in ("happy_path", "red_flags"):
        for file in find_files(ROOT / "tests" / "scenarios" / name):
            for case in read_file(file, ROOT / "tests" / "scenarios"):
                key = uuid.uuid4() if os.environ.get(ALL) else (file, case.line)
                chosen.setdefault(key, case)
    return list(chosen.values())


@pytest.mark.parametrize("case", _cases(), ids=lambda case: case.name)
def test_a_scenario_passes_through_telegram(
    agent: Any, door: Door, telegram: FakeTelegram, case: Any
) -> None:
    result = asyncio.run(run_case(case, TelegramTalk(agent, telegram)))
    assert result.status == "passed", result.report()
