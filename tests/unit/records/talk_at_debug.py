"""Run by test_redaction: a real assistant at DEBUG; argv: model, words to say, data folder."""

from __future__ import annotations

import asyncio
import logging
import sys
import warnings
from pathlib import Path

from rasa.core.channels.rest import RestInput, structlogger
from rasa.shared.core.domain import Domain
from small_assistant import load_agent

from bot.records.redaction import configure_logging
from bot.records.tracker_store import BoundedSQLiteTrackerStore


def fail_like_the_rest_channel(words: str) -> None:
    assert RestInput.name() == "rest"
    try:
        raise ValueError(f"cannot handle {words}")
    except ValueError:
        structlogger.exception("rest.message.received.failure", text=words)
        logging.getLogger("rasa.core").exception(f"cannot handle {words}")


async def main(model: str, words: str, folder: Path) -> None:
    configure_logging(logging.DEBUG)
    agent = load_agent(model, BoundedSQLiteTrackerStore(Domain.empty(), path=folder / "tracker.sqlite"))
    for message in ("begin", f"tell {words}", f"tell {words}", '/why{"' + words):
        await agent.handle_text(message, sender_id="anna")
    fail_like_the_rest_channel(words)
    warnings.warn(words, UserWarning, stacklevel=1)
    access = logging.StreamHandler()
    access.setFormatter(logging.Formatter("%(request)s %(status)s"))
    logging.getLogger("sanic.access").addHandler(access)
    logging.getLogger("sanic.access").info("", extra={"request": f"GET /{words}", "status": 200})
    logging.getLogger("anything").error("heard %s", words)


asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
