"""Actions that answer, fail, hang, refuse and keep silent."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection

VERDICT = {
    "type": "triage_result",
    "urgency": "emergency",
    "risk_band": "low",
    "advice": "Call now and do not drive.",
    "emergency_number": "112",
    "reasons": [{"fact": "chest_pain", "sentence": "You have chest pain."}],
    "imaging": [
        {"modality": "CT scan", "site": "chest", "when": "Now", "ask_for": "Ask for it in the hospital"}
    ],
    "safety_net": {"uncertainty": "I cannot see you.", "look_for": ["More pain"]},
    "what_would_change": [{"sentence": "Without chest pain: see a doctor today."}],
}


def say(name: str, **message: Any) -> type[Action]:
    """An action that sends one message."""

    def run(
        self: Action, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Any]:
        dispatcher.utter_message(**message)
        return []

    return type(name, (Action,), {"name": lambda self: name, "run": run})


Verdict = say("action_verdict", text="Call 112 now.", json_message=VERDICT)
NUMBERS = "your emergency number (112, 911 or 999)"
WordedVerdict = say("action_worded_verdict", json_message={**VERDICT, "emergency_number": NUMBERS})
ADVICE = {
    "type": "triage_result",
    "urgency": "within_2_weeks",
    "risk_band": "moderate",
    "score": 5,
    "advice": "See a doctor within two weeks.",
    "who_to_see": "Your surgeon.",
    "band_sentence": "Only a scan can tell.",
    "reasons": [
        {"fact": "soon", "sentence": "A stiff new joint should be seen soon.", "effect": "within_2_weeks"},
        {"fact": "thr", "sentence": "A hip was replaced.", "points": 4, "sources": ["S1"]},
        {"fact": "stiffness", "sentence": "It is stiff.", "points": 2, "sources": ["S2"]},
        {"fact": "weeks_since_event", "sentence": "It is early.", "points": -1, "sources": []},
    ],
    "imaging": [{"ask_for": "Ask for an X-ray.", "when": "It shows bone by now.", "sources": ["S1"]}],
    "safety_net": {
        "uncertainty": "I cannot see you.",
        "look_for": "Fever.",
        "get_help": "Ring.",
        "how_long": "Soon.",
    },
    "what_would_change": [{"sentence": "Without stiffness: a routine visit."}],
    "timeline": {
        "weeks": 6.0,
        "begins": [2, 17],
        "latest": 52,
        "xray": 4,
        "again": [9.0, 10.0],
        "begins_sentence": "Most starts early.",
        "xray_sentence": "It shows later.",
        "again_sentence": "Then look again.",
        "sources": ["S1"],
    },
    "sources": [
        {"id": "S1", "title": "A study", "url": "https://study.example/1"},
        {"id": "S2", "title": "A book", "url": ""},
    ],
    "facts": {"event_type": "thr"},
}
Advice = say("action_advice", text="See a doctor.", json_message=ADVICE)
Place = say(
    "action_place",
    text="Where is it?",
    buttons=[{"title": "Hip", "payload": "hip"}, {"title": "Not sure", "payload": "not sure"}],
    json_message={"type": "question", "fact": "body_site", "section": [2, 4]},
)
HEARD = {
    "age": ("Age", "44"),
    "swelling": ("Swelling", "yes"),
    "fever": ("Fever", "no"),
    "chills": ("Chills", "no"),
}
Ledger = say(
    "action_ledger",
    text="- Age: 44",
    buttons=[{"title": "Yes, it is right", "payload": "yes"}],
    json_message={
        "type": "ledger",
        "items": [
            {"fact": fact, "label": label, "value": value, "payload": f'/answer{{"option": "change:{fact}"}}'}
            for fact, (label, value) in HEARD.items()
        ],
    },
)
LETTER = "# A summary\nDate: today\n\n## History\n- Hip replacement\n" + "- more\n" * 80
Letter = say("action_letter", text=LETTER, json_message={"type": "doctor_letter", "markdown": LETTER})
Several = say(
    "action_several",
    text="Which of these?",
    buttons=[
        {"title": "Swelling", "payload": "swelling"},
        {"title": "Redness", "payload": "redness"},
        {"title": "None of these", "payload": "none of these"},
    ],
    json_message={"type": "question", "several": True, "options": ["Swelling", "Redness", "None of these"]},
)


class Echo(Action):
    def name(self) -> str:
        return "action_echo"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Any]:
        dispatcher.utter_message(text=f"You said: {tracker.latest_message['text']}")
        return []


class Crash(Action):
    def name(self) -> str:
        return "action_crash"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Any]:
        raise ValueError(f"cannot read {tracker.latest_message['text']}")


class Hang(Action):
    def name(self) -> str:
        return "action_hang"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Any]:
        await asyncio.sleep(30)
        return []


class Block(Action):
    def name(self) -> str:
        return "action_block"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Any]:
        time.sleep(3)
        return []


class Refuse(Action):
    def name(self) -> str:
        return "action_refuse"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Any]:
        raise ActionExecutionRejection(self.name(), "not now")


class Silence(Action):
    def name(self) -> str:
        return "action_silence"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Any]:
        return []
