"""Slack, through its real protocols on loopback: signed requests in, the Web API out."""

from __future__ import annotations

import itertools
import json
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fake_slack import SECRET, TOKEN, FakeSlack, Person, buttons_of, deliver, fake_slack, words_of
from serving import Server, free_port, small_server, wait_until_quiet

pytestmark = pytest.mark.xdist_group("small_bot")

FAILED = "Something went wrong. Call 112 if you feel very ill."
GREETING = "Hello, I am a small bot."
#: Short waits, so that the tests of failures are short too.
QUICK = {
    "bot.channels.inbox:REORDERING_WINDOW": 0.1,
    "bot.channels.outbox:FIRST_WAIT": 0.02,
    "bot.channels.slack:_TIMEOUT": 1,
    "bot.channels.slack:_SETUP_WAIT": 0.05,
}
_people = itertools.count(1)


def environment(slack: FakeSlack) -> dict[str, str]:
    return {"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": slack.url}


@dataclass
class Workspace:
    """The fake Slack, the bot's server and its data folder."""

    slack: FakeSlack
    server: Server
    folder: Path

    @property
    def webhook(self) -> str:
        return f"{self.server.url}/webhooks/slack/webhook"

    def person(self, **more: Any) -> Person:
        number = next(_people)
        return Person(self.slack, self.webhook, f"U{number:06d}", f"D{number:06d}", **more)

    def quiet(self) -> None:
        wait_until_quiet(self.folder)

    def after(self, person: Person, *bodies: dict[str, Any]) -> list[str]:
        """Deliver bodies; gives the words of all that the app has shown then."""
        for body in bodies:
            assert person.send(body) == 200
        self.quiet()
        return [words_of(message) for message in person.shown()]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = tmp_path_factory.mktemp("slack")
    with fake_slack() as slack, small_server(folder, environment(slack), QUICK) as server:
        yield Workspace(slack, server, folder)


@pytest.fixture
def work(shared: Workspace) -> Iterator[Workspace]:
    yield shared
    shared.slack.fails = lambda method, body: ""


def failing(*failures: str, on: str = "chat.postMessage") -> Callable[[str, Any], str]:
    """The first calls of a method fail so, one after the other."""
    left = list(failures)
    return lambda method, body: left.pop(0) if method == on and left else ""


# -- what is shown -----------------------------------------------------------------------------
def test_a_direct_message_is_answered(work: Workspace) -> None:
    anna = work.person()
    assert work.after(anna, anna.says("hello")) == [GREETING]


def test_the_chosen_option_takes_the_place_of_the_buttons(work: Workspace) -> None:
    anna = work.person()
    work.after(anna, anna.says("buttons"))
    question, answer = work.after(anna, anna.clicks("Yes"))
    assert question == "Is it swollen?\n\nTell me.\nYou chose: Yes"
    assert buttons_of(anna.shown()[0]) == []
    assert answer == "You chose swelling:0."


def test_a_second_click_on_the_same_message_changes_nothing(work: Workspace) -> None:
    anna = work.person()
    work.after(anna, anna.says("buttons"))
    first, second = anna.clicks("Yes"), anna.clicks("Not sure")
    work.after(anna, first)
    question, answer = work.after(anna, second, first)
    assert question.endswith("You chose: Yes")
    assert answer == "You chose swelling:0."


def test_several_can_be_ticked_and_are_sent_together(work: Workspace) -> None:
    anna = work.person()
    work.after(anna, anna.says("several"))
    assert [button["text"]["text"] for button in buttons_of(anna.shown()[0])] == ["Send", "None of these"]
    question, answer = work.after(anna, anna.clicks("Send", ticked=["Swelling"]))
    assert question == "Which of these?\nYou chose: Swelling"
    assert answer == "You said: Swelling"


def test_send_without_a_tick_asks_for_one_and_keeps_the_boxes(work: Workspace) -> None:
    anna = work.person()
    work.after(anna, anna.says("several"))
    _, hint = work.after(anna, anna.clicks("Send"))
    assert hint == "Tick one."
    *_, answer = work.after(anna, anna.clicks("Send", ticked=["Swelling"]))
    assert answer == "You said: Swelling"


def test_ticking_a_box_alone_is_no_answer(work: Workspace) -> None:
    anna = work.person()
    work.after(anna, anna.says("several"))
    ticked = anna.clicks("Send", ticked=["Swelling"])
    ticked["actions"] = [{"type": "checkboxes", "action_id": "boxes-0", "action_ts": work.slack.stamp()}]
    assert len(work.after(anna, ticked)) == 1


