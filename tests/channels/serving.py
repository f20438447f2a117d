"""A real server in a process of its own, for the tests of the doors and the page."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

ROOT = Path(__file__).resolve().parents[2]
SMALL_BOT = Path(__file__).resolve().parent / "small_bot"
ACTIONS = "small_bot.actions"
#: Short, so that the tests of hanging actions are.
TIME_LIMIT = 1.0


@cache
def small_model() -> Path:
    """The small bot, trained once for all tests of a process."""
    from bot.rasa_speedups import prepare

    prepare()
    import rasa
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)
    result = rasa.train(
        domain=str(SMALL_BOT / "domain.yml"),
        config=str(SMALL_BOT / "config.yml"),
        training_files=[str(SMALL_BOT / "data")],
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
            process.wait(timeout=30)


@contextmanager
def small_server(folder: Path) -> Iterator[Server]:
    """The small bot, served with our channels."""
    port = free_port()
    command = [sys.executable, __file__, str(small_model()), str(port), str(folder)]
    with serving(command, folder, port, {"PYTHONPATH": str(ROOT)}) as server:
        yield server


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(1200):
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
    """Serve the small bot: arguments are the model, the port and the data folder."""
    from bot import server

    model, port, data = sys.argv[1:]
    where = server.endpoints(Path(data), ACTIONS, TIME_LIMIT)
    server.run(Path(model), where, "127.0.0.1", int(port), None, True)


if __name__ == "__main__":
    main()
