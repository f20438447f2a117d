"""Whether one check holds in one turn. Pure: events and slots in, a reason or None out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .case import Check, Step

Event = Mapping[str, Any]
#: The custom payload that ``verdict`` looks for, by its ``type``.
VERDICT_TYPE = "triage_result"


class NotVisible(Exception):
    """What the check needs cannot be seen from here (a slot over REST)."""


@dataclass
class Turn:
    """What one message led to. ``events`` are Rasa's, as dicts; ``slots`` after the turn, None if unseen."""

    events: list[Event]
    slots: Mapping[str, Any] | None = None
    #: positions of events that a step used up
    used: set[int] = field(default_factory=set)
    #: from here on an ordered assertion looks
    start: int = 0

    @property
    def bot(self) -> list[Event]:
        return [event for event in self.events if event["event"] == "bot"]

    def seen_slots(self) -> Mapping[str, Any]:
        if self.slots is None:
            raise NotVisible("slots")
        return self.slots

    def first(self, holds: Callable[[Event], bool], once: bool = False, ordered: bool = False) -> bool:
        """Whether an event ``holds``; ``once`` uses it up, ``ordered`` leaves only later ones."""
        for at, event in enumerate(self.events):
            passed_by = (once and at in self.used) or (ordered and at < self.start)
            if passed_by or not holds(event):
                continue
            if once:
                self.used.add(at)
            if ordered:
                self.start = at + 1
            return True
        return False


def first_failure(step: Step, turn: Turn) -> tuple[Check, str] | None:
    """The first check of ``step`` that does not hold, and why. Raises: ``NotVisible``."""
    for check in step.checks:
        why = failure(check, turn, step.ordered)
        if why:
            return check, why
    return None


def failure(check: Check, turn: Turn, ordered: bool = False) -> str | None:
    """Why ``check`` does not hold in ``turn``; None when it does. Raises: ``NotVisible``."""
    if check.kind == "never":
        found = failure(check.want, turn) is None
        return f"{plain(check.want)} must not be so, and is" if found else None
    if check.kind in ("action_executed", "expect_action", "slot_was_set", "slot_was_not_set"):
        turn.seen_slots()
    return None if _HOLDS[check.kind](check.want, turn, ordered) else f"expected {plain(check)}"


def plain(check: Check) -> str:
    """The check in words, as it stands in the file."""
    if check.kind == "never":
        return f"never {plain(check.want)}"
    return f"{check.kind.removeprefix('expect_')}: {check.want!r}"


def subset(want: Any, have: Any) -> bool:
    """Whether all of ``want`` is in ``have``: maps by key, lists by containing, a name by ``id``."""
    if isinstance(want, Mapping):
        return isinstance(have, Mapping) and all(k in have and subset(v, have[k]) for k, v in want.items())
    if isinstance(want, list):
        return isinstance(have, Sequence) and all(any(subset(v, h) for h in have) for v in want)
    if isinstance(have, Mapping):
        return bool(have.get("id") == want)
    return (type(want) is type(have) and bool(want == have)) or _same_number(want, have)


def _same_number(want: Any, have: Any) -> bool:
    numbers = all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in (want, have))
    return numbers and bool(want == have)


def _text(event: Event) -> str:
    return str(event.get("text") or "")


def _data(event: Event, key: str) -> Any:
    return (event.get("data") or {}).get(key)


def _says(event: Event, text: str) -> bool:
    return event["event"] == "bot" and _text(event).strip() == str(text).strip()


def _utters(event: Event, name: str) -> bool:
    if event["event"] != "bot":
        return False
    metadata = event.get("metadata")
    if metadata is None:
        raise NotVisible("responses")
    return bool(metadata.get("utter_action") == name)


def _uttered(want: Mapping[str, Any], event: Event) -> bool:
    if event["event"] != "bot":
        return False
    if "utter_name" in want and not _utters(event, want["utter_name"]):
        return False
    if "text_matches" in want and not re.search(want["text_matches"], _text(event)):
        return False
    return all(
        any(subset(b, have) for have in _data(event, "buttons") or []) for b in want.get("buttons") or []
    )


def _sets(want: Mapping[str, Any], event: Event) -> bool:
    is_it = event["event"] == "slot" and event["name"] == want["name"]
    return is_it and ("value" not in want or _exactly(want["value"], event["value"]))


def _exactly(want: Any, have: Any) -> bool:
    return subset(want, have) and subset(have, want)


def _runs(want: str, event: Event) -> bool:
    return event["event"] == "action" and event["name"] == want


def _form(want: Any, event: Event, action: str) -> bool:
    """Flows are forms here: started when its loop opens, ended when it closes."""
    name = want.get("flow_id") if isinstance(want, Mapping) else want
    if event["event"] != "active_loop":
        return False
    return event["name"] == name if action == "started" else event["name"] is None


def _user_event(turn: Turn) -> Mapping[str, Any]:
    users = [event for event in turn.events if event["event"] == "user"]
    if not users or turn.slots is None:
        raise NotVisible("intents")
    return users[-1]["parse_data"]


def _custom(want: Mapping[str, Any], turn: Turn) -> bool:
    return any(subset(want, _data(event, "custom") or {}) for event in turn.bot)


def _entities(want: Mapping[str, Any], turn: Turn) -> bool:
    heard = _user_event(turn)["entities"]
    return all(any(e["entity"] == k and subset(v, e["value"]) for e in heard) for k, v in want.items())


def _any(holds: Callable[..., bool], once: bool = False) -> Callable[[Any, Turn, bool], bool]:
    return lambda want, turn, ordered: turn.first(lambda event: holds(want, event), once, ordered)


def _all_text(turn: Turn) -> str:
    return "\n".join(_text(event) for event in turn.bot)


_HOLDS: dict[str, Callable[[Any, Turn, bool], bool]] = {
    "bot": _any(lambda want, event: _says(event, want), once=True),
    "utter": _any(lambda want, event: _utters(event, want), once=True),
    "slot_was_set": _any(_sets),
    "slot_was_not_set": lambda want, turn, _: not turn.first(lambda event: _sets(want, event)),
    "action_executed": _any(_runs),
    "bot_uttered": _any(_uttered),
    "bot_did_not_utter": lambda want, turn, _: not turn.first(lambda event: _uttered(want, event)),
    "flow_started": _any(lambda want, event: _form(want, event, "started")),
    "flow_completed": _any(lambda want, event: _form(want, event, "ended")),
    "flow_cancelled": _any(lambda want, event: _form(want, event, "ended")),
    "expect_intent": lambda want, turn, _: _user_event(turn)["intent"]["name"] == want,
    "expect_entities": lambda want, turn, _: _entities(want, turn),
    "expect_slots": lambda want, turn, _: subset(want, turn.seen_slots()),
    "expect_custom": lambda want, turn, _: _custom(want, turn),
    "expect_verdict": lambda want, turn, _: _custom({"type": VERDICT_TYPE, **want}, turn),
    "expect_text_matches": lambda want, turn, _: re.search(want, _all_text(turn)) is not None,
    "expect_utter": lambda want, turn, _: turn.first(lambda event: _utters(event, want)),
    "expect_action": lambda want, turn, _: turn.first(lambda event: _runs(want, event)),
}
