"""One process: Rasa, the custom actions, the stores in a data folder, and the page."""

from __future__ import annotations

import logging
import os
import socket
import sqlite3
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.rasa_speedups import prepare
from bot.training import ROOT, train

if TYPE_CHECKING:
    from rasa.core.agent import Agent
    from rasa.core.tracker_store import TrackerStore
    from rasa.core.utils import AvailableEndpoints

LOOPBACK = ("127.0.0.1", "localhost", "::1")
TOKEN_VARIABLE = "HO_TRIAGE_TOKEN"
#: An action that takes longer than this, in seconds, is answered by the safe reply.
ACTION_SECONDS = 10.0


class ServeError(RuntimeError):
    """The server cannot start as asked; the message says why and what to do."""


def serve(
    host: str = "127.0.0.1",
    port: int = 5005,
    data: Path | None = None,
    model: Path | None = None,
    enable_api: bool = False,
) -> None:
    """Serve the page, the channels of credentials.yml and, if asked, Rasa's HTTP API, until SIGTERM.

    ``data`` is the folder of the records and the conversations (default: ``HO_TRIAGE_DATA`` or
    ``var``). Without ``model``, the model that fits the files is trained if it does not exist.
    Rasa's HTTP API reads every conversation: it is on only with a token in ``HO_TRIAGE_TOKEN``, or
    without one by ``enable_api`` on a loopback address. Raises: ``ServeError``, ``TrainingFailed``.
    """
    token = os.environ.get(TOKEN_VARIABLE) or None
    if enable_api and token is None and host not in LOOPBACK:
        raise ServeError(f"The HTTP API on {host} needs a token: set {TOKEN_VARIABLE}.")
    if model is not None and not model.is_file():
        raise ServeError(f"There is no model at {model}. Leave the option out to train one.")
    _check_port(host, port)
    data = data.resolve() if data else None
    model = model.resolve() if model else None
    # Rasa looks up channels and components by names that begin at the root.
    os.chdir(ROOT)
    _check_data(data)
    model = model or train()
    run(model, endpoints(data), host, port, token, enable_api or token is not None)


def run(
    model: Path,
    where: AvailableEndpoints,
    host: str,
    port: int,
    token: str | None,
    enable_api: bool,
    credentials: Path = ROOT / "credentials.yml",
) -> None:
    """Serve ``model`` with the stores and actions of ``where`` and the channels of ``credentials``."""
    prepare()
    _configure_logging()
    from rasa.core.run import serve_application

    serve_application(
        str(model),
        interface=host,
        port=port,
        credentials=str(credentials),
        auth_token=token,
        enable_api=enable_api,
        endpoints=where,
        server_listeners=[(partial(_announce, host, port), "after_server_start")],
    )


def endpoints(
    data: Path | None = None, action_package: str = "actions", time_limit: float = ACTION_SECONDS
) -> AvailableEndpoints:
    """What endpoints.yml says, with the actions in this process and the stores' files in ``data``."""
    if data is not None:
        os.environ["HO_TRIAGE_DATA"] = str(data.resolve())
    prepare()
    from rasa.core.utils import AvailableEndpoints

    from bot.in_process import InProcessActions

    found = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    found.action = InProcessActions(action_package, time_limit)
    return found


def load_agent(
    model: Path, tracker_store: TrackerStore | None = None, action_package: str = "actions"
) -> Agent:
    """The assistant without a server, its actions in this process: for evaluation, tests and scenarios.

    Without ``tracker_store``, conversations live in memory.
    """
    prepare()
    _configure_logging()
    from rasa.core.agent import Agent

    from bot.in_process import InProcessActions

    return Agent.load(
        str(model), tracker_store=tracker_store, action_endpoint=InProcessActions(action_package)
    )


def _check_port(host: str, port: int) -> None:
    # Sanic tells of a port that is taken by a stack, and Rasa then ends as if all were well.
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        mend = "Stop what listens there or choose another port with --port (or another address with --host)."
        raise ServeError(f"Port {port} on {host} cannot be used: {error.strerror}. {mend}") from error


def _check_data(folder: Path | None) -> None:
    from bot.records import Records, RecordsError, records_path, tracker_path

    try:
        Records(records_path(folder), tracker_path(folder)).close()
    except (RecordsError, sqlite3.Error, OSError) as error:
        mend = "Choose a folder that you may write to with --data."
        raise ServeError(f"The data folder cannot be used: {error}. {mend}") from error


def _configure_logging() -> None:
    from bot.records.redaction import configure_logging

    configure_logging(logging.getLevelName(os.environ.get("LOG_LEVEL", "WARNING").upper()))


def _announce(host: str, port: int, app: Any, _: Any) -> None:
    if not app.ctx.agent.is_ready():
        app.stop()
        raise ServeError("The model could not be loaded; delete the folder models and start again.")
    for channel in app.ctx.input_channels:
        if hasattr(channel, "secrets"):
            print(channel.secrets.state(), flush=True)
    print(f"HO Triage is ready: http://{host}:{port}/", flush=True)
