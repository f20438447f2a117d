"""How bot messages look in Telegram: pure functions, held against the limits of the Bot API."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram_fake import Refusal, _Text

from bot.channels.telegram_keyboards import Button, Keyboard, rows_of
from bot.channels.telegram_rendering import LONGEST, as_html, chosen, render, split

TO = {"chat": 7}
LEDGER = {
    "type": "ledger",
    "items": [
        {"fact": "age", "label": "Age", "value": "44", "payload": '/answer{"option": "change:age"}'},
        {"fact": "fever", "label": "Fever", "value": "no", "payload": '/answer{"option": "change:fever"}'},
    ],
}


def texts(message: dict[str, Any]) -> list[str]:
    return [call.body["text"] for call in render(TO, message)]


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(st.text(max_size=300), st.integers(2, 40))
def test_a_split_text_fits_and_loses_nothing_but_spaces(text: str, longest: int) -> None:
    pieces = split(text, longest)
    assert all(0 < units(piece) <= longest for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_long_text_is_cut_between_paragraphs() -> None:
    paragraph = "word " * 500
    pieces = split("\n\n".join([paragraph.strip()] * 3))
    assert pieces == [paragraph.strip()] * 3 or all(piece.startswith("word") for piece in pieces)
    assert all(units(piece) <= LONGEST for piece in pieces)


@given(st.text(max_size=200))
def test_whatever_is_said_is_well_formed_for_telegram_and_read_as_it_was(text: str) -> None:
    shown = _Text(as_html(text)).text
    marks = str.maketrans("", "", "#-•")
    assert "".join(shown.translate(marks).split()) == "".join(text.translate(marks).split())


def test_the_fake_refuses_what_telegram_refuses() -> None:
    for text in ("<b>open", "<script>x</script>", "</b>"):
        with pytest.raises(Refusal):
            _Text(text)


def test_how_soon_comes_first_and_in_bold() -> None:
    custom = {"type": "triage_result", "urgency": "routine"}
    (text,) = texts({"text": "Make a normal visit.\nWhy:\n- A & B", "custom": custom})
    assert text == "<b>Make a normal visit.</b>\n<b>Why:</b>\n• A &amp; B"


def test_in_an_emergency_the_number_is_a_message_of_its_own() -> None:
    custom = {"type": "triage_result", "urgency": "emergency"}
    assert texts({"text": "Call 112 now.\n\nWhy.\n\nLimits.", "custom": custom}) == [
        "<b>Call 112 now.</b>",
        "Why.\n\nLimits.",
    ]


def test_the_sources_follow_folded_and_without_a_sound() -> None:
    sources = [
        {"id": "S7", "title": "HO & burns", "url": "https://a.example/?x=1&y=2"},
        {"id": "S9", "title": "T"},
    ]
    custom = {"type": "triage_result", "urgency": "routine", "sources": sources}
    last = render(TO, {"text": "See a doctor.", "custom": custom})[-1].body
    assert '<a href="https://a.example/?x=1&amp;y=2">S7: HO &amp; burns</a>\nS9: T' in last["text"]
    assert last["disable_notification"] is True


def test_very_many_sources_still_fit() -> None:
    sources = [{"id": f"S{n}", "title": "long title " * 20, "url": ""} for n in range(60)]
    custom = {"type": "triage_result", "urgency": "routine", "sources": sources}
    assert units(_Text(render(TO, {"text": "x", "custom": custom})[-1].body["text"]).text) <= LONGEST


def test_buttons_stand_below_the_last_piece_of_a_long_text() -> None:
    calls = render(TO, {"text": "word " * 2000, "buttons": [{"title": "Yes", "payload": "yes"}]})
    assert ["keyboard" in call.body for call in calls] == [False] * (len(calls) - 1) + [True]


def test_the_ledger_is_folded_and_unfolds_into_a_button_a_line() -> None:
    (call,) = render(TO, {"text": "- Age: 44", "custom": LEDGER})
    keyboard = Keyboard.from_json(call.body["keyboard"])
    assert [k["text"] for row in keyboard.markup("1")["inline_keyboard"] for k in row] == ["Change"]
    shown = keyboard.unfolded().markup("1")["inline_keyboard"]
    assert [k["text"] for row in shown for k in row] == ["Age: 44", "Fever: no"]
    assert keyboard.buttons[0].payload == '/answer{"option": "change:age"}'


def test_a_message_without_text_needs_no_call() -> None:
    assert render(TO, {"custom": {"type": "kept"}}) == []


def test_a_message_in_a_topic_of_a_group_stays_there_and_links_to_the_private_chat() -> None:
    to = {"chat": -7, "reply_to": 3, "topic": 9, "link": "https://t.me/ho_triage_bot"}
    (call,) = render(to, {"text": "Write to me."})
    assert call.body["message_thread_id"] == 9
    assert call.body["reply_parameters"]["message_id"] == 3
    assert call.body["reply_markup"]["inline_keyboard"][0][0]["url"] == "https://t.me/ho_triage_bot"


# -- keyboards -----------------------------------------------------------------------------------------
@given(st.lists(st.text(min_size=1, max_size=70), min_size=1, max_size=30), st.integers(0, 5))
def test_every_button_has_its_place_in_order_and_rows_fit(titles: list[str], boxes: int) -> None:
    rows = rows_of(titles, boxes)
    assert [number for row in rows for number in row] == list(range(len(titles)))
    assert all(len(row) == 1 or sum(len(titles[n]) for n in row) <= 26 for row in rows)


@given(st.text(max_size=300), st.integers(0, 89))
def test_what_a_button_carries_fits_whatever_its_payload(payload: str, count: int) -> None:
    keyboard = Keyboard(tuple(Button("title", payload) for _ in range(count + 1)))
    keys = [key for row in keyboard.markup("987654321.1764042000123")["inline_keyboard"] for key in row]
    assert all(1 <= len(key["callback_data"].encode()) <= 64 for key in keys)


def test_a_keyboard_survives_the_disk() -> None:
    keyboard = Keyboard((Button("A", "a"), Button("B", "b")), boxes=1, ticked=frozenset({0}), folded=True)
    assert Keyboard.from_json(keyboard.to_json()) == keyboard


def test_ticks_are_sent_together_in_the_order_of_the_question() -> None:
    keyboard = Keyboard(tuple(Button(t, t) for t in ("Fever", "Chills", "Rash")), boxes=3)
    assert keyboard.toggled(2).toggled(0).toggled(1).toggled(1).together() == Button(
        "Fever, Rash", "Fever, Rash"
    )


# -- the choice ----------------------------------------------------------------------------------------
def test_the_choice_takes_the_place_of_the_buttons_and_the_marks_stay() -> None:
    entities = [{"type": "bold", "offset": 0, "length": 3}]
    call = chosen(7, {"message_id": 4, "text": "Why: x", "entities": entities}, "Yes")
    assert call is not None
    assert call.body["text"] == "Why: x\n\nYou chose: Yes"
    assert call.body["entities"] == entities
    assert "reply_markup" not in call.body


@pytest.mark.parametrize("message", [{"message_id": 4}, {"message_id": 4, "text": "x" * LONGEST}])
def test_where_the_text_cannot_be_changed_the_buttons_go(message: dict[str, Any]) -> None:
    call = chosen(7, message, "Yes")
    assert call is not None
    assert call.method == "editMessageReplyMarkup"


def test_of_a_message_that_telegram_does_not_show_any_more_nothing_is_changed() -> None:
    assert chosen(7, {}, "Yes") is None
