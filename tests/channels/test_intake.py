import pytest

from bot.channels.intake import MAX_CHARACTERS, Intake

INTAKE = Intake({"answer": ["option"], "greet": []})


@pytest.mark.parametrize("text", ['/answer{"option": "swelling:0"}', "/greet", "  /greet  "])
def test_a_payload_of_our_own_buttons_passes_unchanged(text: str) -> None:
    assert INTAKE.read(text) == (text.strip(), False)


@pytest.mark.parametrize(
    "text",
    [
        "/restart",
        "/session_start",
        '/answer{"facts": "x"}',
        '/answer{"option": {"a": 1}}',
        '/answer{"option": "a:0"',
        '/greet{"option": "a:0"}',
        "/answer@0.1",
        "// /greet",
        "/greet now",
    ],
)
def test_any_other_command_becomes_plain_words(text: str) -> None:
    read, _ = INTAKE.read(text)
    assert not read.startswith("/")


def test_a_text_of_slashes_only_becomes_empty() -> None:
    assert INTAKE.read("//") == ("", False)


def test_words_with_a_slash_inside_are_left_alone() -> None:
    assert INTAKE.read("pain 7/10 and/or stiff") == ("pain 7/10 and/or stiff", False)


def test_a_text_of_the_longest_length_is_read_whole() -> None:
    assert INTAKE.read("a" * MAX_CHARACTERS) == ("a" * MAX_CHARACTERS, False)


def test_a_longer_text_is_cut_at_a_word() -> None:
    text, was_cut = INTAKE.read("swollen " * 4000)
    assert was_cut
    assert len(text) <= MAX_CHARACTERS
    assert set(text.split()) == {"swollen"}


def test_a_long_text_without_a_space_is_cut_too() -> None:
    text, was_cut = INTAKE.read("a" * 30_000)
    assert was_cut
    assert len(text) == MAX_CHARACTERS


def test_without_credentials_no_payload_is_ours() -> None:
    assert Intake.from_credentials(None).read("/greet") == ("greet", False)


def test_half_a_character_becomes_a_question_mark() -> None:
    assert INTAKE.read("bone \ud800") == ("bone ?", False)
