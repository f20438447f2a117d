"""Left, right or both: words, letters ("knee (R)"), and the other side than the one that was named."""

from __future__ import annotations

from functools import lru_cache

from .mending import markers
from .patterns import Hit, PatternSet, longest
from .story import Story
from .vocabulary import pattern_set, read

OPPOSITE = {"left": "right", "right": "left"}


@lru_cache(maxsize=1)
def _side_patterns() -> PatternSet:
    data = read("sites")
    labelled: list[tuple[object, str]] = [(side, p) for side, forms in data["sides"].items() for p in forms]
    labelled += [("", pattern) for pattern in data["not_sides"]]
    return pattern_set(labelled)


def hear_sides(story: Story) -> list[Hit]:
    """The words that say a side, each labelled ``left``, ``right`` or ``both``, in their order."""
    hits = longest(dict.fromkeys(_side_patterns().find(story.words)))
    hits = sorted([*hits, *_letters(story)], key=lambda hit: hit.start)
    kept = [hit for hit in hits if hit.label and not _is_no_side_of_it(story, hit)]
    denied = {str(hit.label) for hit in kept if _taken_back(story, hit)}
    kept = [hit for hit in kept if not _taken_back(story, hit)]
    kept = kept or _other_side(story, denied)
    return sorted([*kept, *_the_other(story, kept)], key=lambda hit: hit.start)


def _is_no_side_of_it(story: Story, hit: Hit) -> bool:
    return _is_neither_nor(story, hit) or _is_ok(story, hit) or _is_compared(story, hit)


def _is_compared(story: Story, hit: Hit) -> bool:
    """ "fatter than the right one": the side that is well."""
    return "than" in story.words[max(0, hit.start - 2) : hit.start]


def _is_ok(story: Story, hit: Hit) -> bool:
    """ "it hurts, right?", "no fever. right", "right, go on": agreement and no side; "knee, right" is one."""
    piece = story.clause(hit.start)
    if hit.label != "right" or len(piece) != 1 or len(story.words) < 3:
        return False
    if story.words[hit.end : hit.end + 1] == ["?"]:
        return True
    if any(marker.end <= hit.start <= marker.end + 1 for marker in markers(story)):
        return False  # "scratch that, right"
    beside = story.clause(hit.start - 2 if hit.start > 1 else min(hit.end + 1, len(story.words) - 1))
    return not site_words() & {story.words[i] for i in beside}


def _letters(story: Story) -> list[Hit]:
    """ "L hip", "(R) knee", "knee (R)", "hip, L": one letter beside a part of the body."""
    return [
        Hit(_SIDE_LETTERS[word], (at,))
        for at, word in enumerate(story.words)
        if word in _SIDE_LETTERS and (_precedes_a_site(story, at) or _follows_a_site(story, at))
    ]


def _precedes_a_site(story: Story, at: int) -> bool:
    after = at + 1 + (story.words[at + 1 : at + 2] in ([")"], ["."], ["side"], ["upper"], ["lower"]))
    return bool(site_words() & set(story.words[after : after + 1]))


def _follows_a_site(story: Story, at: int) -> bool:
    """ "knee (R)", "hip, L", "ankle - R side"; the letter ends there."""
    led = at - (story.words[at - 1 : at] in (["("], [","], ["-"], [":"], ["/"]))
    after = story.words[at + 1 : at + 2] or ["."]
    ends = after[0] in _LETTER_ENDS
    return ends and bool(site_words() & set(story.words[max(0, led - 1) : led]))


_LETTER_ENDS = frozenset({")", ".", ",", ";", "\n", "side", "sided", "/", "-", "and", "is"})
_SIDE_LETTERS = {"l": "left", "r": "right", "b": "both"}


@lru_cache(maxsize=1)
def site_words() -> frozenset[str]:
    forms = read("sites")["sites"].values()
    return frozenset(p.split()[0].rstrip("?") for form in forms for p in [*form["one"], *form["many"]]) | {
        "total"
    }


def _is_neither_nor(story: Story, hit: Hit) -> bool:
    """ "neither knee" is both of them, "neither hip nor knee" is no side."""
    return story.words[hit.start] == "neither" and "nor" in story.words[hit.end : hit.end + 6]


def _other_side(story: Story, denied: set[str]) -> list[Hit]:
    """ "not the left, the other one"."""
    opposite = OPPOSITE.get(next(iter(denied))) if len(denied) == 1 else None
    other = [at for at in range(len(story.words) - 1) if story.words[at] in ("other", "opposite")]
    return [Hit(opposite, (other[-1],))] if opposite and other else []


def _the_other(story: Story, kept: list[Hit]) -> list[Hit]:
    """ "i write with my right hand, but its the other elbow": opposite to the one side that is named."""
    named = {str(hit.label) for hit in kept}
    opposite = OPPOSITE.get(next(iter(named))) if len(named) == 1 else None
    if opposite is None:
        return []
    led = frozenset(read("sites")["before_other"])
    return [
        Hit(opposite, (at,))
        for at in range(1, len(story.words) - 1)
        if story.words[at] in ("other", "opposite")
        and story.words[at - 1] in led
        and story.words[at + 1] in site_words()
    ]


def _taken_back(story: Story, hit: Hit) -> bool:
    """ "not the left", "its the left not right": the side that is denied."""
    before = story.words[max(0, hit.start - 2) : hit.start]
    return "not" in before or before[-1:] == ["isnt"] or before == ["said", "the"] or before[-1:] == ["said"]
