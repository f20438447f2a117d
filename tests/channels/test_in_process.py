import json
from typing import Any

import pytest
from rasa.utils.endpoints import ClientResponseError
from small_bot import actions as small_actions

from bot.in_process import InProcessActions


@pytest.fixture(scope="module")
def endpoint() -> InProcessActions:
    return InProcessActions(small_actions, time_limit=0.5)


def call(action: str, *events: dict[str, Any]) -> dict[str, Any]:
    tracker = {
        "sender_id": "a",
        "slots": {"age": 61},
        "latest_message": {"text": "my secret words"},
        "events": [{"event": "user"}, *events],
        "paused": False,
        "followup_action": None,
        "active_loop": {},
        "latest_action_name": "action_listen",
    }
    return {"next_action": action, "sender_id": "a", "tracker": tracker, "domain": {}}


SAFE = {
    "events": [{"event": "slot", "name": "action_failed", "value": True}],
    "responses": [{"response": "utter_action_failed"}],
}


async def test_an_action_answers_as_over_the_webhook(endpoint: InProcessActions) -> None:
    answer = await endpoint.request(json=call("action_echo"))
    assert answer["events"] == []
    assert [response["text"] for response in answer["responses"]] == ["You said: my secret words"]


@pytest.mark.parametrize("action", ["action_crash", "action_hang", "action_block", "action_nobody_knows"])
async def test_an_action_that_fails_or_hangs_is_answered_safely(
    endpoint: InProcessActions, action: str
) -> None:
    assert await endpoint.request(json=call(action)) == SAFE


async def test_after_an_action_that_blocks_the_next_one_runs(endpoint: InProcessActions) -> None:
    await endpoint.request(json=call("action_block"))
    answer = await endpoint.request(json=call("action_echo"))
    assert answer["responses"][0]["text"] == "You said: my secret words"


async def test_the_failure_is_said_once_a_turn(endpoint: InProcessActions) -> None:
    said = {"event": "bot", "metadata": {"utter_action": "utter_action_failed"}}
    answer = await endpoint.request(json=call("action_crash", said))
    assert answer == {**SAFE, "responses": []}


async def test_the_failure_is_said_again_in_a_later_turn(endpoint: InProcessActions) -> None:
    said = {"event": "bot", "metadata": {"utter_action": "utter_action_failed"}}
    assert await endpoint.request(json=call("action_crash", said, {"event": "user"})) == SAFE


async def test_a_rejected_action_is_told_like_the_action_server_does(endpoint: InProcessActions) -> None:
    with pytest.raises(ClientResponseError) as raised:
        await endpoint.request(json=call("action_refuse"))
    assert raised.value.status == 400
    assert json.loads(raised.value.text) == {"action_name": "action_refuse", "error": "not now"}


async def test_what_an_action_says_shares_nothing_with_it(endpoint: InProcessActions) -> None:
    answer = await endpoint.request(json=call("action_verdict"))
    answer["responses"][0]["custom"]["urgency"] = "routine"
    assert small_actions.VERDICT["urgency"] == "emergency"
