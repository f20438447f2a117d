"""Text to words: misspellings mended, real words left alone, offsets kept."""

from __future__ import annotations

import pytest

from bot.nlu.pipeline import language
from bot.nlu.vocabulary import read, real_words


def _words(text: str) -> list[str]:
    return [token.text for token in language().make_doc(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Can't", ["cant"]),
        ("can\u2019t", ["cant"]),
        ("could not", ["couldnt"]),
        ("hasn't been able to", ["cant"]),
        ("45m", ["45", "m"]),
        ("F28", ["f", "28"]),
        ("c5-6", ["c5-6"]),
        ("101.5", ["101.5"]),
        ("X-ray", ["xray"]),
        ("swolen", ["swollen"]),
        ("amputashun", ["amputashun"]),
        ("dislocatedd", ["dislocated"]),
    ],
)
def test_words_are_read_as_meant(text: str, words: list[str]) -> None:
    assert _words(text) == words


def test_the_span_of_a_mended_word_is_the_one_that_was_typed() -> None:
    doc = language().make_doc("İ my  swolen knee")
    assert [doc.user_data["text"][start:end] for start, end in doc.user_data["spans"]] == [
        "İ",
        "my",
        "swolen",
        "knee",
    ]


@pytest.mark.parametrize("word", ["bleeding", "feeding", "failing", "visiting", "butter", "sitting"])
def test_a_real_word_is_never_mended_into_a_finding(word: str) -> None:
    assert _words(word) == [word]


def test_the_list_of_real_words_holds_no_misspelling() -> None:
    wrong = {form for forms in read("words")["misspellings"].values() for form in forms}
    assert not real_words() & wrong
