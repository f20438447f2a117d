"""domain.yml, the questions and the actions say the same thing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from bot.clinical.knowledge_base import knowledge

ROOT = Path(__file__).resolve().parents[2]
DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
RULES = [
    rule
    for path in sorted((ROOT / "data" / "rules").glob("*.yml"))
    for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]
]
SOURCES = "\n".join(
    path.read_text(encoding="utf-8")
    for folder in ("actions", "bot", "data/rules")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in (".py", ".yml")
)
#: Responses whose names are made: by the form from a slot, by an action from the code of a language.
MADE_NAMES = ("utter_ask_", "utter_other_language_")


def lead_facts() -> list[str]:
    return [question.fact for question in knowledge().questions.values()]


@pytest.mark.parametrize("fact", lead_facts())
def test_every_question_has_a_slot_and_an_ask_action_of_its_fact(fact):
    assert fact in DOMAIN["slots"]
    assert f"action_ask_{fact}" in DOMAIN["actions"]


def test_no_two_questions_ask_for_the_same_lead_fact():
    assert len(set(lead_facts())) == len(lead_facts())


def test_every_ask_action_of_the_domain_has_a_question_or_is_of_the_dialogue():
    asked = {name.removeprefix("action_ask_") for name in DOMAIN["actions"] if name.startswith("action_ask_")}
    assert asked - set(lead_facts()) == {"consent", "story", "conflict", "change", "ledger_confirmed"}


def test_every_action_of_the_domain_is_implemented():
    from rasa_sdk.executor import ActionExecutor

    import actions

    executor = ActionExecutor()
    executor.register_package(actions)
    assert set(DOMAIN["actions"]) <= set(executor.actions)


@pytest.mark.parametrize("response", sorted(DOMAIN["responses"]))
def test_every_response_is_used_somewhere(response):
    assert re.search(rf"\b{response}\b", SOURCES) or response.startswith(MADE_NAMES)


@pytest.mark.parametrize("slot", sorted(DOMAIN["slots"]))
def test_no_slot_fills_itself_greedily(slot):
    for mapping in DOMAIN["slots"][slot]["mappings"]:
        assert mapping["type"] == "custom" or mapping.get("conditions")


def test_every_language_that_is_known_has_its_response():
    from bot.nlu.vocabulary import read

    data = read("languages")
    known = {f"utter_other_language_{code}" for code in (*data["common"], *data["scripts"], *data["letters"])}
    assert known == {name for name in DOMAIN["responses"] if name.startswith("utter_other_language_")}


def intents_of(step) -> list[str]:
    if "or" in step:
        return [intent for choice in step["or"] for intent in intents_of(choice)]
    return [step["intent"]] if "intent" in step else []


@pytest.mark.parametrize("intent", sorted(DOMAIN["intents"]))
def test_every_intent_is_answered_by_a_rule(intent):
    assert any(intent in intents_of(step) for rule in RULES for step in rule["steps"])


def test_the_form_takes_exactly_the_intents_that_begin_it():
    from actions.interview import ANSWERS

    begin = next(rule for rule in RULES if rule["rule"].startswith("Begin the interview"))
    assert {intent for step in begin["steps"] for intent in intents_of(step)} == ANSWERS - {""}
