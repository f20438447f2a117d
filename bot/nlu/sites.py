"""Where in the body: one value for the message, the most telling place first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from bot.clinical.facts import ABSENT, PRESENT

from .mending import markers, replaces, superseded
from .patterns import Hit, PatternSet, longest
from .sides import OPPOSITE, hear_sides, site_words
from .story import NONE, Story
from .vocabulary import pattern_set, read

_AFTER_SIDE = ("on", "of", "in", "to")
_LISTED = 4
#: a list of places is no longer than this before something is said of them
_LIST_WORDS = 14
#: findings whose place is the place of the trouble
_LOCAL = frozenset(
    [
        "pain",
        "severe_pain",
        "night_pain",
        "tenderness",
        "stiffness",
        "loss_of_motion",
        "no_movement",
        "swelling",
        "warmth",
        "redness",
        "bruising",
        "lump",
        "growing_lump",
        "firmness",
        "popping",
        "wound_discharge",
        "skin_wound",
        "blisters",
        "deformity",
        "numbness_tingling",
        "foot_drop",
        "cannot_bear_weight",
        "skin_sensitivity",
        "hair_skin_change",
        "prosthesis_problem",
    ]
)
_VAGUE = frozenset({"leg", "arm", "back", "pelvis", "head", "foot", "toe", "hand"})


@dataclass(frozen=True)
class _Place:
    site: str
    side: str | None
    words: tuple[int, ...]

    @property
    def span(self) -> range:
        return range(min(self.words), max(self.words) + 1)

    @property
    def name(self) -> str:
        plural = {"foot": "feet", "calf": "calves"}.get(self.site, f"{self.site}s")
        if self.side == "both":
            return f"both {plural}"
        return f"{self.side} {self.site}" if self.side else self.site


@lru_cache(maxsize=1)
def _site_patterns() -> PatternSet:
    data = read("sites")
    labelled: list[tuple[object, str]] = []
    for site, forms in data["sites"].items():
        labelled += [((site, False), pattern) for pattern in forms["one"]]
        labelled += [((site, True), pattern) for pattern in forms["many"]]
    labelled += [(("", False), pattern) for pattern in data["not_sites"]]
    return pattern_set(labelled)


def hear_sites(story: Story) -> None:
    """Add a ``body_site`` mention, or a ``side`` said alone."""
    sides = hear_sides(story)
    hits = longest(dict.fromkeys(_site_patterns().find(story.words)))
    places = [_place(story, hit, sides) for hit in hits if hit.label[0]]  # type: ignore[index]
    places = [place for place in places if not story.is_at_large(place.words[0])]
    places = _without_denied(story, places)
    if not places:
        _hear_side_alone(story, sides)
        return
    places = _put_right(story, places, sides)
    places = _on_the_painful_side(story, _shared_sides(story, places, sides), sides)
    places = _without_healthy(story, places)
    ranked = _ranked(story, places)
    if ranked:
        where = tuple(sorted(i for place in ranked[:1] for i in place.words))
        value = ", ".join(dict.fromkeys(place.name for place in ranked[:_LISTED]))
        story.mentions.append(story.mention("body_site", value, where))
    story.followed |= {i for place in places for i in place.words} | {hit.start for hit in sides}


def _put_right(story: Story, places: list[_Place], sides: list[Hit]) -> list[_Place]:
    """ "right hip sorry left hip", "left knee. scratch that, right", "i put both knees, its the right"."""
    taken = superseded(story, [place.span for place in places])
    taken.update({n: n + 1 for n, place in enumerate(places[:-1]) if _is_quoted(story, place)})
    kept = [_with_later_side(story, place, sides) for n, place in enumerate(places) if n not in taken]
    story.correction |= bool(taken) or kept != places
    return kept


def _with_later_side(story: Story, place: _Place, sides: list[Hit]) -> _Place:
    """The place with the side that a correction gives it."""
    hits = markers(story)
    for hit in sides:
        alone = not site_words() & set(story.words[hit.end : hit.end + 2])
        mended = replaces(story, place.span.stop, range(hit.start, hit.end), hits)
        later = hit.start >= place.span.stop
        if later and alone and hit.label != place.side and (mended or _is_quoted(story, place)):
            return _Place(place.site, str(hit.label), place.words)
    return place


def _is_quoted(story: Story, place: _Place) -> bool:
    """ "earlier i put both knees": told before, and told otherwise now."""
    before = story.words[max(0, place.words[0] - 5) : place.words[0]]
    said = [at for at, word in enumerate(before) if word in _QUOTING]
    return bool(said) and bool({"i", "ive", "earlier"} & set(before[: said[-1]]))


_QUOTING = frozenset(read("people")["ages"]["quoted"])


def _place(story: Story, hit: Hit, sides: list[Hit]) -> _Place:
    site: str
    many: bool
    site, many = hit.label  # type: ignore[misc]
    side = _side_of(story, hit, sides)
    words = hit.words
    if many and side is None:
        side = "both"
    return _Place(site, side, words)


def _side_of(story: Story, hit: Hit, sides: list[Hit]) -> str | None:
    for side in reversed(sides):
        between = story.words[side.end : hit.start]
        one_of = between[:1] == ["of"] and between[-1:] in (["two"], ["both"])  # "the left of the two hips"
        if side.end <= hit.start and len(between) <= 3 and (one_of or not set(between) & _side_breakers()):
            return str(side.label)
    for side in sides:
        between = story.words[hit.end : side.start]
        if (
            hit.end <= side.start
            and len(between) <= 3
            and set(between) & set(_AFTER_SIDE)
            and "and" not in between
        ):
            return str(side.label)
    return None


@lru_cache(maxsize=1)
def _side_breakers() -> frozenset[str]:
    marks = {
        ",",
        ".",
        ";",
        "!",
        "?",
        "\n",
        "but",
        "is",
        "was",
        "my",
        "hurts",
        "side",
        "the",
        "a",
        "with",
        "has",
        "paralysed",
        "(",
        ")",
    }
    return frozenset(marks)


def _without_denied(story: Story, places: list[_Place]) -> list[_Place]:
    """ "its not the hip", "no its my knee not my hip": a place taken back is no place."""
    kept = []
    for place in places:
        before = story.words[max(story.sentence(place.words[0]).start, place.words[0] - 3) : place.words[0]]
        if _is_no_place(story, place):
            continue
        if _is_only_part(story, place, places):
            continue
        if _only_side_denied(story, place):
            kept.append(place)
            continue
        if "not" in before and "just" not in before and "only" not in before and "sure" not in before:
            continue
        kept.append(place)
    return kept


def _is_only_part(story: Story, place: _Place, places: list[_Place]) -> bool:
    """ "my whole leg, not just the calf": the larger place has been named."""
    at = place.words[0]
    before = story.words[max(0, at - 3) : at]
    said = before[-3:-1] if before[-1:] and before[-1] in ("the", "my", "his", "her") else before[-2:]
    here = story.sentence(at)
    return said in (["not", "just"], ["not", "only"]) and any(
        other.words[0] in here and other.words[0] < at for other in places
    )


def _only_side_denied(story: Story, place: _Place) -> bool:
    """ "the left, not the right knee": the side is taken back, and the knee stands."""
    before = story.words[max(0, place.words[0] - 3) : place.words[0]]
    sided = any(word in OPPOSITE for word in before[before.index("not") :]) if "not" in before else False
    return sided and any(word in OPPOSITE for word in story.words[: place.words[0] - len(before)])


def _is_no_place(story: Story, place: _Place) -> bool:
    """ "chest pain" is heard as such and moves no case; "no tummy problems" tells of no place."""
    mine = set(place.words)
    if any(f.name == "chest_pain" and mine & set(f.words) for f in story.findings):
        return True
    if _is_level(story, place):
        return True
    felt = any(mine & set(f.words) for f in story.findings if f.assertion != ABSENT)
    return story.words[place.words[0] - 1 : place.words[0]] == ["no"] and not felt


def _is_level(story: Story, place: _Place) -> bool:
    """ "paralysed from the chest down" says how high, and not where it hurts."""
    first, last = min(place.words), max(place.words)
    before, after = story.words[max(0, first - 2) : first], story.words[last + 1 : last + 2]
    return "from" in before and after in (["down"], ["downwards"], ["downward"])


def _shared_sides(story: Story, places: list[_Place], sides: list[Hit]) -> list[_Place]:
    """Give parts of the same limb the one side that the message names for it."""
    limbs = {site: forms["limb"] for site, forms in read("sites")["sites"].items()}
    named: dict[str, set[str]] = {}
    for place in places:
        if place.side:
            named.setdefault(limbs[place.site], set()).add(place.side)
    loose = {str(hit.label) for hit in sides if _stands_for_a_limb(story, hit)}
    out = []
    for place in places:
        known = named.get(limbs[place.site]) or loose
        one = (
            next(iter(known))
            if place.side is None and len(known) == 1 and limbs[place.site] != "none"
            else None
        )
        if (
            one == "both"
            and place.site not in {p.site for p in places if p.side == "both"}
            and known is not loose
        ):
            one = None
        out.append(_Place(place.site, place.side or one, place.words))
    return out


def _on_the_painful_side(story: Story, places: list[_Place], sides: list[Hit]) -> list[_Place]:
    """ "had the right hip replaced but it is the left that hurts": the side alone tells the place."""
    for hit in sides:
        before = [
            place for place in places if place.words[-1] < hit.start and place.side not in (None, hit.label)
        ]
        clause = set(story.clause(hit.start))
        if str(hit.label) == "both" or not before or any(set(place.words) & clause for place in places):
            continue
        if any(f.name in _LOCAL and clause & set(f.words) for f in story.present("symptom")):
            here = _Place(before[-1].site, str(hit.label), hit.words)
            return [place for place in places if place.site != here.site] + [here]
    return places


def _without_healthy(story: Story, places: list[_Place]) -> list[_Place]:
    """ "left hip. right hip is perfect": a place that is well, beside the same one on the other side."""
    healthy = [place for place in places if _is_healthy(story, place)]
    sick = [place for place in places if place not in healthy]
    out = [place for place in healthy if any(_is_across(place, other) for other in sick)]
    _leave_out_denials(story, out)
    same = {place.site for place in sick}
    kept = [place for place in places if place not in out or place.site not in same]
    return [place for place in kept if not _is_old(story, place, kept)]


def _is_old(story: Story, place: _Place, places: list[_Place]) -> bool:
    """ "they did my right hip in 2020 and now the left hip is stiff": told by the way, of long ago."""
    opposite = [o for o in places if o.site == place.site and o.side == OPPOSITE.get(place.side or "")]
    clause = story.clause(place.words[0])
    felt = {f.start for f in story.present("symptom") if f.name in _LOCAL}
    if felt & set(clause) or not any(felt & set(story.clause(other.words[0])) for other in opposite):
        return False
    return any(x.role == "ago" and x.weeks >= _LONG_AGO and x.start in clause for x in story.lengths)


#: weeks after which an operation on one side is none of the other side's trouble
_LONG_AGO = 52


def _is_across(healthy: _Place, sick: _Place) -> bool:
    return healthy.site == sick.site or healthy.side == OPPOSITE.get(sick.side or "", "none")


def _leave_out_denials(story: Story, healthy: list[_Place]) -> None:
    """ "pain in my left groin. the right hip moves well": no word of how the left one moves."""
    covered = {at for place in healthy for at in story.sentence(place.words[0]) if at >= place.words[0]}
    story.findings = [
        f.said(NONE) if f.assertion == ABSENT and f.name in _LOCAL and f.start in covered else f
        for f in story.findings
    ]


def _is_healthy(story: Story, place: _Place) -> bool:
    clause = {*story.clause(place.words[0])}
    following = story.clause(min(max(clause) + 2, len(story.words) - 1))
    if story.words[max(clause) + 1 : max(clause) + 2] == ["and"]:
        clause |= {*following}
    well = [hit for hit in _healthy().find(story.words) if set(hit.words) <= clause]
    others = {story.words[i] for i in clause - {i for hit in well for i in hit.words}}
    felt = any(f.name in _LOCAL and clause & set(f.words) for f in story.present("symptom"))
    return bool(well) and not others & _NOT_WELL and not felt


@lru_cache(maxsize=1)
def _healthy() -> PatternSet:
    return pattern_set(("healthy", pattern) for pattern in read("sites")["healthy"])


_NOT_WELL = frozenset({"not", "isnt", "no", "never", "till", "until"})


def _stands_for_a_limb(story: Story, hit: Hit) -> bool:
    """A side that is not "my left side paralysed", which says where the stroke was felt."""
    after = story.words[hit.end : hit.end + 2]
    return "side" not in after or not {"paralysed", "paralysis", "weak", "weakness"} & set(story.words)


def _ranked(story: Story, places: list[_Place]) -> list[_Place]:
    weights: dict[str, float] = {}
    first: dict[str, _Place] = {}
    for order, place in enumerate(places):
        name = place.name
        first.setdefault(name, place)
        vague = place.site in _VAGUE and any(_is_narrower(other, place) for other in places)
        weights[name] = max(weights.get(name, -9), _weight(story, place) - 0.01 * order - 1.2 * vague)
    ranked = sorted((p for p in first.values() if weights[p.name] > 0), key=lambda p: -weights[p.name])
    return _without_repeats(story, ranked)


def _is_narrower(other: _Place, place: _Place) -> bool:
    limbs = read("sites")["sites"]
    return other.site not in _VAGUE and bool(limbs[other.site]["limb"] == limbs[place.site]["limb"])


def _without_repeats(story: Story, ranked: list[_Place]) -> list[_Place]:
    """ "hip" beside "left hip" adds nothing; a vague "leg" adds nothing to a place on it."""
    sided = {place.site for place in ranked if place.side}
    kept = [place for place in ranked if place.side or place.site not in sided]
    telling = any(place.site not in _VAGUE for place in kept)
    return [p for p in kept if not telling or p.site not in _VAGUE or p is kept[0] or _felt(story, p)]


def _felt(story: Story, place: _Place) -> bool:
    clause = _breath(story, place)
    return any(f.name in _LOCAL and clause & set(f.words) for f in story.present("symptom"))


def _breath(story: Story, place: _Place) -> set[int]:
    """The clause of a place; in a list ("lumps on his back, left arm and left hip") all of the list's."""
    clause = story.clause(place.words[0])
    told = {i for f in story.findings for i in f.words}
    while _is_list_item(clause, told) and clause.start > 1 and story.words[clause.start - 1] in (",", "and"):
        clause = range(story.clause(clause.start - 2).start, clause.stop)
    while _is_list_item(clause, told) and story.words[clause.stop : clause.stop + 1] in ([","], ["and"]):
        clause = range(clause.start, max(story.clause(clause.stop + 1).stop, clause.stop + 1))
    return set(clause)


