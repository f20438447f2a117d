"""Conversations set down at any point of the interview, as the tracker would stand there."""

from __future__ import annotations

from typing import Any

from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)

from bot.clinical.facts import Facts
from tests.conversation import Chat

FORM = "triage_form"
#: A case that is no emergency: an operated elbow that got stiff.
STIFF_ELBOW: dict[str, Any] = {
    "event_type": "elbow_fracture_surgery",
    "body_site": "left elbow",
    "weeks_since_event": 6,
    "age": 40,
    "symptoms_present": ["stiffness"],
}


def without(facts: dict[str, Any], fact: str) -> dict[str, Any]:
    return {key: value for key, value in facts.items() if key != fact}


async def at_question(agent: Any, fact: str, facts: dict[str, Any] | None = None, asked: int = 1) -> Chat:
    """A chat whose open question is ``fact``, asked ``asked`` times, in the stiff elbow's case.

    The consent is "not sure", which keeps no record: the records have tests of their own.
    """
    progress = {"introduced": True, "consent": "unsure", "asked": {"story": 1, fact: asked}, "order": [fact]}
    if fact == "consent":
        progress = {"introduced": True}
    known = Facts.from_json(without(STIFF_ELBOW if facts is None else facts, fact)).to_json()
    slots = {"facts": known, "progress": progress, "requested_slot": fact}
    return await standing(agent, slots, [ActiveLoop(FORM)])


async def after_verdict(agent: Any, facts: dict[str, Any] | None = None) -> Chat:
    """A chat that has been given its verdict."""
    progress = {"introduced": True, "consent": "unsure", "asked": {"story": 1, "ledger_confirmed": 1}}
    known = Facts.from_json(facts or STIFF_ELBOW).to_json()
    slots = {"facts": known, "progress": progress, "interview": "complete"}
    return await standing(agent, slots, [])


async def standing(agent: Any, slots: dict[str, Any], loop: list[Event], channel: str | None = None) -> Chat:
    """A chat on ``channel`` with these slots set and this form active."""
    chat = Chat(agent, channel=channel)
    tracker = await agent.tracker_store.get_or_create_tracker(chat.sender)
    told = [UserUttered("hello", {"name": "greet", "confidence": 1.0}), ActionExecuted(FORM), *loop]
    started = [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]
    kept = [SlotSet(name, value) for name, value in slots.items()]
    for event in [*started, *told, *kept, ActionExecuted("action_listen")]:
        tracker.update(event, agent.domain)
    await agent.tracker_store.save(tracker)
    return chat
