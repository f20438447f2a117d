"""Token patterns: the small language in which the vocabulary is written.

One pattern is words with spaces between them. ``a|b`` is either, ``$class`` any word of a class of
``words.yml``, a trailing ``?`` makes it optional, ``NUM`` is any number, ``~`` (``~5``) is a gap of up
to three (five) words that are not punctuation. ``cant|wont ~ bend|move`` hears "wont really bend".

spaCy's Matcher can say the same, but tries every pattern at every word: 85 ms for a 1,500-character story
with this vocabulary, against 2 ms here, where a pattern is only tried where its first word stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

_GAP = re.compile(r"~(\d*)$")
_GAP_WORDS = 3
PUNCTUATION = frozenset('.,;:!?()[]"-\u2013\u2014/\n*\u2026') | {"\n\n"}
_NUMBER = "NUM"


class PatternError(ValueError):
    """A pattern that cannot be read; the message names it and the mend."""


@dataclass(frozen=True)
class _Element:
    words: frozenset[str] = frozenset()
    optional: bool = False
    gap: int = 0

    def accepts(self, word: str) -> bool:
        return word in self.words or (_NUMBER in self.words and word[0].isdecimal())


@dataclass(frozen=True)
class Hit:
    """One pattern found: its label and the positions of the words that it used (gaps left out)."""

    label: object
    words: tuple[int, ...]

    @property
    def start(self) -> int:
        return self.words[0]

    @property
    def end(self) -> int:
        return self.words[-1] + 1


class PatternSet:
    """Labelled patterns, matched together over a list of words; the longest reading of each wins."""

    def __init__(self, labelled: Iterable[tuple[object, str]], classes: Mapping[str, frozenset[str]]) -> None:
        self.words: set[str] = set()
        #: The last words and what was found in them: the parts of the ear look at one message several times.
        self._last: tuple[tuple[str, ...], list[Hit]] = ((), [])
        self._by_first: dict[str, list[tuple[object, tuple[_Element, ...], frozenset[str]]]] = {}
        for label, pattern in labelled:
            elements = tuple(_element(piece, classes) for piece in pattern.split())
            if all(element.optional or element.gap for element in elements):
                raise PatternError(f"{pattern!r}: a pattern needs a word that must be there")
            self.words |= {word for element in elements for word in element.words}
            self._add(label, elements)

    def _add(self, label: object, elements: tuple[_Element, ...]) -> None:
        others = (element.words for element in elements[1:] if not element.optional and not element.gap)
        rarest = min((words for words in others if _NUMBER not in words), key=len, default=frozenset())
        for word in elements[0].words:
            self._by_first.setdefault(word, []).append((label, elements, rarest))
        if elements[0].optional:
            self._add(label, elements[1:])

    def find(self, words: Sequence[str]) -> list[Hit]:
        asked = tuple(words)
        before, hits = self._last
        if asked != before:
            hits = self._found(asked)
            self._last = (asked, hits)
        return list(hits)

    def _found(self, words: tuple[str, ...]) -> list[Hit]:
        hits, said = [], frozenset(words)
        for start, word in enumerate(words):
            for key in (word, _NUMBER) if word[0].isdecimal() else (word,):
                for label, elements, rarest in self._by_first.get(key, ()):
                    if rarest and rarest.isdisjoint(said):
                        continue  # a word that it needs is nowhere in the message
                    used = _match(elements, 1, words, start + 1, (start,))
                    if used:
                        hits.append(Hit(label, used))
        return hits


def _element(piece: str, classes: Mapping[str, frozenset[str]]) -> _Element:
    gap = _GAP.match(piece)
    if gap:
        return _Element(gap=int(gap.group(1) or _GAP_WORDS))
    optional = piece.endswith("?")
    return _Element(frozenset(_alternatives(piece.rstrip("?"), classes)), optional)


def _alternatives(piece: str, classes: Mapping[str, frozenset[str]]) -> Iterator[str]:
    for word in piece.split("|"):
        if not word.startswith("$"):
            yield word
        elif word[1:] in classes:
            yield from classes[word[1:]]
        else:
            raise PatternError(f"{piece!r}: no class {word} in words.yml")


def _match(
    elements: tuple[_Element, ...], at: int, words: Sequence[str], here: int, used: tuple[int, ...]
) -> tuple[int, ...]:
    """The words used by the rest of the pattern from ``here``, or () when it does not fit."""
    if at == len(elements):
        return used
    element = elements[at]
    if element.gap:
        return _match_gap(elements, at, words, here, used)
    if here < len(words) and element.accepts(words[here]):
        found = _match(elements, at + 1, words, here + 1, (*used, here))
        if found:
            return found
    return _match(elements, at + 1, words, here, used) if element.optional else ()


def _match_gap(
    elements: tuple[_Element, ...], at: int, words: Sequence[str], here: int, used: tuple[int, ...]
) -> tuple[int, ...]:
    for skipped in range(elements[at].gap + 1):
        found = _match(elements, at + 1, words, here + skipped, used)
        if found:
            return found
        if here + skipped >= len(words) or words[here + skipped] in PUNCTUATION:
            return ()
    return ()


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """Without the hits whose words all belong to a longer hit ("pain" inside "pain killers")."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: -len(h.words)):
        mine = set(hit.words)
        if not any(mine < set(other.words) for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda h: (h.start, h.end))