def _is_list_item(clause: range, told: set[int]) -> bool:
    return len(clause) <= _LIST_WORDS and not told & set(clause)


def _weight(story: Story, place: _Place) -> float:
    clause = _breath(story, place)
    mine = set(place.words)
    weight = 1.0
    happened = {
        f
        for f in story.findings
        if f.kind == "event" and f.assertion == PRESENT and f.name not in ("none", "stroke")
    }
    if any(mine & set(f.words) for f in happened):
        weight += 2.0
    elif any(clause & set(f.words) for f in happened):
        weight += 1.0
    felt = [f for f in story.findings if f.kind == "symptom" and f.name in _LOCAL and clause & set(f.words)]
    if any(f.assertion == PRESENT for f in felt):
        weight += 2.0 - (place.site in _VAGUE) * 0.5
    elif any(f.assertion == ABSENT for f in felt):
        weight -= 1.5
    if place.site == "residual limb":
        weight += 5.0
    if place.site == "toe" and any(f.name == "big_toe_malformation" for f in story.findings):
        weight -= 2.5
    return weight


def _hear_side_alone(story: Story, sides: list[Hit]) -> None:
    if sides:
        hit = sides[-1]
        story.mentions.append(story.mention("side", str(hit.label), hit.words))
        story.followed |= set(hit.words)
