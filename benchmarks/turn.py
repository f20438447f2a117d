"""What a turn, a start, a training and a process cost, beside Rasa's own starter bot in the same run.

    python -m benchmarks.turn > results.json

Prints JSON on standard output and a table on standard error. Takes some minutes, most of them to
train the starter bot, which ``rasa init`` makes in a temporary folder. Needs Linux (``/proc``).
Times are for comparison within one run on one idle machine only.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_TURNS = 60
_EARLY, _LATE, _WINDOW = 10, 200, 11
_QUESTION = "what is HO?"


@dataclass(frozen=True)
class Subject:
    """A bot to measure: where it lives, how it is served, and a conversation it understands."""

    name: str
    folder: Path
    serve: tuple[str, ...]
    texts: tuple[str, ...]


OURS = Subject(
    "ho-triage",
    ROOT,
    ("-m", "bot", "serve"),
    (
        "hello",
        "yes",
        "I broke my femur 6 weeks ago, they put a rod in, and now the knee won't bend and it's swollen",
        "none of these",
        "no",
        "not sure",
        "my left knee",
        "I am 61",
        "why do you ask?",
        "actually it was 3 months ago, not 6 weeks",
        "yes",
        _QUESTION,
    ),
)


def starter(folder: Path) -> Subject:
    """Rasa's starter bot, made in ``folder`` as ``rasa init`` makes it, but not trained yet."""
    _python(folder, "-c", "from rasa.cli.scaffold import create_initial_project as make; make('.')")
    texts = ("hello", "great", "hi", "I am very sad", "no", "are you a bot?", "bye")
    return Subject("rasa init", folder, ("-m", "rasa", "run", "-i", "127.0.0.1"), texts)


def measure(subject: Subject) -> dict[str, Any]:
    """All figures of one bot: seconds, milliseconds and megabytes, as the keys say."""
    with tempfile.TemporaryDirectory() as scratch:
        began = time.perf_counter()
        _rasa(subject.folder, "train", "--force", "--out", scratch)
        training = time.perf_counter() - began
        (model,) = Path(scratch).glob("*.tar.gz")
        inside = _python(subject.folder, __file__, "in-process", subject.name, str(model), *subject.texts)
        result: dict[str, Any] = {"training_s": training, "in_process": json.loads(inside.splitlines()[-1])}
        began = time.perf_counter()
        with _served(subject, model, Path(scratch)) as (say, memory):
            result["cold_start_to_first_reply_s"] = time.perf_counter() - began
            result["rest"] = _spread(_times(say, "bench", subject.texts))
            result["memory_mb"] = memory()
            if subject is OURS:
                result["long_conversation"] = _growth(say, subject)
    return result


def _times(say: Callable[[str, str], Any], sender: str, texts: tuple[str, ...]) -> list[float]:
    """Milliseconds of each turn of several conversations, the first turns of the process left out."""
    taken = []
    for number in range(_TURNS + len(texts)):
        began = time.perf_counter()
        say(f"{sender}-{number // len(texts)}", texts[number % len(texts)])
        taken.append((time.perf_counter() - began) * 1000)
    return taken[len(texts) :]


def _growth(say: Callable[[str, str], Any], subject: Subject) -> dict[str, float]:
    """The same question early and late in one conversation: medians in milliseconds."""
    for text in subject.texts[:8]:
        say("long", text)
    texts = (_QUESTION,) * (_LATE + _WINDOW)
    taken = []
    for text in texts:
        began = time.perf_counter()
        say("long", text)
        taken.append((time.perf_counter() - began) * 1000)
    early, late = (statistics.median(taken[at - 8 : at - 8 + _WINDOW]) for at in (_EARLY, _LATE))
    return {"turn_10_ms": early, "turn_200_ms": late, "ratio": late / early}


def _spread(taken: list[float]) -> dict[str, float]:
    return {"median_ms": statistics.median(taken), "p95_ms": statistics.quantiles(taken, n=20)[-1]}


# -- the server ------------------------------------------------------------------------------------


