import io
import socket
from pathlib import Path

import pytest
import yaml
from serving import free_port

from bot import server, training
from bot.training import ROOT


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in (
        "config.yml",
        "domain.yml",
        "data/nlu/a.yml",
        "bot/nlu/b.py",
        "bot/clinical/knowledge/c.yml",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


@pytest.mark.parametrize(
    "name", ["config.yml", "domain.yml", "data/nlu/a.yml", "bot/nlu/b.py", "bot/clinical/knowledge/c.yml"]
)
def test_a_model_no_longer_fits_when_what_it_is_made_of_changes(project: Path, name: str) -> None:
    before = training.model_path(project)
    (project / name).write_text("changed")
    assert training.model_path(project) != before


def test_a_model_no_longer_fits_when_a_training_file_is_added(project: Path) -> None:
    before = training.model_path(project)
    (project / "data/nlu/new.yml").write_text("")
    assert training.model_path(project) != before


@pytest.mark.parametrize("name", ["README.md", "actions/a.py", "data/notes~", "bot/nlu/__pycache__/b.pyc"])
def test_a_model_still_fits_when_something_else_changes(project: Path, name: str) -> None:
    before = training.model_path(project)
    (project / name).parent.mkdir(parents=True, exist_ok=True)
    (project / name).write_text("new")
    assert training.model_path(project) == before


def test_no_model_fits_before_one_is_trained(project: Path) -> None:
    assert training.fitting_model(project) is None


def test_a_model_that_fits_is_not_trained_again(project: Path) -> None:
    path = training.model_path(project)
    path.parent.mkdir()
    path.write_bytes(b"model")
    progress = io.StringIO()
    assert training.train(project, progress) == path
    assert progress.getvalue() == ""


def test_the_http_api_is_not_opened_to_a_network_without_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(server.TOKEN_VARIABLE, raising=False)
    with pytest.raises(server.ServeError, match=server.TOKEN_VARIABLE):
        server.serve(host="0.0.0.0", enable_api=True)


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(server.ServeError, match=r"nothing\.tar\.gz"):
        server.serve(model=tmp_path / "nothing.tar.gz")


def test_a_port_that_is_taken_is_named_with_the_mend() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(server.ServeError, match=rf"^Port {port} on 127\.0\.0\.1 .*--port"):
            server.serve(port=port)


def test_a_host_that_is_not_there_is_named() -> None:
    with pytest.raises(server.ServeError, match="no-such-host"):
        server.serve(host="no-such-host.invalid")


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(server.ServeError, match=r"data folder.*file.*--data"):
        server.serve(port=free_port(), data=tmp_path / "file")


def test_the_assistant_has_the_words_for_a_failure_and_for_a_long_message() -> None:
    responses = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["responses"]
    assert {"utter_action_failed", "utter_too_long"} <= set(responses)


def test_every_payload_that_passes_the_doors_is_an_intent_of_the_assistant() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    doors = yaml.safe_load((ROOT / "credentials.yml").read_text(encoding="utf-8"))
    for door in doors.values():
        assert set(door["payload_intents"]) <= set(domain["intents"])
