"""Intents that the words decide by themselves, whatever a classifier guesses."""

from __future__ import annotations

import pytest

from bot.nlu import understand
from bot.nlu.asides import only_agrees, settled_aside
from bot.nlu.intents import Thresholds, decided, is_emergency, is_question, settled, short_answer


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("yes", "affirm"),
        ("Yeah, a bit", "affirm"),
        ("nope", "deny"),
        ("no thanks", "deny"),
        ("not really", "deny"),
        ("none of these", "none_of_these"),
        ("idk", "dont_know"),
        ("um not sure", "dont_know"),
        ("skip please", "skip"),
        ("go back", "go_back"),
        ("start again", "start_again"),
        ("why do you ask?", "why_ask"),
        ("hello", "greet"),
        ("delete my data", "forget_me"),
    ],
)
def test_a_short_answer_has_its_intent(text: str, intent: str) -> None:
    assert short_answer(text) == intent


@pytest.mark.parametrize(
    "text", ["no fever", "my hip is stiff", "yes and my leg is swollen", "no the pain is worse"]
)
def test_a_message_that_tells_more_is_no_short_answer(text: str) -> None:
    assert short_answer(text) is None


def _decided(text: str, guessed: str = "chitchat", asks: bool = False) -> str | None:
    return decided(text, understand(text), guessed, asks)


def test_an_emergency_is_taken_in_even_as_a_question() -> None:
    assert (
        _decided("can you tell me why i have chest pain and cant breathe", "ask_ho_symptoms", asks=True)
        == "inform"
    )


def test_a_message_that_tells_of_the_case_informs() -> None:
    assert _decided("had my hip replaced 6 weeks ago") == "inform"


def test_a_correction_with_facts_corrects() -> None:
    assert _decided("sorry i meant 3 months ago") == "correct"


def test_a_question_about_ho_stays_a_question() -> None:
    assert _decided("is a hip replacement a cause of HO?", "ask_ho_causes", asks=True) is None


def test_a_command_stands_beside_a_fact() -> None:
    assert _decided("delete my data about my hip", "forget_me") is None


def test_what_says_nothing_of_the_case_is_left_to_the_classifier() -> None:
    assert _decided("what is the weather like") is None


def test_one_message_can_be_an_emergency_by_itself() -> None:
    assert is_emergency(understand("sudden chest pain and cant breathe"))
    assert not is_emergency(understand("my knee is a bit stiff"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no, my leg hurts", "no"),
        ("yes and its red", "yes"),
        ("No but its hot", "no"),
        ("like a drum yes", "yes"),
        ("no, all working", "no"),
    ],
)
def test_a_yes_or_no_that_opens_a_message_is_an_answer(text: str, value: str) -> None:
    assert [m.value for m in understand(text) if m.kind == "answer"] == [value]


@pytest.mark.parametrize("text", ["no fever", "no", "my leg hurts", "no pain at all"])
def test_a_denial_is_no_answer(text: str) -> None:
    assert not [m for m in understand(text) if m.kind == "answer"]


@pytest.mark.parametrize(
    ("text", "asks"), [("what is HO", True), ("does it hurt?", True), ("my hip hurts", False)]
)
def test_a_question_is_known_by_its_mark_or_first_word(text: str, asks: bool) -> None:
    assert is_question(text) is asks


@pytest.mark.parametrize("text", ["ok", "Okay.", "right", "sure", "fine", "thanks", "ok thanks"])
def test_a_nod_agrees_and_answers_nothing(text: str) -> None:
    assert not [m for m in understand(text) if m.kind == "answer"]
    assert only_agrees(text)


def test_right_alone_is_still_a_side() -> None:
    assert [m.value for m in understand("right") if m.kind == "side"] == ["right"]


@pytest.mark.parametrize(
    ("text", "guessed"),
    [("65 or over", "start_again"), ("new job", "start_again"), ("it came back", "go_back")],
)
def test_a_guess_at_a_command_needs_its_words(text: str, guessed: str) -> None:
    assert settled(text, understand(text), guessed, 0.6, Thresholds(0.08, 0.15)) == "nlu_fallback"


@pytest.mark.parametrize(
    ("text", "guessed"),
    [
        ("could we go back to the last question", "go_back"),
        ("lets start the whole thing again", "start_again"),
    ],
)
def test_a_command_in_its_own_words_is_followed(text: str, guessed: str) -> None:
    assert settled(text, understand(text), guessed, 0.6, Thresholds(0.08, 0.15)) == guessed


@pytest.mark.parametrize("text", ["new hip", "my back", "back pain"])
def test_a_new_hip_starts_nothing_again(text: str) -> None:
    guessed = "start_again" if "new" in text else "go_back"
    assert settled(text, understand(text), guessed, 0.6, Thresholds(0.08, 0.15)) == "inform"


def test_go_away_stops() -> None:
    assert short_answer("go away") == "stop"


@pytest.mark.parametrize(
    "text", ["just curious", "im only browsing", "nothing wrong with me, im just curious"]
)
def test_a_message_that_only_says_curious_is_that_whatever_it_was_taken_for(text):
    assert settled_aside(text, "ask_ho_outlook", []) == ("just_curious", None)


def test_a_question_of_the_curious_keeps_its_topic():
    assert settled_aside("just curious, how common is it?", "ask_ho_how_common", [])[0] == "ask_ho_how_common"
