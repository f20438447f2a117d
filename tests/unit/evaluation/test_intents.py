"""Intents measured on labelled messages."""

from __future__ import annotations

import json

import pytest

from bot.evaluation.cases import InputError
from bot.evaluation.intents import evaluate_intents, read_intents

LINES = [
    json.dumps({"text": text, "intent": intent}) for text, intent in [("hi", "greet"), ("bye", "goodbye")]
]


def test_accuracy_is_the_share_that_is_given_its_intent() -> None:
    report = evaluate_intents(read_intents(LINES, "x"), lambda text: "greet")
    assert (report["accuracy"]["value"], report["by_intent"]["goodbye"]["value"]) == (0.5, 0.0)


def test_a_message_that_was_not_followed_is_counted_as_fallback() -> None:
    report = evaluate_intents(read_intents(LINES, "x"), lambda text: "nlu_fallback")
    assert report["fallback"]["value"] == 1.0


def test_a_line_without_an_intent_is_refused_with_its_number() -> None:
    with pytest.raises(InputError, match="line 1, intent"):
        read_intents(['{"text": "hi"}'], "x")
