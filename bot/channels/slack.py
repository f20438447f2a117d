"""The door for Slack: the Events API and interactive messages in, the Web API out.

Without ``SLACK_BOT_TOKEN`` and ``SLACK_SIGNING_SECRET`` in the environment the channel is off and has no
routes. docs/slack.md tells how the app is made.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import structlog
from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels import slack_blocks
from bot.channels.intake import Intake
from bot.channels.mailbox import Call, Outgoing
from bot.channels.messaging import MessagingBlueprint
from bot.channels.outbox import Refused, TryLater
from bot.channels.secrets import Secrets
from bot.channels.slack_events import CHANNEL, click_of, event_of
from bot.channels.turns import Handler

logger = structlog.get_logger()

TOKEN = "SLACK_BOT_TOKEN"
SIGNING_SECRET = "SLACK_SIGNING_SECRET"
#: Where the Web API is, for a proxy or a Slack of its own (``https://slack-gov.com/api/``).
API_URL = "SLACK_API_URL"
DEFAULT_API_URL = AsyncWebClient.BASE_URL

_MAX_BODY = 1024 * 1024
_TIMEOUT = 15
#: Seconds until a call is tried again that Slack refuses because of the app's set-up.
_SETUP_WAIT = 60.0
#: How far back a message may be that has perhaps arrived: the clocks of Slack and of this machine differ.
_CLOCKS_DIFFER = 300.0
_METADATA = "ho_triage_message"

#: The operator has to mend these; what is to be sent waits.
_SETUP_ERRORS = {
    *("invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope"),
    *("no_permission", "org_login_required", "ekm_access_denied", "team_access_not_granted"),
    *("access_denied", "not_allowed_token_type", "accesslimited", "enterprise_is_restricted"),
}
#: Slack's own trouble; the call may have gone through.
_PASSING_ERRORS = {"internal_error", "fatal_error", "request_timeout", "service_unavailable"}
_LIMITS = {"ratelimited", "rate_limited", "message_limit_exceeded"}
#: The words can still be shown when the blocks cannot.
_BLOCK_ERRORS = {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "invalid_attachments"}


class SlackPlatform:
    """Calls of Slack's Web API, made again where that helps and never twice."""

    name = CHANNEL

    def __init__(self, token: str, api_url: str) -> None:
        # No retries of the library's own: it would post a message again whose answer was lost.
        self._client = AsyncWebClient(token, base_url=api_url, timeout=_TIMEOUT, retry_handlers=[])

    def render(self, to: Mapping[str, Any], message: Mapping[str, Any]) -> list[Outgoing]:
        """The calls that show one bot message."""
        return slack_blocks.render(to, message)

    def address(self, conversation: str) -> dict[str, Any]:
        """Where a conversation takes place: its name holds the channel of the direct message."""
        return {"channel": conversation.removeprefix(f"{CHANNEL}-")}

    async def send(self, call: Call, may_have_arrived: bool) -> None:
        """Make one call. A message carries the call's key, by which Slack is asked whether it has arrived."""
        body = dict(call.body)
        if call.method == "chat.postMessage":
            if may_have_arrived and await self._has_arrived(call):
                return
            body["metadata"] = {"event_type": _METADATA, "event_payload": {"key": _key(call)}}
        try:
            await self._call(call.method, body)
        except Refused as refused:
            if refused.code not in _BLOCK_ERRORS or "blocks" not in body:
                raise
            logger.error("slack.blocks_refused", error=refused.code)
            await self._call(call.method, slack_blocks.without_blocks(body))

    async def close(self) -> None:
        """Nothing stays open between calls."""

    async def _has_arrived(self, call: Call) -> bool:
        """Whether the message stands in its channel or thread."""
        asked = {
            "channel": call.body["channel"],
            "oldest": f"{call.at - _CLOCKS_DIFFER:.6f}",
            "include_all_metadata": True,
            "limit": 200,
        }
        method = "conversations.history"
        if "thread_ts" in call.body:
            method, asked["ts"] = "conversations.replies", call.body["thread_ts"]
        try:
            found = await self._call(method, asked)
        except Refused as refused:
            logger.error("slack.history_refused", error=refused.code)
            return False
        return any(_key_of(message) == _key(call) for message in found.get("messages") or [])

    async def _call(self, method: str, body: dict[str, Any]) -> Any:
        """The answer of the Web API. Raises: ``TryLater``, ``Refused``."""
        reading = method.startswith("conversations.")
        arguments = {"params": _as_parameters(body), "http_verb": "GET"} if reading else {"json": body}
        try:
            return await self._client.api_call(method, **arguments)
        except SlackApiError as error:
            raise _meaning(error, reading) from None
        except aiohttp.ClientConnectorError:
            raise TryLater from None  # nothing was sent
        except (aiohttp.ClientError, asyncio.TimeoutError):
            raise TryLater(may_have_arrived=True) from None


