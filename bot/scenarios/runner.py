"""Runs a case: says its messages, checks each turn, and keeps what was said for the report."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from .case import Case, Check, Step
from .checks import NotVisible, Turn, failure, first_failure, plain


class Talk(Protocol):
    """A conversation with an assistant, wherever it runs."""

    async def start(self, slots: Mapping[str, Any]) -> Turn: ...

    async def say(self, text: str, metadata: Mapping[str, Any] | None = None) -> Turn: ...


@dataclass
class Result:
    """What came of a case. ``status``: passed, failed, unsupported or not_checkable (from where it ran)."""

    case: Case
    status: str = "passed"
    line: int = 0
    why: str = ""
    diff: list[str] = field(default_factory=list)
    transcript: list[str] = field(default_factory=list)
    events: list[Mapping[str, Any]] = field(default_factory=list)

    def report(self) -> str:
        """The place, the reason, the turn as expected (-) and as it was (+), the conversation until then."""
        where = f"{self.case.file}:{self.line or self.case.line}"
        return "\n".join([f"{where}: {self.case.name}: {self.why}", *self.diff, *self.transcript])


async def run_case(case: Case, talk: Talk) -> Result:
    """Run ``case`` until its end or its first failure."""
    result = Result(case)
    if case.unsupported:
        check = case.unsupported[0]
        return _ended(result, "unsupported", check.line, f"{check.kind} has no meaning in Rasa Open Source")
    try:
        with _clock(case.now):
            await _steps(case, talk, result)
    except NotVisible as hidden:
        return _ended(
            result, "not_checkable", result.line, f"{hidden} cannot be seen or set over this connection"
        )
    return result


def _ended(result: Result, status: str, line: int, why: str) -> Result:
    result.status, result.line, result.why = status, line, why
    return result


def _clock(now: str | None) -> AbstractContextManager[Any]:
    """The frozen clock; time-machine is only needed by cases that ask for it."""
    if now is None:
        return nullcontext()
    import time_machine

    return time_machine.travel(datetime.fromisoformat(now.replace("Z", "+00:00")), tick=True)


async def _steps(case: Case, talk: Talk, result: Result) -> None:
    turn = await talk.start(case.slots)
    for step in case.steps:
        result.line = step.line
        if step.user is not None:
            turn = await _said(step, talk, turn, result)
        else:
            _keep(result, turn)
        failed = _missed(step, turn) or first_failure(step, turn)
        if failed:
            check, why = failed
            result.diff = _diff(step, turn)
            _ended(result, "failed", check.line, why)
            return
    result.line = 0


def _diff(step: Step, turn: Turn) -> list[str]:
    """What the step expects, ``-`` where it did not hold, then with ``+`` what the bot said in the turn."""
    fresh = Turn(turn.events, turn.slots)
    marks = [("-" if failure(check, fresh, step.ordered) else " ", plain(check)) for check in step.checks]
    said = [("+", f"bot: {_line(event)}") for event in turn.bot] or [("+", "(nothing was said)")]
    return [f"  {mark} {text}" for mark, text in (*marks, *said)]


def _line(event: Mapping[str, Any]) -> str:
    name = (event.get("metadata") or {}).get("utter_action")
    text = " ".join(str(event.get("text") or "(no text)").split())
    return text + (f"  [{name}]" if name else "")


def _missed(step: Step, turn: Turn) -> tuple[Check, str] | None:
    """What ``until`` waited for in vain."""
    for check in step.until:
        why = failure(check, turn)
        if why:
            return check, f"{why} within {step.at_most} messages"
    return None


async def _said(step: Step, talk: Talk, before: Turn, result: Result) -> Turn:
    turn = before
    for _ in range(step.at_most if step.until else 1):
        text = _answer(step, turn)
        result.transcript.append(f"  user: {text}")
        turn = await talk.say(text, step.metadata)
        _keep(result, turn)
        if not _missed(step, turn):
            break
    return turn


def _answer(step: Step, turn: Turn) -> str:
    if not step.answers:
        return str(step.user)
    asked = turn.seen_slots().get("requested_slot")
    return step.answers.get(str(asked), str(step.user))


def _keep(result: Result, turn: Turn) -> None:
    result.events += turn.events
    for event in turn.bot:
        result.transcript.append(f"   bot: {_line(event)}")
