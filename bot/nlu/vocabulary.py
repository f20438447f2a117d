"""The vocabulary files (``bot/clinical/knowledge/vocabulary/*.yml``) as Python values.

Everything is read as text (YAML's own reading would turn "no" and "yes" into booleans); whoever
needs a number converts it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from .patterns import PatternSet

FOLDER = Path(__file__).resolve().parents[1] / "clinical" / "knowledge" / "vocabulary"
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class VocabularyError(ValueError):
    """A vocabulary file that cannot be read; the message names the file and the mend."""


@cache
def read(name: str) -> Any:
    """The content of one vocabulary file, by its name without ``.yml``. Raises VocabularyError."""
    path = FOLDER / f"{name}.yml"
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except (OSError, yaml.YAMLError) as error:
        raise VocabularyError(f"{path}: {error}; mend the file's YAML") from error


@lru_cache(maxsize=1)
def classes() -> dict[str, frozenset[str]]:
    """Word classes by name, with ``relative`` and ``limb`` words made from the other files."""
    own = {name: frozenset(words.split()) for name, words in read("words")["classes"].items()}
    own["relative"] = frozenset(word for word in kin_words() if " " not in word)
    return own


def kin_words() -> dict[str, tuple[str, str | None]]:
    """Word for a relative -> (who, sex or None)."""
    out: dict[str, tuple[str, str | None]] = {}
    for who, by_sex in read("people")["kin"].items():
        for sex, words in by_sex.items():
            out.update(dict.fromkeys(words, (who, None if sex == "unknown" else sex)))
    return out


def pattern_set(labelled: Iterable[tuple[object, str]]) -> PatternSet:
    return PatternSet(labelled, classes())


def misspellings() -> dict[str, str]:
    """Wrong form (apostrophes already gone) -> right word."""
    return {wrong: right for right, wrongs in read("words")["misspellings"].items() for wrong in wrongs}


def real_words() -> frozenset[str]:
    return frozenset(read("words")["real_words"])


def all_words() -> frozenset[str]:
    """Every word that stands anywhere in the vocabulary; these are never taken for misspelt."""
    names = (path.stem for path in sorted(FOLDER.glob("*.yml")))
    pieces = {word for name in names for text in _strings(read(name)) for word in _plain(text)}
    return frozenset(pieces) | frozenset(word for words in classes().values() for word in words)


def _plain(text: str) -> Iterator[str]:
    for piece in text.replace("|", " ").replace("?", " ").split():
        if piece.isalpha():
            yield piece.lower()


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _strings(inner)
    else:
        for inner in value:
            yield from _strings(inner)
