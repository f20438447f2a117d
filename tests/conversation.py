"""A person in a chat with the real assistant: the trained model, the real actions, real stores."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage


@dataclass
class Chat:
    """One conversation. ``say`` sends a message and gives back the bot's messages of that turn."""

    agent: Any
    sender: str = field(default_factory=lambda: uuid.uuid4().hex)
    channel: str | None = None

    async def say(self, text: str) -> list[dict[str, Any]]:
        output = CollectingOutputChannel()
        await self.agent.handle_message(UserMessage(text, output, self.sender, input_channel=self.channel))
        return list(output.messages)

    async def slot(self, name: str) -> Any:
        return (await self.agent.tracker_store.retrieve(self.sender)).get_slot(name)

    async def facts(self) -> dict[str, Any]:
        return await self.slot("facts") or {}

    async def until_verdict(self, *messages: str, otherwise: str = "I don't know") -> dict[str, Any]:
        """Say ``messages``, then ``otherwise`` to every question; gives back the verdict."""
        for turn in range(40):
            replies = await self.say(messages[turn] if turn < len(messages) else otherwise)
            found = verdict_in(replies)
            if found:
                return found
        raise AssertionError("no verdict within 40 turns")


@lru_cache(maxsize=1)
def assistant() -> Any:
    """The assistant as `python -m bot serve` runs it, without a server; loaded once a process."""
    from bot.server import load_agent
    from bot.training import train

    return load_agent(train())


def texts(messages: list[dict[str, Any]]) -> str:
    """All that the bot said in one turn."""
    return "\n".join(message.get("text", "") for message in messages)


def buttons(messages: list[dict[str, Any]]) -> list[str]:
    return [button["title"] for message in messages for button in message.get("buttons", [])]


def verdict_in(messages: list[dict[str, Any]]) -> dict[str, Any] | None:
    customs = (message.get("custom") or {} for message in messages)
    return next((custom for custom in customs if custom.get("type") == "triage_result"), None)
