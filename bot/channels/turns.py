"""One turn at any door: the message goes in, and something always comes out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.shared.core.trackers import DialogueStateTracker

logger = structlog.get_logger()

TOO_LONG = "utter_too_long"
FAILED = "utter_action_failed"
_PARTS = ("text", "buttons", "image", "attachment", "elements", "custom")

Handler = Callable[[UserMessage], Awaitable[Any]]


def parts(message: Mapping[str, Any]) -> dict[str, Any]:
    """What of a bot message travels: its parts that are not empty, quick replies as buttons."""
    found = {key: message[key] for key in _PARTS if message.get(key)}
    if message.get("quick_replies"):
        found["buttons"] = message["quick_replies"]
    return found


class WholeMessages(OutputChannel):
    """An output that sends one bot message as one: text, buttons and ``custom`` stay together."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = 0

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Send a bot message; one without any content is left out."""
        content = parts(message)
        if content:
            self.sent += 1
            await self.deliver(recipient_id, content)

    async def deliver(self, recipient_id: str, content: dict[str, Any]) -> None:
        """Send the parts of one message to one person."""
        raise NotImplementedError


async def run_turn(agent: Agent, handle: Handler, message: UserMessage, was_cut: bool) -> None:
    """Let the assistant answer ``message`` through its output channel, which is a ``WholeMessages``.

    Never silent: if the turn fails, or says nothing, the person reads ``utter_action_failed``. An
    error is logged by its place and type, without the text.
    """
    output = message.output_channel
    if was_cut:
        await output.send_response(message.sender_id, await _reply(agent, TOO_LONG, message))
    sent_before = output.sent
    error = await _failure(handle(message))
    if error is not None:
        logger.error("turn.failed", exc_info=error)
    if output.sent == sent_before:
        await output.send_response(message.sender_id, await _reply(agent, FAILED, message))


async def _failure(work: Awaitable[Any]) -> BaseException | None:
    task = asyncio.ensure_future(work)
    await asyncio.wait({task})
    return asyncio.CancelledError() if task.cancelled() else task.exception()


async def _reply(agent: Agent, response: str, message: UserMessage) -> dict[str, Any]:
    """A response of the domain, filled with this conversation's slots; or, if unreadable, defaults."""
    reading = agent.tracker_store.retrieve(message.sender_id)
    outcome = await asyncio.gather(reading, return_exceptions=True)
    tracker: Any = outcome[0]
    if not isinstance(tracker, DialogueStateTracker):
        tracker = DialogueStateTracker(message.sender_id, agent.domain.slots)
    return await agent.nlg.generate(response, tracker, message.output_channel.name()) or {}
