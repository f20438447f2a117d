"""Which events happened, the most telling first, and how many weeks ago."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from bot.clinical.facts import ABSENT, PRESENT

from .mending import markers
from .patterns import PatternSet
from .story import NONE, Finding, Length, Story
from .vocabulary import pattern_set, read

#: Events whose complaints begin with them: the start of the complaint dates the event when nothing else does.
_SUDDEN = frozenset({"muscle_contusion", "muscle_strain", "ligament_sprain", "fall", "minor_injury"})
#: words of a message before the time that it puts right
_OPENING = 4
_ABOUT = frozenset([*read("times")["about_words"], "on"])
#: words between an injury and what it came from
_CAUSE_WITHIN = 8
_HAD = frozenset({"had", "have", "got", "felt", "noticed"})
#: States told with how long they have lasted ("para for 10 years").
_STATES = frozenset({"sci", "tbi", "stroke", "amputation", "gbs", "burn"})


@lru_cache(maxsize=1)
def _order() -> list[str]:
    return list(read("events")["order"])


@lru_cache(maxsize=1)
def _complaints() -> frozenset[str]:
    return frozenset(read("events")["complaints"])


def hear_events(story: Story) -> None:
    """Add ``event`` mentions, the most telling first, and the times."""
    names = _fresh_first(story, _names(story))
    for name in names:
        words = next((f.words for f in story.findings if f.kind == "event" and f.name == name), None)
        story.mentions.append(story.mention("event", name, words or _any_words(story)))
    _hear_denied_events(story, names)
    _drop_repeated_risks(story, names)
    _hear_times(story, names)


def _any_words(story: Story) -> tuple[int, ...]:
    parts = [f.words for f in story.findings if f.kind in ("part", "risk_factor") and f.assertion == PRESENT]
    return parts[0] if parts else (0,)


def _names(story: Story) -> list[str]:
    heard = {f.name for f in story.present("event") if _counts(story, f) and not _is_cause(story, f)}
    pieces = heard | {f.name for kind in ("part", "symptom", "risk_factor") for f in story.present(kind)}
    pieces |= _circumstances(story)
    for rule in read("events")["combine"]:
        if set(rule["of"]) <= pieces and not set(rule["not"]) & pieces:
            heard.add(rule["makes"])
            pieces.add(rule["makes"])
    covered = {name for event in heard for name in read("events")["covers"].get(event, ())}
    heard -= covered
    if len(heard) > 1:
        heard.discard("none")
    return [name for name in _order() if name in heard]


def _fresh_first(story: Story, names: list[str]) -> list[str]:
    """ "hip done years ago, fell an hour ago": the fall is the news, and goes before the old joint."""
    data = read("events")["fresh_first"]
    if data["event"] not in names or names[0] not in data["before"]:
        return names
    ago = [x for x in story.lengths if x.role == "ago"]
    fell = _attached(story, ago, [data["event"]])
    if fell is None or fell[0] > float(data["weeks"]):
        return names
    done = _attached(story, [x for x in ago if x is not fell[1]], names[:1])
    if done and done[0] < float(data["after"]):
        return names
    return [data["event"], *(name for name in names if name != data["event"])]


def _circumstances(story: Story) -> set[str]:
    """Things about the person that a combination may ask for."""
    out = set()
    ages = [m.value for m in story.mentions if m.kind == "age"]
    if any(float(age) < 16 for age in ages) or story.about == "child":
        out.add("child")
    sites = [str(m.value) for m in story.mentions if m.kind == "body_site"]
    named = ("hip", "knee", "neck", "shoulder", "elbow")
    out |= {f"site_{site}" for site in named if any(site in value for value in sites)}
    if sites and sites[0].count(",") >= 2:
        out.add("many_places")
    return out


def _counts(story: Story, finding: Finding) -> bool:
    """ "new hip pain" is a pain that is new, and no new hip."""
    newly = story.words[finding.start] == "new" and len(finding.words) <= 3
    follows = story.words[finding.end : finding.end + 1]
    return finding.assertion == PRESENT and not (newly and follows and follows[0] in _complaints())


def _is_cause(story: Story, finding: Finding) -> bool:
    """ "spinal injury from a fall", "fell and broke it 3 months ago": how it came about, no second event."""
    data = read("events")["causes"]
    sentence = story.sentence(finding.start)
    news = set(data["news"]) & set(story.words[sentence.start : sentence.stop])
    beside = [f for f in story.present("event") if f.start in sentence and f is not finding]
    if finding.name in data["told_by"]:  # a broken neck, a broken hip that was replaced
        return not news and any(f.name in data["told_by"][finding.name] for f in beside)
    if finding.name not in data["causes"]:
        return False
    injuries = [f for f in beside if f.name in data["of"]]
    lasting = [f for f in injuries if f.name in data["lasting"]]
    if any(_led_by(story, f, finding, data["links"]) for f in lasting):
        return True
    past = [x.weeks for x in story.lengths if x.role == "ago" and x.start in sentence]
    old, very_old = (bool(past) and max(past) >= float(data[key]) for key in ("weeks", "long_past"))
    # A crash that broke several bones is more than how one of them broke.
    before = finding.name != "polytrauma" and any(finding.start < f.end for f in injuries)
    return not news and ((old and before) or (very_old and bool(lasting)))


def _led_by(story: Story, injury: Finding, cause: Finding, links: list[str]) -> bool:
    between = story.words[injury.end : cause.start + 1]
    return (
        injury.end <= cause.start and len(between) <= _CAUSE_WITHIN and bool(set(between[-4:]) & set(links))
    )


def _hear_denied_events(story: Story, names: list[str]) -> None:
    for finding in story.denied("event"):
        if finding.name not in names and finding.name != "none":
            story.mentions.append(story.mention("event", finding.name, finding.words, ABSENT))


def _drop_repeated_risks(story: Story, names: list[str]) -> None:
    """A "fracture" that is what happened is no risk factor besides."""
    same = read("implications")["same_as_event"]
    story.findings = [
        f.said(NONE) if f.kind == "risk_factor" and set(same.get(f.name, ())) & set(names) else f
        for f in story.findings
    ]


# -- times ----------------------------------------------------------------------------------------
@lru_cache(maxsize=1)
def _onset() -> PatternSet:
    words = "started|starting|began|begun|noticed|noticing|came|appeared|swelled|flared|coming"
    return pattern_set(
        [
            ("onset", words),
            ("onset", "its|been getting|hurting|worse"),
            ("onset", "got a? pain|lump|bump|fever|swelling"),
        ]
    )


def _hear_times(story: Story, names: list[str]) -> None:
    lengths = [length for length in story.lengths if not _taken_back(story, length)]
    event = _event_time(story, lengths, names)
    if event is not None:
        weeks, length = event
        story.mentions.append(
            story.mention("weeks_since_event", round(weeks, 2), tuple(range(length.start, length.end)))
        )
    for length in lengths:
        if length.role in ("lasting", "bare", "its") and (event is None or length is not event[1]):
            words = tuple(range(length.start, length.end))
            story.mentions.append(story.mention("symptom_weeks", round(length.weeks, 2), words))
            return


def _taken_back(story: Story, length: Length) -> bool:
    """ "not 6 weeks, 3 months"."""
    before = story.words[max(0, length.start - 2) : length.start]
    taken = (
        bool({"not", "typed", "wrote"} & set(before))
        or ("put" in before and "in" not in before)
        or before[-1:] == ["isnt"]
        or before[-1:] == ["wasnt"]
        or before[-1:] == ["said"]
    )
    if taken:
        story.correction = True
    return taken


def _event_time(story: Story, lengths: list[Length], names: list[str]) -> tuple[float, Length] | None:
    ago = [x for x in lengths if x.role == "ago" or (x.role == "its" and names)]
    after = [x for x in lengths if x.role in ("later", "after")]
    at_age = _from_age(story, lengths) or _said_anew(story, lengths)
    if at_age:
        return at_age
    if names[:1] and names[0] in _STATES and not _attached(story, ago, names[:1]):
        told = [x for x in lengths if x.role in ("lasting", "bare", "its") and _tells_a_state(story, x)]
        if told:  # "para 12 years. fell out of my chair yesterday"
            return told[0].weeks, told[0]
    dated = _attached(story, ago, names) or _counted_from(story, lengths)
    if dated:
        return dated
    state = [x for x in lengths if x.role in ("lasting", "bare", "its") and _tells_a_state(story, x)]
    counted = [x for x in state if x.role == "its"]
    if counted:
        return counted[0].weeks, counted[0]
    if after and (names or not ago):
        return _chain(story, lengths, after)
    if state:
        return state[0].weeks, state[0]
    return _only_time(story, lengths, ago, names)


def _from_age(story: Story, lengths: list[Length]) -> tuple[float, Length] | None:
    """ "hip replaced when i was 66" by somebody who says how old they are."""
    for length in lengths:
        said = range(story.spans[length.start][0], story.spans[length.end - 1][1])
        ages = [float(m.value) for m in story.mentions if m.kind == "age" and m.start not in said]
        if length.role == "at_age" and ages and ages[0] >= length.weeks:
            return (ages[0] - length.weeks) * 52.18, length
    return None


def _said_anew(story: Story, lengths: list[Length]) -> tuple[float, Length] | None:
    """ "make that ten weeks, i was counting from the day i went home": a correction opens the message."""
    for length in lengths[:1]:
        before = range(0, length.start)
        hits = [hit for hit in markers(story) if hit.end <= length.start and hit.start == 0]
        if length.role in ("bare", "its", "ago") and hits and len(before) <= _OPENING:
            return length.weeks, length
    return None


def _attached(story: Story, ago: list[Length], names: list[str]) -> tuple[float, Length] | None:
    """The point in time told in the same breath as the most telling event; the last one if several."""
    for name in names:
        spots = [set(f.words) for f in story.findings if f.assertion == PRESENT and f.name in _told_as(name)]
        beside = [x for x in ago if any(words & _clause_of(story, x) for words in spots)]
        near = beside or [x for x in ago if any(_same_breath(story, x, words) for words in spots)]
        if near:
            last = min(near, key=lambda x: x.weeks)
            return last.weeks, last
    return None


def _counted_from(story: Story, lengths: list[Length]) -> tuple[float, Length] | None:
    """ "locked since they put the rod in, about 6 weeks": the length right after "since" and an event."""
    for length in lengths:
        before = range(story.sentence(length.start).start, length.start)
        since = max((i for i in before if story.words[i] == "since"), default=None)
        if since is None or length.role not in ("bare", "lasting", "its"):
            continue
        told = [f for f in story.findings if since < f.start and f.end <= length.start]
        happened = [f for f in told if f.kind in ("event", "part") and f.assertion == PRESENT]
        if happened and len(happened) == len(told) and length.start - max(f.end for f in happened) <= 4:
            return length.weeks, length
    return None


def _clause_of(story: Story, length: Length) -> set[int]:
    """The clause of a time, with the next one in "6 months now, since i twisted it"."""
    clause = set(story.clause(length.start))
    following = story.words[length.end : length.end + 3]
    if "since" in following and length.end + 4 < len(story.words):
        clause |= set(story.clause(length.end + following.index("since") + 1))
    return clause


def _told_as(name: str) -> set[str]:
    parts = {part for rule in read("events")["combine"] if rule["makes"] == name for part in rule["of"]}
    return {name, *parts, *read("events")["covers"].get(name, ())} - {"swelling", "lump"}


def _same_breath(story: Story, length: Length, words: set[int]) -> bool:
    sentence = story.sentence(length.start)
    if not words & set(sentence):
        return False
    clause = set(story.clause(length.start))
    if words & clause:
        return True
    opens = length.start - sentence.start <= 2 or story.words[length.start - 1] == ","
    if length.end <= min(words) and opens and not _starts_there(story, clause):
        return True
    between = range(min(max(words) + 1, length.end), max(min(words), length.start))
    symptoms = [f for f in story.present("symptom") if set(f.words) & set(between)]
    own_event = [f for f in story.present("event") if set(f.words) & clause]
    return not symptoms and not own_event and not _starts_there(story, clause)


def _starts_there(story: Story, clause: set[int]) -> bool:
    """Whether the clause tells when a complaint began; "came down on it" is how somebody fell."""
    hits = [hit for hit in _onset().find(story.words) if set(hit.words) & clause]
    return any(story.words[hit.end : hit.end + 1] not in (["down"], ["off"], ["over"]) for hit in hits)


def _tells_a_state(story: Story, length: Length) -> bool:
    clause = set(story.clause(length.start))
    told_of = any(f.start in clause for f in story.findings if f.kind in ("symptom", "risk_factor"))
    if length.role == "its" and not told_of and story.present("event"):
        return True
    if any(_adjoins(story, f, length) for f in story.present("event")):
        return True
    told = _STATES | (_SUDDEN if length.role != "stay" else frozenset())
    state = [f for f in story.present("event") if f.name in told and set(f.words) & clause]
    felt = [f for f in story.present("symptom") if set(f.words) & clause and f.name not in ("weakness",)]
    return bool(state) and not felt


def _adjoins(story: Story, finding: Finding, length: Length) -> bool:
    """ "this metal hip eleven years", "... nigh on eleven years"."""
    between = story.words[finding.end : length.start]
    return finding.end <= length.start and len(between) <= 2 and set(between) <= _ABOUT


def _chain(story: Story, lengths: list[Length], after: list[Length]) -> tuple[float, Length] | None:
    """ "fell. 2 weeks later a bump, growing over the last month": steps of a story add up."""
    steps = [x for x in lengths if x.role in ("later", "after", "cast")]
    first = steps.index(after[0])
    if not _follows_event(story, steps[0]):
        return None
    trailing = [
        x for x in lengths if x.role == "lasting" and x.start > steps[-1].end and _is_trailing(story, x)
    ]
    if not trailing and steps[first].role == "later":
        trailing = [
            x
            for x in lengths
            if x.end <= steps[first].start and "over" in story.words[max(0, x.start - 2) : x.start]
        ]
    total = sum(x.weeks for x in steps[first - 1 if first and steps[first - 1].role == "cast" else first :])
    return total + sum(x.weeks for x in trailing[:1]), after[-1]


def _follows_event(story: Story, length: Length) -> bool:
    """Not "he has a spinal injury. his legs burn. he moved them, then 3 days later couldnt"."""
    if length.role != "later":
        return True
    here = story.sentence(length.start)
    before = story.sentence(here.start - 2) if here.start > 1 else here
    told = {i for f in story.findings if f.kind in ("event", "part") for i in f.words}
    return bool(told & (set(here) | set(before)))


def _is_trailing(story: Story, length: Length) -> bool:
    return bool({"last", "past", "over"} & set(story.words[max(0, length.start - 3) : length.start]))


def _only_time(
    story: Story, lengths: list[Length], ago: list[Length], names: list[str]
) -> tuple[float, Length] | None:
    """A lone point in time: the event's, unless it is only said when a complaint began."""
    if not ago and len(lengths) == 1 and not story.findings and lengths[0].role != "at_age":
        return lengths[0].weeks, lengths[0]
    if not ago:
        casts = [x for x in lengths if x.role == "cast"]
        return (casts[0].weeks, casts[0]) if casts and "fracture" in names else None
    free = [x for x in ago if not _is_onset(story, x)]
    if (
        names and names[0] in _STATES and len(ago) > 1
    ):  # "C5 complete, hurt four months ago ... scanned yesterday"
        longest = max(ago, key=lambda x: x.weeks)
        return longest.weeks, longest
    if not names:
        alone = len(story.words) <= 8 and not story.findings
        return (free[0].weeks, free[0]) if free and (alone or free) else None
    sudden = names[0] in _SUDDEN
    usable = ago if sudden else free
    return (max(usable, key=lambda x: x.weeks).weeks, usable[0]) if len(usable) == 1 else _first(usable)


def _first(lengths: list[Length]) -> tuple[float, Length] | None:
    return (lengths[0].weeks, lengths[0]) if lengths else None


def _is_onset(story: Story, length: Length) -> bool:
    clause = set(story.clause(length.start))
    felt = any(set(f.words) & clause for f in story.findings if f.kind == "symptom")
    return felt or _starts_there(story, clause) or _is_of_one(story, length)


def _is_of_one(story: Story, length: Length) -> bool:
    """ "i had one last week": whatever was asked about, and no event."""
    before = story.words[max(0, length.start - 3) : length.start]
    return any(
        verb in _HAD and what in ("one", "it", "that", "them", "some") for verb, what in pairwise(before)
    )
