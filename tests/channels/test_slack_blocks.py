"""Every bot message looks right in Slack and keeps within its limits, whatever is in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from fake_slack import buttons_of, words_of, wrong_with
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.slack_blocks import chosen, escape, home, render, split
from bot.clinical.facts import Facts
from bot.clinical.interview import worded
from bot.clinical.judge import judge
from bot.clinical.knowledge_base import knowledge
from bot.handoff.letter import doctor_letter
from bot.handoff.summary import chat_summary, cited_sources, ledger_items, ledger_text

TO = {"channel": "D1"}
FACTS = Facts.from_json(
    {"event_type": "thr", "body_site": "left hip", "weeks_since_event": 6, "symptoms_present": ["stiffness"]}
)


def bodies(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [call.body for call in render(TO, message)]


def shown(message: dict[str, Any]) -> str:
    return "\n".join(words_of(body) for body in bodies(message))


def verdict() -> dict[str, Any]:
    found = judge(FACTS)
    custom = {"type": "triage_result", **found.to_json(), "sources": cited_sources(found)}
    return {"text": "\n\n".join(chat_summary(found, FACTS, "112", False)), "custom": custom}


def test_words_are_shown_as_they_are() -> None:
    (body,) = bodies({"text": "a < b & *c* :)\n\n- d"})
    assert words_of(body) == "a < b & *c* :)\n\n- d"
    assert body["blocks"][0]["text"]["type"] == "plain_text"
    assert body["mrkdwn"] is False


def test_a_message_of_nothing_is_no_call() -> None:
    assert bodies({}) == []


def test_more_than_five_buttons_are_all_shown() -> None:
    buttons = [{"title": f"Option {n}", "payload": f"/answer{n}"} for n in range(30)]
    (body,) = bodies({"text": "Which?", "buttons": buttons})
    assert [(one["text"]["text"], one["value"]) for one in buttons_of(body)] == [
        (one["title"], one["payload"]) for one in buttons
    ]
    assert wrong_with(body) == ""


def test_more_than_ten_boxes_are_all_shown() -> None:
    options = [f"Sign {n}" for n in range(23)]
    buttons = [{"title": option, "payload": option} for option in [*options, "Not sure"]]
    (body,) = bodies({"text": "Which?", "buttons": buttons, "custom": {"several": True, "options": options}})
    boxes = [one for block in body["blocks"] for one in block.get("elements", []) if "options" in one]
    assert [option["value"] for box in boxes for option in box["options"]] == options
    assert [one["text"]["text"] for one in buttons_of(body)] == ["Send", "Not sure"]
    assert wrong_with(body) == ""


@pytest.mark.parametrize("name", sorted(knowledge().questions))
def test_every_question_fits(name: str) -> None:
    question = knowledge().questions[name]
    titles = [option.title for option in question.options]
    buttons = [
        {"title": title, "payload": f'/answer{{"option": "{name}:{n}"}}'} for n, title in enumerate(titles)
    ]
    custom = {"type": "question", "several": question.kind == "several", "options": titles, "section": [1, 4]}
    (body,) = bodies({"text": worded(question, FACTS, "first", False), "buttons": buttons, "custom": custom})
    assert wrong_with(body) == ""
    assert "Part 1 of 4" in words_of(body)


def test_the_verdict_begins_with_its_urgency_and_loses_no_word() -> None:
    message = verdict()
    (body,) = bodies(message)
    assert body["blocks"][0] == {
        "type": "header",
        "text": {"type": "plain_text", "text": "Book a routine visit", "emoji": False},
    }
    said = "".join(shown(message).replace("*", "").replace("• ", "- ").split())
    assert all("".join(line.split()) in said for line in message["text"].split("\n"))
    assert wrong_with(body) == ""


def test_the_sources_of_a_verdict_can_be_followed() -> None:
    message = verdict()
    sources = [one for one in message["custom"]["sources"] if one["url"]]
    assert sources
    links = str(bodies(message))
    assert all(f"<{escape(one['url'])}|{one['id']}: " in links for one in sources)


def ledger() -> dict[str, Any]:
    facts = Facts.from_json(
        {"age": 44, "symptoms_present": ["stiffness"], "symptoms_absent": ["fever", "pain"]}
    )
    items = [{**one, "payload": f"/change{one['fact']}"} for one in ledger_items(facts)]
    return {"text": ledger_text(facts), "custom": {"type": "ledger", "lines": [], "items": items}}


def test_each_line_of_the_ledger_that_tells_one_fact_has_its_button() -> None:
    (body,) = bodies(ledger())
    assert words_of(body) == ledger()["text"]
    assert [one["value"] for one in buttons_of(body)] == ["/changeage", "/changestiffness"]
    assert wrong_with(body) == ""


def test_what_the_ledger_tells_together_can_be_changed_by_a_menu() -> None:
    (menu,) = [
        one
        for block in bodies(ledger())[0]["blocks"]
        for one in block.get("elements", [])
        if "placeholder" in one
    ]
    assert {option["value"] for option in menu["options"]} == {"/changefever", "/changepain"}


def test_a_ledger_without_items_is_shown_in_lines() -> None:
    assert shown({"text": "- Age: 44\n- No: pain", "custom": {"type": "ledger"}}) == "- Age: 44\n- No: pain"


def test_the_copy_for_the_doctor_comes_whole_with_its_headings_bold() -> None:
    letter = doctor_letter(FACTS, judge(FACTS))
    said = shown({"text": letter, "custom": {"type": "doctor_letter", "markdown": letter}})
    headings = [line.lstrip("# ") for line in letter.split("\n") if line.startswith("#")]
    assert headings
    assert all(f"*{heading}*" in said for heading in headings)


def test_a_long_text_is_cut_at_paragraphs() -> None:
    paragraphs = [f"{n} " + "word " * 300 for n in range(40)]
    calls = bodies({"text": "\n\n".join(paragraphs)})
    assert len(calls) > 1
    starts = [block["text"]["text"].split()[0] for body in calls for block in body["blocks"]]
    assert all(start.isdigit() for start in starts)


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=9000), st.lists(st.text("ab&<\n", min_size=1, max_size=140), max_size=60, unique=True)
)
def test_whatever_the_words_slack_takes_them(text: str, titles: list[str]) -> None:
    titles = [title for title in titles if title.strip()]
    buttons = [{"title": title, "payload": title} for title in titles]
    for custom in (
        {},
        {"type": "triage_result"},
        {"type": "doctor_letter"},
        {"several": True, "options": titles},
    ):
        for body in bodies({"text": text, "buttons": buttons, "custom": custom}):
            assert wrong_with(body) == ""


@given(st.text("a &<\n", max_size=400), st.integers(10, 50))
def test_splitting_keeps_every_character_but_those_it_cuts_at(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(st.text("a &<\n", max_size=400))
def test_no_part_is_too_long(text: str) -> None:
    assert all(len(escape(part)) <= 120 for part in split(text, 120))


def test_the_chosen_option_takes_the_place_of_everything_to_choose() -> None:
    buttons = [{"title": title, "payload": title} for title in ("Hot", "Red", "None of these")]
    custom = {"several": True, "options": ["Hot", "Red", "None of these"], "section": [1, 4]}
    (body,) = bodies({"text": "Which?", "buttons": buttons, "custom": custom})
    call = chosen("D1", {"ts": "1.2", **body}, "Hot & red")
    assert (call.method, call.body["ts"]) == ("chat.update", "1.2")
    assert words_of(call.body) == "Which?\nYou chose: Hot & red"
    assert wrong_with(call.body) == ""


def test_a_message_whose_blocks_slack_did_not_send_back_can_still_be_answered() -> None:
    assert words_of(chosen("D1", {"ts": "1.2"}, "Yes").body) == "You chose: Yes"


def test_the_home_page_fits() -> None:
    view = home("U1").body["view"]
    assert wrong_with({"blocks": view["blocks"]}) == ""


def test_the_manifest_asks_for_what_the_channel_uses_and_no_more() -> None:
    path = Path(__file__).resolve().parents[2] / "docs" / "slack-app-manifest.yml"
    manifest = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert manifest["oauth_config"]["scopes"]["bot"] == ["app_mentions:read", "chat:write", "im:history"]
    assert manifest["settings"]["event_subscriptions"]["bot_events"] == [
        "app_home_opened",
        "app_mention",
        "message.im",
    ]
    address = "https://triage.example.org/webhooks/slack/webhook"
    assert manifest["settings"]["event_subscriptions"]["request_url"] == address
    assert manifest["settings"]["interactivity"]["request_url"] == address
