from __future__ import annotations

import re

import pytest

from bot.clinical.facts import Facts
from bot.evaluation.cases import Case
from bot.evaluation.metrics import Outcome
from bot.evaluation.mutations import MUTATIONS, flips, flips_report, mutate

STORY = (
    "I'm 61. My left hip was replaced 6 weeks ago, and it is stiff. "
    "No fever, but the temperature was 37.5 once."
)


def case(story: str = STORY, speaker: str = "patient") -> Case:
    return Case("X", Facts(), "routine", patient_voice=story, speaker=speaker)


@pytest.mark.parametrize("name", MUTATIONS)
def test_the_same_seed_gives_the_same_story(name: str) -> None:
    assert mutate(case(), name, seed=3) == mutate(case(), name, seed=3)


@pytest.mark.parametrize("name", MUTATIONS)
def test_every_mutation_changes_the_story(name: str) -> None:
    assert mutate(case(), name) != [STORY]


@pytest.mark.parametrize("name", MUTATIONS)
def test_no_number_and_no_denial_is_ever_touched(name: str) -> None:
    told = " ".join(mutate(case(), name))
    assert sorted(re.findall(r"\d+(?:\.\d+)?", told)) == ["37.5", "6", "61"]
    assert re.search(r"\bno fever\b", told, re.IGNORECASE)


def test_words_of_denial_and_time_are_never_misspelt() -> None:
    story = "haven't without hundred september hardly barely"
    assert mutate(case(story), "typos") == [story]


def test_a_typo_keeps_the_first_letter() -> None:
    words = mutate(case("swollen swollen swollen swollen"), "typos")[0].split()
    assert all(word[0] == "s" for word in words)


def test_a_story_in_two_messages_loses_no_word() -> None:
    first, second = mutate(case(), "two_messages")
    assert f"{first} {second}".split() == STORY.split()


def test_the_sentences_are_all_told_in_the_other_order() -> None:
    told = mutate(case("One here. Two there."), "sentence_order")
    assert told == ["Two there. One here."]


def test_a_caregiver_tells_the_patients_story() -> None:
    told = mutate(case("I have pain, my hip is stiff and im tired"), "caregiver_voice")
    assert told == ["I am asking for my partner. they have pain, their hip is stiff and they are tired"]


def test_a_caregivers_own_story_stays() -> None:
    assert mutate(case("my son fell", speaker="caregiver"), "caregiver_voice") == ["my son fell"]


def test_the_plain_story_has_no_capital_and_no_punctuation_outside_numbers() -> None:
    told = mutate(case(), "plain")[0]
    assert told == told.lower()
    assert re.sub(r"\d\.\d", "", told).replace(" ", "").isalnum()


def test_a_verdict_that_differs_is_a_flip_and_an_unchanged_story_does_not_count() -> None:
    own = Outcome(case("my son fell", speaker="caregiver"), "routine", "low")
    found = flips([own], lambda told, messages: Outcome(told, "same_day", "low"))
    assert found["caregiver_voice"][0].n == 0
    assert (found["plain"][0].n, found["typos"][0].n) == (0, 0)
    assert found["filler"][0].value == 1.0


def test_a_changed_band_flips_the_verdict_but_not_the_urgency() -> None:
    own = Outcome(case(), "routine", "low")
    report = flips_report(flips([own], lambda told, messages: Outcome(told, "routine", "high")))
    assert report["flip_rate"]["value"] == 1.0
    assert report["urgency_flip_rate"]["value"] == 0.0
