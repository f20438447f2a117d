"""How fast the ear is, and how intent classifiers compare on our own training data.

python benchmarks/understand.py             milliseconds a message (short, usual, 1,500 characters)
python benchmarks/understand.py --intents   accuracy in cross-validation, seconds to train, ms a message
"""

from __future__ import annotations

import argparse
import statistics
import time
import warnings
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import yaml

ROOT = Path(__file__).resolve().parents[1]
TODAY = date(2026, 11, 22)
FOLDS = 3
USUAL = (
    "had my left hip replaced 5 months ago and about 6 weeks after it just got really stiff, no pain though. "
    "they say the xray shows extra bone. ive got pagets too, 61 m"
)
MESSAGES = {"short": "fever? no", "usual": USUAL, "1,500 characters": (USUAL + " ") * 10}


def timed(text: str, runs: int) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds of understanding ``text``."""
    from bot.nlu import understand

    took = []
    for _ in range(runs):
        understand("something else, so that nothing is still known of the message", TODAY)
        start = time.perf_counter()
        understand(text, TODAY)
        took.append(1000 * (time.perf_counter() - start))
    return statistics.median(took), statistics.quantiles(took, n=20)[-1]


def print_speed(runs: int) -> None:
    start = time.perf_counter()
    timed("hello", 2)
    print(f"{'import and first message':<28}{time.perf_counter() - start:8.2f} s")
    for name, text in MESSAGES.items():
        middle, high = timed(text[:1500], runs)
        print(f"{name:<28}{middle:8.2f} ms median {high:8.2f} ms 95th percentile")


def examples() -> tuple[list[str], np.ndarray]:
    """The training texts of data/nlu and their intents."""
    pairs = [
        (line.strip()[2:].lower(), block["intent"])
        for path in sorted((ROOT / "data" / "nlu").glob("*.yml"))
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        if "intent" in block
        for line in block["examples"].splitlines()
        if line.strip()
    ]
    return [text for text, _ in pairs], np.array([intent for _, intent in pairs])


def classifiers() -> dict[str, Callable[[], Any]]:
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.naive_bayes import ComplementNB
    from sklearn.pipeline import make_pipeline, make_union
    from sklearn.svm import LinearSVC

    def features(kind: Any, letters: tuple[int, int]) -> Any:
        return make_union(kind(ngram_range=(1, 2)), kind(analyzer="char_wb", ngram_range=letters))

    return {
        "counts (letters 1-4) + logistic": lambda: make_pipeline(
            features(CountVectorizer, (1, 4)),
            LogisticRegression(max_iter=60, tol=0.01, class_weight="balanced"),
        ),
        "tf-idf + logistic": lambda: make_pipeline(
            features(TfidfVectorizer, (2, 4)), LogisticRegression(C=20, tol=0.05, max_iter=30)
        ),
        "tf-idf + naive Bayes": lambda: make_pipeline(
            features(TfidfVectorizer, (2, 4)), ComplementNB(alpha=0.1)
        ),
        "tf-idf + linear SVM (ours)": lambda: make_pipeline(
            features(TfidfVectorizer, (2, 4)), LinearSVC(C=1.0)
        ),
    }


def compare(make: Callable[[], Any], texts: list[str], intents: np.ndarray) -> tuple[float, float, float]:
    """Accuracy over the folds, seconds a training, milliseconds a message."""
    from sklearn.model_selection import StratifiedKFold

    right, training, asking = 0, 0.0, 0.0
    for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=1).split(texts, intents):
        start = time.perf_counter()
        model = make().fit([texts[i] for i in train], intents[train])
        training += time.perf_counter() - start
        start = time.perf_counter()
        guessed = [model.predict([texts[i]])[0] for i in test]
        asking += time.perf_counter() - start
        right += int(np.sum(np.array(guessed) == intents[test]))
    return right / len(texts), training / FOLDS, 1000 * asking / len(texts)


def print_intents() -> None:
    texts, intents = examples()
    print(f"{len(texts)} examples, {len(set(intents))} intents, {FOLDS} folds, the words alone (no guard)")
    for name, make in classifiers().items():
        accuracy, training, asking = compare(make, texts, intents)
        print(f"{name:<36}{100 * accuracy:6.1f} %{training:8.1f} s{asking:8.2f} ms", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--intents", action="store_true", help="compare intent classifiers instead")
    parser.add_argument("--runs", type=int, default=100, help="messages a measurement (default 100)")
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    print_intents() if options.intents else print_speed(options.runs)


if __name__ == "__main__":
    main()
