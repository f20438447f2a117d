"""Which answer a message wants to put right."""

from __future__ import annotations

import pytest

from bot.nlu import understand
from bot.nlu.changing import asked_change, leaves_it


def asked(text: str) -> tuple[str, str | float] | None:
    found = asked_change(text, understand(text))
    return found and (found.kind, found.value)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("change the date", "weeks_since_event"),
        ("the date is wrong", "weeks_since_event"),
        ("can I change what I said about the date", "weeks_since_event"),
        ("change my age", "age"),
        ("I got the side wrong", "body_site"),
        ("change the operation", "event_type"),
        ("change my answer about the lump", "lump"),
        ("edit chest pain", "chest_pain"),
    ],
)
def test_a_fact_is_named_by_its_word(text: str, fact: str) -> None:
    assert asked(text) == ("change", fact)


@pytest.mark.parametrize(
    ("text", "line"),
    [("change line 3", 3), ("line three is wrong", 3), ("the third one is wrong", 3), ("fix #2", 2)],
)
def test_a_line_is_named_by_its_number(text: str, line: int) -> None:
    assert asked(text) == ("line", line)


@pytest.mark.parametrize(
    "text",
    [
        "change my age to 66",
        "change my answer to no",
        "change my answer about swelling to yes",
        "what is wrong with my joint?",
        "something is wrong with my knee",
        "change the date, I have chest pain",
        "my dressing needs a change and I have chest pain",
    ],
)
def test_a_new_value_or_a_sign_is_no_wish_to_be_asked(text: str) -> None:
    assert asked(text) is None


@pytest.mark.parametrize("text", ["never mind", "no, leave it", "keep it as it is", "cancel"])
def test_leave_it_is_heard(text: str) -> None:
    assert leaves_it(text)


def test_no_alone_leaves_nothing() -> None:
    assert not leaves_it("no")