class SlackInput(InputChannel):
    """The Slack channel."""

    def __init__(self, intake: Intake) -> None:
        self.intake = intake
        self.secrets = Secrets("Slack", TOKEN, SIGNING_SECRET)

    @classmethod
    def name(cls) -> str:
        """The channel's name, and its place under ``/webhooks/``."""
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> SlackInput:
        """Build the channel from its part of credentials.yml (``payload_intents``) and the environment."""
        return cls(Intake.from_credentials(credentials))

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The routes: ``GET /`` for health, ``POST /webhook`` for all that Slack sends."""
        if self.secrets.missing:
            return Blueprint("slack_webhook")
        platform = SlackPlatform(self.secrets[TOKEN], os.environ.get(API_URL) or DEFAULT_API_URL)
        verifier = SignatureVerifier(self.secrets[SIGNING_SECRET])
        routes = MessagingBlueprint(platform, self.intake, on_new_message)

        @routes.get("/")
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            if len(request.body) > _MAX_BODY:
                return response.json({"error": "too large"}, status=413)
            if not _is_signed(verifier, request):
                return response.json({"error": "wrong signature or time"}, status=401)
            body = _read(request)
            if body is None:
                return response.json({"error": "not a payload of Slack"}, status=400)
            if body.get("type") == "url_verification":
                return response.json({"challenge": body.get("challenge")})
            received = event_of(body) if body.get("type") == "event_callback" else click_of(body)
            if received is not None:
                routes.messaging.receive(received.event, received.calls)
            return response.empty(status=200)

        return routes


def _is_signed(verifier: SignatureVerifier, request: Request) -> bool:
    """Whether Slack sent this, not longer ago than five minutes."""
    stamp = request.headers.get("x-slack-request-timestamp", "")
    signature = request.headers.get("x-slack-signature", "")
    if not (stamp.isascii() and stamp.isdigit() and signature.isascii() and len(stamp) < 16):
        return False
    body = request.body.decode("utf-8", errors="replace")
    return bool(verifier.is_valid(body, stamp, signature))


def _read(request: Request) -> dict[str, Any] | None:
    """The request's object: JSON from the Events API, a form with JSON in it from buttons."""
    text = request.body.decode("utf-8", errors="replace")
    try:
        if not request.headers.get("content-type", "").startswith("application/json"):
            text = (parse_qs(text, max_num_fields=10).get("payload") or [""])[0]
        body = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _meaning(error: SlackApiError, reading: bool) -> TryLater | Refused:
    """What an error of the Web API means for the call; what may not be read is not waited for."""
    answer: Any = error.response
    status = int(getattr(answer, "status_code", 0) or getattr(answer, "status", 0))
    data = getattr(answer, "data", None)
    code = str(data.get("error", "")) if isinstance(data, dict) else ""
    if status == 429 or code in _LIMITS:
        return TryLater(_retry_after(answer), all_wait=status == 429)
    if code in _SETUP_ERRORS and not reading:
        logger.error("slack.not_allowed", error=code)
        return TryLater(_SETUP_WAIT)
    if not code or status >= 500 or code in _PASSING_ERRORS:
        return TryLater(may_have_arrived=True)
    return Refused(code)


def _retry_after(answer: Any) -> float | None:
    """The seconds that Slack asks to wait; None when it names none."""
    stated = str(answer.headers.get("Retry-After", ""))
    return float(stated) if stated.isdecimal() and len(stated) < 6 else None


def _key(call: Call) -> str:
    return f"{call.id}-{call.at:.6f}"


def _key_of(message: Mapping[str, Any]) -> Any:
    metadata = message.get("metadata") or {}
    return (metadata.get("event_payload") or {}).get("key")


def _as_parameters(body: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in body.items()}
