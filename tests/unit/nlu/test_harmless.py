"""Every rule of harmless.yml carries a harmless sentence and one like it in which the sign must be heard."""

from __future__ import annotations

from datetime import date

import pytest

from bot.nlu import understand
from bot.nlu.vocabulary import read

RULES = read("harmless")["rules"]
TODAY = date(2026, 11, 22)


def _said(text: str, name: str) -> str:
    said = {m.assertion for m in understand(text, TODAY) if m.value == name and m.kind != "if_asked"}
    return ", ".join(sorted(said)) or "none"


@pytest.mark.parametrize("rule", RULES, ids=[rule["name"] for rule in RULES])
@pytest.mark.parametrize("kind", ["example", "still"])
def test_the_sentences_of_a_rule_are_heard_as_it_says(rule: dict, kind: str) -> None:
    for name, expected in rule[kind]["heard"].items():
        assert _said(rule[kind]["say"], name) == expected


@pytest.mark.parametrize("rule", RULES, ids=[rule["name"] for rule in RULES])
def test_a_rule_names_only_symptoms_that_the_vocabulary_knows(rule: dict) -> None:
    known = {*read("symptoms"), "fall"}
    assert set(rule["findings"]) <= known
    assert set(read("harmless")["signs"]) <= known
