"""What is heard in one message, sentence by sentence: sentences.yml, danger_ and story_sentences.yml."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clinical.facts import Facts
from bot.clinical.mentions import KINDS, Mention
from bot.clinical.merge import merge
from bot.nlu import understand

TODAY = date(2026, 11, 22)
SENTENCES = [
    sentence
    for name in ("sentences.yml", "danger_sentences.yml", "story_sentences.yml")
    for sentence in yaml.load(Path(__file__).with_name(name).read_text(encoding="utf-8"), yaml.BaseLoader)
]
VALUES = {
    "event": "event",
    "site": "body_site",
    "side": "side",
    "age": "age",
    "sex": "sex",
    "about": "about",
    "course": "course",
}


def _heard_value(mentions: list[Mention], kind: str) -> str:
    found = [str(m.value) for m in mentions if m.kind == kind and m.assertion == "present"]
    return found[0].split(",")[0] if found else "none"


def _heard_weeks(mentions: list[Mention]) -> float:
    found = [m.value for kind in ("weeks_since_event", "symptom_weeks") for m in mentions if m.kind == kind]
    return float(found[0])


@pytest.mark.parametrize("sentence", SENTENCES, ids=[sentence["say"] for sentence in SENTENCES])
def test_what_is_heard_in(sentence: dict) -> None:
    mentions = understand(sentence["say"], TODAY)
    for key, expected in sentence["heard"].items():
        if key in VALUES:
            assert _heard_value(mentions, VALUES[key]) == expected
        elif key == "weeks_since_event":
            told = [str(m.value) for m in mentions if m.kind == key]
            assert told == ([] if expected == "none" else [expected])
        elif key == "weeks":
            assert _heard_weeks(mentions) == pytest.approx(float(expected), rel=0.1, abs=0.5)
        else:
            said = {m.assertion for m in mentions if m.value == key and m.kind != "if_asked"}
            assert said == (set() if expected == "none" else {expected}), key


def test_one_message_fills_every_fact_it_contains() -> None:
    text = (
        "i broke my femur 6 weeks ago, they put a rod in, and now the knee won't bend, swollen, no fever. 45m"
    )
    facts = merge(Facts(), understand(text, TODAY)).facts
    assert facts.events[0].type == "fracture_surgery"
    assert (facts.weeks_since_event, facts.age, facts.sex) == (6.0, 45, "male")
    assert facts.symptoms == {"loss_of_motion": "present", "swelling": "present", "fever": "absent"}


def test_the_most_telling_event_comes_first() -> None:
    mentions = understand("quadriplegic since a car crash. then had a fall", TODAY)
    assert [m.value for m in mentions if m.kind == "event"] == ["sci", "fall"]


def test_several_places_are_one_mention() -> None:
    mentions = understand("both hips, right knee and left elbow are stuck", TODAY)
    assert [m.value for m in mentions if m.kind == "body_site"] == ["both hips, right knee, left elbow"]


def test_a_correction_is_marked_as_one() -> None:
    mentions = understand("sorry i meant 3 months ago", TODAY)
    assert [m.correction for m in mentions if m.kind == "weeks_since_event"] == [True]


def test_what_was_taken_back_is_not_heard() -> None:
    mentions = understand("not 6 weeks, 3 months", TODAY)
    assert [round(float(m.value)) for m in mentions if "weeks" in m.kind] == [13]


def test_a_message_that_says_both_leaves_the_contradiction_to_be_seen() -> None:
    merged = merge(Facts(), understand("the knee is swollen. later: no swelling", TODAY))
    assert merged.facts.has("swelling")
    assert [conflict.fact for conflict in merged.conflicts] == ["swelling"]


def test_words_that_were_not_followed_are_kept() -> None:
    mentions = understand("my knee hurts. the council painted their fence", TODAY)
    assert [m.value for m in mentions if m.kind == "not_understood"] == ["the council painted their fence"]


def test_a_clause_that_was_followed_is_not_reported() -> None:
    assert not [m for m in understand("my knee hurts and its swollen", TODAY) if m.kind == "not_understood"]


@pytest.mark.parametrize("text", ["", "_", "   ", "\n", "...", "👍", "?"])
def test_a_message_without_words_says_nothing(text: str) -> None:
    assert understand(text, TODAY) == []


def test_a_typo_in_a_denial_never_turns_it_round() -> None:
    for text in ("no feverr", "no swellling", "havnt had a feaver", "dosent hurt", "not swolen"):
        assert not [m for m in understand(text, TODAY) if m.assertion == "present"], text


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_heard_with_offsets_inside_it(text: str) -> None:
    for mention in understand(text, TODAY):
        assert mention.kind in {*KINDS, "answer"}
        assert 0 <= mention.start < mention.end <= len(text)
        assert mention.text == text[mention.start : mention.end]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([sentence["say"] for sentence in SENTENCES]), min_size=1, max_size=4))
def test_sentences_put_together_never_break_the_ear(parts: list[str]) -> None:
    assert isinstance(merge(Facts(), understand(". ".join(parts), TODAY)).facts, Facts)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["no {}", "no {} at all", "havent had any {}", "{}? no", "there is no {}", "without {}"]),
    st.sampled_from(["fever", "swelling", "redness", "pain", "numbness", "chest pain", "bruising", "spasms"]),
    st.sampled_from(["", "my hip was replaced 5 weeks ago. ", "i am 50, ", "its stiff but "]),
)
def test_what_is_denied_is_never_heard_as_present(frame: str, finding: str, before: str) -> None:
    mentions = understand(before + frame.format(finding), TODAY)
    symptoms = {m.value for m in mentions if m.kind == "symptom" and m.assertion == "present"}
    assert symptoms <= {"stiffness", "loss_of_motion"}


def test_importing_the_ear_does_not_import_tensorflow_or_rasa() -> None:
    heavy = "[m for m in ('tensorflow', 'rasa') if m in sys.modules]"
    code = f"import sys, bot.nlu; bot.nlu.understand('hi'); print({heavy})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
