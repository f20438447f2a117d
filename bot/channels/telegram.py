"""The Telegram door: a webhook, or polling where there is no public address.

Talk of health belongs into a private chat: there each person has a conversation of their own, in a group
the bot only says where to write. How an update is read: ``telegram_updates``; how a message looks:
``telegram_rendering``; what happens in between, whatever the network does: ``messaging``.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import html
import json
import os
import re
from collections.abc import Coroutine, Mapping
from typing import Any

import structlog
from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels import telegram_rendering as rendering
from bot.channels.edits import tells_something_new
from bot.channels.intake import Intake
from bot.channels.mailbox import Call, Event, Outgoing
from bot.channels.messaging import MessagingBlueprint
from bot.channels.outbox import Refused, TryLater
from bot.channels.secrets import Secrets
from bot.channels.telegram_api import TELEGRAM, NotAsSent, PersonGone, TelegramApi
from bot.channels.telegram_keyboards import SEND, UNFOLD, Button, Keyboard, Keyboards
from bot.channels.telegram_updates import ALLOWED, Called, Gone, Me, Said, Tapped, read_update
from bot.channels.turns import Handler, reply
from bot.channels.words import words
from bot.records.paths import records_path
from bot.records.reminders import Reminders

logger = structlog.get_logger()

NAME = "telegram"
TOKEN, WEBHOOK, SECRET = "TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK_URL", "TELEGRAM_WEBHOOK_SECRET"
POLLING, API = "TELEGRAM_POLLING", "TELEGRAM_API_URL"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"

_MAX_BODY = 256 * 1024
#: One connection keeps Telegram's order; each delivery takes a few milliseconds.
_CONNECTIONS = 1
_LONG_POLL = 25
FIRST_RETRY, LONGEST_RETRY = 1.0, 300.0
_TOAST = 200
_DEAD, _TICK_ONE, _PRIVATELY = "utter_dead_button", "utter_tick_one", "utter_write_privately"
_TAG = re.compile(r"<[^>]+>")


class TelegramPlatform:
    """How a bot message looks in Telegram, and how a call is made."""

    name = NAME

    def __init__(self, api: TelegramApi) -> None:
        self.api = api
        self.keyboards = Keyboards()
        self._reminders = Reminders(records_path())

    def address(self, conversation: str) -> dict[str, Any]:
        """Where a conversation takes place."""
        return {"chat": int(conversation.removeprefix(f"{NAME}-"))}

    def render(self, to: Mapping[str, Any], message: Mapping[str, Any]) -> list[Outgoing]:
        """See ``telegram_rendering.render``."""
        return rendering.render(to, message)

    async def send(self, call: Call, may_have_arrived: bool) -> None:
        """Make one call. Telegram cannot tell whether an earlier attempt arrived: rather twice than never."""
        body = dict(call.body)
        held = body.pop("keyboard", None)
        name = f"{call.id}.{int(call.at * 1000)}"
        if held is not None:
            keyboard = Keyboard.from_json(held)
            self.keyboards.keep(name, call.conversation, keyboard)
            body["reply_markup"] = keyboard.markup(name)
        result = await self._make(call, body)
        number = result.get("message_id") if held is not None and isinstance(result, dict) else None
        if isinstance(number, int) and not self.keyboards.shown(name, number):
            # Answered before Telegram told us which message it is.
            late = rendering.without_buttons(body["chat_id"], number)
            await self.api.call(late.method, late.body)

    async def _make(self, call: Call, body: dict[str, Any]) -> Any:
        try:
            return await self.api.call(call.method, body)
        except NotAsSent:
            plain = {key: value for key, value in body.items() if key != "parse_mode"}
            return await self.api.call(call.method, {**plain, "text": _as_plain(body.get("text", ""))})
        except PersonGone:
            self.gone(call.conversation)
            raise
        except Refused:
            # A message that was deleted, or shows this already, needs no change.
            if not call.method.startswith("edit"):
                raise
            return None

    def gone(self, conversation: str) -> None:
        """The person does not want to hear from us: no reminders either."""
        self._reminders.stop(conversation)

    async def close(self) -> None:
        """The server stops."""
        await self.api.close()
        self.keyboards.close()
        self._reminders.close()


def _as_plain(text: str) -> str:
    return html.unescape(_TAG.sub("", text))


class TelegramInput(InputChannel):
    """The Telegram channel; off, and saying so, while its variables are not set."""

    def __init__(self, intake: Intake) -> None:
        self.intake = intake
        self.polls = bool(os.environ.get(POLLING))
        self.secrets = Secrets("Telegram", *[TOKEN] if self.polls else [TOKEN, WEBHOOK])
        self.api = self._api()

    @classmethod
    def name(cls) -> str:
        """The channel's name, and its place under ``/webhooks/``."""
        return NAME

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> TelegramInput:
        """Build the channel from its part of credentials.yml (``payload_intents``) and the environment."""
        return cls(Intake.from_credentials(credentials))

    def _api(self) -> TelegramApi | None:
        if self.secrets.missing:
            return None
        try:
            return TelegramApi(self.secrets[TOKEN], os.environ.get(API) or TELEGRAM)
        except ValueError:
            self.secrets.missing.append(f"a valid {TOKEN}")
            return None

    @property
    def webhook_secret(self) -> str:
        """What Telegram sends with each update: as set, else made from the token, which Telegram knows."""
        made = hmac.new(self.secrets[TOKEN].encode(), b"webhook", hashlib.sha256).hexdigest()
        return os.environ.get(SECRET) or made

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The routes: ``GET /`` for health, ``POST /webhook`` for Telegram."""
        if self.api is None:
            return Blueprint("telegram_webhook")
        routes = TelegramBlueprint(self, TelegramPlatform(self.api), on_new_message)

        @routes.get("/")
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        return routes


class TelegramBlueprint(MessagingBlueprint):
    """The webhook, and what runs beside it while the server does: set-up, polling."""

    def __init__(self, channel: TelegramInput, platform: TelegramPlatform, handle: Handler) -> None:
        super().__init__(platform, channel.intake, handle)
        self.ctx.channel, self.ctx.platform = channel, platform
        self.ctx.me = Me(platform.api.bot_id)
        self.ctx.tasks = set()
        self.ctx.offset = 0

        @self.post("/webhook")
        async def webhook(request: Request) -> HTTPResponse:
            return self.receive(request)

    @property
    def _api(self) -> TelegramApi:
        return self.ctx.platform.api

    @property
    def _keyboards(self) -> Keyboards:
        return self.ctx.platform.keyboards

    # -- while the server runs -------------------------------------------------------------------
    async def _start(self, app: Sanic, *more: Any) -> None:
        self.ctx.app = app
        await super()._start(app, *more)
        self._beside(self._set_up())

    async def _stop(self, *more: Any) -> None:
        for task in self.ctx.tasks:
            task.cancel()
        await super()._stop(*more)

    def _beside(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do something while the server goes on."""
        task = asyncio.ensure_future(work)
        self.ctx.tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self.ctx.tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            logger.error("telegram.failed", exc_info=task.exception())

    async def _set_up(self) -> None:
        """Tell Telegram who we are and where; again until it works. The server runs whatever happens."""
        await _until_done(self._introduce, "telegram.set_up_failed")
        if self.ctx.channel.polls:
            while True:
                await _until_done(self._poll, "telegram.poll_failed")

    async def _introduce(self) -> None:
        found = await self._api.call("getMe", {})
        self.ctx.me = Me(self._api.bot_id, str(found.get("username") or ""))
        commands = [
            {"command": c["command"], "description": c["text"]} for c in words()["telegram"]["commands"]
        ]
        await self._api.call("setMyCommands", {"commands": commands})
        if self.ctx.channel.polls:
            await self._api.call("deleteWebhook", {})
            return
        settings = {
            "url": self.ctx.channel.secrets[WEBHOOK],
            "secret_token": self.ctx.channel.webhook_secret,
            "allowed_updates": list(ALLOWED),
            "max_connections": _CONNECTIONS,
        }
        await self._api.call("setWebhook", settings)

    async def _poll(self) -> None:
        """Take what is new; the offset of the next time tells Telegram that it was taken."""
        wanted = {"offset": self.ctx.offset, "timeout": _LONG_POLL, "allowed_updates": list(ALLOWED)}
        updates = await self._api.call("getUpdates", wanted, seconds=_LONG_POLL + 10)
        for update in updates:
            self.take(update)
            self.ctx.offset = max(self.ctx.offset, update["update_id"] + 1)

    # -- what comes in -----------------------------------------------------------------------------
    def receive(self, request: Request) -> HTTPResponse:
        """The webhook: recorded, then acknowledged; the turn comes later."""
        given = request.headers.get(SECRET_HEADER, "")
        secret = self.ctx.channel.webhook_secret
        if not hmac.compare_digest(given.encode(errors="replace"), secret.encode()):
            return response.json({"error": "The secret token is not ours."}, status=403)
        if len(request.body) > _MAX_BODY:
            return response.json({"error": f"An update has at most {_MAX_BODY} bytes."}, status=413)
        try:
            update = json.loads(request.body)
        except (ValueError, RecursionError):
            return response.json({"error": "The update is not JSON."}, status=400)
        if not isinstance(update, dict):
            return response.json({"error": "The update is not an object."}, status=400)
        self.take(update)
        return response.json({})

    def take(self, update: Mapping[str, Any]) -> None:
        """Record what an update says, so that it will be answered once. What is none of ours is left."""
        heard = read_update(update, self.ctx.me)
        if isinstance(heard, Said):
            self._take_said(heard)
        elif isinstance(heard, Tapped):
            self._take_tap(heard)
        elif isinstance(heard, Called):
            self._take_call(heard)
        elif isinstance(heard, Gone):
            self.ctx.platform.gone(f"{NAME}-{heard.chat}")

    def _take_said(self, said: Said) -> None:
        conversation, text, first = f"{NAME}-{said.chat}", said.text, said.response
        if said.edited:
            # Telegram does not tell what stood there before, and the open question is another by now.
            text, first = (text, "") if tells_something_new("", text) else ("", first)
        event = Event(NAME, said.key, conversation, said.order, {"chat": said.chat}, text, first)
        if self.messaging.receive(event) and text.strip():
            self._close_keyboards(conversation, said.chat)
            self._beside(self._try("sendChatAction", {"chat_id": said.chat, "action": "typing"}))

    def _take_call(self, called: Called) -> None:
        """Somebody in a group: say once where to write."""
        to: dict[str, Any] = {"chat": called.chat, "reply_to": called.reply_to, "topic": called.topic}
        if self.ctx.me.username:
            to["link"] = f"https://t.me/{self.ctx.me.username}"
        conversation = f"{NAME}-group{called.chat}"
        self.messaging.receive(Event(NAME, called.key, conversation, called.order, to, response=_PRIVATELY))

    # -- buttons -----------------------------------------------------------------------------------
    def _take_tap(self, tap: Tapped) -> None:
        name, _, what = tap.data.partition(":")
        conversation = f"{NAME}-{tap.chat}"
        keyboard = self._keyboards.find(name, conversation)
        if keyboard is None:
            self._beside(self._toast(tap, conversation, _DEAD))
        elif what == SEND and not keyboard.ticked:
            self._beside(self._toast(tap, conversation, _TICK_ONE))
        else:
            self._tapped(tap, conversation, name, keyboard, what)
            self._beside(self._try("answerCallbackQuery", {"callback_query_id": tap.callback}))

    def _tapped(self, tap: Tapped, conversation: str, name: str, keyboard: Keyboard, what: str) -> None:
        number = int(what) if what.isdecimal() else -1
        if what == SEND:
            self._choose(tap, conversation, name, keyboard.together())
        elif what == UNFOLD:
            self._change(tap, conversation, name, keyboard.unfolded())
        elif 0 <= number < keyboard.boxes:
            self._change(tap, conversation, name, keyboard.toggled(number))
        elif number < len(keyboard.buttons) and number >= 0:
            self._choose(tap, conversation, name, keyboard.buttons[number])

    def _choose(self, tap: Tapped, conversation: str, name: str, button: Button) -> None:
        """A choice is a message; it takes the place of its buttons."""
        title, to = {"title": button.title}, {"chat": tap.chat}
        event = Event(NAME, tap.key, conversation, tap.order, to, button.payload, metadata=title)
        shown = rendering.chosen(tap.chat, tap.message, button.title)
        if self.messaging.receive(event, [shown] if shown else []):
            self._close_keyboards(conversation, tap.chat, but=name)
            self._beside(self._try("sendChatAction", {"chat_id": tap.chat, "action": "typing"}))

    def _change(self, tap: Tapped, conversation: str, name: str, keyboard: Keyboard) -> None:
        """A tick, or the folded lines shown: no turn."""
        event = Event(NAME, tap.key, conversation, tap.order, {"chat": tap.chat})
        number = tap.message.get("message_id")
        if self.messaging.note(event) and isinstance(number, int):
            self._keyboards.replace(name, keyboard)
            shown = {"chat_id": tap.chat, "message_id": number, "reply_markup": keyboard.markup(name)}
            self.messaging.post(conversation, [Outgoing("editMessageReplyMarkup", shown)])

    def _close_keyboards(self, conversation: str, chat: int, but: str = "") -> None:
        """The conversation goes on: buttons of earlier questions go."""
        placed = self._keyboards.close_all(conversation)
        shown = [one.message_id for one in placed if one.name != but and one.message_id is not None]
        if shown:
            calls = [rendering.without_buttons(chat, message_id) for message_id in shown]
            self.messaging.post(conversation, calls)

    # -- what may fail -----------------------------------------------------------------------------
    async def _toast(self, tap: Tapped, conversation: str, response_name: str) -> None:
        said = await reply(self.ctx.app.ctx.agent, response_name, conversation, NAME)
        shown = {"callback_query_id": tap.callback, "text": str(said.get("text") or "")[:_TOAST]}
        await self._try("answerCallbackQuery", shown)

    async def _try(self, method: str, arguments: Mapping[str, Any]) -> None:
        """A call that is of use only now: it is not made again."""
        try:
            await self._api.call(method, arguments)
        except (TryLater, Refused) as failed:
            logger.info("telegram.not_now", error=type(failed).__name__)


async def _until_done(work: Any, failed_event: str) -> Any:
    """The result of ``work()``, tried again and again with longer and longer waits."""
    wait = FIRST_RETRY
    while True:
        try:
            return await work()
        except Refused as refused:
            logger.warning(failed_event, error=refused.code)
        except TryLater as later:
            logger.warning(failed_event, error="TryLater")
            wait = max(wait, later.seconds or 0.0)
        await asyncio.sleep(wait)
        wait = min(wait * 2, LONGEST_RETRY)
