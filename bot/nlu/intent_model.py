"""A light intent classifier: TF-IDF of words and letters into a linear support vector machine.

Chosen by measurement (benchmarks/understand.py --intents): as right as logistic regression, at a
thirtieth of its training time. Kept without pickle, so that a model file can run no code.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

#: Turns margins into confidences between 0 and 1; the larger, the surer it sounds.
_SHARPNESS = 3.0
_VIEWS: tuple[tuple[str, tuple[int, int]], ...] = (("word", (1, 2)), ("char_wb", (2, 4)))


def _vectorizers() -> list[TfidfVectorizer]:
    pattern = r"(?u)\b\w+\b"
    return [
        TfidfVectorizer(analyzer=analyzer, ngram_range=span, sublinear_tf=True, token_pattern=pattern)
        for analyzer, span in _VIEWS
    ]


def _plain(text: str) -> str:
    return text.lower().replace("'", "").replace("\u2019", "")


@dataclass
class IntentModel:
    """``coef`` is intents x features, ``intercept`` one number an intent."""

    intents: list[str]
    vectorizers: list[TfidfVectorizer]
    coef: np.ndarray
    intercept: np.ndarray

    @classmethod
    def trained(cls, texts: Sequence[str], intents: Sequence[str]) -> IntentModel:
        """Learn from at least two intents; raises ValueError (scikit-learn's) for fewer."""
        vectorizers = _vectorizers()
        plain = [_plain(text) for text in texts]
        features = hstack([vectorizer.fit_transform(plain) for vectorizer in vectorizers]).tocsr()
        machine = LinearSVC(C=1.0, random_state=0).fit(features, list(intents))
        coef, intercept = machine.coef_, machine.intercept_
        if len(machine.classes_) == 2:  # scikit-learn keeps one row for two classes
            coef, intercept = np.vstack([-coef, coef]), np.concatenate([-intercept, intercept])
        names = [str(name) for name in machine.classes_]
        return cls(names, vectorizers, coef.astype(np.float32), intercept.astype(np.float32))

    def rank(self, text: str) -> list[tuple[str, float]]:
        """Every intent with its confidence (0 to 1, together 1), the likeliest first."""
        margins = _SHARPNESS * (self._sums(_plain(text)) + self.intercept)
        weights = np.exp(margins - margins.max())
        shares = weights / weights.sum()
        return [(self.intents[i], float(shares[i])) for i in np.argsort(-shares)]

    def _sums(self, text: str) -> np.ndarray:
        """One number an intent; only the columns of the features that the text has are looked at."""
        sums, first = np.zeros(len(self.intents)), 0
        for vectorizer in self.vectorizers:
            row: csr_matrix = vectorizer.transform([text])
            sums += self.coef[:, first + row.indices] @ row.data
            first += len(vectorizer.vocabulary_)
        return sums

    def save(self, folder: Path) -> None:
        vocabularies = [{term: int(at) for term, at in v.vocabulary_.items()} for v in self.vectorizers]
        words = {"intents": self.intents, "vocabularies": vocabularies}
        (folder / "intents.json").write_text(json.dumps(words), encoding="utf-8")
        idf = {f"idf{i}": vectorizer.idf_ for i, vectorizer in enumerate(self.vectorizers)}
        np.savez_compressed(folder / "weights.npz", coef=self.coef, intercept=self.intercept, **idf)

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        words = json.loads((folder / "intents.json").read_text(encoding="utf-8"))
        weights = np.load(folder / "weights.npz", allow_pickle=False)
        vectorizers = _vectorizers()
        for i, (vectorizer, vocabulary) in enumerate(zip(vectorizers, words["vocabularies"], strict=True)):
            vectorizer.vocabulary = vocabulary
            vectorizer.idf_ = weights[f"idf{i}"]
        return cls(words["intents"], vectorizers, weights["coef"], weights["intercept"])
