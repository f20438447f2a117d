"""The report as tables for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

_RATES = (
    "comprehensiveness",
    "urgency_accuracy",
    "acceptable_accuracy",
    "strict_safety",
    "over_triage",
    "severe_under_triage",
    "emergency_sensitivity",
    "inclination_to_over_triage",
    "risk_band_accuracy",
)
_FACT_FIGURES = ("precision", "recall", "f1", "accuracy")


def print_report(report: Mapping[str, Any], console: Console) -> None:
    """Rates beside the baselines, then what the mode adds."""
    console.print(_rates_table(report))
    missed = ", ".join(report["under_triaged_urgent"]) or "none"
    console.print(f"Emergency and same-day cases given less: {missed}")
    if "facts" in report:
        console.print(_facts_table(report["facts"]))
    if "questions" in report:
        _print_conversation(report, console)
    if "mutations" in report:
        console.print(_mutations_table(report["mutations"]))


def _rates_table(report: Mapping[str, Any]) -> Table:
    baselines: Mapping[str, Any] = report["baselines"]
    headings = ("", "value", "95 % interval", *(name.replace("_", "\n") for name in baselines))
    table = _table(f"{report['n']} cases, mode {report['mode']}", headings)
    for name in _RATES:
        others = [percent(rates.get(name, {}).get("value")) for rates in baselines.values()]
        table.add_row(name.replace("_", " "), *_cells(report[name]), *others)
    return table


def _table(title: str, headings: Iterable[str]) -> Table:
    table = Table(title=title, box=box.SIMPLE, title_justify="left")
    for number, heading in enumerate(headings):
        table.add_column(heading, no_wrap=number == 0)
    return table


def _cells(rate: Mapping[str, Any]) -> tuple[str, str]:
    return percent(rate["value"]), f"{100 * rate['low']:.1f} to {100 * rate['high']:.1f} %"


def percent(share: float | None) -> str:
    """``0.961`` gives "96.1 %"; a rate of nothing gives "-"."""
    return "-" if share is None else f"{100 * share:.1f} %"


def _facts_table(facts: Mapping[str, Any]) -> Table:
    title = f"Facts heard; polarity errors: {facts['polarity_errors']}"
    table = _table(title, ("fact", "precision", "recall", "F1", "accuracy", "of"))
    for name, found in facts.items():
        if isinstance(found, Mapping):
            cells = [percent(found[key]) if key in found else "" for key in _FACT_FIGURES]
            table.add_row(name, *cells, str(found.get("n", "")))
    return table


def _print_conversation(report: Mapping[str, Any], console: Console) -> None:
    questions = report["questions"]
    console.print(f"Questions: median {questions['median']}, most {questions['max']}")
    for name in ("loops", "dead_ends"):
        cases = ", ".join(report[f"{name[:-1]}_cases"])
        console.print(f"{name.replace('_', ' ').capitalize()}: {report[name]} {cases}".rstrip())


def _mutations_table(mutations: Mapping[str, Any]) -> Table:
    title = "Verdicts flipped by saying the same otherwise"
    table = _table(title, ("mutation", "flipped", "95 % interval"))
    for name, rate in mutations["by_mutation"].items():
        table.add_row(name.replace("_", " "), *_cells(rate))
    table.add_row("all, urgency or band", *_cells(mutations["flip_rate"]))
    table.add_row("all, urgency alone", *_cells(mutations["urgency_flip_rate"]))
    return table


def print_utterances(report: Mapping[str, Any], console: Console) -> None:
    """One row a rate; how many messages were read wrongly, but not which."""
    table = _table(f"{report['n']} utterances", ("", "value", "95 % interval", "of"))
    for name in ("accuracy", "sensitivity", "specificity"):
        if name in report:
            table.add_row(name, *_cells(report[name]), str(report[name]["n"]))
    for name, rate in {**report.get("by_category", {}), **report.get("by_red_flag", {})}.items():
        table.add_row(f"  {name}", *_cells(rate), str(rate["n"]))
    console.print(table)
    misread = {kind: len(report[kind]) for kind in ("wrong", "missed", "false_alarms") if kind in report}
    # Texts kept for testing must not be seen by whoever mends the rules: they are only in the JSON.
    console.print(", ".join(f"{kind.replace('_', ' ')}: {count}" for kind, count in misread.items()))


def print_intents(report: Mapping[str, Any], console: Console) -> None:
    """Accuracy, and the intents that are not always recognised, the worst first; no text is shown."""
    table = _table(f"{report['n']} messages", ("", "value", "95 % interval", "of"))
    for name in ("accuracy", "fallback"):
        table.add_row(name, *_cells(report[name]), str(report[name]["n"]))
    weak = [(name, rate) for name, rate in report["by_intent"].items() if rate["value"] < 1]
    for name, rate in sorted(weak, key=lambda pair: float(pair[1]["value"])):
        table.add_row(f"  {name}", *_cells(rate), str(rate["n"]))
    console.print(table)
