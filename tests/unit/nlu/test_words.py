"""Text to words: misspellings mended, real words left alone, offsets kept."""

from __future__ import annotations

import re

import pytest

from bot.nlu.pipeline import language
from bot.nlu.vocabulary import FOLDER, read, real_words
from bot.nlu.words import sounds


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
        ("amputashun", ["amputation"]),
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


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("soar", "sore"),
        ("woond", "wound"),
        ("hirt", "hurt"),
        ("bruzed", "bruised"),
        ("kneee", "knee"),
        ("monts", "months"),
        ("feever", "fever"),
        ("surgary", "surgery"),
        ("bnd", "bend"),
        ("b4", "before"),
    ],
)
def test_a_short_word_is_mended_where_it_is_listed(typed: str, meant: str) -> None:
    assert _words(typed) == [meant]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("spondilytiss", "spondylitis"), ("spazticity", "spasticity")],
)
def test_a_long_word_spelt_by_ear_is_mended_to_the_one_that_sounds_alike(typed: str, meant: str) -> None:
    assert _words(typed) == [meant]


@pytest.mark.parametrize(
    ("one", "other"),
    [("fizzio", "physio"), ("amputashun", "amputation"), ("siatica", "sciatica")],
)
def test_words_that_sound_alike_have_one_key(one: str, other: str) -> None:
    assert sounds(one) == sounds(other)


def test_words_that_sound_different_have_different_keys() -> None:
    assert sounds("confused") != sounds("concussed")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("myknee", ["my", "knee"]),
        ("cantbend", ["cant", "bend"]),
        ("leftelbow", ["left", "elbow"]),
        ("6weeks", ["6", "weeks"]),
        ("hipreplacement", ["hip", "replacement"]),
        ("kneereplacment", ["knee", "replacement"]),
    ],
)
def test_two_words_typed_as_one_are_read_as_two(typed: str, meant: list[str]) -> None:
    assert _words(typed) == meant


@pytest.mark.parametrize("word", ["armchair", "notable", "painless", "mysore", "hipster", "chestnut"])
def test_a_real_word_is_never_taken_for_two(word: str) -> None:
    assert _words(word) == [word]


def test_the_halves_of_a_joined_word_have_their_own_spans() -> None:
    doc = language().make_doc("oh myknee")
    assert doc.user_data["spans"] == [(0, 2), (3, 5), (5, 9)]


def test_a_word_cut_in_two_is_one_word_with_the_span_of_both() -> None:
    doc = language().make_doc("hip re placement")
    assert ([token.text for token in doc], doc.user_data["spans"]) == (
        ["hip", "replacement"],
        [(0, 3), (4, 16)],
    )


def test_a_phrase_is_known_once_its_words_are_mended() -> None:
    assert _words("hetrotropic osification") == _words("heterotopic ossification") == ["ho"]


@pytest.mark.parametrize("text", ["the boat can soon under sail", "hand some over", "it's not that"])
def test_two_known_words_are_not_put_together(text: str) -> None:
    assert _words(text) == text.replace("'", "").split()


@pytest.mark.parametrize(
    "word",
    ["police", "infarction", "digestion", "concerted", "leader", "science", "numbers", "weaver"],
)
def test_a_common_word_near_a_clinical_one_is_left_alone(word: str) -> None:
    assert _words(word) == [word]


def test_no_wrong_form_is_given_two_right_ones() -> None:
    wrong = [form for forms in read("words")["misspellings"].values() for form in forms]
    assert sorted(wrong) == sorted(set(wrong))


def test_no_right_word_is_listed_twice() -> None:
    """A second line of the same key would silently replace the first."""
    text = (FOLDER / "words.yml").read_text(encoding="utf-8")
    keys = re.findall(r"^  (\S[^:]*): \[", text, flags=re.MULTILINE)
    assert len(keys) == len(set(keys))
