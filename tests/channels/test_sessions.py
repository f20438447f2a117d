import stat
from pathlib import Path

import pytest

from bot.channels.sessions import PREFIX, Sessions, session_key


def test_an_issued_session_leads_to_its_conversation() -> None:
    sessions = Sessions(b"key")
    session = sessions.issue()
    assert session.startswith(f"{sessions.conversation(session)}.")


def test_no_two_sessions_are_alike() -> None:
    assert len({Sessions(b"key").issue() for _ in range(200)}) == 200


def test_a_conversation_id_alone_is_not_a_session() -> None:
    sessions = Sessions(b"key")
    assert sessions.conversation(sessions.conversation(sessions.issue())) is None


@pytest.mark.parametrize("session", [None, 1, "", ".", "web-a", "web-a.", "web-a.bcd", "web-ä.ü", {"a": 1}])
def test_a_session_that_was_not_issued_is_refused(session: object) -> None:
    assert Sessions(b"key").conversation(session) is None


def test_a_session_of_another_server_is_refused() -> None:
    assert Sessions(b"key").conversation(Sessions(b"other").issue()) is None


def test_a_session_outlives_a_restart(tmp_path: Path) -> None:
    session = Sessions(session_key(tmp_path)).issue()
    assert (Sessions(session_key(tmp_path)).conversation(session) or "").startswith(PREFIX)


def test_only_the_owner_can_read_the_key(tmp_path: Path) -> None:
    session_key(tmp_path)
    assert stat.S_IMODE((tmp_path / "session.key").stat().st_mode) == 0o600
