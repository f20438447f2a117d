"""Findings that the writer takes back: "forget the lump", "I said yes to chest pain but I meant no".

The words are ``vocabulary/short_answers.yml`` under ``taking_back``.
"""

from __future__ import annotations

from functools import lru_cache

from bot.clinical.facts import ABSENT, PRESENT

from .patterns import Hit, PatternSet
from .story import Finding, Story
from .vocabulary import pattern_set, read

_KINDS = ("symptom", "risk_factor")
#: words between "forget" or "I said" and the finding
_REACH = 6


def take_back(story: Story) -> None:
    """Change what is said of findings that were told before and are told otherwise now."""
    for hit in _patterns().find(story.words):
        reach = _reach(story, hit)
        if hit.label == "untrue":
            clause = story.clause(hit.start)
            _forget(
                story,
                [f for f in story.findings if f.kind in _KINDS and f.start in clause and f.end <= hit.start],
            )
            continue
        named = [
            f for f in story.findings if f.kind in _KINDS and f.start >= hit.start and f.words[-1] in reach
        ]
        if hit.label == "forget":
            _forget(story, named)
        elif _is_told_otherwise(story, hit):
            _change(story, {f: _otherwise(story, hit, f) for f in named})
            story.settled |= {i for f in named for i in f.words}


@lru_cache(maxsize=1)
def _patterns() -> PatternSet:
    said = read("short_answers")["taking_back"]
    return pattern_set((label, p) for label in ("forget", "untrue", "said") for p in said[label])


def _forget(story: Story, named: list[Finding]) -> None:
    """Deny what was named; the pain of a "chest pain" is left open, for there may be another."""
    inner = {f for f in named if any(set(f.words) < set(other.words) for other in named)}
    _change(story, {f: None if f in inner else f.said(ABSENT) for f in named})
    story.settled |= {i for f in named for i in f.words}


def _reach(story: Story, hit: Hit) -> range:
    """The words that are quoted: up to a mark or to the word that mends them."""
    end = hit.end
    marks = {".", ",", ";", "!", "?", "\n", *read("short_answers")["taking_back"]["otherwise"]}
    while end < min(len(story.words), hit.end + _REACH) and story.words[end] not in marks:
        end += 1
    return range(hit.end, end)


def _is_told_otherwise(story: Story, hit: Hit) -> bool:
    """Without a word that mends it, "I said my leg is numb" only repeats what was told."""
    return bool(
        set(read("short_answers")["taking_back"]["otherwise"])
        & set(story.words[: hit.start] + story.words[hit.end :])
    )


def _otherwise(story: Story, hit: Hit, quoted: Finding) -> Finding | None:
    """The opposite of what was quoted; None where the message says of the same finding what holds."""
    if any(f.name == quoted.name and f.start > quoted.start for f in story.findings):
        return None
    denied = set(read("short_answers")["denials"]) & set(story.words[hit.end : quoted.start])
    return quoted.said(PRESENT if denied or quoted.assertion == ABSENT else ABSENT)


def _change(story: Story, changes: dict[Finding, Finding | None]) -> None:
    if changes:
        story.correction = True
        new = [changes.get(f, f) for f in story.findings]
        story.findings = [f for f in new if f is not None]
