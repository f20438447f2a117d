"""The command line: ``python -m bot --help``."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli_evaluate import evaluate
from bot.cli_scenarios import record, scenarios
from bot.records.cli import app as records_app

if TYPE_CHECKING:
    from bot.clinical.facts import Facts

#: Below this likeness (0 to 100) a suggested name would only mislead.
_NEAR = 60

app = typer.Typer(
    help="HO Triage: how likely heterotopic ossification is, why, and how soon to be seen.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(records_app, name="records")
app.command()(evaluate)
app.command()(scenarios)
app.command("record-scenario")(record)


def fail(message: str, code: int = 1) -> None:
    """Print ``message`` on standard error and end the program with ``code``."""
    typer.echo(message, err=True)
    raise typer.Exit(code)


def print_json(data: Any) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 5005,
    data: Annotated[Path | None, typer.Option(help="Folder for the records and conversations.")] = None,
    model: Annotated[Path | None, typer.Option(help="A trained model; the fitting one if not given.")] = None,
    enable_api: Annotated[
        bool, typer.Option(help="Also open Rasa's HTTP API (trackers). Keep it on a closed network.")
    ] = False,
    telegram_polling: Annotated[
        bool, typer.Option(help="Ask Telegram for messages: for development, without a public address.")
    ] = False,
) -> None:
    """Start the assistant: Rasa, the custom actions, the records and the web page in one process."""
    if telegram_polling:
        os.environ["TELEGRAM_POLLING"] = "yes"
    from bot import server
    from bot.training import TrainingFailed

    try:
        server.serve(host=host, port=port, data=data, model=model, enable_api=enable_api)
    except (server.ServeError, TrainingFailed) as error:
        fail(str(error))


@app.command()
def train() -> None:
    """Train the model, unless one that fits the data is there already."""
    from bot.training import TrainingFailed, fitting_model
    from bot.training import train as make_model

    model = fitting_model()
    try:
        typer.echo(f"{model} fits the data." if model else f"Trained {make_model()}.")
    except TrainingFailed as error:
        fail(str(error))


@app.command()
def assess(
    facts: Annotated[str, typer.Argument(help="A JSON file with a facts object; - reads standard input.")],
) -> None:
    """Judge a facts object and print the verdict as JSON."""
    from bot.clinical.facts import Facts, FactsError
    from bot.clinical.judge import judge

    try:
        read = sys.stdin.read() if facts == "-" else Path(facts).read_text(encoding="utf-8")
        given = Facts.from_json(json.loads(read))
    except OSError as error:
        fail(f"{facts}: {error.strerror}. Give the path of a JSON file, or - for standard input.")
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        fail(f'{facts}: not JSON ({error}). Expected an object such as {{"event_type": "thr"}}.')
    except FactsError as error:
        fail(f"{facts}: {error}")
    else:
        verdict = judge(given)
        for line in strange_names(given, verdict.unrecognised):
            typer.echo(line, err=True)
        print_json(verdict.to_json())


def strange_names(facts: Facts, names: tuple[str, ...]) -> Iterator[str]:
    """One line for each of ``names``, which the rules do not know, with the nearest name of its kind."""
    from rapidfuzz.process import extractOne

    from bot.clinical.knowledge_base import knowledge

    known = knowledge()
    for name in names:
        kind, choices = "finding", sorted(known.names.findings)
        if name in facts.event_types():
            kind, choices = "event", sorted(known.triggers)
        elif name in facts.unrecognised or name in facts.unknown:
            kind, choices = "key", sorted(facts.to_json().keys() - facts.unrecognised.keys())
        found = extractOne(name, choices, score_cutoff=_NEAR)
        hint = f"The nearest is {found[0]}." if found else "No known name is near."
        yield f"{name}: no {kind} of that name is known, so it does not count. {hint}"


@app.command()
def understand(
    text: Annotated[str, typer.Argument(help="One message, in quotes; - reads standard input.")],
) -> None:
    """Print the facts heard in one message as JSON."""
    from bot.clinical.facts import Facts
    from bot.clinical.merge import merge
    from bot.nlu import understand as hear

    message = sys.stdin.read() if text == "-" else text
    print_json(merge(Facts(), hear(message)).facts.to_json())


if __name__ == "__main__":
    app()
