"""Numbers as people write and say them: 6.5, "39,4", six, "twenty-one", "38 point 4", "a hundred and two"."""

from __future__ import annotations

import re
from functools import lru_cache

from .vocabulary import read

_DIGITS = re.compile(r"\d+(?:[.,]\d+)?$")
_THOUSANDS = re.compile(r"\d{1,3},\d{3}$")
_OH = frozenset({"oh", "o", "zero", "nought"})
_POINT = frozenset({"point", "dot"})


@lru_cache(maxsize=1)
def number_words() -> dict[str, float]:
    return {word: float(value) for word, value in read("times")["numbers"].items()}


def number_at(words: list[str], at: int) -> tuple[float, int] | None:
    """The number that begins at ``at`` and where it ends; None when there is none."""
    read_as = _digits(words, at) or _digit_by_digit(words, at) or _hundred(words, at) or _word(words, at)
    if read_as is None:
        return None
    value, end = read_as
    if words[end : end + 1] and words[end] in _POINT:
        return _decimals(words, end + 1, value) or read_as
    return value, end


def _digits(words: list[str], at: int) -> tuple[float, int] | None:
    if at >= len(words) or not _DIGITS.match(words[at]):
        return None
    if _THOUSANDS.match(words[at]):
        return float(words[at].replace(",", "")), at + 1
    value = float(words[at].replace(",", "."))
    if words[at + 1 : at + 2] == ["\u00bd"]:
        return value + 0.5, at + 2
    if words[at + 1 : at + 4] == ["1", "/", "2"]:
        return value + 0.5, at + 4
    if words[at + 1 : at + 3] == ["/", "2"] and value == 1:
        return 0.5, at + 3
    return value, at + 1


def _digit_by_digit(words: list[str], at: int) -> tuple[float, int] | None:
    """ "one oh one"."""
    said = words[at : at + 3]
    if len(said) < 3 or said[1] not in _OH or said[0] not in number_words() or said[2] not in number_words():
        return None
    first, last = number_words()[said[0]], number_words()[said[2]]
    return (100 * first + last, at + 3) if first == 1 and 1 <= last <= 9 else None


def _hundred(words: list[str], at: int) -> tuple[float, int] | None:
    """ "hundred", "a hundred and two", "one hundred ten"."""
    times = 1.0
    if words[at : at + 1] != ["hundred"]:
        counted = _word(words, at) or _digits(words, at)
        if counted is None or words[counted[1] : counted[1] + 1] != ["hundred"]:
            return None
        times, at = counted
    end = at + 1
    rest = _word(words, end + (words[end : end + 1] == ["and"]))
    small = rest is not None and words[rest[1] - 1] not in ("a", "an", "half", "couple", "few")
    return (100 * times + rest[0], rest[1]) if rest and small else (100 * times, end)


def _word(words: list[str], at: int) -> tuple[float, int] | None:
    known = number_words()
    if at >= len(words) or words[at] not in known:
        return None
    value, end = known[words[at]], at + 1
    if words[at] in ("a", "an") and words[end : end + 1] and words[end] in _AFTER_A:
        return known[words[end]], end + 1
    if words[at] == "half":
        return 0.5, end + (words[end : end + 1] in (["a"], ["an"]))
    if words[end : end + 1] and words[end] in ("quarter", "quarters"):
        value, end = value / 4, end + 1
    unit = end + (words[end : end + 1] == ["-"])
    digit = known.get(words[unit]) if unit < len(words) and words[unit] not in _NO_DIGITS else None
    if value in range(20, 100, 10) and digit and 1 <= digit <= 9:
        return value + digit, unit + 1
    return value, end


def _decimals(words: list[str], at: int, value: float) -> tuple[float, int] | None:
    said = words[at] if at < len(words) else ""
    if said.isdecimal():
        return float(f"{value:.0f}.{said}"), at + 1
    digit = 0.0 if said in _OH else number_words().get(said)
    return None if digit is None or digit > 9 else (value + digit / 10, at + 1)


_AFTER_A = frozenset({"couple", "few", "half", "dozen", "single", "quarter"})
_NO_DIGITS = frozenset({"a", "an", "half", "couple", "few", "several", "single", "quarter"})
