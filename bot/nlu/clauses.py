"""A message cut into pieces with one subject each: finer than sentences, coarser than commas alone."""

from __future__ import annotations

from .story import Story, breaks
from .vocabulary import kin_words, read

_MARKS = frozenset(
    {",", "but", "though", "although", "whereas", "while", "then", "so", "yet", ":", "-", "\u2013"}
)


def pieces(story: Story) -> list[range]:
    """The pieces in their order; marks and the words that join them belong to none."""
    subjects = frozenset(read("assertion")["subjects"])
    found, start = [], 0
    for at, word in enumerate([*story.words, "."]):
        following = story.words[at + 1] if at + 1 < len(story.words) else "."
        joins = word == "and" and (following in subjects or following in kin_words())
        if word in _MARKS or word in breaks() or joins:
            if at > start:
                found.append(range(start, at))
            start = at + 1
    return found
