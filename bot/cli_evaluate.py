"""``python -m bot evaluate``: labelled cases in, rates with intervals out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.progress import Progress

from bot.evaluation.cases import Case, InputError, read_cases
from bot.evaluation.fact_metrics import facts_report
from bot.evaluation.metrics import Outcome, case_row, conversation_figures, summary
from bot.evaluation.report import print_intents, print_report, print_utterances


class Mode(str, Enum):
    """How a case is put to the assistant."""

    facts = "facts"
    text = "text"
    conversation = "conversation"


def evaluate(
    vignettes: Annotated[
        str | None, typer.Argument(help="Labelled cases, one JSON object a line; - reads standard input.")
    ] = None,
    mode: Annotated[
        Mode, typer.Option(help="Judge hand-coded facts, the patient's text, or a whole conversation.")
    ] = Mode.facts,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")] = False,
    mutations: Annotated[
        bool, typer.Option("--mutations", help="Text mode: also how often other wording flips the verdict.")
    ] = False,
    utterances: Annotated[
        str | None, typer.Option(help="Labelled single messages instead of cases; - reads standard input.")
    ] = None,
    intents: Annotated[
        str | None, typer.Option(help="Messages with their intents instead of cases; - reads standard input.")
    ] = None,
) -> None:
    """Measure how right and how safe the assistant is on labelled cases."""
    if sum(given is not None for given in (vignettes, utterances, intents)) != 1:
        raise typer.BadParameter("Give one file: of vignettes, or with --utterances, or with --intents.")
    if mutations and (mode is not Mode.text or vignettes is None):
        raise typer.BadParameter("--mutations belongs to vignettes with --mode text.")
    try:
        if utterances is not None:
            _evaluate_utterances(utterances, as_json)
        elif intents is not None:
            _evaluate_intents(intents, as_json)
        else:
            _evaluate_cases(str(vignettes), mode, as_json, mutations)
    except InputError as error:
        _fail(str(error))


def _evaluate_cases(file: str, mode: Mode, as_json: bool, mutations: bool) -> None:
    cases = read_cases(_lines(file), _shown(file), needs_voice=mode is not Mode.facts)
    outcomes = _outcomes(cases, mode)
    report = summary(outcomes, mode.value)
    if mode is not Mode.facts:
        report["facts"] = facts_report(outcomes)
    if mode is Mode.conversation:
        report.update(conversation_figures(outcomes))
    if mutations:
        report["mutations"] = _mutations(outcomes)
    _print({**report, "cases": [case_row(outcome) for outcome in outcomes]}, as_json, print_report)


def _outcomes(cases: Sequence[Case], mode: Mode) -> list[Outcome]:
    from bot.evaluation.modes import from_facts, from_text, run

    if mode is Mode.conversation:
        return _conversations(cases)
    return run(cases, from_facts if mode is Mode.facts else from_text)


def _conversations(cases: Sequence[Case]) -> list[Outcome]:
    # Rasa takes seconds to import: only the mode that needs it pays.
    from bot.evaluation.rasa_dialogue import run_conversations

    # Rasa logs on standard output, which belongs to the report.
    with redirect_stdout(sys.stderr), Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("Conversations", total=len(cases))
        return run_conversations(cases, lambda: progress.advance(task))


def _mutations(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    from bot.evaluation.modes import from_messages
    from bot.evaluation.mutations import flips, flips_report

    return flips_report(flips(outcomes, from_messages))


def _evaluate_utterances(file: str, as_json: bool) -> None:
    from bot.evaluation.hearing import hear_utterance
    from bot.evaluation.utterances import evaluate_utterances, read_utterances

    read = read_utterances(_lines(file), _shown(file))
    _print(evaluate_utterances(read, hear_utterance), as_json, print_utterances)


def _evaluate_intents(file: str, as_json: bool) -> None:
    from bot.evaluation.intents import evaluate_intents, read_intents, trained_ear

    read = read_intents(_lines(file), _shown(file))
    _print(evaluate_intents(read, trained_ear()), as_json, print_intents)


def _print(report: dict[str, Any], as_json: bool, show: Callable[[dict[str, Any], Console], None]) -> None:
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        show(report, Console())


def _shown(file: str) -> str:
    return "standard input" if file == "-" else file


def _lines(file: str) -> list[str]:
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except OSError as error:
        _fail(f"{file}: {error.strerror}. Give the path of a JSON Lines file, or - for standard input.")
    except UnicodeDecodeError as error:
        _fail(f"{_shown(file)}: not UTF-8 ({error.reason} at byte {error.start}). Save the file as UTF-8.")
    return text.split("\n")


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)