def test_a_choice_from_a_menu_is_obeyed(work: Workspace) -> None:
    anna = work.person()
    work.after(anna, anna.says("buttons"))
    click = anna.clicks("Not sure")
    option = {
        "text": {"type": "plain_text", "text": "Fever: no"},
        "value": '/answer{"option": "change:fever"}',
    }
    click["actions"][0] = {
        "type": "static_select",
        "action_id": "menu-0",
        "selected_option": option,
        "action_ts": work.slack.stamp(),
    }
    question, answer = work.after(anna, click)
    assert question.endswith("You chose: Fever: no")
    assert answer == "You chose change:fever."


def test_the_verdict_shows_its_urgency_first(work: Workspace) -> None:
    anna = work.person()
    (shown,) = work.after(anna, anna.says("verdict"))
    assert shown.split("\n")[0] == "Emergency: get help now"
    assert "Call 112 now." in shown


def test_an_answer_stays_in_its_thread(work: Workspace) -> None:
    anna = work.person(thread="1700000000.000100")
    work.after(anna, anna.says("buttons"))
    work.after(anna, anna.clicks("Yes"))
    assert [message["thread_ts"] for message in anna.shown()] == ["1700000000.000100"] * 2


def test_a_long_answer_comes_whole_within_slacks_limits(work: Workspace) -> None:
    anna = work.person()
    assert "more" in "\n".join(work.after(anna, anna.says("letter")))


def test_marks_of_slack_in_a_persons_words_come_back_as_they_are(work: Workspace) -> None:
    anna = work.person()
    (shown,) = work.after(anna, anna.says("&lt;b&gt; *x* &amp; <https://a.example/|a.example> <@U1>"))
    assert shown == "You said: <b> *x* & a.example"


# -- where the app speaks ------------------------------------------------------------------------
def test_in_a_channel_it_invites_to_a_direct_message_and_repeats_nothing(work: Workspace) -> None:
    anna = work.person()
    channel = f"C{anna.user}"
    mention = anna.mentions("my CANARY hurts", channel)
    work.after(anna, mention)
    (invitation,) = work.slack.shown(channel)
    assert words_of(invitation) == "Write to me directly."
    assert invitation["thread_ts"] == mention["event"]["ts"]
    assert anna.shown() == []
    assert b"CANARY" not in (work.folder / "mail.sqlite").read_bytes()


def test_what_is_said_in_a_channel_without_naming_it_is_not_heard(work: Workspace) -> None:
    anna = work.person()
    channel = f"C{anna.user}"
    work.after(anna, anna.says("hello", channel=channel, channel_type="channel"))
    assert work.slack.shown(channel) == []


def test_the_home_page_says_what_it_is_and_how_to_start(work: Workspace) -> None:
    anna = work.person()
    work.after(anna, anna.opens_home())
    assert "say hello" in words_of(work.slack.homes[anna.user])


@pytest.mark.parametrize("more", [{"bot_id": "B1"}, {"user": "U0BOT"}, {"subtype": "bot_message"}])
def test_messages_of_bots_are_not_answered(work: Workspace, more: dict[str, str]) -> None:
    anna = work.person()
    assert work.after(anna, anna.says("hello", **more)) == []


# -- more than words -----------------------------------------------------------------------------
def test_a_file_without_words_is_met_kindly(work: Workspace) -> None:
    anna = work.person()
    voice = {"id": "F1", "subtype": "slack_audio", "mimetype": "audio/webm"}
    assert work.after(anna, anna.says("", subtype="file_share", files=[voice])) == ["Words only."]


def test_the_words_beside_a_file_are_heard(work: Workspace) -> None:
    anna = work.person()
    picture = {"id": "F1", "mimetype": "image/png"}
    shown = work.after(anna, anna.says("hello", subtype="file_share", files=[picture]))
    assert shown == ["Words only.", GREETING]


def test_an_edit_that_tells_something_new_is_heard(work: Workspace) -> None:
    anna = work.person()
    (shown,) = work.after(anna, anna.edits("my hip hurts", "my hip hurts and I have chest pain"))
    assert shown == "You said: my hip hurts and I have chest pain"


