"""Events become turns: in each conversation one at a time, in the platform's order, each exactly once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog

from bot.channels.mailbox import Event, Mailbox

logger = structlog.get_logger()

#: Seconds that an event waits for one that was sent before it and comes after it.
REORDERING_WINDOW = 0.25
#: Conversations that are answered at the same time; the others wait for their turn.
AT_ONCE = 16

Answer = Callable[[Event, bool], Awaitable[None]]


class Inbox:
    """Hands the recorded events of one channel to ``answer``, which marks them answered in the mailbox.

    ``answer`` is told whether the event may have been run before, by a process that was killed.
    """

    def __init__(self, mailbox: Mailbox, channel: str, answer: Answer) -> None:
        self._mailbox, self._channel, self._answer = mailbox, channel, answer
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._answering: set[str] = set()
        #: Events that may have been run without being marked so.
        self._maybe_run = {event_id for ids in mailbox.unanswered(channel).values() for event_id in ids}
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._stopping = False

    def start(self) -> None:
        """Take up what an earlier process has left."""
        for conversation in self._mailbox.unanswered(self._channel):
            self.wake(conversation)

    def wake(self, conversation: str) -> None:
        """There is a new event in this conversation."""
        if conversation not in self._workers and not self._stopping:
            worker = asyncio.ensure_future(self._work(conversation))
            self._workers[conversation] = worker
            worker.add_done_callback(_log_failure)

    async def stop(self, seconds: float) -> None:
        """Begin no further turn, and wait at most so long for those under way."""
        self._stopping = True
        under_way = [self._workers[one] for one in self._answering]
        for conversation, worker in self._workers.items():
            if conversation not in self._answering:
                worker.cancel()
        if under_way:
            await asyncio.wait(under_way, timeout=seconds)

    async def _work(self, conversation: str) -> None:
        try:
            while not self._stopping and (found := self._mailbox.first_event(self._channel, conversation)):
                event, received = found
                wait = received + REORDERING_WINDOW - time.time()
                if wait > 0:
                    # Then look again: another event may be the first by then.
                    await asyncio.sleep(min(wait, REORDERING_WINDOW))
                else:
                    await self._run(event)
        finally:
            del self._workers[conversation]

    async def _run(self, event: Event) -> None:
        async with self._gate:
            if self._stopping:
                return
            maybe_run = event.id in self._maybe_run
            self._answering.add(event.conversation)
            self._maybe_run.add(event.id)
            try:
                await self._answer(event, maybe_run)
                self._maybe_run.discard(event.id)
            finally:
                self._answering.discard(event.conversation)


def _log_failure(worker: asyncio.Task[None]) -> None:
    # The event stays recorded: it is run with the conversation's next one, or at the next start.
    if not worker.cancelled() and worker.exception() is not None:
        logger.error("inbox.stuck", exc_info=worker.exception())
