"""How old the one is whom it is about: "45m", "fifty-seven years young", "hit 70", "57, sorry 58".

The words are ``vocabulary/people.yml`` under ``ages``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from .mending import markers, replaces
from .numbers import number_at
from .story import Story
from .vocabulary import kin_words, read

OLDEST = 115
#: A smaller number alone counts something else, unless a person is named beside it.
_SMALLEST_ALONE = 10
#: A smaller number in words is a count ("im one of two"), unless years are named.
_SMALLEST_IN_WORDS = 12
#: words back to the one whose age it is, and from an age to the one that replaces it
_OWNER_WITHIN, _MENDED_WITHIN = 4, 9
_SELF, _KIN, _OPEN = "self", "kin", "open"
_SHORT = 5
_DASHES = frozenset({"-", "\u2013"})


@dataclass(frozen=True)
class _Number:
    """A whole number that may be an age, and the words around it, without adverbs ("is now 45")."""

    start: int
    end: int
    years: int
    spelled: bool
    before: str
    before2: str
    after: str
    after2: str


@lru_cache(maxsize=1)
def _listed() -> dict[str, frozenset[str]]:
    data = read("people")
    lists = {name: frozenset(words) for name, words in data["ages"].items() if isinstance(words, list)}
    sexes = frozenset([*data["female"], *data["male"]])
    months = frozenset([*read("times")["months"], *read("times")["weekdays"]])
    return {**lists, "sexes": sexes, "beside": sexes & frozenset(data["beside_age"]), "dates": months}


def _is(word: str, name: str) -> bool:
    return word in _listed()[name]


def hear_age(story: Story) -> None:
    """Add an ``age`` mention: of several ages that of the one it is about, put right where it is."""
    numbers = list(_numbers(story.words))
    stated = [number for number in numbers if _is_stated(story, number)]
    stated = [n for n in stated if not (_is_quoted(story, n) and any(o.start > n.start for o in stated))]
    chosen = _of_the_case(story, stated)
    alone = _alone(story, [n for n in numbers if n not in stated])
    if alone and (not stated or (chosen and story.about == "self" and _owner(story, chosen) == _KIN)):
        _add(story, alone)
    elif chosen:
        _add(story, _put_right(story, chosen, numbers))
    else:
        _hear_age_to_come(story, numbers)


def _add(story: Story, number: _Number) -> None:
    years = number.years - _is_to_come(story, number)
    end = number.end + _is(number.after, "units")
    story.mentions.append(story.mention("age", years, tuple(range(number.start, end))))
    story.followed |= set(range(number.start, min(number.end + 2, len(story.words))))


# -- numbers that may be ages ---------------------------------------------------------------------------
def _numbers(words: list[str]) -> Iterator[_Number]:
    at = 0
    while at < len(words):
        told = number_at(words, at) or _ordinal(words, at)
        if told is None:
            at += 1
            continue
        value, end = told
        if value == int(value) and 0 < value <= OLDEST and not _is(words[at], "never"):
            yield _around(words, at, end, int(value))
        at = end


def _ordinal(words: list[str], at: int) -> tuple[float, int] | None:
    """ "my sixtieth birthday"."""
    value = read("people")["ages"]["ordinals"].get(words[at])
    return (float(value), at + 1) if value else None


def _around(words: list[str], start: int, end: int, years: int) -> _Number:
    before = [word for word in words[max(0, start - 4) : start] if not _is(word, "adverbs")]
    after = words[end : end + 2]
    if after[:1] and after[0] in _DASHES and _is("".join(after[1:]), "units"):  # "62-year-old"
        after = [word for word in words[end : end + 5] if word not in _DASHES]
    before, after = [".", ".", *before], [*after, ".", "."]
    return _Number(
        start, end, years, not words[start].isdecimal(), before[-1], before[-2], after[0], after[1]
    )


# -- which of them is told as an age ---------------------------------------------------------------------
def _is_stated(story: Story, n: _Number) -> bool:
    if _is_of_then(story, n) or _is_one_of_two(n):
        return False
    if _has_years(story, n) or _is_birthday(story, n):
        return True
    if n.spelled and n.years < _SMALLEST_IN_WORDS:
        return False
    counts = _is(n.after, "not_after")
    return _is_beside_a_sex(n, counts) or (not counts and (_is_led(story, n) or _opens(story, n)))


def _is_one_of_two(n: _Number) -> bool:
    """ "120/80", "8/10"; "5 a side"."""
    return (
        (n.after, n.after2) == ("a", "side")
        or (n.after == "/" and n.after2.isdecimal())
        or (n.before == "/" and n.before2.isdecimal())
    )


def _is_of_then(story: Story, n: _Number) -> bool:
    """ "when i was 20", "20 years ago", "had it done at 66"."""
    before = story.words[max(0, n.start - 7) : n.start]
    then = "when" in (*before[-4:], n.after) or n.after == "ago" or n.after2 in ("ago", "back")
    return then or (n.before == "at" and bool({"had", "have", "gave"} & set(before)))


def _has_years(story: Story, n: _Number) -> bool:
    """ "57 years old", "81 years young", "he have 70 year", "62yo", "age 45"."""
    if _is(n.after, "units") and (_is(n.after2, "old") or n.after2 == "/"):
        return True
    had = n.before in ("have", "has") and n.after2 in (".", ",", "and", ";", "\n")
    named = bool({"age", "aged"} & {n.before, n.before2}) and n.before in _BEFORE_A_NUMBER
    mine = n.after == "is" and n.after2 in ("my", "his", "her")  # "38 is my age"
    if mine and "age" in story.words[n.end : n.end + 3]:
        return True
    told = (had and _is(n.after, "units")) or (named and not _is(n.after, "not_after"))
    return told or _is(n.after, "with_old")


_BEFORE_A_NUMBER = frozenset({"age", "aged", ",", ":", "=", "-", "is", "of"})


def _is_birthday(story: Story, n: _Number) -> bool:
    """ "his 90th birthday", "my sixtieth birthday"; not "5 weeks after my birthday"."""
    return "birthday" in story.words[n.end : n.end + 2] and (n.spelled or _is(n.after, "ordinal_endings"))


def _is_beside_a_sex(n: _Number, counts: bool) -> bool:
    """ "45m" (and no sprint of 100 m), "female 57", "33, male"."""
    small = n.spelled or n.years < 100
    letter = n.before2 in ("m", "f") and n.before == "," and n.after in (".", ",")
    return (
        (_is(n.after, "beside") and small)
        or (_is(n.before, "beside") and not counts)
        or (n.after in (",", "/") and _is(n.after2, "beside"))
        or letter
    )


def _is_led(story: Story, n: _Number) -> bool:
    """ "im 45", "she turned 60", "my wife, 57"; "the reading is 39" is told of no person."""
    near = story.words[max(0, n.start - _OWNER_WITHIN) : n.start]
    if _is(n.before, "led_by"):
        return True
    if n.before == "is" or _is(n.before, "reaches"):
        named = [*near, *(" ".join(pair) for pair in pairwise(near))]  # "my little one is 4"
        person = any(word in kin_words() or _is(word, "persons") for word in named)
        return person and not _listed()["measured"] & set(near)
    return n.before in kin_words() or (n.before in ("(", ",") and n.before2 in kin_words())


def _opens(story: Story, n: _Number) -> bool:
    """ "57, black poo and tired"."""
    marked = n.after in (",", ".", ";", "\n") or not n.spelled
    first = all(_is(word, "adverbs") for word in story.words[: n.start])
    return first and len(story.words) > 3 and marked and not _is(n.after, "units")


def _is_quoted(story: Story, n: _Number) -> bool:
    said = set(story.words[max(0, n.start - 4) : n.start])
    return bool(_listed()["quoted"] & said) or n.before in ("not", "isnt", "wasnt")


# -- whose it is ------------------------------------------------------------------------------------------
def _of_the_case(story: Story, stated: list[_Number]) -> _Number | None:
    """ "i am 40, my son is 18": of several ages that of the one it is about."""
    by_owner: dict[str, list[_Number]] = {}
    for number in stated:
        by_owner.setdefault(_owner(story, number), []).append(number)
    order = (_SELF, _OPEN, _KIN) if story.about == "self" else (_KIN, _OPEN, _SELF)
    return next((by_owner[owner][0] for owner in order if owner in by_owner), None)


def _owner(story: Story, n: _Number) -> str:
    clause = story.clause(n.start)
    for at in range(n.start - 1, max(clause.start, n.start - _OWNER_WITHIN - 1) - 1, -1):
        word = story.words[at]
        if word in kin_words() or (story.about != "self" and _is(word, "third")):
            return _KIN
        if _is(word, "first"):
            return _SELF
    return _OPEN


def _put_right(story: Story, chosen: _Number, numbers: list[_Number]) -> _Number:
    """ "im 57, sorry 58", "my mum is 78. 87 rather"."""
    hits = markers(story)
    for number in numbers:
        near = 0 <= number.start - chosen.end <= _MENDED_WITHIN
        plain = not _is(number.after, "not_after")
        if near and plain and replaces(story, chosen.end, range(number.start, number.end), hits):
            story.correction = True
            chosen = number
    return chosen


def _is_to_come(story: Story, n: _Number) -> bool:
    """ "will be 60 in june", "her 90th birthday is on saturday", "nearly 80": a year less today."""
    rest = [word for word in story.words[n.end : n.end + 6] if not _is(word, "beside_to_come")]
    birthday = "birthday" in story.words[n.end : n.end + 4]
    soon = bool(rest[:1]) and (_is(rest[0], "to_come") or _is(rest[0], "dates"))
    ahead = _listed()["ahead"] & set(story.words[max(0, n.start - 2) : n.start]) or n.before == "be"
    return bool(ahead) or (soon and (birthday or _is(rest[0], "to_come") or n.before == "turning"))


def _hear_age_to_come(story: Story, numbers: list[_Number]) -> None:
    """ "forty two next month", where the age was asked for."""
    for n in numbers[:1]:
        if (
            n.start == 0
            and n.years > _SMALLEST_IN_WORDS
            and len(story.words) <= _SHORT
            and _is_to_come(story, n)
        ):
            story.mentions.append(story.mention("if_asked", f"age={n.years - 1}", (n.start,)))


def _alone(story: Story, numbers: list[_Number]) -> _Number | None:
    """ "resident, female, 91, fell", "old man, 79 years", "a lady of 66": a number with nothing to count."""
    marks = (",", "(", ")", ".", ";", "\n", "/")
    people = {*_listed()["sexes"], *kin_words()}
    for n in numbers:
        named = bool(people & set(story.words[max(0, n.start - 3) : n.start]))
        if not n.start or (n.spelled and n.years < _SMALLEST_IN_WORDS):
            continue
        if not named and (n.years < _SMALLEST_ALONE or n.end == len(story.words)):
            continue
        end = n.end + _is(n.after, "units")
        left, right = story.words[n.start - 1], (story.words[end : end + 1] or ["."])[0]
        numeric = {left, right} & {"/"} and (n.before2 + n.after2).strip("./").isdecimal()
        of_a_person = left == "of" and story.words[n.start - 2] in people
        if (left in marks or of_a_person) and right in marks and not numeric:
            return n
    return None
