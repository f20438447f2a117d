"""What a short answer means beside the open question, sentence by sentence (answers.yml)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from bot.clinical.facts import VALUE_FACTS, Facts
from bot.evaluation.hearing import hear_utterance
from bot.evaluation.utterances import Utterance

TODAY = date(2026, 11, 22)
ANSWERS = yaml.load(Path(__file__).with_name("answers.yml").read_text(encoding="utf-8"), yaml.BaseLoader)


def _known(facts: Facts, name: str) -> str:
    if name in facts.unknown:
        return "unknown"
    value = facts.to_json().get(name) if name in VALUE_FACTS else facts.assertion(name)
    return "none" if value is None else str(value)


def _facts_after(asked: str, say: str) -> Facts:
    return hear_utterance(Utterance(say, "short_answers", open_question=asked, today=TODAY)).facts


@pytest.mark.parametrize("answer", ANSWERS, ids=[f"{one['asked']}: {one['say']}" for one in ANSWERS])
def test_what_is_meant_by(answer: dict) -> None:
    facts = _facts_after(answer["asked"], answer["say"])
    assert {name: _known(facts, name) for name in answer["heard"]} == answer["heard"]


def test_a_year_alone_is_when_it_happened_and_no_number_of_weeks() -> None:
    weeks = _facts_after("weeks_since_event", "2019").weeks_since_event
    assert weeks == pytest.approx(385, rel=0.01)
