"""``python -m bot scenarios``: run files of conversations here, or against a live server."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import redirect_stdout
from functools import lru_cache
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING, Annotated, Any

import aiohttp
import typer

from bot.scenarios.case import Case
from bot.scenarios.checks import VERDICT_TYPE, Turn
from bot.scenarios.coverage import rules_not_reached, uncovered
from bot.scenarios.reader import SHARED_FILE, ScenarioError, find_files, not_in_reach, read_file
from bot.scenarios.record import as_scenario
from bot.scenarios.runner import Result, run_case
from bot.scenarios.talk import InProcess, RestServer, SocketServer
from bot.training import ROOT

if TYPE_CHECKING:
    from rasa.core.agent import Agent


def scenarios(
    path: Annotated[Path, typer.Argument(help="A scenario file, or a folder of them.")],
    url: Annotated[str, typer.Option(help="A server: http://... over REST, ws://... over socket.io.")] = "",
    load: Annotated[
        int, typer.Option(min=1, help="With --url: this many conversations at once, with their speed.")
    ] = 1,
    coverage: Annotated[bool, typer.Option(help="List what no scenario reached.")] = False,
) -> None:
    """Run scripted conversations; ends with 1 when one fails and with 2 when a file cannot be used."""
    cases = _cases(path)
    if url:
        before = time.perf_counter()
        results, times = asyncio.run(_at_server(cases, url, load))
        _print_speed(times, time.perf_counter() - before)
    else:
        results = _here(cases)
        if coverage:
            _print_coverage(results, not_in_reach(_root(path)))
    _print(results)
    if any(result.status == "failed" for result in results):
        raise typer.Exit(1)


def record(
    file: Annotated[Path, typer.Argument(help="The scenario file to write; it must not exist.")],
    name: Annotated[str, typer.Option(help="The name of the case.")] = "a recorded chat",
) -> None:
    """Chat here, a message a line; the end of the input (Ctrl-D) writes the chat as a scenario."""
    if file.exists():
        typer.echo(f"{file} exists already. Name a new file.", err=True)
        raise typer.Exit(2)
    turns = asyncio.run(_chat(sys.stdin))
    file.write_text(as_scenario(name, turns), encoding="utf-8")
    typer.echo(f"Wrote {len(turns)} turns to {file}.")


async def _chat(lines: Iterable[str]) -> list[tuple[str, Turn]]:
    talk, turns = InProcess(_agent()), []
    await talk.start({})
    for line in lines:
        if line.strip():
            turns.append((line.strip(), await talk.say(line.strip())))
            for event in turns[-1][1].bot:
                typer.echo(f"  {event.get('text') or ''}")
    return turns


def _cases(path: Path) -> list[Case]:
    try:
        cases = [case for file in find_files(path) for case in read_file(file, _root(path))]
    except ScenarioError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    if not cases:
        typer.echo(f"{path}: there is no scenario file here.", err=True)
        raise typer.Exit(2)
    return cases


def _root(path: Path) -> Path:
    """The outermost folder around ``path`` whose shared file lends to it."""
    root = path.resolve() if path.is_dir() else path.resolve().parent
    while (root.parent / SHARED_FILE).is_file():
        root = root.parent
    return root


def _here(cases: Sequence[Case]) -> list[Result]:
    return asyncio.run(_one_by_one(cases, _agent()))


def _print_coverage(results: Sequence[Result], left_out: Mapping[str, str]) -> None:
    runs = [r.events for r in results]
    missing = {**uncovered(_agent().domain, runs), "rules": rules_not_reached(ROOT / "data" / "rules", runs)}
    for kind, found in {**missing, **_unseen(results)}.items():
        names = [name for name in found if name not in left_out]
        typer.echo(f"{kind} not reached ({len(names)}): {', '.join(names) or 'none'}")
    for name, why in left_out.items():
        typer.echo(f"left out: {name} ({why})")


@lru_cache(maxsize=1)
def _agent() -> Agent:
    from bot.server import load_agent
    from bot.training import train

    with redirect_stdout(sys.stderr):  # Rasa reports on standard output
        return load_agent(train())


def _unseen(results: Sequence[Result]) -> dict[str, list[str]]:
    """The medicine that no verdict of ``results`` used: kind of rule -> ids."""
    from bot.clinical.coverage import unused_rules
    from bot.clinical.facts import Facts

    events = [event for result in results for event in result.events]
    customs = [(event.get("data") or {}).get("custom") or {} for event in events]
    judged = [custom["facts"] for custom in customs if custom.get("type") == VERDICT_TYPE]
    return unused_rules([Facts.from_json(facts) for facts in judged])


async def _one_by_one(cases: Sequence[Case], agent: Agent) -> list[Result]:
    return [await run_case(case, InProcess(agent, case.stubs)) for case in cases]


class _Timed:
    """A talk whose turns are timed, in seconds."""

    def __init__(self, talk: RestServer | SocketServer, times: list[float]) -> None:
        self.talk, self.times = talk, times
        self.start = talk.start

    async def say(self, text: str, metadata: Mapping[str, Any] | None = None) -> Turn:
        before = time.perf_counter()
        turn = await self.talk.say(text, metadata)
        self.times.append(time.perf_counter() - before)
        return turn


async def _at_server(cases: Sequence[Case], url: str, at_once: int) -> tuple[list[Result], list[float]]:
    """Each case in a conversation of its own, ``at_once`` together; the results, and each turn's seconds."""
    gate, times = asyncio.Semaphore(at_once), list[float]()

    async def one(case: Case, session: aiohttp.ClientSession) -> Result:
        async with gate:
            if not url.startswith("ws"):
                return await _reached(case, _Timed(RestServer(url, session), times))
            talk = SocketServer(url)
            try:
                return await _reached(case, _Timed(talk, times))
            finally:
                await talk.close()

    async with aiohttp.ClientSession() as session:
        return list(await asyncio.gather(*(one(case, session) for case in cases))), times


async def _reached(case: Case, talk: _Timed) -> Result:
    try:
        return await run_case(case, talk)
    except aiohttp.ClientError as error:
        return Result(case, "failed", case.line, f"the server did not answer: {error}")


def _print_speed(times: Sequence[float], seconds: float) -> None:
    if not times:
        return
    cuts = quantiles(times, n=20) if len(times) > 1 else [times[0]] * 19
    typer.echo(
        f"{len(times)} turns in {seconds:.1f} s: {len(times) / seconds:.1f} turns a second; "
        f"a turn took {1000 * cuts[9]:.0f} ms at the median, {1000 * cuts[18]:.0f} ms at the 95th percentile"
    )


def _print(results: Sequence[Result]) -> None:
    for result in results:
        if result.status != "passed":
            typer.echo(f"{result.status}: {result.report()}\n")
    counts = {
        status: sum(r.status == status for r in results)
        for status in ("passed", "failed", "unsupported", "not_checkable")
    }
    typer.echo(", ".join(f"{count} {status.replace('_', ' ')}" for status, count in counts.items()))
