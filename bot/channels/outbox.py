"""Stored calls become calls: in each conversation one after the other, again and again until they arrive."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable

import structlog

from bot.channels.mailbox import Call, Mailbox
from bot.records.database import ErasureIncomplete

logger = structlog.get_logger()

#: Seconds before the second attempt, and the most between any two; in between it doubles.
FIRST_WAIT = 1.0
LONGEST_WAIT = 300.0


class TryLater(Exception):
    """The call did not go through and may later. ``seconds`` is what the platform asks to wait.

    ``may_have_arrived`` is true when nobody knows: a connection that broke, an answer that did not come.
    With ``all_wait`` the platform refuses calls of every conversation until then.
    """

    def __init__(
        self, seconds: float | None = None, may_have_arrived: bool = False, all_wait: bool = False
    ) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds, self.may_have_arrived, self.all_wait = seconds, may_have_arrived, all_wait


class Refused(Exception):
    """The platform will never take this call. ``code`` is the platform's word for it, without any text."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


Send = Callable[[Call, bool], Awaitable[None]]


class Outbox:
    """Makes the stored calls of one channel by ``send``, which raises TryLater or Refused.

    ``send`` is told whether the call may have arrived already.
    """

    def __init__(self, mailbox: Mailbox, channel: str, send: Send) -> None:
        self._mailbox, self._channel, self._send = mailbox, channel, send
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._to_scrub: set[str] = set()
        self._sending: set[str] = set()
        self._all_wait_until = 0.0
        self._stopping = False

    def start(self) -> None:
        """Take up what an earlier process has left."""
        for conversation in self._mailbox.conversations_with_calls(self._channel):
            self.wake(conversation, may_have_arrived=True)

    def wake(self, conversation: str, may_have_arrived: bool = False) -> None:
        """There is something to send in this conversation."""
        if conversation not in self._workers and not self._stopping:
            worker = asyncio.ensure_future(self._work(conversation, may_have_arrived))
            self._workers[conversation] = worker
            worker.add_done_callback(_log_failure)

    def scrub_when_sent(self, conversation: str) -> None:
        """The person asked to be forgotten: leave no trace of the last calls either."""
        self._to_scrub.add(conversation)

    async def stop(self, seconds: float) -> None:
        """Begin no further call, and wait at most so long for those under way."""
        self._stopping = True
        under_way = [self._workers[one] for one in self._sending]
        for conversation, worker in self._workers.items():
            if conversation not in self._sending:
                worker.cancel()
        if under_way:
            await asyncio.wait(under_way, timeout=seconds)

    async def _work(self, conversation: str, may_have_arrived: bool) -> None:
        attempts = 0
        try:
            while not self._stopping and (call := self._mailbox.first_call(self._channel, conversation)):
                await asyncio.sleep(max(0.0, self._all_wait_until - time.monotonic()))
                try:
                    await self._make(call, may_have_arrived)
                except TryLater as later:
                    attempts += 1
                    may_have_arrived = may_have_arrived or later.may_have_arrived
                    await asyncio.sleep(self._wait(later, attempts))
                else:
                    attempts, may_have_arrived = 0, False
            self._scrub(conversation)
        finally:
            del self._workers[conversation]

    async def _make(self, call: Call, may_have_arrived: bool) -> None:
        self._sending.add(call.conversation)
        try:
            await self._send(call, may_have_arrived)
        except Refused as refused:
            logger.error("outbox.given_up", error=refused.code, where=[self._channel, call.method])
        finally:
            self._sending.discard(call.conversation)
        self._mailbox.remove(call)

    def _wait(self, later: TryLater, attempts: int) -> float:
        """Seconds to the next attempt: what the platform asks for, else doubling, with jitter."""
        logger.warning("outbox.later", where=[self._channel])
        if later.seconds is None:
            return min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(attempts - 1, 30)) * random.uniform(0.5, 1.0)
        if later.all_wait:
            self._all_wait_until = max(self._all_wait_until, time.monotonic() + later.seconds)
        return later.seconds

    def _scrub(self, conversation: str) -> None:
        if conversation not in self._to_scrub or self._stopping:
            return
        self._to_scrub.discard(conversation)
        try:
            self._mailbox.scrub()
        except ErasureIncomplete:
            logger.error("outbox.scrub_incomplete")


def _log_failure(worker: asyncio.Task[None]) -> None:
    # The calls stay stored: they are made with the conversation's next one, or at the next start.
    if not worker.cancelled() and worker.exception() is not None:
        logger.error("outbox.stuck", exc_info=worker.exception())