@contextmanager
def _served(
    subject: Subject, model: Path, scratch: Path
) -> Iterator[tuple[Callable[..., Any], Callable[[], float]]]:
    """Start a server; yields, once it has answered, how to say something and how much memory it holds."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, *subject.serve, "--model", str(model), "--port", str(port)]
    environment = {**_environment(), "HO_TRIAGE_DATA": str(scratch / "data")}
    with (scratch / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=subject.folder, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            say = _speaker(port)
            _until_answered(say, process)
            yield say, lambda: _resident_mb(process.pid)
        finally:
            process.terminate()
            process.wait(timeout=60)


def _speaker(port: int) -> Callable[[str, str], Any]:
    def say(sender: str, text: str) -> Any:
        body = json.dumps({"sender": sender, "message": text}).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{port}/webhooks/rest/webhook", body)
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    return say


def _until_answered(say: Callable[[str, str], Any], process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            if say("first", "hello"):
                return
        except urllib.error.URLError:
            time.sleep(0.05)
    raise RuntimeError("The server ended before it answered.")


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


# -- in process ------------------------------------------------------------------------------------


def _in_process(name: str, model: str, *texts: str) -> None:
    """Print the spread of turns without a server; runs in a process of its own."""
    if name == OURS.name:
        sys.path.insert(0, str(ROOT))
        from bot.records.tracker_store import BoundedSQLiteTrackerStore
        from bot.server import load_agent

        # The store that is served, so that both ways of measuring do the same work.
        agent = load_agent(Path(model), BoundedSQLiteTrackerStore(path=Path(model).parent / "inside.sqlite"))
    else:
        from rasa.core.agent import Agent

        agent = Agent.load(model)
    loop = asyncio.new_event_loop()
    taken = _times(
        lambda sender, text: loop.run_until_complete(agent.handle_text(text, sender_id=sender)), "b", texts
    )
    print(json.dumps(_spread(taken)))


def _environment() -> dict[str, str]:
    return {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "LOG_LEVEL": "ERROR"}


def _rasa(folder: Path, *arguments: str) -> None:
    _python(folder, "-m", "rasa", *arguments)


def _python(folder: Path, *arguments: str) -> str:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=folder, env=_environment(), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stderr[-2000:]}")
    return done.stdout


# -- the report ------------------------------------------------------------------------------------

_ROWS = {
    "turn over REST, median (ms)": lambda r: r["rest"]["median_ms"],
    "turn over REST, 95th percentile (ms)": lambda r: r["rest"]["p95_ms"],
    "turn in process, median (ms)": lambda r: r["in_process"]["median_ms"],
    "turn in process, 95th percentile (ms)": lambda r: r["in_process"]["p95_ms"],
    "cold start to first reply (s)": lambda r: r["cold_start_to_first_reply_s"],
    "memory (MB)": lambda r: r["memory_mb"],
    "training (s)": lambda r: r["training_s"],
}


def report(results: dict[str, dict[str, Any]]) -> str:
    """A Markdown table, one column a bot."""
    lines = ["| | " + " | ".join(results) + " |", "|---" * (len(results) + 1) + "|"]
    for title, figure in _ROWS.items():
        lines.append(f"| {title} | " + " | ".join(f"{figure(r):.1f}" for r in results.values()) + " |")
    growth = results[OURS.name]["long_conversation"]
    early, late, ratio = growth["turn_10_ms"], growth["turn_200_ms"], growth["ratio"]
    lines.append(f"\nOne conversation: turn 10 {early:.1f} ms, turn 200 {late:.1f} ms, ratio {ratio:.2f}.")
    return "\n".join(lines)


def main() -> None:
    """Measure both bots, one after the other."""
    if sys.argv[1:2] == ["in-process"]:
        _in_process(*sys.argv[2:])
        return
    with tempfile.TemporaryDirectory() as folder:
        results = {}
        for make in (lambda: OURS, lambda: starter(Path(folder))):
            subject = make()
            print(f"Measuring {subject.name} ...", file=sys.stderr, flush=True)
            results[subject.name] = measure(subject)
    print(json.dumps(results, indent=2))
    print(report(results), file=sys.stderr)


if __name__ == "__main__":
    main()
