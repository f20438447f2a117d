"""One turn at any door: the message goes in, and something always comes out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from weakref import WeakValueDictionary

import structlog
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.records.conversations import CONSENT_WAS_DECLINED
from bot.records.tracker_store import FORGET_SLOT

logger = structlog.get_logger()

TOO_LONG = "utter_too_long"
FAILED = "utter_action_failed"
FORGOTTEN = "utter_forgotten"
CONSENT_DECLINED = "utter_consent_declined"
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


class Collecting(WholeMessages):
    """Keeps the bot messages of one turn, for a channel that sends them when the turn is stored."""

    def __init__(self, channel: str) -> None:
        super().__init__()
        self._channel = channel
        self.messages: list[dict[str, Any]] = []

    def name(self) -> str:
        """The name that responses with a channel of their own go by."""
        return self._channel

    async def deliver(self, recipient_id: str, content: dict[str, Any]) -> None:
        """Keep one message."""
        self.messages.append(content)


_locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()


def one_at_a_time(conversation: str) -> asyncio.Lock:
    """The lock under which the turns of a conversation run, in the order in which they asked for it.

    Rasa has a lock too, but who waits there looks once a second and in no order.
    """
    return _locks.setdefault(conversation, asyncio.Lock())


async def run_turn(
    agent: Agent, handle: Handler, message: UserMessage, was_cut: bool, may_be_silent: bool = False
) -> None:
    """Let the assistant answer ``message`` through its output channel, which is a ``WholeMessages``.

    Never silent: if the turn fails, or says nothing, the person reads ``utter_action_failed``. An
    error is logged by its place and type, without the text. Turns of one conversation wait for each other.
    What no person said ``may_be_silent``.
    """
    output = message.output_channel
    channel = output.name()
    async with one_at_a_time(message.sender_id):
        if was_cut:
            await output.send_response(
                message.sender_id, await reply(agent, TOO_LONG, message.sender_id, channel)
            )
        sent_before = output.sent
        error = await _failure(handle(message))
        if error is not None:
            logger.error("turn.failed", exc_info=error)
        if output.sent == sent_before and not (may_be_silent and error is None):
            await output.send_response(
                message.sender_id, await reply(agent, FAILED, message.sender_id, channel)
            )


async def _failure(work: Awaitable[Any]) -> BaseException | None:
    task = asyncio.ensure_future(work)
    await asyncio.wait({task})
    return asyncio.CancelledError() if task.cancelled() else task.exception()


async def reply(agent: Agent, response: str, conversation: str, channel: str, **words: str) -> dict[str, Any]:
    """A response of the domain, filled with this conversation's slots; or, if unreadable, defaults."""
    reading = agent.tracker_store.retrieve(conversation)
    outcome = await asyncio.gather(reading, return_exceptions=True)
    tracker: Any = outcome[0]
    if not isinstance(tracker, DialogueStateTracker):
        tracker = DialogueStateTracker(conversation, agent.domain.slots)
    return await agent.nlg.generate(response, tracker, channel, **words) or {}


async def past_turn(agent: Agent, message: UserMessage) -> list[dict[str, Any]] | None:
    """What was said to ``message`` if its turn is in the tracker already, else None.

    A turn that erased the conversation left nothing but the number of its receipt, or that consent
    was declined.
    """
    tracker = await agent.tracker_store.retrieve_full_tracker(message.sender_id)
    events = list(tracker.events) if tracker else []
    asked = [place for place, event in enumerate(events) if isinstance(event, UserUttered)]
    for place in asked:
        if events[place].message_id == message.message_id:
            return _said(events[place + 1 :])
    receipt = tracker.get_slot(FORGET_SLOT) if tracker and not asked else None
    if receipt is None:
        return None
    last_words = CONSENT_DECLINED if receipt == CONSENT_WAS_DECLINED else FORGOTTEN
    channel = message.output_channel.name()
    return [await reply(agent, last_words, message.sender_id, channel, receipt=receipt)]


def _said(events: list[Event]) -> list[dict[str, Any]]:
    """The bot messages until the person speaks again."""
    said = []
    for event in events:
        if isinstance(event, UserUttered):
            break
        if isinstance(event, BotUttered):
            said.append(event.message())
    return said
