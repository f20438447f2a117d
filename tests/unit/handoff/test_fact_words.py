"""Values in words: times as people say them, names that the knowledge gives."""

from __future__ import annotations

import pytest

from bot.clinical.knowledge_base import knowledge
from bot.handoff.words import Words, fill


@pytest.mark.parametrize(
    ("weeks", "said"),
    [
        (0, "today"),
        (1 / 7, "about 1 day ago"),
        (0.5, "about 4 days ago"),
        (1, "about 1 week ago"),
        (6, "about 6 weeks ago"),
        (13, "about 3 months ago"),
        (52, "about 12 months ago"),
        (78, "about 18 months ago"),
        (104, "about 2 years ago"),
        (520, "about 10 years ago"),
    ],
)
def test_weeks_are_said_in_the_unit_that_people_use(weeks: float, said: str) -> None:
    assert Words(knowledge()).ago(weeks) == said


def test_a_saying_that_no_file_defines_is_an_error() -> None:
    with pytest.raises(KeyError):
        Words(knowledge()).say("no_such_saying")


def test_a_saying_without_wording_for_others_is_said_the_same() -> None:
    assert Words(knowledge(), someone_else=True).say("answer_present") == "yes"


def test_a_blank_that_is_not_given_stays_visible() -> None:
    assert fill("{a} and {b}", a="one") == "one and {b}"


def test_an_unknown_finding_is_named_by_its_own_words() -> None:
    assert Words(knowledge()).fact("glowing_ears") == "Glowing ears"


def test_no_word_of_the_glossary_has_two_meanings() -> None:
    words = [word.lower() for entry in knowledge().glossary.values() for word in entry.words]
    assert len(words) == len(set(words))
