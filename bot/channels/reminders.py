"""Reminders whose time has come, handed to the inbox of their channel as the service's own events.

So they are said in order with what the person writes, once, and until they have arrived.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from bot.channels.mailbox import Event
from bot.records.paths import records_path
from bot.records.reminders import Reminder, Reminders

#: Seconds between two looks at what is due.
EVERY = 30.0


def payload(reminder: Reminder) -> str:
    """What the service says to the assistant for a reminder."""
    return f'/remind{{"reminder": "{reminder.id}"}}'


def reminder_event(reminder: Reminder, channel: str, to: dict[str, Any]) -> Event:
    """The event of a reminder; its id is the reminder's, so that it is taken once."""
    return Event(
        channel,
        f"reminder-{reminder.id}",
        reminder.conversation_id,
        order=0,
        to=to,
        text=payload(reminder),
        internal=True,
    )


def due_in(conversation: str) -> list[Reminder]:
    """What is to be said in one conversation by now."""
    reminders = Reminders(records_path())
    try:
        return reminders.due(datetime.now(timezone.utc), conversation)
    finally:
        reminders.close()


async def hand_over(
    channel: str, address: Callable[[str], dict[str, Any]], receive: Callable[[Event], bool]
) -> None:
    """Give every reminder of ``channel`` to ``receive`` from its time on, for as long as the server runs."""
    reminders = Reminders(records_path())
    try:
        while True:
            for due in reminders.due(datetime.now(timezone.utc)):
                if due.conversation_id.startswith(f"{channel}-"):
                    receive(reminder_event(due, channel, address(due.conversation_id)))
            await asyncio.sleep(EVERY)
    finally:
        reminders.close()
