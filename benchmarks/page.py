"""How heavy the page is, and how soon its first message is there on a server that runs.

    python -m benchmarks.page > results.json

Starts the assistant on a free port with a data folder of its own, opens the page in Chromium
(``CHROMIUM``, or the one installed) as a new visitor each time, and prints JSON on standard output and
a table on standard error. Weight is what came over the wire: compressed bodies and headers of
everything the page asked for until its first message.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
_VISITS, _WARMING = 20, 3
_GOALS = {"first_message_s": 1.5, "weight_kb": 400.0}


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The assistant, served; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "bot", "serve", "--port", str(port), "--data", str(folder / "data")]
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=1)
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The assistant did not start: run `python -m bot serve` to see why.")


def visit(browser: Browser, url: str) -> tuple[float, float]:
    """Seconds until the first message of a new visitor, and kB over the wire until then."""
    context = browser.new_context(viewport={"width": 360, "height": 640})
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    sizes: list[float] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    began = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.locator("#log .message.bot").first.wait_for()
    took = time.perf_counter() - began
    page.wait_for_load_state("load")
    context.close()
    return took, sum(sizes) / 1000


def main() -> None:
    """Measure and print."""
    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as url, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--headless", "--no-sandbox"])
        visits = [visit(browser, url) for _ in range(_WARMING + _VISITS)][_WARMING:]
        browser.close()
    times = sorted(took for took, _ in visits)
    result: dict[str, Any] = {
        "visits": _VISITS,
        "first_message_s": {"median": round(statistics.median(times), 3), "p95": round(times[-2], 3)},
        "weight_kb": round(max(weight for _, weight in visits), 1),
    }
    print(json.dumps(result, indent=2))
    _explain(result)


def _explain(result: dict[str, Any]) -> None:
    first = result["first_message_s"]
    goal = _GOALS["first_message_s"]
    print(f"first message  median {first['median']} s, p95 {first['p95']} s (goal {goal})", file=sys.stderr)
    weight, goal = result["weight_kb"], _GOALS["weight_kb"]
    print(f"page weight    {weight} kB compressed (goal {goal})", file=sys.stderr)


if __name__ == "__main__":
    main()
