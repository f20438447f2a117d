"""A small real assistant: one form, rules that interrupt it, keyword intents, no custom actions."""

from __future__ import annotations

from pathlib import Path

from rasa.core.agent import Agent
from rasa.core.tracker_store import TrackerStore
from rasa.model_training import train

CONFIG = """
recipe: default.v1
assistant_id: small
language: en
pipeline:
- name: KeywordIntentClassifier
policies:
- name: RulePolicy
  enable_fallback_prediction: false
"""

DOMAIN = """
version: "3.1"
intents: [greet, begin, inform, why]
entities: []
slots:
  place:
    type: text
    mappings:
    - {type: from_text, intent: inform, conditions: [{active_loop: asking, requested_slot: place}]}
  pain:
    type: text
    influence_conversation: false
    mappings:
    - {type: from_text, intent: inform, conditions: [{active_loop: asking, requested_slot: pain}]}
  done:
    type: bool
    initial_value: false
    mappings: [{type: custom}]
  forget_requested:
    type: any
    mappings: [{type: custom}]
forms:
  asking:
    required_slots: [place, pain]
responses:
  utter_greet: [{text: Hello}]
  utter_hello_again: [{text: Hello again}]
  utter_why: [{text: Because}]
  utter_ask_place: [{text: "Where?"}]
  utter_ask_pain: [{text: "How bad?"}]
  utter_done: [{text: "Kept {place} and {pain}"}]
actions: []
session_config:
  session_expiration_time: 0
  carry_over_slots_to_new_session: true
"""

DATA = """
version: "3.1"
nlu:
- intent: greet
  examples: |
    - hello
- intent: begin
  examples: |
    - begin
- intent: inform
  examples: |
    - tell
- intent: why
  examples: |
    - why
rules:
- rule: first greeting
  conversation_start: true
  steps:
  - intent: greet
  - action: utter_greet
- rule: a later greeting
  condition:
  - slot_was_set: [{done: true}]
  steps:
  - intent: greet
  - action: utter_hello_again
- rule: begin the form
  steps:
  - intent: begin
  - action: asking
  - active_loop: asking
- rule: end the form
  condition:
  - active_loop: asking
  steps:
  - action: asking
  - active_loop: null
  - slot_was_set: [{requested_slot: null}]
  - action: utter_done
  - action: action_listen
- rule: why, anywhere
  steps:
  - intent: why
  - action: utter_why
"""


def train_small(folder: Path) -> str:
    """Train the assistant in ``folder``; returns the model's path."""
    for name, text in (("config.yml", CONFIG), ("domain.yml", DOMAIN), ("data.yml", DATA)):
        (folder / name).write_text(text)
    files = (str(folder / "domain.yml"), str(folder / "config.yml"), [str(folder / "data.yml")])
    return str(train(*files, output=str(folder / "models")).model)


def load_agent(model: str, store: TrackerStore) -> Agent:
    """A real agent that keeps its conversations in ``store``."""
    agent = Agent(tracker_store=store)
    agent.load_model(model)
    return agent
