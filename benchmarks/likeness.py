"""How well danger signs are heard from a writer whom the second ear has not learnt from.

python -m benchmarks.likeness             each writer of bot/nlu/likeness_examples held out in turn
python -m benchmarks.likeness --share 50  having learnt from that per cent of the others: the learning curve
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock

from bot.clinical.conditions import URGENCIES
from bot.clinical.facts import Facts
from bot.clinical.judge import urgency_and_band
from bot.clinical.merge import merge
from bot.nlu import likeness, understand
from bot.nlu.intent_model import IntentModel

TODAY = date(2026, 11, 22)
VOTES = frozenset({"emergency_words", "same_day_words", "soon_words"})


def urgency_of(text: str, with_vote: bool) -> int:
    mentions = [m for m in understand(text, TODAY) if with_vote or m.value not in VOTES]
    return URGENCIES.index(urgency_and_band(merge(Facts(), mentions).facts)[0])


def counts(rows: Sequence[dict[str, Any]], with_vote: bool) -> str:
    danger = [row for row in rows if row["red_flag"]]
    near = [row for row in rows if not row["red_flag"]]
    heard = sum(urgency_of(row["text"], with_vote) >= URGENCIES.index(row["urgency"]) for row in danger)
    quiet = sum(urgency_of(row["text"], with_vote) <= URGENCIES.index(row["max_urgency"]) for row in near)
    return "  ".join(
        f"{name} {100 * part / len(whole):5.1f} % of {len(whole):3}" if whole else f"{name} -"
        for name, part, whole in (("sensitivity", heard, danger), ("specificity", quiet, near))
    )


def model_without(path: Path, share: int) -> IntentModel:
    learnt = list(likeness.examples(but=path))
    kept = [pair for at, pair in enumerate(learnt) if at % 100 < share]
    return likeness.trained(kept)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--share", type=int, default=100, help="per cent of the other writers to learn from")
    share = parser.parse_args().share
    for path in sorted(likeness.EXAMPLES.glob("writer_*.jsonl")):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        model = model_without(path, share)
        with mock.patch.object(likeness, "likeness_model", lambda model=model: model):
            print(f"{path.stem}  rules: {counts(rows, False)}   both: {counts(rows, True)}", flush=True)


if __name__ == "__main__":
    main()
