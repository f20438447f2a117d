"""What a later piece of the message says of findings named before it.

"my uncle had HO, i dont": denied. "numb for a day, all normal now": over. "i think its warm but i wouldnt
bet on it": in doubt. "in 2014 i fainted": long past. The words are ``assertion.yml``, under ``endings``.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bot.clinical.facts import ABSENT, PRESENT, UNKNOWN

from .clauses import pieces
from .patterns import Hit, PatternSet
from .story import NONE, Finding, Story, breaks
from .vocabulary import pattern_set, read

_SAYS = {
    "denied": ABSENT,
    "denied_whatever": ABSENT,
    "denied_all": ABSENT,
    "over": ABSENT,
    "fine_now": ABSENT,
    "came_back": ABSENT,
    "over_then": ABSENT,
    "doubted": UNKNOWN,
    "doubted_anyhow": UNKNOWN,
}
_KINDS = dict.fromkeys(("over", "over_then", "fine_now", "came_back"), ("symptom",))
#: Endings that may have more words after them; the others are all of their piece.
_OPEN_ENDED = frozenset({*_KINDS, "doubted_anyhow", "denied_all"}) - {"over_then"}
#: Of two endings of the same length these say more than "i dont".
_FIRST = ("denied_all", "denied_whatever", "fine_now")
_LISTS = ("denied_all", "denied_whatever")
#: "no to everything else" denies no list.
_BUT_FOR = frozenset({"else", "but", "except", "apart", "bar", "other", "excluding", "only"})
#: How many sentences before "no to all of that" its list may begin.
_LIST_SENTENCES = 4
_BOTH = ("symptom", "risk_factor")
_LONGEST_TIME = 4
_YEAR = re.compile(r"(19[3-9]|20[0-9])\d")


@lru_cache(maxsize=1)
def _endings() -> PatternSet:
    data = read("assertion")["endings"]
    return pattern_set((name, pattern) for name, patterns in data.items() for pattern in patterns)


@lru_cache(maxsize=1)
def _tenses() -> PatternSet:
    data = read("assertion")["tenses"]
    return pattern_set((name, pattern) for name, patterns in data.items() for pattern in patterns)


def judge_endings(story: Story) -> None:
    """Change what is said of findings that a later piece, or a time long past, takes back."""
    told = pieces(story)
    tenses = _tenses().find(story.words)
    _leave_out_past(story, told, tenses)
    _take_later_word(story, told, tenses)
    _leave_out_what_always_was(story, told, tenses)
    _leave_out_chronic(story, told, tenses)
    _leave_out_childhood(story, told, tenses)
    _leave_out_before_then(story, told, tenses)
    _except_the_case(story)
    hits = _endings().find(story.words)
    for number, piece in enumerate(told):
        name = _ending_of(story, piece, hits)
        if name:
            _apply(story, told, number, name, tenses)


# -- a piece that refers back ----------------------------------------------------------------------
def _ending_of(story: Story, piece: range, hits: list[Hit]) -> str | None:
    """The ending that the piece is: a denial is all of it, the others open it and name no finding."""
    bare = not _findings(story, piece)
    inside = [
        hit for hit in hits if hit.start in piece and hit.words[-1] in piece and not _goes_on(story, hit)
    ]
    for hit in sorted(inside, key=lambda hit: (-len(hit.words), hit.label not in _FIRST)):
        name = str(hit.label)
        opens = name == "fine_now" or _opens(story, piece, hit)
        free = bare or (name in _KINDS and _says_only(story, piece, hit))
        if free and opens and (name in _OPEN_ENDED or _closes(story, piece, hit)):
            return (
                None if name in ("over", "over_then", "fine_now") and _came_back(story, piece, hit) else name
            )
    return None


def _says_only(story: Story, piece: range, hit: Hit) -> bool:
    """No symptom stands in the piece but in the words of the ending itself ("comfortable since")."""
    return all(set(f.words) <= set(hit.words) for f in _findings(story, piece, ("symptom",)))


def _goes_on(story: Story, hit: Hit) -> bool:
    """ "it has gone on growing" ends nothing."""
    said = story.words[hit.end - 1 : hit.end + 2]
    said = said if said[0] == "on" else said[1:]
    return len(said) > 1 and said[0] == "on" and said[1].endswith("ing")


def _opens(story: Story, piece: range, hit: Hit) -> bool:
    openers = read("assertion")["ending_openers"]
    return all(story.words[at] in openers for at in range(piece.start, hit.start))


def _closes(story: Story, piece: range, hit: Hit) -> bool:
    closers = read("assertion")["ending_closers"]
    return all(story.words[at] in closers for at in range(hit.end, piece.stop))


def _came_back(story: Story, piece: range, ending: Hit) -> bool:
    """ "it went but came back": not over."""
    rest = set(range(piece.start, story.sentence(piece.start).stop)) - set(ending.words)
    return any(hit.label == "returned" and set(hit.words) <= rest for hit in _tenses().find(story.words))


def _findings(story: Story, piece: range, kinds: tuple[str, ...] = _BOTH) -> list[Finding]:
    return [f for f in story.findings if f.kind in kinds and f.start in piece]


def _apply(story: Story, told: list[range], number: int, name: str, tenses: list[Hit]) -> None:
    if name in _LISTS:
        listed = _deny_list(story, told, number, name)
        name = "denied" if name == "denied_all" else name
        if listed:
            return
    kinds = _KINDS.get(name, _BOTH)
    at = _referred_to(story, told, number, kinds)
    if at is None or (name == "fine_now" and not _is_past(story, told[at], tenses)):
        return
    asked = name == "doubted" and story.words[told[at].stop : told[at].stop + 1] == ["?"]
    names = {
        f.name
        for f in _findings(story, told[at], kinds)
        if _may_change(f, name) or (asked and f.assertion == NONE)
    }
    if name == "fine_now":  # a pop that was heard is not taken back by "walking better today"
        names -= set(read("assertion")["moments"])
    if name == "came_back":
        names &= set(read("assertion")["losses"])
    story.findings = [
        f.said(_SAYS[name])
        if f.name in names and f.start < told[number].start and (asked or _may_change(f, name))
        else f
        for f in story.findings
    ]
    if name in _KINDS:  # "it went down" is no fall
        story.findings = [
            f.said(NONE) if f.start in told[number] and _is_of_the_ending(f) else f for f in story.findings
        ]
    story.followed |= set(told[number])


def _is_of_the_ending(finding: Finding) -> bool:
    """ "it went down overnight" is no fall, and nothing that came on overnight."""
    return finding.kind in ("event", "part", "risk_factor") or finding.name == "sudden_onset"


def _deny_list(story: Story, told: list[range], number: int, name: str) -> bool:
    """ "any fever? any swelling of one leg? i ticked no to everything": the whole list, and nothing told."""
    following = story.words[told[number].stop : told[number].stop + 1]
    if _BUT_FOR & {*following, *(story.words[at] for at in told[number])}:
        return False
    listed: set[int] = set()
    stops = 0
    for at in range(number - 1, -1, -1):
        stops += bool({".", "!", "\n", "\n\n"} & set(story.words[told[at].stop : told[at + 1].start]))
        if stops > _LIST_SENTENCES or (_findings(story, told[at]) and not _lists(story, told[at], name)):
            break
        listed |= set(told[at])
    story.findings = [
        f.said(ABSENT) if f.start in listed and f.kind == "symptom" and f.assertion != UNKNOWN else f
        for f in story.findings
    ]
    return any(f.start in listed for f in story.findings if f.kind == "symptom")


def _lists(story: Story, piece: range, name: str) -> bool:
    """Whether a piece asks or only names things: "any shortness of breath", "fever", "is it red?"."""
    words = {story.words[at] for at in piece}
    asked = story.words[story.sentence(piece.start).stop :][:1] == ["?"]
    tells = words & frozenset(read("assertion")["tells_of_the_case"])
    measured = any(word[0].isdecimal() for word in words)  # "hr 50" is no name of a sign
    return asked or (name == "denied_all" and not tells and not measured)


def _may_change(finding: Finding, name: str) -> bool:
    changed = {
        "denied": (NONE, UNKNOWN),
        "doubted": (PRESENT,),
        "doubted_anyhow": (PRESENT,),
        "denied_whatever": (NONE, UNKNOWN, PRESENT),
    }
    return finding.assertion in changed.get(name, (PRESENT, NONE))


def _referred_to(story: Story, told: list[range], number: int, kinds: tuple[str, ...]) -> int | None:
    """The nearest piece before, in this sentence or the last one, that names a finding."""
    stops = 0
    for at in range(number - 1, -1, -1):
        between = story.words[told[at].stop : told[at + 1].start]
        stops += any(word in breaks() for word in between) and not _is_time(story, told[at + 1])
        if stops > 1:
            return None
        if _findings(story, told[at], kinds):
            return at
    return None


def _is_time(story: Story, piece: range) -> bool:
    """ "two months ago": the piece only dates what stands before it."""
    return len(piece) <= _LONGEST_TIME and bool({"ago", "back"} & {story.words[at] for at in piece})


def _leave_out_before_then(story: Story, told: list[range], tenses: list[Hit]) -> None:
    """ "i was hiking, no pain at all. then 3 days of flu": what was denied of the time before."""
    for number in range(1, len(told)):
        piece, end = told[number], told[number - 1].stop
        opened = any(word in breaks() for word in story.words[end : piece.start]) and _then(story, end, piece)
        before = story.sentence(max(0, end - 1))
        if opened and _is_past(story, before, tenses):
            story.findings = [
                f.said(NONE) if f.kind == "symptom" and f.assertion == ABSENT and f.start in before else f
                for f in story.findings
            ]


def _then(story: Story, end: int, piece: range) -> bool:
    return "then" in (*story.words[end : piece.start], story.words[piece.start])


def _except_the_case(story: Story) -> None:
    """ "everyone in the house has a fever except me"."""
    words = read("assertion")["except_the_case"]
    for at, word in enumerate(story.words[:-1]):
        if word in words["led"] and story.words[at + 1] in words["who"]:
            piece = range(story.clause(at).start, at)
            story.findings = [
                f.said(ABSENT) if f.start in piece and f.assertion == NONE and f.kind in _BOTH else f
                for f in story.findings
            ]


# -- tense -----------------------------------------------------------------------------------------
def _said_in(piece: range, tenses: list[Hit], name: str) -> bool:
    return any(hit.label == name and hit.start in piece for hit in tenses)


def _is_past(story: Story, piece: range, tenses: list[Hit]) -> bool:
    return _said_in(piece, tenses, "past") and not _said_in(piece, tenses, "present")


def _leave_out_past(story: Story, told: list[range], tenses: list[Hit]) -> None:
    """ "in 2014 i fainted", "i couldnt pee after it. that was years ago": told of a time long ago."""
    long_ago = [
        n for n, piece in enumerate(told) if _said_in(piece, tenses, "long_ago") or _year_in(story, piece)
    ]
    covered: set[int] = set()
    for number in long_ago:
        for step in (-1, 1):
            at = number if step == 1 else number - 1
            while 0 <= at < len(told) and _is_told_of_then(story, told, at, number, tenses):
                covered |= set(told[at])
                at += step
    lasting = read("assertion")["lasting"]
    story.findings = [
        f.said(NONE)
        if f.kind == "symptom"
        and set(f.words) <= covered
        and f.assertion == PRESENT
        and f.name not in lasting
        else f
        for f in story.findings
    ]


def _year_in(story: Story, piece: range) -> bool:
    """ "in 2014": a year before last."""
    return any(
        _YEAR.fullmatch(story.words[at]) and int(story.words[at]) < story.today.year - 1 for at in piece
    )


def _is_told_of_then(story: Story, told: list[range], at: int, cue: int, tenses: list[Hit]) -> bool:
    first, last = min(at, cue), max(at, cue)
    one_sentence = not any(w in breaks() for w in story.words[told[first].start : told[last].stop])
    refers_back = story.words[told[cue].start] in ("that", "this", "it", "thats", "years", "ages", "long")
    refers_back |= _is_bare_time(story, told[cue])
    if not one_sentence and not (refers_back and _reaches_back(story, told, at, cue)):
        return False
    if story.words[told[cue].start] == "thats" and _is_bare_of_verbs(story, told[at]):
        return True  # "hot swollen knee and no sleep, but thats seven months ago"
    if at == cue and _said_in(told[at], tenses, "childhood"):
        return not _said_in(told[at], tenses, "now")
    if _said_in(told[at], tenses, "present") or _said_in(told[at], tenses, "since"):
        return False
    return _said_in(told[at], tenses, "past")


def _is_bare_time(story: Story, piece: range) -> bool:
    """ "yes had fever. in february.": the piece is nothing but the time."""
    return len(piece) <= _LONGEST_TIME and not _findings(story, piece) and story.words[piece.start] == "in"


def _reaches_back(story: Story, told: list[range], at: int, cue: int) -> bool:
    """The last piece before the cue, or another one of the same sentence."""
    last = told[cue - 1]
    return at < cue and story.sentence(told[at].start) == story.sentence(last.start)


def _is_bare_of_verbs(story: Story, piece: range) -> bool:
    return not {story.words[at] for at in piece} & frozenset(read("assertion")["tells_of_the_case"])


def _leave_out_childhood(story: Story, told: list[range], tenses: list[Hit]) -> None:
    """ "had sepsis at nine. im fifty now"."""
    for number in range(1, len(told)):
        before = told[number - 1]
        grown = _said_in(told[number], tenses, "grown_up") and _said_in(before, tenses, "at_age")
        if grown and _is_past(story, before, tenses):
            story.findings = [
                f.said(NONE) if f.kind == "symptom" and f.start in before and f.assertion == PRESENT else f
                for f in story.findings
            ]


def _leave_out_chronic(story: Story, told: list[range], tenses: list[Hit]) -> None:
    """ "purple over that graft for eight years", "foot drop from 1999": no news, and no alarm."""
    chronic = read("assertion")["chronic"]
    for piece in told:
        sentence = story.sentence(piece.start)
        old = _said_in(piece, tenses, "for_years") or _since_year(story, piece)
        if old and not _has_news(sentence, tenses):
            story.findings = [
                f.said(NONE)
                if f.name in chronic and f.start in piece and f.kind == "symptom" and f.assertion == PRESENT
                else f
                for f in story.findings
            ]


def _since_year(story: Story, piece: range) -> bool:
    return any(
        story.words[at - 1] in ("from", "since")
        and _YEAR.fullmatch(story.words[at])
        and int(story.words[at]) < story.today.year - 1
        for at in piece
        if at > piece.start
    )


def _has_news(piece: range, tenses: list[Hit]) -> bool:
    """A word of news, and not the "now" of "now and then"."""
    none = {at for hit in tenses if hit.label == "no_news" for at in hit.words}
    return any(hit.label == "news" and hit.start in piece and not set(hit.words) <= none for hit in tenses)


def _take_later_word(story: Story, told: list[range], tenses: list[Hit]) -> None:
    """ "i was breathless, i breathe fine today": what is denied of now outdoes what was so before."""
    for piece in told:
        if not _said_in(piece, tenses, "now"):
            continue
        over = {f.name for f in _findings(story, piece) if f.assertion == ABSENT and f.kind == "symptom"}
        story.findings = [
            f.said(ABSENT) if f.name in over and f.start < piece.start and f.assertion == PRESENT else f
            for f in story.findings
        ]


def _is_same_sentence(story: Story, first: range, later: range) -> bool:
    return story.sentence(first.start) == story.sentence(later.start)


def _leave_out_what_always_was(story: Story, told: list[range], tenses: list[Hit]) -> None:
    """ "ive always had one calf fatter", "pale patches, always were": no news, and no alarm."""
    lasting = read("assertion")["lasting"]
    for number, piece in enumerate(told):
        if not _said_in(piece, tenses, "always") or _has_news(piece, tenses):
            continue
        at = number
        while at and not _findings(story, told[at]) and _is_same_sentence(story, told[at - 1], piece):
            at -= 1
        at -= bool(at == number and at and not _findings(story, piece))
        if _findings(story, told[at], ("symptom",)):
            story.findings = [
                f.said(NONE)
                if f.kind == "symptom"
                and f.start in told[at]
                and f.assertion == PRESENT
                and f.name not in lasting
                else f
                for f in story.findings
            ]
