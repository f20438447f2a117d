"""Custom actions inside Rasa's own process: no second server, no connection for each action."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from types import ModuleType
from typing import Any

import structlog
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

logger = structlog.get_logger()

FAILED_SLOT = "action_failed"
FAILED_RESPONSE = "utter_action_failed"


class _Worker:
    """One thread with its own event loop, so that an action that blocks can still be given up on."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, name="actions", daemon=True).start()

    def submit(self, coroutine: Any) -> Future[Any]:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop)

    def stop(self) -> None:
        # Not at once: an action that awaits is cancelled first, and may tidy up.
        self.loop.call_soon_threadsafe(self.loop.call_later, 1.0, self.loop.stop)


class InProcessActions(EndpointConfig):
    """The action endpoint that runs the actions of a package here.

    All actions run on one worker thread. An action that raises, or takes longer
    than ``time_limit`` seconds, is answered by a safe reply: the slot ``action_failed`` set to true
    and the response ``utter_action_failed``, at most once a turn. No other slot changes, so the
    person keeps their answers. A rejected action is told to Rasa the way the action server does.
    """

    in_this_process = True

    def __init__(self, package: str | ModuleType = "actions", time_limit: float = 10.0) -> None:
        super().__init__(url="in-process")
        self.time_limit = time_limit
        self.executor = ActionExecutor()
        self.executor.register_package(package)
        self._worker = _Worker()

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Run the action that ``kwargs["json"]`` calls; answers as the action server's webhook does."""
        call = kwargs["json"]
        running = asyncio.wrap_future(self._worker.submit(self._run(call)))
        done, _ = await asyncio.wait({running}, timeout=self.time_limit)
        if not done:
            running.cancel()
            self._give_up_on(call)
            return _safe_reply(call)
        error = running.exception()
        if error is None:
            return running.result()
        if isinstance(error, ActionExecutionRejection):
            body = {"action_name": error.action_name, "error": error.message}
            raise ClientResponseError(400, "rejected", json.dumps(body))
        logger.error("action.failed", exc_info=error)
        return _safe_reply(call)

    def _give_up_on(self, call: Mapping[str, Any]) -> None:
        logger.error("action.too_slow", where=[call.get("next_action")])
        # The thread may be stuck for good: leave it behind, or every later action would wait for it.
        self._worker.stop()
        self._worker = _Worker()

    async def _run(self, call: Any) -> Any:
        result = await self.executor.run(call)
        # The same journey through JSON as with an action server: nothing shared, nothing that is not JSON.
        return json.loads(json.dumps(result))


def _safe_reply(call: Mapping[str, Any]) -> dict[str, Any]:
    responses = [] if _already_said(call["tracker"]["events"]) else [{"response": FAILED_RESPONSE}]
    return {"events": [{"event": "slot", "name": FAILED_SLOT, "value": True}], "responses": responses}


def _already_said(events: list[dict[str, Any]]) -> bool:
    for event in reversed(events):
        if event["event"] == "user":
            return False
        if event["event"] == "bot" and (event.get("metadata") or {}).get("utter_action") == FAILED_RESPONSE:
            return True
    return False
