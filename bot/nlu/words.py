"""Text to words: lower case, no apostrophes, known misspellings mended, offsets kept.

``(doc).user_data["spans"][i]`` is the character span of word ``i`` in the message as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA
from spacy.tokens import Doc
from spacy.vocab import Vocab

#: the apostrophe, the curly one, and the accents that stand for it on a telephone's keyboard
_MARKS = "'\u2019`\u00b4"
_WORD = rf"\b[mf](?=\d\d\b)|\d+(?:[.,:]\d+)+|\d+|[^\W\d_]+(?:[{_MARKS}][^\W\d_]+)*\d*(?:-\d+)?|[^\w\s]|\n+"
#: Without its apostrophe "i'll" is "ill", "we'll" is "well" and "she'll" is "shell".
_WILL = re.compile(rf"^(i|we|he|she)[{_MARKS}]ll$")
_APOSTROPHES = str.maketrans("", "", _MARKS)
#: Shorter words have too many real neighbours ("pain", "main") to be mended by likeness.
_SHORTEST_MENDED = 6
_LONG = 9


class LayTokenizer:
    """Tokenizer of the spaCy pipeline; its words are already normalised.

    ``misspellings`` maps a wrong form (one word or several) to the right one. A word of six or
    more letters that nobody knows is mended to a ``targets`` word one letter off (two in words of
    nine or more) that begins with the same letter; ``real`` words are left alone.
    "knee's" is the ``body`` word "knee": one knee, and not two.
    """

    def __init__(
        self,
        vocab: Vocab,
        misspellings: Mapping[str, str],
        targets: Iterable[str],
        real: Iterable[str],
        body: Iterable[str] = (),
    ) -> None:
        self.vocab = vocab
        self._is = {f"{part}{mark}s": part for part in body for mark in _MARKS}
        self._fixes = dict(misspellings)
        self._known = frozenset(real) | frozenset(targets) | frozenset(self._fixes.values())
        self._by_letter: dict[str, list[str]] = {}
        for word in sorted(set(targets)):
            if len(word) >= _SHORTEST_MENDED - 1 and word.isalpha():
                self._by_letter.setdefault(word[0], []).append(word)
        phrases = sorted((p for p in self._fixes if not p.isalnum()), key=len, reverse=True)
        joined = "|".join(rf"(?<!\w){_spaced(p)}\b" for p in phrases)
        self._regex = re.compile(f"{joined}|{_WORD}" if joined else _WORD)
        self._mended: dict[str, str] = {}

    def __call__(self, text: str) -> Doc:
        # A letter whose lower case is longer ("İ") would shift every offset after it.
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
        words, spans = [], []
        for found in self._regex.finditer(lower):
            words.append(self._normal(found.group()))
            spans.append(found.span())
        doc = Doc(self.vocab, words=words)
        doc.user_data["spans"] = spans
        doc.user_data["text"] = text
        return doc

    def _normal(self, word: str) -> str:
        word = self._is.get(word) or _WILL.sub(r"\1will", word)
        word = " ".join(word.translate(_APOSTROPHES).split()) or ("\n" if "\n" in word else word)
        fixed = self._fixes.get(word, word)
        if fixed is not word or len(word) < _SHORTEST_MENDED or word in self._known or not word.isalpha():
            return fixed
        if len(self._mended) > 20_000:
            self._mended.clear()
        if word not in self._mended:
            self._mended[word] = self._alike(word)
        return self._mended[word]

    def _alike(self, word: str) -> str:
        allowed = 1 if len(word) < _LONG else 2
        near = process.extractOne(
            word, self._by_letter.get(word[0], ()), scorer=OSA.distance, score_cutoff=allowed
        )
        return near[0] if near else word


def _spaced(phrase: str) -> str:
    """A regular expression for a wrong form of several words, with or without its apostrophes."""
    return r"\s+".join(re.escape(word).replace("nt", f"n[{_MARKS}]?t") for word in phrase.split())
