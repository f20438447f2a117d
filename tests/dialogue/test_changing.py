"""Any line of the ledger is put right: asked for again, set, said, and judged again."""

from __future__ import annotations

import pytest

from tests.conversation import texts, verdict_in
from tests.dialogue.placing import STIFF_ELBOW, after_verdict, at_question

pytestmark = pytest.mark.xdist_group("dialogue-2")

LINES = [
    ("event_type", "a hip replacement", lambda facts: facts["event_type"] == "thr"),
    ("body_site", "right knee", lambda facts: facts["body_site"] == "right knee"),
    ("weeks_since_event", "3 months ago", lambda facts: facts["weeks_since_event"] > 12),
    ("age", "55", lambda facts: facts["age"] == 55),
    ("sex", "female", lambda facts: facts["sex"] == "female"),
    ("course", "getting worse", lambda facts: facts["course"] == "worse"),
    ("stiffness", "no", lambda facts: "stiffness" in facts["symptoms_absent"]),
    ("night_pain", "yes", lambda facts: "night_pain" in facts["symptoms_present"]),
    ("diabetes", "no", lambda facts: "diabetes" in facts["risk_factors_absent"]),
    ("warmth", "not sure", lambda facts: "warmth" in facts["symptoms_unknown"]),
]
CASE = {
    **STIFF_ELBOW,
    "sex": "male",
    "course": "better",
    "symptoms_absent": ["night_pain", "warmth"],
    "risk_factors": ["diabetes"],
}


def tap(fact: str) -> str:
    return f'/answer{{"option": "change:{fact}"}}'


async def standing(agent, where: str, facts=CASE):
    return await after_verdict(agent, facts) if where == "verdict" else await at_question(agent, where, facts)


def ledger_in(replies) -> dict:
    return next(r["custom"] for r in replies if (r.get("custom") or {}).get("type") == "ledger")


async def test_every_line_of_the_ledger_has_a_label_a_value_and_a_payload(agent):
    items = ledger_in(await (await standing(agent, "verdict")).say("what have you heard?"))["items"]
    assert {
        "fact": "weeks_since_event",
        "label": "When",
        "value": "about 6 weeks ago",
        "payload": tap("weeks_since_event"),
    } in items
    assert {fact for fact, _, _ in LINES} <= {item["fact"] for item in items}


@pytest.mark.parametrize("where", ["fever", "ledger_confirmed", "verdict"])
@pytest.mark.parametrize(("fact", "answer", "holds"), LINES)
async def test_a_line_is_asked_for_again_and_set(agent, where, fact, answer, holds):
    chat = await standing(agent, where)
    assert 'So far I have: "' in texts(await chat.say(tap(fact)))
    said = texts(await chat.say(answer))
    assert holds(await chat.facts())
    assert "(before: " in said


@pytest.mark.parametrize("where", ["fever", "verdict"])
@pytest.mark.parametrize(
    ("text", "asks"), [("change the date", "How long ago"), ("change line 2", "Where is the trouble")]
)
async def test_a_line_is_named_by_typing_too(agent, where, text, asks):
    assert asks in texts(await (await standing(agent, where)).say(text))


async def test_while_a_line_is_asked_for_the_slot_names_its_fact(agent):
    for where in ("fever", "verdict"):
        chat = await standing(agent, where)
        await chat.say(tap("age"))
        assert await chat.slot("requested_slot") == "age"


async def test_the_question_that_was_put_off_returns(agent):
    chat = await standing(agent, "fever")
    await chat.say(tap("age"))
    await chat.say("55")
    assert await chat.slot("requested_slot") == "fever"


async def test_after_the_verdict_no_question_is_left_open(agent):
    chat = await standing(agent, "verdict")
    await chat.say(tap("age"))
    await chat.say("55")
    assert await chat.slot("requested_slot") is None


