"""What of a domain no scenario reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

if TYPE_CHECKING:
    from rasa.shared.core.domain import Domain

Runs = Sequence[Sequence[Mapping[str, Any]]]
_ASKING = ("utter_ask_", "action_ask_")


def uncovered(domain: Domain, runs: Iterable[Sequence[Mapping[str, Any]]]) -> dict[str, list[str]]:
    """Responses, custom actions, intents and questions of ``domain`` that no event of ``runs`` shows.

    Response names come from the events' ``utter_action``. A question is a slot that a form can ask for
    (``required_slots``, ``utter_ask_*``, ``action_ask_*``); it was asked when ``requested_slot`` named it.
    Rasa leaves no event of the actions that ask and validate, so these are not listed as actions.
    """
    events = [event for run in runs for event in run]
    said = {(event.get("metadata") or {}).get("utter_action") for event in events}
    ran = {event["name"] for event in events if event["event"] == "action"}
    intents = {event["parse_data"]["intent"]["name"] for event in events if event["event"] == "user"}
    asked = {e["value"] for e in events if e["event"] == "slot" and e["name"] == "requested_slot"}
    actions, silent = set(domain.user_actions), ("action_ask_", "validate_")
    questions = {name.split("_ask_", 1)[1] for name in actions if name.startswith(_ASKING)}
    wanted = {slot for form in domain.forms.values() for slot in form.get("required_slots", [])}
    wanted |= questions & {slot.name for slot in domain.slots}
    return {
        "responses": sorted(set(domain.responses) - said),
        "actions": sorted(a for a in actions - set(domain.responses) - ran if not a.startswith(silent)),
        "intents": sorted(set(domain.intents) - intents),
        "questions": sorted(wanted - asked),
    }


def rules_not_reached(folder: Path, runs: Runs) -> list[str]:
    """Names of the rules in the YAML files of ``folder`` that no run followed.

    A rule was followed when a message of one of its intents met its condition (a form open or none) and
    its first action came next; a rule without an intent when its actions ran one after the other.
    """
    moments = [moment for run in runs for moment in _moments(run)]
    return [rule["rule"] for rule in _rules(folder) if not any(_follows(rule, *moment) for moment in moments)]


def _rules(folder: Path) -> Iterator[Mapping[str, Any]]:
    for file in sorted(folder.rglob("*.yml")):
        yield from YAML(typ="safe").load(file.read_text(encoding="utf-8")).get("rules") or []


def _moments(run: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str | None, list[str]]]:
    """For each message: its intent, the form that was open, the actions and responses that came of it."""
    form: str | None = None
    intent, actions, was_open = "", list[str](), form
    for event in run:
        if event["event"] == "user":
            yield intent, was_open, actions
            intent, actions, was_open = event["parse_data"]["intent"]["name"], [], form
        elif event["event"] == "active_loop":
            form = event["name"]
        elif event["event"] == "action":
            actions.append(event["name"])
    yield intent, was_open, actions


def _follows(rule: Mapping[str, Any], intent: str, form: str | None, actions: Sequence[str]) -> bool:
    intents = {name for step in rule["steps"] for name in _intents(step)}
    wanted = [step["action"] for step in rule["steps"] if "action" in step]
    if intents and intent not in intents:
        return False
    in_form = any("active_loop" in condition for condition in rule.get("condition") or [])
    return (form is not None or not in_form) and set(wanted) <= {*actions, "action_listen"}


def _intents(step: Mapping[str, Any]) -> Iterator[str]:
    if "intent" in step:
        yield step["intent"]
    for choice in step.get("or") or []:
        yield from _intents(choice)
