"""Nothing that a person says reaches a log."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.records.redaction import WITHHELD, RedactingFilter, redact_event

CANARY = "Canarybird of 12 Elm Street"
HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def debug_output(small_model: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """All that a real assistant prints at DEBUG while a person says the canary."""
    command = [sys.executable, HERE / "talk_at_debug.py", small_model, CANARY, tmp_path_factory.mktemp("log")]
    path = f"{HERE}:{HERE.parents[2]}"
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={"PYTHONPATH": path})
    return done.stdout + done.stderr


def test_a_conversation_at_debug_level_prints_none_of_the_persons_words(debug_output: str) -> None:
    assert "anarybird" not in debug_output


@pytest.mark.parametrize(
    "trace", ["processor.message.parse", "rest.message.received.failure", "ValueError", "heard %s"]
)
def test_the_log_still_tells_what_happened(debug_output: str, trace: str) -> None:
    assert trace in debug_output


def test_a_frame_of_a_traceback_is_named(debug_output: str) -> None:
    assert "fail_like_the_rest_channel" in debug_output


@pytest.mark.parametrize(
    "key", ["text", "slot_values", "parse_data_entities", "email", "phone", "address", "a_key_of_tomorrow"]
)
def test_a_key_that_is_not_on_the_list_is_withheld(key: str) -> None:
    assert redact_event(None, "info", {"event": "a.b", key: CANARY}) == {"event": "a.b", key: WITHHELD}


def test_a_sentence_as_event_name_is_withheld() -> None:
    assert redact_event(None, "info", {"event": f"user said {CANARY}"})["event"] == WITHHELD


@pytest.fixture
def printed() -> Iterator[list[logging.LogRecord]]:
    """The records of one logger after the filter."""
    records: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.addFilter(RedactingFilter())
    handler.emit = records.append  # type: ignore[method-assign]
    logger = logging.getLogger("test_redaction")
    logger.addHandler(handler)
    yield records
    logger.removeHandler(handler)


def test_words_written_in_the_program_are_printed(printed: list[logging.LogRecord]) -> None:
    logging.getLogger("test_redaction").warning("the model is loaded")
    assert printed[0].getMessage() == "the model is loaded"


def test_words_put_together_at_run_time_are_replaced_by_their_place(printed: list[logging.LogRecord]) -> None:
    logging.getLogger("test_redaction").warning(f"user said {CANARY}")
    message = printed[0].getMessage()
    assert CANARY not in message
    assert "test_words_put_together_at_run_time" in message


def test_arguments_and_extras_of_a_record_are_withheld(printed: list[logging.LogRecord]) -> None:
    logging.getLogger("test_redaction").warning("user said %s", CANARY, extra={"request": CANARY})
    assert CANARY not in str(vars(printed[0]))
