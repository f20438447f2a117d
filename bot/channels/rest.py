"""The door for programs: Rasa's REST channel, with failures that are told.

A POST to ``/webhooks/rest/webhook`` of ``{"sender": ..., "message": ...}`` answers with the list of
bot messages. Whoever knows a sender's name can go on with that conversation: keep this door on a
trusted network. Conversations of other doors (``web-...``, ``slack-...``) cannot be entered here.
"""

from __future__ import annotations

import json
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.intake import Intake, whole_characters
from bot.channels.sessions import GUARDED
from bot.channels.turns import Handler, WholeMessages, run_turn

_MAX_BODY = 256 * 1024
_MAX_SENDER = 200


class BadRequest(ValueError):
    """A request that cannot be a message; its text says why."""


class RestOutput(WholeMessages, CollectingOutputChannel):
    """Collects the bot messages of one turn."""

    @classmethod
    def name(cls) -> str:
        """The name that responses with a channel of their own go by."""
        return "rest"

    async def deliver(self, recipient_id: str, content: dict[str, Any]) -> None:
        """Add one message to the answer."""
        self.messages.append({"recipient_id": recipient_id, **content})


class CarefulRestInput(RestInput):
    """The REST channel: 400 with a reason for what is not a message, and never an empty answer."""

    def __init__(self, intake: Intake) -> None:
        self.intake = intake

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> CarefulRestInput:
        """Build the channel from its part of credentials.yml (``payload_intents``)."""
        return cls(Intake.from_credentials(credentials))

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The routes: ``GET /`` for health, ``POST /webhook`` for a message."""
        routes = Blueprint("rest_webhook")

        @routes.get("/")
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            try:
                body = _read(request.body)
            except BadRequest as reason:
                return response.json({"error": str(reason)}, status=400)
            text, was_cut = self.intake.read(body["message"])
            output = RestOutput()
            message = UserMessage(
                text, output, body["sender"], input_channel=self.name(), metadata=body.get("metadata")
            )
            await run_turn(request.app.ctx.agent, on_new_message, message, was_cut)
            return response.json(output.messages)

        return routes


def _read(raw: bytes) -> dict[str, Any]:
    """The request's object, with ``sender`` and ``message`` as strings that are not empty.

    Raises: ``BadRequest``.
    """
    if len(raw) > _MAX_BODY:
        raise BadRequest(f"The request is larger than {_MAX_BODY} bytes.")
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise BadRequest("The request is not JSON.") from error
    if not isinstance(body, dict):
        raise BadRequest('The request must be an object: {"sender": "...", "message": "..."}.')
    if isinstance(body.get("sender"), int):
        body["sender"] = str(body["sender"])
    for key in ("sender", "message"):
        if not isinstance(body.get(key), str) or not body[key].strip():
            raise BadRequest(f'"{key}" must be a text that is not empty.')
    if len(body["sender"]) > _MAX_SENDER:
        raise BadRequest(f'"sender" must be at most {_MAX_SENDER} characters.')
    if body["sender"] != whole_characters(body["sender"]):
        raise BadRequest('"sender" must be made of whole characters.')
    if body["sender"].startswith(GUARDED):
        raise BadRequest(f'"sender" must not begin with {", ".join(GUARDED)}.')
    if not isinstance(body.get("metadata", {}), dict):
        raise BadRequest('"metadata" must be an object.')
    return body
