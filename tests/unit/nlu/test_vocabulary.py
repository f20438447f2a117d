"""The vocabulary files agree with each other and with the medicine."""

from __future__ import annotations

import pytest

from bot.clinical.knowledge_base import knowledge
from bot.nlu.assertion import rule_patterns
from bot.nlu.findings import finding_patterns
from bot.nlu.vocabulary import VocabularyError, read


def test_every_pattern_of_the_vocabulary_can_be_read() -> None:
    assert finding_patterns().words
    assert rule_patterns().words


def test_every_event_has_its_place_in_the_order() -> None:
    events = read("events")
    assert set(events["events"]) | {rule["makes"] for rule in events["combine"]} == set(events["order"])


@pytest.mark.parametrize(("file", "names"), [("symptoms", "symptoms"), ("risk_factors", "risk_factors")])
def test_the_ear_knows_words_for_every_finding_that_the_medicine_knows(file: str, names: str) -> None:
    assert set(getattr(knowledge(), names)) <= set(read(file))


def test_what_hides_and_what_is_hidden_are_findings() -> None:
    symptoms, risks, events = set(read("symptoms")), set(read("risk_factors")), set(read("events")["events"])
    for table, known in (("hides", symptoms), ("inside", risks | events)):
        for name, hidden in read("ignore")[table].items():
            assert name in known, name
            assert set(hidden) <= (symptoms if table == "hides" else symptoms | events), name


def test_implications_name_findings() -> None:
    rules = read("implications")
    named = {*rules["present"], *(n for ns in rules["present"].values() for n in ns)}
    assert named <= set(read("symptoms"))


def test_a_missing_file_is_named_in_the_error() -> None:
    with pytest.raises(VocabularyError, match="no_such_file"):
        read("no_such_file")