@pytest.mark.parametrize("after", ["yes", "noo"])
def test_an_edited_answer_is_explained_and_not_taken_for_an_answer(work: Workspace, after: str) -> None:
    anna = work.person()
    assert work.after(anna, anna.edits("no", after)) == ["I saw the edit."]


def test_the_preview_of_a_link_is_no_edit(work: Workspace) -> None:
    anna = work.person()
    assert work.after(anna, anna.edits("see https://a.example", "see https://a.example")) == []


def test_a_row_of_deletions_is_met_once(work: Workspace) -> None:
    anna = work.person()
    assert work.after(anna, anna.deletes("one"), anna.deletes("two")) == ["I saw the deletion."]


# -- deliveries ----------------------------------------------------------------------------------
def test_an_event_that_is_delivered_again_is_answered_once(work: Workspace) -> None:
    anna = work.person()
    body = anna.says("hello")
    retry = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_error"}
    assert anna.send(body) == 200
    assert anna.send(body, headers=retry) == 200
    assert work.after(anna, body) == [GREETING]


def test_messages_that_come_out_of_order_are_answered_in_order(work: Workspace) -> None:
    anna = work.person()
    first, second = anna.says("one"), anna.says("two")
    assert work.after(anna, second, first) == ["You said: one", "You said: two"]


def test_slack_is_answered_before_the_turn_is_over(work: Workspace) -> None:
    anna = work.person()
    assert anna.send(anna.says("hang")) == 200
    assert anna.shown() == []
    work.quiet()
    assert [words_of(message) for message in anna.shown()] == [FAILED]


@pytest.mark.parametrize("text", ["crash", "silence"])
def test_a_turn_that_fails_or_says_nothing_is_answered(work: Workspace, text: str) -> None:
    anna = work.person()
    assert work.after(anna, anna.says(text)) == [FAILED]


# -- Slack's troubles ----------------------------------------------------------------------------
@pytest.mark.parametrize("failure", ["500", "internal_error", "reset", "lost", "hang", "invalid_auth"])
def test_whatever_goes_wrong_at_slack_each_message_arrives_once_and_in_order(
    work: Workspace, failure: str
) -> None:
    anna = work.person()
    work.slack.fails = failing(failure, failure)
    assert work.after(anna, anna.says("one"), anna.says("two")) == ["You said: one", "You said: two"]


def test_in_a_thread_too_a_message_whose_answer_was_lost_is_posted_once(work: Workspace) -> None:
    anna = work.person(thread="1700000000.000100")
    work.slack.fails = failing("lost")
    assert work.after(anna, anna.says("hello")) == [GREETING]


def test_a_limit_of_slack_is_obeyed(work: Workspace) -> None:
    anna = work.person()
    times: list[float] = []

    def limited(method: str, body: Any) -> str:
        times.append(time.monotonic())
        return "429" if len(times) == 1 else ""

    work.slack.fails = limited
    work.after(anna, anna.says("hello"))
    assert times[1] - times[0] >= float(work.slack.retry_after)


def test_what_slack_will_never_take_is_given_up_and_the_next_message_comes(work: Workspace) -> None:
    anna = work.person()
    work.slack.fails = failing("is_archived")
    assert work.after(anna, anna.says("my CANARY"), anna.says("two")) == ["You said: two"]
    logged = work.server.log.read_text()
    assert "is_archived" in logged
    assert "CANARY" not in logged


def test_a_message_whose_blocks_are_refused_comes_in_words(work: Workspace) -> None:
    anna = work.person()
    work.slack.fails = failing("invalid_blocks")
    work.after(anna, anna.says("hello"))
    assert [message["text"] for message in anna.shown()] == [GREETING]


def test_when_the_history_cannot_be_read_a_message_comes_twice_rather_than_never(work: Workspace) -> None:
    anna = work.person()
    lost = failing("lost")
    work.slack.fails = lambda method, body: (
        "missing_scope" if method.startswith("conversations") else lost(method, body)
    )
    assert work.after(anna, anna.says("hello")) == [GREETING, GREETING]


# -- strangers -----------------------------------------------------------------------------------
def raw(text: str = "hello") -> bytes:
    slack = FakeSlack()
    return json.dumps(Person(slack, "", "U9", f"D9{next(_people)}").says(text)).encode()


