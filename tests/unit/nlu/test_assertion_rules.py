"""Every rule of assertion.yml carries an example sentence; each must hold."""

from __future__ import annotations

from datetime import date

import pytest

from bot.nlu import understand
from bot.nlu.vocabulary import read

RULES = read("assertion")["rules"]
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("rule", RULES, ids=[rule["name"] for rule in RULES])
def test_the_example_of_a_rule_is_heard_as_it_says(rule: dict) -> None:
    mentions = understand(rule["example"]["say"], TODAY)
    for name, expected in rule["example"]["heard"].items():
        heard = {m.assertion for m in mentions if m.value == name and m.kind != "if_asked"}
        assert heard == (set() if expected == "none" else {expected}), name


@pytest.mark.parametrize("rule", RULES, ids=[rule["name"] for rule in RULES])
def test_a_rule_says_and_reaches_only_what_is_known(rule: dict) -> None:
    assert rule["says"] in {"absent", "unknown", "none", "neutral"}
    assert rule["reach"] in {"after", "before", "both", "around", "list"}
    assert rule.get("needs", "answer") in {
        "answer",
        "question",
        "bystander",
        "end",
        "no body part",
        "not affirmed",
    }
