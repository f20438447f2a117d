import json
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from serving import Server

pytestmark = pytest.mark.xdist_group("small_bot")


def post_raw(server: Server, body: bytes) -> tuple[int, Any]:
    request = urllib.request.Request(
        f"{server.url}/webhooks/rest/webhook", body, {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def say(server: Server, text: str, sender: str = "anna") -> list[dict[str, Any]]:
    status, messages = post_raw(server, json.dumps({"sender": sender, "message": text}).encode())
    assert status == 200
    return messages


def test_a_message_is_answered(server: Server) -> None:
    assert say(server, "hello") == [{"recipient_id": "anna", "text": "Hello, I am a small bot."}]


def test_text_and_buttons_come_as_one_message(server: Server) -> None:
    (message,) = say(server, "buttons")
    assert message["text"] == "Is it swollen?\n\nTell me."
    assert [button["title"] for button in message["buttons"]] == ["Yes", "Not sure"]


def test_the_verdict_travels_beside_its_text(server: Server) -> None:
    (message,) = say(server, "verdict")
    assert message["text"] == "Call 112 now."
    assert message["custom"]["type"] == "triage_result"


def test_a_button_payload_of_ours_is_obeyed(server: Server) -> None:
    assert say(server, '/answer{"option": "swelling:0"}')[0]["text"] == "You chose swelling:0."


def test_a_typed_command_is_read_as_words(server: Server) -> None:
    assert say(server, "/restart now")[0]["text"] == "You said: restart now"


@pytest.mark.parametrize("text", ["crash", "hang", "block", "silence"])
def test_a_turn_that_fails_or_says_nothing_is_answered(server: Server, text: str) -> None:
    assert [message["text"] for message in say(server, text)] == [
        "Something went wrong. Call 112 if you feel very ill."
    ]


def test_after_a_failed_turn_the_conversation_goes_on(server: Server) -> None:
    say(server, "crash", "bert")
    assert say(server, "hello", "bert")[0]["text"] == "Hello, I am a small bot."


def test_a_very_long_message_is_read_in_part_and_this_is_said(server: Server) -> None:
    first, second = say(server, "bone " * 20_000)
    assert first["text"] == "That was long. I read the first part."
    assert len(second["text"]) < 2100


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"hello"', b"null", b'{"message": "hello"}', b'{"sender": "a"}',
     b'{"sender": "a", "message": ""}', b'{"sender": "", "message": "hello"}',
     b'{"sender": "a", "message": ["hello"]}', b'{"sender": "a", "message": "hello", "metadata": 1}',
     b'{"sender": "web-x", "message": "hello"}', b'{"sender": "slack-T1-D1", "message": "hello"}',
     b'{"sender": "telegram-1", "message": "hello"}', b'{"sender": "\\ud800", "message": "hello"}',
     b'{"a":' * 20_000, b'"' + b"x" * 300_000 + b'"', b"\xff\xfe"],
)  # fmt: skip
def test_what_is_no_message_is_refused_with_a_reason(server: Server, body: bytes) -> None:
    status, answer = post_raw(server, body)
    assert status == 400
    assert answer["error"]


def test_two_senders_do_not_share_a_conversation(server: Server) -> None:
    say(server, "hello", "carla")
    say(server, "crash", "dora")
    with urllib.request.urlopen(f"{server.url}/conversations/carla/tracker") as answer:
        assert json.load(answer)["slots"]["action_failed"] is None


def test_messages_sent_at_once_by_one_sender_are_answered_one_after_the_other(server: Server) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: say(server, f"nonsense {number}", "emil"), range(24)))
    assert [answer[0]["text"] for answer in answers] == [f"You said: nonsense {n}" for n in range(24)]
    with urllib.request.urlopen(f"{server.url}/conversations/emil/tracker?include_events=ALL") as answer:
        said = [event for event in json.load(answer)["events"] if event["event"] in ("user", "bot")]
    assert [event["event"] for event in said] == ["user", "bot"] * 24
    assert all(
        bot["text"] == f"You said: {user['text']}" for user, bot in zip(said[::2], said[1::2], strict=True)
    )


def test_half_a_character_is_heard_as_a_question_mark(server: Server) -> None:
    assert say(server, "bone \ud800")[0]["text"] == "You said: bone ?"


def test_a_page_of_another_site_is_given_no_leave_to_read(server: Server) -> None:
    request = urllib.request.Request(
        f"{server.url}/webhooks/rest/", headers={"Origin": "https://evil.example"}
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.headers["Access-Control-Allow-Origin"] is None


def test_a_failure_is_logged_where_it_happened_and_without_the_persons_words(server: Server) -> None:
    say(server, "crash canaryword")
    logged = server.log.read_text()
    assert "small_bot/actions.py" in logged
    assert "ValueError" in logged
    assert "canaryword" not in logged
