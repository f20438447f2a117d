"""What of a domain no scenario reached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rasa.shared.core.domain import Domain

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
