"""A mention: one fact heard in one message, before it is taken into the case facts.

``bot.nlu`` makes mentions, Rasa carries them as entities, ``actions`` merges them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .facts import PRESENT

#: kind -> what ``value`` holds
KINDS = {
    "symptom": "name from the vocabulary",
    "risk_factor": "name from the vocabulary",
    "event": "event type",
    "body_site": "site with its side, for example 'left hip', 'both knees', 'thigh'",
    "side": "left, right or both, said alone",
    "weeks_since_event": "weeks between the event and today",
    "symptom_weeks": "weeks that the symptoms have lasted; not the event's time",
    "age": "years",
    "sex": "male or female",
    "about": "self, or who: partner, parent, child, sibling, relative, patient",
    "course": "better, worse or steady",
    "answer": "yes, no, none or unknown: a short answer that opens or closes a longer message",
    "if_asked": "a finding, or fact=value, that the words mean only where it was asked about ('icy', 'C5')",
    "if_placed": "place=event: the event that the words mean where that place was told ('replaced')",
    "choice": "an option by its place: '1', '2', '3', '4', 'last', 'both' or 'all'",
    "number": "a number said alone, with no unit",
    "not_understood": "the words that were not followed",
    "self_harm": "yes: words of suicide, self-harm or despair stand in the message",
    "agreement": "yes: polite, or willing to go on ('ok thanks'), which is no yes to a sign",
    "change": "fact whose answer is to be put right ('change the date'), or nothing: leave it as it was",
    "supposed": "'<kind>:<value>' of what is only supposed ('what if I had a fever?')",
    "line": "number of a line of the ledger that is to be put right ('change line 3')",
    "command": "the intent that the message is to the letter ('start again')",
    "language": "code of the language that the message is in, where it is not English",
}


@dataclass(frozen=True)
class Mention:
    """One thing heard.

    ``assertion`` is present, absent or unknown. What is merely hypothetical, conditional, about
    somebody else, or long gone is no mention of the case and is not made at all, save
    ``historical`` ones that the dialogue may show ("you used to ...").
    ``start``/``end`` are character offsets in the message; ``correction`` is true when the words
    take back something said before ("actually", "I meant", "not 6 weeks, 3 months").
    """

    kind: str
    value: str | float
    assertion: str = PRESENT
    text: str = ""
    start: int = 0
    end: int = 0
    correction: bool = False

    def to_entity(self) -> dict[str, Any]:
        """As a Rasa entity: the assertion travels as the entity's role."""
        return {
            "entity": self.kind,
            "value": self.value,
            "role": self.assertion,
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "correction": self.correction,
            "extractor": "MentionExtractor",
        }

    @classmethod
    def from_entity(cls, entity: Mapping[str, Any]) -> Mention:
        return cls(
            kind=entity["entity"],
            value=entity["value"],
            assertion=entity.get("role") or PRESENT,
            text=entity.get("text", ""),
            start=entity.get("start", 0),
            end=entity.get("end", 0),
            correction=bool(entity.get("correction")),
        )
