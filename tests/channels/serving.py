"""A real server in a process of its own, for the tests of the doors and the page."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import gettempdir, mkdtemp
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
SMALL_BOT = Path(__file__).resolve().parent / "small_bot"
ACTIONS = "small_bot.actions"
#: Short, so that the tests of hanging actions are.
TIME_LIMIT = 1.0
SETTINGS = "HO_TRIAGE_TEST_SETTINGS"


@cache
def small_model() -> Path:
    """The small bot, trained once for all test runs on this machine until its files change."""
    files = sorted([*SMALL_BOT.glob("*.yml"), *SMALL_BOT.glob("data/*.yml")])
    content = b"".join(file.read_bytes() for file in files)
    model = Path(gettempdir()) / f"ho-triage-small-{hashlib.sha256(content).hexdigest()[:16]}.tar.gz"
    if not model.is_file():
        # Renamed when it is whole: another test process may look for it meanwhile.
        _trained(files).replace(model)
    return model


def _trained(files: list[Path]) -> Path:
    from bot.rasa_speedups import prepare

    prepare()
    import rasa
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)
    result = rasa.train(
        domain=str(SMALL_BOT / "domain.yml"),
        config=str(SMALL_BOT / "config.yml"),
        training_files=[str(file) for file in files if file.parent.name == "data"],
        output=mkdtemp(),
        fixed_model_name="small",
    )
    return Path(result.model)


@dataclass(frozen=True)
class Server:
    """Where the server is, its process, and the file its output goes to."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path


@contextmanager
def serving(command: list[str], folder: Path, port: int, environment: dict[str, str]) -> Iterator[Server]:
    """Run ``command``, wait until the page answers, stop it at the end."""
    log = folder / "server.log"
    url = f"http://127.0.0.1:{port}"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, env={**os.environ, **environment}
        )
        try:
            _wait_for(url, process, log)
            yield Server(url, process, log)
        finally:
            process.terminate()
            process.wait(timeout=120)


@contextmanager
def small_server(
    folder: Path,
    environment: Mapping[str, str] | None = None,
    settings: Mapping[str, Any] | None = None,
    port: int | None = None,
    origins: Sequence[str] = (),
) -> Iterator[Server]:
    """The small bot, served with our channels. ``settings`` maps ``module:NAME`` to a constant's value.

    ``origins`` are the sites that may show its page in a frame.
    """
    port = port or free_port()
    doors = yaml.safe_load((ROOT / "credentials.yml").read_text(encoding="utf-8"))
    doors["bot.channels.web.WebInput"]["origins"] = list(origins)
    (folder / "credentials.yml").write_text(yaml.safe_dump(doors))
    command = [sys.executable, __file__, str(small_model()), str(port), str(folder)]
    more = {"PYTHONPATH": str(ROOT), SETTINGS: json.dumps(settings or {}), **(environment or {})}
    with serving(command, folder, port, more) as server:
        yield server


def wait_until_quiet(folder: Path) -> None:
    """Wait until every event of Slack and Telegram is answered and every answer sent."""
    from bot.records.mail import mail_times
    from bot.records.paths import MAIL_FILE

    deadline = time.monotonic() + 60
    while mail_times(folder / MAIL_FILE):
        if time.monotonic() > deadline:
            raise RuntimeError("Something is still on its way after a minute.")
        time.sleep(0.01)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(3000):
        if process.poll() is not None:
            raise RuntimeError(f"The server ended at start:\n{log.read_text()}")
        try:
            urllib.request.urlopen(url, timeout=1)
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"The server did not start:\n{log.read_text()}")


def main() -> None:
    """Serve the small bot: arguments are the model, the port and the data folder with the credentials."""
    from bot import server

    model, port, data = sys.argv[1:]
    for name, value in json.loads(os.environ.get(SETTINGS, "{}")).items():
        module, constant = name.split(":")
        setattr(import_module(module), constant, value)
    where = server.endpoints(Path(data), ACTIONS, TIME_LIMIT)
    server.run(Path(model), where, "127.0.0.1", int(port), None, True, Path(data) / "credentials.yml")


if __name__ == "__main__":
    main()
