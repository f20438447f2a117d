"""Text to words: lower case, no apostrophes, known misspellings mended, offsets kept.

``(doc).user_data["spans"][i]`` is the character span of word ``i`` in the message as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA
from spacy.tokens import Doc
from spacy.vocab import Vocab

from .vocabulary import read as read_vocabulary

#: the apostrophe, the curly one, and the accents that stand for it on a telephone's keyboard
_MARKS = "'\u2019`\u00b4"
_WORD = rf"\b[mf](?=\d\d\b)|\d+(?:[.,:]\d+)+|\d+|[^\W\d_]+(?:[{_MARKS}][^\W\d_]+)*\d*(?:-\d+)?|[^\w\s]|\n+"
#: Without its apostrophe "i'll" is "ill", "we'll" is "well" and "she'll" is "shell".
_WILL = re.compile(rf"^(i|we|he|she)[{_MARKS}]ll$")
_APOSTROPHES = str.maketrans("", "", _MARKS)
#: Shorter words have too many real neighbours ("pain", "main") to be mended by likeness.
_SHORTEST_MENDED = 6
_LONG = 9
#: ... but for a listed few, of which one letter off is enough
_SHORTEST_LISTED, _LONGEST_LISTED = 4, 7
_STRETCHED = re.compile(r"(.)\1{2,}")
#: "a", "an" and "in" before a word that is often joined begin too many real words.
_SHORT = 2
#: "bone" and "bun" sound alike too: so short a key tells nothing.
_CLEAR_SOUND = 3

#: a word and where it stands in the message
_Read = tuple[str, tuple[int, int]]
#: spellings that sound alike, in the order in which they are made one
_SOUNDS = tuple(
    (re.compile(wrong), right)
    for wrong, right in (
        ("ph|ff", "f"),
        ("[ts]ion|sh[ueoi]n|[tcs]ian|[ts]hun", "xn"),
        ("ough|augh", "o"),
        ("^k?n", "n"),
        ("^wr", "r"),
        ("c(?=[eiy])|sc(?=[eiy])|z", "s"),
        ("ck|[cqk]", "k"),
        ("g(?=[eiy])|dg", "j"),
        ("wh", "w"),
        ("(?<!^)[aeiouyhw]", ""),
        (r"(.)\1+", r"\1"),
    )
)


class LayTokenizer:
    """Tokenizer of the spaCy pipeline; its words are already normalised.

    ``misspellings`` maps a wrong form to the right one, each of one word or several. A word of six
    or more letters that nobody knows is mended to a ``targets`` word one letter off (two in words of
    nine or more) that begins with the same letter, or one more letter off where both sound alike.
    "myknee" is two words and "re placement" is one. ``real`` words are left alone.
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
        self._targets = frozenset(targets)
        right = {word for words in self._fixes.values() for word in words.split()}
        self._known = frozenset(real) | self._targets | right
        self._joints = frozenset(read_vocabulary("words")["joined"])
        self._by_letter: dict[str, list[str]] = {}
        for word in sorted(self._targets):
            if len(word) >= _SHORTEST_MENDED - 1 and word.isalpha():
                self._by_letter.setdefault(word[0], []).append(word)
        self._short = tuple(read_vocabulary("words")["short_targets"])
        phrases = sorted((p for p in self._fixes if not p.isalnum()), key=len, reverse=True)
        # The look behind stands once before all phrases: most places are inside a word and end there.
        joined = "|".join(map(_spaced, phrases))
        self._regex = re.compile(rf"(?<!\w)(?:{joined})\b|{_WORD}" if joined else _WORD)
        self._mended: dict[str, str] = {}

    def __call__(self, text: str) -> Doc:
        # A letter whose lower case is longer ("İ") would shift every offset after it.
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
        found = [part for match in self._regex.finditer(lower) for part in self._parts(*match.span(), lower)]
        read = self._together(found, lower)
        doc = Doc(self.vocab, words=[word for word, _ in read])
        doc.user_data["spans"] = [span for _, span in read]
        doc.user_data["text"] = text
        return doc

    def _parts(self, start: int, end: int, lower: str) -> Iterator[_Read]:
        """What was typed between two offsets, as the words it stands for ("myknee": two)."""
        typed = lower[start:end]
        middle = self._seam(typed)
        if middle:
            yield from self._parts(start, start + middle, lower)
            yield from self._parts(start + middle, end, lower)
            return
        word = self._normal(typed)
        for piece in word.split(" ") if " " in word else [word]:
            yield piece, (start, end)

    def _seam(self, typed: str) -> int:
        """Where the space is missing between two known words; 0 where none is."""
        if not typed.isalpha() or typed in self._known or typed in self._fixes:
            return 0
        seams = (at for at in range(2, len(typed) - 2) if self._joined(typed[:at], typed[at:]))
        return next(seams, 0)

    def _joined(self, left: str, right: str) -> bool:
        return (left in self._joints and right in self._targets) or (
            right in self._joints and left in self._targets and len(left) > _SHORT
        )

    def _together(self, found: list[_Read], lower: str) -> list[_Read]:
        """Pairs of words that are one word cut in two, or a listed wrong form once each is mended."""
        read: list[_Read] = []
        for word, span in found:
            fixed = self._whole(read[-1], (word, span), lower) if read else None
            if fixed:
                start = read.pop()[1][0]
                read += [(piece, (start, span[1])) for piece in fixed.split(" ")]
            else:
                read.append((word, span))
        return read

    def _whole(self, left: _Read, right: _Read, lower: str) -> str | None:
        """The right word for a pair: "re placement" is "replacement"; None where both can stay."""
        one, other = left[0], right[0]
        # Two words that stand as they were typed have been looked up in the message already.
        mended = any(lower[slice(*span)].translate(_APOSTROPHES) != word for word, span in (left, right))
        listed = self._fixes.get(f"{one} {other}") if mended else None
        if listed or not (one.isalpha() and other.isalpha()):
            return listed
        cut = len(one + other) > _SHORTEST_MENDED and not {one, other} <= self._known
        return one + other if cut and one + other in self._targets else None

    def _normal(self, word: str) -> str:
        word = self._is.get(word) or _WILL.sub(r"\1will", word)
        word = " ".join(word.translate(_APOSTROPHES).split()) or ("\n" if "\n" in word else word)
        fixed = self._fixes.get(word, word)
        if fixed is not word or len(word) < _SHORTEST_LISTED or word in self._known or not word.isalpha():
            return fixed
        if len(self._mended) > 20_000:
            self._mended.clear()
        if word not in self._mended:
            self._mended[word] = self._unstretched(word) or self._nearest(word)
        return self._mended[word]

    def _unstretched(self, word: str) -> str | None:
        """ "hottt", "soooo": the known word with its letters once or twice."""
        once, twice = (_STRETCHED.sub(letters, word) for letters in (r"\1", r"\1\1"))
        tried = [self._fixes.get(form, form) for form in (twice, once)]
        return next((form for form in tried if once != word and form in self._known), None)

    def _nearest(self, word: str) -> str:
        mended = self._alike(word) if len(word) >= _SHORTEST_MENDED else word
        return mended if mended != word or len(word) > _LONGEST_LISTED else self._short_alike(word)

    def _short_alike(self, word: str) -> str:
        """A listed short word one letter off, with the same beginning: "thih", "mvoe", "ekne"."""
        begins = {word[0], word[1]} if word[1:2] else {word[0]}
        near = (t for t in self._short if t[0] in begins and OSA.distance(word, t, score_cutoff=1) <= 1)
        swapped = (t for t in near if t[0] == word[0] or t[1] == word[0])
        return next(swapped, word)

    def _alike(self, word: str) -> str:
        """The nearest word of the vocabulary; of several, and a letter farther, the one that sounds alike."""
        allowed = 1 if len(word) < _LONG else 2
        targets = self._by_letter.get(word[0], ())
        near = process.extract(word, targets, scorer=OSA.distance, score_cutoff=allowed + 1, limit=None)
        sound = sounds(word)
        same = [found for found, _, _ in near if len(sound) >= _CLEAR_SOUND and sounds(found) == sound]
        close = [found for found, distance, _ in near if distance <= allowed]
        return (same or close or [word])[0]


def sounds(word: str) -> str:
    """A key that words spelt by ear share: consonants as they sound, and the first letter."""
    for wrong, right in _SOUNDS:
        word = wrong.sub(right, word)
    return word


def _spaced(phrase: str) -> str:
    """A regular expression for a wrong form of several words, with or without its apostrophes."""
    return r"\s+".join(re.escape(word).replace("nt", f"n[{_MARKS}]?t") for word in phrase.split())
