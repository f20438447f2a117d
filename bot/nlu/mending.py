"""Values that the writer puts right in the same breath: "57, sorry 58", "right hip, no hang on, left hip".

The words are ``vocabulary/mending.yml``: one list for ages, places, sides, times and numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from .patterns import Hit, PatternSet
from .story import Story
from .vocabulary import pattern_set, read

#: words from a value to the one that replaces it
_REACH = 12


@lru_cache(maxsize=1)
def _markers() -> PatternSet:
    data = read("mending")
    labelled = [("between", p) for p in (*read("assertion")["corrections"], *data["between"])]
    return pattern_set([*labelled, *(("after", p) for p in data["after"])])


def markers(story: Story) -> list[Hit]:
    """The words that put something right; their label says where: ``between`` two values, or ``after``."""
    return _markers().find(story.words)


def superseded(story: Story, values: Sequence[range]) -> dict[int, int]:
    """Number of a value that is taken back -> number of the one that replaces it.

    ``values`` are the words of the values, in their order.
    """
    found: dict[int, int] = {}
    hits = markers(story)
    for number in range(len(values) - 1):
        first, second = values[number], values[number + 1]
        if second.start - first.stop <= _REACH and replaces(story, first.stop, second, hits):
            found[number] = number + 1
    return found


def replaces(story: Story, end: int, value: range, hits: Sequence[Hit]) -> bool:
    """Whether a marker after word ``end`` makes ``value`` take the place of what stood before."""
    return any(
        _stands_between(story, end, value, hit)
        if hit.label == "between"
        else _stands_after(story, end, value, hit)
        for hit in hits
    )


def _stands_between(story: Story, end: int, value: range, hit: Hit) -> bool:
    inside = end <= hit.start and hit.end <= value.start
    return inside and _all_in(story, range(hit.end, value.start), "fillers")


def _stands_after(story: Story, end: int, value: range, hit: Hit) -> bool:
    beyond = end <= value.start and value.stop <= hit.start
    return beyond and all(
        _all_in(story, words, "marks") for words in (range(end, value.start), range(value.stop, hit.start))
    )


def _all_in(story: Story, words: range, name: str) -> bool:
    allowed = _allowed(name)
    return all(story.words[at] in allowed for at in words)


@lru_cache(maxsize=2)
def _allowed(name: str) -> frozenset[str]:
    return frozenset(read("mending")[name])