async def test_after_a_change_at_the_ledger_the_list_is_shown_again(agent):
    facts = {**CASE, "symptoms_present": ["fever"], "symptoms_absent": [], "age": 30}
    chat = await at_question(agent, "ledger_confirmed", facts)
    await chat.say(tap("sex"))
    replies = await chat.say("female")
    while await chat.slot("requested_slot") != "ledger_confirmed":
        replies = await chat.say("no")
    assert any(item["value"] == "female" for item in ledger_in(replies)["items"])


async def test_a_changed_line_says_how_the_advice_moves_and_why(agent):
    chat = await standing(agent, "verdict")
    await chat.say(tap("fever"))
    replies = await chat.say("yes")
    assert "The advice moves from" in texts(replies)
    assert "This is why: " in texts(replies)
    assert verdict_in(replies)["urgency"] == "same_day"


async def test_a_changed_event_takes_with_it_what_hung_on_it(agent):
    case = {"event_type": "sci", "risk_factors": ["complete_sci"], "age": 30}
    chat = await standing(agent, "verdict", case)
    await chat.say(tap("event_type"))
    await chat.say("a broken elbow, it was operated on")
    assert "complete_sci" not in (await chat.facts())["risk_factors"]


@pytest.mark.parametrize("where", ["fever", "verdict"])
async def test_doubt_keeps_a_sign_that_was_told(agent, where):
    chat = await standing(agent, where)
    await chat.say(tap("stiffness"))
    assert "I leave everything as it was" in texts(await chat.say("I don't know"))
    assert "stiffness" in (await chat.facts())["symptoms_present"]


@pytest.mark.parametrize("where", ["fever", "verdict"])
@pytest.mark.parametrize("said", ["never mind", "go back", "skip"])
async def test_a_change_can_be_left(agent, where, said):
    chat = await standing(agent, where)
    before = await chat.facts()
    await chat.say(tap("weeks_since_event"))
    assert "I leave everything as it was" in texts(await chat.say(said))
    assert await chat.facts() == before


@pytest.mark.parametrize("where", ["fever", "verdict"])
async def test_what_is_not_followed_is_asked_in_simpler_words_once(agent, where):
    chat = await standing(agent, where)
    await chat.say(tap("stiffness"))
    assert "Please say yes, no or not sure" in texts(await chat.say("zxcv"))
    assert "I leave everything as it was" in texts(await chat.say("zxcv qwer"))


@pytest.mark.parametrize("where", ["fever", "verdict"])
async def test_a_digression_returns_to_the_line(agent, where):
    chat = await standing(agent, where)
    await chat.say(tap("stiffness"))
    assert texts(await chat.say("what is HO?")).strip().endswith("Stiffness: is it yes or no?")


@pytest.mark.parametrize("where", ["fever", "verdict"])
async def test_an_emergency_outranks_the_line(agent, where):
    chat = await standing(agent, where)
    await chat.say(tap("age"))
    assert verdict_in(await chat.say("I can't breathe"))["urgency"] == "emergency"


@pytest.mark.parametrize("where", ["fever", "verdict"])
async def test_a_line_that_is_not_there_is_told_so(agent, where):
    assert "no such line" in texts(await (await standing(agent, where)).say("change line 44"))


async def test_of_two_events_the_second_is_put_right_alone(agent):
    chat = await after_verdict(agent, {"events": [{"type": "sci"}, {"type": "burn"}], "age": 30})
    await chat.say(tap("event_type.2"))
    await chat.say("I broke my leg")
    assert [event["type"] for event in (await chat.facts())["events"]] == ["sci", "fracture"]


async def test_before_the_consent_no_line_is_asked_for(chat):
    await chat.say("I broke my elbow 6 weeks ago")
    await chat.say(tap("age"))
    assert await chat.slot("requested_slot") == "consent"


async def test_an_alarm_taken_back_by_its_line_says_what_was(agent):
    chat = await standing(agent, "fever")
    await chat.say("I have chest pain")
    await chat.say(tap("chest_pain"))
    said = texts(await chat.say("no"))
    assert "Chest pain: no (before: yes)" in said
    assert "I take back the alarm" in said
