"""The pattern language in which the vocabulary is written."""

from __future__ import annotations

import pytest

from bot.nlu.patterns import Hit, PatternError, PatternSet, longest

CLASSES = {"pain": frozenset({"sore", "hurts"})}


def _found(pattern: str, text: str) -> list[tuple[int, ...]]:
    return [hit.words for hit in PatternSet([("x", pattern)], CLASSES).find(text.split())]


@pytest.mark.parametrize(
    ("pattern", "text", "words"),
    [
        ("cant bend", "i cant bend it", [(1, 2)]),
        ("cant|wont bend", "it wont bend", [(1, 2)]),
        ("my $pain knee", "my sore knee", [(0, 1, 2)]),
        ("very? sore", "very sore", [(0, 1), (1,)]),
        ("cant ~ bend", "cant really ever bend", [(0, 3)]),
        ("NUM weeks", "6 weeks", [(0, 1)]),
    ],
)
def test_a_pattern_finds_its_words(pattern: str, text: str, words: list[tuple[int, ...]]) -> None:
    assert _found(pattern, text) == words


def test_a_gap_does_not_cross_punctuation() -> None:
    assert _found("cant ~ bend", "cant , bend") == []


def test_a_gap_is_no_longer_than_it_says() -> None:
    assert _found("cant ~1 bend", "cant really ever bend") == []


def test_a_class_that_nobody_wrote_is_named_in_the_error() -> None:
    with pytest.raises(PatternError, match="nobody"):
        PatternSet([("x", "$nobody")], CLASSES)


def test_a_pattern_of_nothing_but_options_is_an_error() -> None:
    with pytest.raises(PatternError, match="must be there"):
        PatternSet([("x", "very? ~")], CLASSES)


def test_a_hit_inside_a_longer_one_is_left_out() -> None:
    assert longest([Hit("pain", (1,)), Hit("painkiller", (1, 2))]) == [Hit("painkiller", (1, 2))]


def test_who_asks_twice_gets_a_list_of_their_own() -> None:
    patterns = PatternSet([("pain", "sore")], {})
    patterns.find(["sore"]).clear()
    assert [hit.label for hit in patterns.find(["sore"])] == ["pain"]


def test_the_words_asked_about_last_are_not_taken_for_the_next() -> None:
    patterns = PatternSet([("pain", "sore knee|hip")], {})
    patterns.find(["sore", "hip"])
    assert patterns.find(["sore", "foot"]) == []