@pytest.mark.parametrize(
    "how",
    [
        {"secret": "another"},
        {"at": time.time() - 3600},
        {"at": time.time() + 3600},
        {"headers": {"X-Slack-Signature": "v0=\u00e9"}},
        {"headers": {"X-Slack-Signature": ""}},
        {"headers": {"X-Slack-Request-Timestamp": "soon"}},
        {"headers": {"X-Slack-Request-Timestamp": ""}},
        {"headers": {"X-Slack-Request-Timestamp": "9" * 5000}},
    ],
)
def test_what_slack_did_not_sign_now_is_refused(work: Workspace, how: dict[str, Any]) -> None:
    assert deliver(work.webhook, raw(), **how) == 401


def test_a_request_that_somebody_replays_is_answered_once(work: Workspace) -> None:
    anna = work.person()
    body = json.dumps(anna.says("hello")).encode()
    assert [deliver(work.webhook, body, at=int(time.time())) for _ in range(3)] == [200] * 3
    work.quiet()
    assert len(anna.shown()) == 1


def test_an_oversize_request_is_refused(work: Workspace) -> None:
    assert deliver(work.webhook, raw("x" * 1_100_000)) == 413


def test_a_very_long_message_is_read_in_part_and_this_is_said(work: Workspace) -> None:
    anna = work.person()
    first, second = work.after(anna, anna.says("bone " * 8000))
    assert first == "That was long. I read the first part."
    assert len(second) < 2100


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{"),
        ("application/json", b"[]"),
        ("application/json", b"\xff"),
        ("application/json", b"[" * 100_000),
        ("application/x-www-form-urlencoded", b"payload={"),
        ("application/x-www-form-urlencoded", b"a=1&" * 100),
        ("text/plain", b"hello"),
    ],
)
def test_what_is_no_payload_is_refused(work: Workspace, content_type: str, body: bytes) -> None:
    assert deliver(work.webhook, body, content_type=content_type) == 400


@pytest.mark.parametrize(
    "body",
    [
        {"type": "event_callback"},
        {"type": "event_callback", "event_id": "Ev1", "event": []},
        {"type": "event_callback", "event_id": "Ev2", "event": {"type": "message", "channel_type": "im"}},
        {"type": "app_rate_limited"},
        {"type": "block_actions", "actions": [5]},
        {"type": "view_submission"},
        {},
    ],
)
def test_a_payload_of_another_kind_is_acknowledged(work: Workspace, body: dict[str, Any]) -> None:
    assert deliver(work.webhook, json.dumps(body).encode()) == 200


def test_slacks_question_whether_the_address_is_ours_is_answered(work: Workspace) -> None:
    from slack_sdk.signature import SignatureVerifier

    body = json.dumps({"type": "url_verification", "challenge": "c1"}).encode()
    signed = SignatureVerifier(SECRET).generate_signature(timestamp=str(int(time.time())), body=body)
    headers = {"X-Slack-Request-Timestamp": str(int(time.time())), "X-Slack-Signature": str(signed)}
    request = urllib.request.Request(
        work.webhook, body, {**headers, "Content-Type": "application/json; charset=utf-8"}
    )
    with urllib.request.urlopen(request) as answer:
        assert json.load(answer) == {"challenge": "c1"}


# -- restarts ------------------------------------------------------------------------------------
def test_a_kill_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    port = free_port()
    with fake_slack() as slack:
        anna = Person(slack, f"http://127.0.0.1:{port}/webhooks/slack/webhook")
        bodies = [anna.says(f"number {n}") for n in range(5)]
        slack.fails = failing("", "lost")
        with small_server(tmp_path, environment(slack), QUICK, port) as server:
            assert [anna.send(body) for body in bodies[:4]] == [200] * 4
            while not anna.shown():
                time.sleep(0.01)
            server.process.kill()
        with small_server(tmp_path, environment(slack), QUICK, port):
            assert [anna.send(body) for body in bodies] == [200] * 5
            wait_until_quiet(tmp_path)
    assert [words_of(message) for message in anna.shown()] == [f"You said: number {n}" for n in range(5)]


def test_without_its_secrets_the_channel_is_off_and_says_so(server: Server) -> None:
    assert deliver(f"{server.url}/webhooks/slack/webhook", raw()) == 404
    assert (
        "Slack is off: SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET not set (docs/slack.md)."
        in server.log.read_text()
    )


def test_with_its_secrets_the_channel_is_on_and_no_secret_is_logged(work: Workspace) -> None:
    logged = work.server.log.read_text()
    assert "Slack is on." in logged
    assert TOKEN not in logged
    assert SECRET not in logged
