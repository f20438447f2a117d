"""Compare body sites said in words: the place by its parts, the side by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

_FILE = Path(__file__).with_name("sites.yml")


@dataclass(frozen=True)
class Place:
    """One place: the parts its word can mean, and its sides (``left``, ``right``, both or none)."""

    parts: frozenset[str]
    sides: frozenset[str]


@dataclass(frozen=True)
class _Words:
    parts: dict[str, frozenset[str]]
    sides: dict[str, frozenset[str]]
    breaks: frozenset[str]
    nowhere: re.Pattern[str]
    token: re.Pattern[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    data = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    parts, sides = _by_word(data["parts"]), _by_word(data["sides"])
    return _Words(
        parts=parts,
        sides=sides,
        breaks=frozenset(data["breaks"]),
        nowhere=_any_of(data["nowhere"]),
        token=_any_of([*parts, *sides, *data["breaks"]]),
    )


def _by_word(groups: dict[str, list[str]]) -> dict[str, frozenset[str]]:
    return {word: frozenset(names.split()) for names, listed in groups.items() for word in listed}


def _any_of(words: list[str]) -> re.Pattern[str]:
    # Longest first, so that "lower leg" is not read as "leg".
    ordered = sorted(words, key=len, reverse=True)
    return re.compile("|".join(rf"\b{word}\b" if word[0].isalpha() else re.escape(word) for word in ordered))


def places(text: str | None) -> tuple[Place, ...]:
    """All places named in a site text: ``"left hip / leg"`` gives the left hip and the left leg."""
    return tuple(_read(_words().nowhere.sub(" ", (text or "").lower())))


def _read(text: str) -> Iterator[Place]:
    words = _words()
    sides: frozenset[str] = frozenset()
    for found in words.token.finditer(text):
        token = found.group()
        if token in words.breaks:
            sides = frozenset()
        elif token in words.sides:
            sides = words.sides[token]
        else:
            yield Place(words.parts[token], sides)


def site_matches(expected: str | None, heard: str | None) -> bool | None:
    """True when the two share a part of the body; None when the label names no place."""
    wanted = {part for place in places(expected) for part in place.parts}
    if not wanted:
        return None
    return any(place.parts & wanted for place in places(heard))


def side_matches(expected: str | None, heard: str | None) -> bool | None:
    """True when the places that both name lie on the same side; None when the label names no side.

    Where they share no place, the sides named anywhere are compared, so that a wrong site is not
    counted as a wrong side too.
    """
    wanted = [place for place in places(expected) if place.sides]
    if not wanted:
        return None
    got = places(heard)
    shared = [(place.sides, near) for place in wanted if (near := [g for g in got if g.parts & place.parts])]
    if shared:
        return all(sides == _all_sides(near) for sides, near in shared)
    return _all_sides(wanted) == named_sides(heard)


def _all_sides(found: Iterable[Place]) -> frozenset[str]:
    return frozenset(side for place in found for side in place.sides)


def named_sides(text: str | None) -> frozenset[str]:
    """The sides named in a text, with or without a place."""
    words = _words()
    named = [words.sides.get(token, frozenset()) for token in words.token.findall((text or "").lower())]
    return frozenset(side for sides in named for side in sides)
