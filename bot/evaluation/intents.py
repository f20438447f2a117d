"""Labelled intents: how often a message is taken for what it wants.

A line is ``{"text", "intent"}``. The classifier is trained here from ``data/nlu`` (about a second) and
judged with the guard and the thresholds of ``config.yml``, so that no Rasa model is needed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.nlu import understand
from bot.nlu.intent_model import IntentModel
from bot.nlu.intents import Thresholds, settled

from .cases import InputError, read_lines
from .rates import Rate

_ROOT = Path(__file__).resolve().parents[2]
_GUARD = "bot.nlu.components.RedFlagGuard"


@dataclass(frozen=True)
class Wish:
    """One labelled message."""

    text: str
    intent: str


def read_intents(lines: Iterable[str], file: str) -> list[Wish]:
    """Raises InputError."""
    found = []
    for number, data in read_lines(lines, file):
        for key in ("text", "intent"):
            if not isinstance(data.get(key), str) or not data[key].strip():
                raise InputError(file, number, key, f"expected text; got {data.get(key)!r}")
        found.append(Wish(data["text"], data["intent"]))
    if not found:
        raise InputError(file, 1, "line", "the file holds no message; expected one JSON object a line")
    return found


def training_examples(folder: Path = _ROOT / "data" / "nlu") -> Iterator[tuple[str, str]]:
    """``(text, intent)`` of every example that the assistant learns from."""
    for path in sorted(folder.glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            lines = block["examples"].splitlines() if "intent" in block else []
            yield from ((line.strip()[2:], block["intent"]) for line in lines if line.strip())


def trained_ear() -> Callable[[str], str]:
    """A function from a message to its intent, as the running assistant would give it."""
    texts, intents = zip(*training_examples(), strict=True)
    model, thresholds = IntentModel.trained(texts, intents), _thresholds()

    def intent_of(text: str) -> str:
        guess, confidence = model.rank(text)[0]
        return settled(text, understand(text), guess, confidence, thresholds)

    return intent_of


def _thresholds() -> Thresholds:
    config = yaml.safe_load((_ROOT / "config.yml").read_text(encoding="utf-8"))
    guard = next(part for part in config["pipeline"] if part["name"] == _GUARD)
    return Thresholds(float(guard["fallback_threshold"]), float(guard["weighty_threshold"]))


def evaluate_intents(wishes: Sequence[Wish], intent_of: Callable[[str], str]) -> dict[str, Any]:
    """Accuracy with its 95 % interval, by intent, and the messages that were taken for something else."""
    pairs = [(wish, intent_of(wish.text)) for wish in wishes]
    names = sorted({wish.intent for wish in wishes})
    right = {name: [given == name for wish, given in pairs if wish.intent == name] for name in names}
    fallbacks = Counter(given for _, given in pairs)["nlu_fallback"]
    return {
        "n": len(pairs),
        "accuracy": _json(Rate.of(wish.intent == given for wish, given in pairs)),
        "fallback": _json(Rate(fallbacks, len(pairs))),
        "by_intent": {name: _json(Rate.of(answers)) for name, answers in right.items()},
        "wrong": [
            {"text": wish.text, "intent": wish.intent, "given": given}
            for wish, given in pairs
            if wish.intent != given
        ],
    }


def _json(rate: Rate) -> dict[str, Any]:
    return {**rate.to_json(), "n": rate.n}
