"""What is said of each finding, in the manner of ConText; the rules are ``vocabulary/assertion.yml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from bot.clinical.facts import ABSENT, PRESENT, UNKNOWN

from .patterns import Hit, PatternSet
from .story import NONE, Finding, Story
from .vocabulary import classes, pattern_set, read

_NEUTRAL = "neutral"
_BYSTANDER = "bystander"
#: The strongest wins when several rules reach one finding.
_STRENGTH = {NONE: 3, UNKNOWN: 2, ABSENT: 1}
#: ... but for a setting ("in this heat"), which a doubt outweighs.
_SETTING = 1.5
_FAR = 9
#: Words of one item of a list whose items are parted by question marks.
_LONGEST_ITEM = 4
_LINKS = frozenset({"or", "nor", "and", ",", "/", "any", "no"})
_ANSWER_MARKS = frozenset({"/", "?", ":", "-", "\u2013", "=", ",", "...", "\u2026"})
_HARD_STOPS = frozenset(
    {"but", "now", "though", "however", "currently", "because", "so", "then", "except", "woke"}
)
_NEW_SUBJECT = frozenset(
    {
        "my",
        "mine",
        "the",
        "i",
        "im",
        "ive",
        "it",
        "its",
        "he",
        "she",
        "his",
        "her",
        "they",
        "theres",
        "this",
        "that",
        "now",
    }
)
#: after "and" these open a statement of its own
_STATES_ANEW = frozenset({"is", "are", "was", "were", "feels", "gets", "keeps", "hurts"})
_PLACE = frozenset(
    {
        "in",
        "on",
        "around",
        "at",
        "near",
        "over",
        "of",
        "to",
        "with",
        "when",
        "down",
        "up",
        "from",
        "for",
        "during",
    }
)


@dataclass(frozen=True)
class Rule:
    """One rule of assertion.yml."""

    name: str
    says: str
    reach: str
    within: int
    needs: str
    keep: frozenset[str]
    only: frozenset[str]
    ends_at_and: bool


@dataclass(frozen=True)
class _Words:
    terminators: frozenset[str]
    breaks: frozenset[str]
    fillers: frozenset[str]
    adjectives: frozenset[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    data = read("assertion")
    return _Words(*(frozenset(data[k]) for k in ("terminators", "breaks", "fillers", "adjectives")))


def _rule(data: dict[str, Any]) -> Rule:
    within = int(data.get("within", _FAR))
    keep = frozenset(data.get("keep", ()))
    only = frozenset(data.get("only", ()))
    ends = "ends_at_and" in data
    return Rule(data["name"], data["says"], data["reach"], within, data.get("needs", ""), keep, only, ends)


@lru_cache(maxsize=1)
def rule_patterns() -> PatternSet:
    return pattern_set(
        (_rule(data), pattern) for data in read("assertion")["rules"] for pattern in data["patterns"]
    )


@lru_cache(maxsize=1)
def _correction_patterns() -> PatternSet:
    return pattern_set(("correction", pattern) for pattern in read("assertion")["corrections"])


def judge_assertions(story: Story) -> None:
    """Set the assertion of every finding of the story, and whether the message takes something back."""
    triggers = _triggers(story)
    owners = {i for f in story.findings if f.kind != "part" for i in f.words}
    story.findings = [
        f if set(f.words) <= story.settled else f.said(_said(story, f, triggers, owners))
        for f in story.findings
    ]
    story.findings = [_as_its_twin(story, finding) for finding in story.findings]
    story.correction |= bool(_correction_patterns().find(story.words))
    story.followed |= {i for hit in triggers for i in hit.words}


def _as_its_twin(story: Story, finding: Finding) -> Finding:
    """ "doesnt look crooked or bent out of shape": the same complaint in other words is denied too."""
    if finding.kind != "symptom" or finding.assertion != PRESENT:
        return finding
    for other in story.denied("symptom"):
        between = set(story.words[other.end : finding.start])
        alternatives = between & {"or", "nor"} and not between & (
            _HARD_STOPS | _words().breaks | {"and", ","}
        )
        overlap = other.start <= finding.start < other.end and finding.end > other.end
        if other.name == finding.name and other.start <= finding.start and (alternatives or overlap):
            return finding.said(ABSENT)
    return finding


def _triggers(story: Story) -> list[Hit]:
    """Triggers in force: not part of a finding ("cant bend"), not inside a neutral phrase."""
    consumed = [
        set(f.words)
        for f in story.findings
        if f.kind in ("symptom", "risk_factor") and f.assertion == PRESENT
    ]
    # "my dad had HO": the words that tell whose it is may be part of the finding.
    free = [
        hit
        for hit in rule_patterns().find(story.words)
        if _of(hit).needs == _BYSTANDER or not any(_is_consumed(hit, words) for words in consumed)
    ]
    free = [hit for hit in free if _of(hit).needs != "end" or _is_at_an_end(story, hit)]
    longer = [
        set(hit.words) for hit in free if _of(hit).says != _NEUTRAL
    ]  # "dont want to", of which "dont want"
    neutral = [
        set(h.words) for h in free if _of(h).says == _NEUTRAL and not any(set(h.words) < w for w in longer)
    ]
    neutral = [words for words in neutral if not _goes_into(story, words)]
    kept = [h for h in free if _of(h).says != _NEUTRAL and not any(set(h.words) & words for words in neutral)]
    told = {i for f in story.findings if f.kind == "symptom" for i in f.words}
    kept = [hit for hit in kept if not (_of(hit).reach == "before" and _goes_on(story, hit, told))]
    return [hit for hit in kept if not any(_outdoes(other, hit) for other in kept)]


def _goes_into(story: Story, words: set[int]) -> bool:
    """ "didnt go numb", which denies a change, and "didnt go", after which the complaint is still there."""
    last = max(words)
    told = any(f.start == last + 1 for f in story.findings if f.kind == "symptom")
    return told and story.words[last] in ("go", "gone", "went", "going", "come", "came")


def _goes_on(story: Story, hit: Hit, told: set[int]) -> bool:
    """ "has gone dusky": it went another way, not away."""
    went = story.words[hit.end - 1] in ("gone", "went", "goes", "come", "came")
    following = story.words[hit.end : hit.end + 2]
    lasts = following[:1] == ["on"] and following[-1].endswith("ing")  # "it has gone on growing"
    return went and (hit.end in told or lasts)


def _is_consumed(hit: Hit, words: set[int]) -> bool:
    """A denial that shares a word with a finding is part of it; a doubt must lie wholly within it."""
    mine = set(hit.words)
    return bool(mine & words) if _of(hit).says in (ABSENT, _NEUTRAL) else mine <= words


def _outdoes(other: Hit, hit: Hit) -> bool:
    """ "not sure if" is longer than the "if" in it, and stands alone."""
    return (
        (len(other.words) > len(hit.words) or (_of(other).says, _of(hit).says) == (UNKNOWN, NONE))
        and bool(set(other.words) & set(hit.words))
        and _of(other).name != _of(hit).name
    )


def _of(hit: Hit) -> Rule:
    rule: Rule = hit.label  # type: ignore[assignment]
    return rule


def _said(story: Story, finding: Finding, triggers: list[Hit], owners: set[int]) -> str:
    verdicts = [
        (_SETTING if _of(hit).reach == "around" else _STRENGTH[verdict], verdict)
        for hit in triggers
        if not (_of(hit).reach == "around" and story.words[finding.start][0].isdecimal())
        and finding.kind not in _of(hit).keep
        and (not _of(hit).only or finding.name in _of(hit).only)
        for verdict in [_verdict(story, finding, hit, owners)]
        if verdict
    ]
    if story.is_at_large(finding.start) and not _is_reading(story, finding):
        return NONE
    if finding.assertion == ABSENT and _is_turned_round(story, finding):
        return PRESENT
    verdict = max(verdicts, key=lambda weighed: weighed[0], default=(0, None))[1]
    if verdict is None:
        return finding.assertion
    if finding.assertion == ABSENT and verdict == ABSENT and story.words[finding.start][0].isdecimal():
        return ABSENT  # "no temp, 97.1"
    if finding.assertion == ABSENT:  # "not walking normally" neither affirms nor denies
        return NONE
    return verdict


def _is_turned_round(story: Story, finding: Finding) -> bool:
    """ "the fever never came down": a denial stands between the words that would end it."""
    between = set(range(finding.start, finding.end)) - set(finding.words)
    return bool({story.words[at] for at in between} & frozenset(read("assertion")["turns_round"]))


def _verdict(story: Story, finding: Finding, hit: Hit, owners: set[int]) -> str | None:
    rule = _of(hit)
    overlap = set(hit.words) & set(finding.words)
    doubt = rule.says in (UNKNOWN, NONE) and hit.start < finding.start
    if overlap and finding.name != "none" and not doubt:
        return None
    if not _needs_met(story, finding, hit, rule):
        return None
    if doubt and finding.start < hit.end:  # the finding stands inside "thought my ... were"
        return rule.says
    if rule.only and hit.start < finding.start and finding.end < hit.end:
        return rule.says  # "was on blood thinners until june"
    if finding.start < hit.start and hit.end < finding.end and finding.assertion == PRESENT:
        return rule.says  # "the wound isnt leaking"
    if rule.reach == "list" and hit.end <= finding.start:  # "denies fever, dyspnoea and calf pain"
        return rule.says if _is_listed(story, finding, hit, rule) else None
    if rule.reach in ("after", "both", "around") and hit.end <= finding.start:
        return _reaches_after(story, finding, hit, owners)
    if (
        rule.reach in ("before", "both", "around")
        and finding.end <= hit.start
        and finding.assertion == PRESENT
    ):
        return rule.says if _reaches_before(story, finding, hit, rule) else None
    return None


def _is_listed(story: Story, finding: Finding, hit: Hit, rule: Rule) -> bool:
    """Whether the finding is an item of the list that the words of the rule open.

    What a leaflet lists may go on over question marks, in pieces of a few words: "said red? hot? swollen?".
    """
    between = story.words[hit.end : finding.start]
    if rule.says == ABSENT:
        ends = _words().breaks | _HARD_STOPS | frozenset(read("assertion")["list_ends"])
        return not any(word in ends for word in between)
    ends = (_words().breaks - {"?"}) | frozenset(read("assertion")["told_ends"])
    marks = [at for at in range(hit.end, finding.start) if story.words[at] == "?"]
    lengths = [later - at for at, later in pairwise([*marks, story.sentence(finding.start).stop])]
    return not any(word in ends for word in between) and max(lengths, default=0) <= _LONGEST_ITEM + 1


@lru_cache(maxsize=1)
def _affirming() -> PatternSet:
    return pattern_set(("affirms", pattern) for pattern in read("assertion")["affirms"])


def _is_affirmed(story: Story, finding: Finding) -> bool:
    """ "the leaflet says hot and swollen and mine is both": in the rest of the sentence or the next one."""
    end = story.sentence(min(story.sentence(finding.start).stop + 1, len(story.words) - 1)).stop
    return bool(_affirming().find([*story.words[finding.end : end], "."]))


def _needs_met(story: Story, finding: Finding, hit: Hit, rule: Rule) -> bool:
    if rule.needs == _BYSTANDER:
        return story.about == "self"
    if rule.needs == "answer":
        return _is_answer(story, finding, hit)
    if rule.needs == "no body part":  # "im hot in the car", and not "my knee is hot in the car"
        return not {story.words[at] for at in story.sentence(finding.start)} & classes()["body"] - {"back"}
    if rule.needs == "not affirmed":
        return not _is_affirmed(story, finding)
    if rule.needs == "end":  # "swellings gone", and not "gone hard"
        return _is_at_an_end(story, hit)
    if rule.needs == "question" and _is_reading(story, finding):
        return False
    if rule.needs == "question":
        sentence = story.sentence(finding.start)
        ends = sentence.stop < len(story.words) and story.words[sentence.stop] == "?"
        opened = story.words[sentence.start] in read("short_answers")["question_openers"]
        opened = opened and not story.is_cleft(sentence)
        return ends or (opened and (hit.start - sentence.start <= 1 or rule.reach == "before"))
    return True


def _is_at_an_end(story: Story, hit: Hit) -> bool:
    after = story.words[hit.end : hit.end + 1] or ["."]
    return after[0] in _words().breaks or after[0] in {",", "and", "but", "now", "just", "so", "though"}


def _is_reading(story: Story, finding: Finding) -> bool:
    """ "is 178/112 bad?": it was measured on somebody."""
    return "/" in story.words[finding.start : finding.end] and story.words[finding.start].isdecimal()


def _is_answer(story: Story, finding: Finding, hit: Hit) -> bool:
    """ "fever? no", "swollen calf: no": nothing but a place and marks between, and the answer ends there."""
    between = story.words[finding.end : hit.start]
    after = story.words[hit.end] if hit.end < len(story.words) else "."
    placed = between[:1] != [] and between[0] in classes()["body"] and between[1:] in ([":"], ["?"], ["-"])
    marks = placed or all(word in _ANSWER_MARKS for word in between)
    if not marks:
        return False
    ends = after in _words().breaks or after in _ANSWER_MARKS or after in ("but", "just", "and")
    return (
        ends
        or any(  # "fever no redness no"
            f.start == hit.end and story.words[f.end : f.end + 1] in (["no"], ["yes"]) for f in story.findings
        )
    )


def _reaches_before(story: Story, finding: Finding, hit: Hit, rule: Rule) -> bool:
    if rule.needs == "answer":
        return True
    between = range(finding.end, hit.start)
    stops = _words().breaks | _HARD_STOPS | (frozenset() if rule.reach == "around" else _NEW_SUBJECT)
    # "swollen in the first week": what follows a preposition is no new subject.
    stopped = any(story.words[i] in stops and story.words[i - 1] not in _PLACE for i in between)
    told_of_another = "," in story.words[finding.end : hit.start] and any(
        f.start in between and f.name != finding.name and f.kind != "part" for f in story.findings
    )  # "swollen, fever has gone"
    comma = (
        story.words.index(",", finding.end, hit.start)
        if "," in story.words[finding.end : hit.start]
        else hit.start
    )
    told_of_another |= bool(
        {"is", "are"} & set(story.words[comma : hit.start])
    )  # "pregnant, test is tomorrow"
    return len(between) <= rule.within and not stopped and not told_of_another


def _reaches_after(story: Story, finding: Finding, hit: Hit, owners: set[int]) -> str | None:
    rule = _of(hit)
    if rule.says == ABSENT:
        return _denial_reach(story, finding, hit, owners, rule.within)
    between = story.words[hit.end : finding.start]
    if len(between) > rule.within or any(w in _words().breaks or w in _HARD_STOPS for w in between):
        return None
    if rule.reach == "both" and _is_told_of_now(story, finding, between):
        return None
    if rule.needs == "not affirmed" and _is_told_after_all(story, finding, hit):
        return None
    if "," in between and _certain() & {*between[between.index(",") :], story.words[finding.start]}:
        return None
    if rule.ends_at_and and "and" in between[:-1] and between[between.index("and") + 1] in _NEW_SUBJECT:
        return None
    for i, word in enumerate(between):
        if word == "," and (between[i + 1 : i + 2] or [story.words[finding.start]])[0] in _NEW_SUBJECT:
            return None
    return rule.says


@lru_cache(maxsize=1)
def _telling() -> PatternSet:
    return pattern_set(("told", pattern) for pattern in read("assertion")["told_after_all"])


def _is_told_after_all(story: Story, finding: Finding, hit: Hit) -> bool:
    """ "come back if i get a fever, and i have one", "told me to ring if it leaks and now it leaks"."""
    said = _telling().find(story.words[hit.end : finding.end])
    return story.words[hit.start] != "what" and any(told.start <= finding.start - hit.end for told in said)


@lru_cache(maxsize=1)
def _certain() -> frozenset[str]:
    return frozenset(read("assertion")["certain"])


def _is_told_of_now(story: Story, finding: Finding, between: list[str]) -> bool:
    """ "fused 2 years ago, my back is stiff": the time in the past ends before the present tense."""
    now = frozenset(read("assertion")["present_tense"])
    return any(word in now for word in [*between, *story.words[finding.start : finding.end]])


def _denial_reach(story: Story, finding: Finding, hit: Hit, owners: set[int], within: int) -> str | None:
    """Walk from the denial to the finding: ABSENT when it carries, NONE when that is a toss-up."""
    words, lists = _words(), []
    covered, linked, place, commas = False, True, False, 0
    skipped = 0
    for i in range(hit.end, finding.start):
        word = story.words[i]
        if i in owners and word not in _LINKS:
            covered, linked, place = True, False, False
            lists.append(word)
            continue
        if word in words.breaks or word in _HARD_STOPS or (covered and word in ("no", "not", "without")):
            return None
        if word == "and" and story.words[i + 1] in _STATES_ANEW:
            return None  # "doesnt slide under the skin and is sore"
        if word == ",":
            if not covered:
                return None
            commas, linked, place = commas + 1, True, False
        elif word in ("or", "nor", "and", "/", "any"):
            linked = True
        elif covered:
            place = place or word in _PLACE
            if _in_an_alternative(story, i):
                continue  # "isnt sore or fat or warm": an item of the list that says nothing to us
            if not place or (
                word in words.terminators and word not in _NEW_SUBJECT | {"both", "left", "right"}
            ):
                return None
        elif word in words.terminators and word not in words.fillers:
            return None
        else:
            skipped += word not in words.fillers
            if skipped > within or skipped > 4:
                return None
    if not covered:
        return ABSENT
    return _carried(story, finding, lists, linked, commas)


def _in_an_alternative(story: Story, at: int) -> bool:
    """Whether only light words stand between "or" and word ``at``: "knocked out or on a ventilator"."""
    if story.words[at - 1] in ("or", "nor"):
        return story.words[at] not in _NEW_SUBJECT
    light = frozenset(read("assertion")["after_or"])
    back = at
    while back > 0 and story.words[back] in light:
        back -= 1
    return back < at and story.words[back] in ("or", "nor")


def _carried(story: Story, finding: Finding, passed: list[str], linked: bool, commas: int) -> str | None:
    """Whether a denial that already met one finding carries on to the next one in the list."""
    adjectives = _words().adjectives
    first = story.words[finding.start]
    before = story.words[finding.start - 1]
    same_class = (first in adjectives) == (passed[-1] in adjectives)
    attributive = before in adjectives and first not in adjectives  # "never any painful swellings"
    after_or = bool({"or", "nor"} & set(story.words[finding.start - 2 : finding.start]))  # "or feel unwell"
    after_or |= _in_an_alternative(story, finding.start - 1)
    if after_or or before == "any" or (attributive and passed[-1] == before):
        return ABSENT
    if not same_class or first in ("cant", "wont", "getting", "no", "without", "never"):
        return None
    if before == "and" or not linked:
        return ABSENT if _is_bare(story, finding) else None
    if commas and _is_bare(story, finding):
        return ABSENT if _is_denied_list(story, finding, passed) else NONE
    return None


def _is_bare(story: Story, finding: Finding) -> bool:
    """The finding stands alone as an item of a list: nothing is told about it afterwards."""
    after = story.words[finding.end] if finding.end < len(story.words) else "."
    return (
        after in _words().breaks
        or after in {",", "or", "nor", "and", "at", "/", "but", "just", "though", "in", "so"}
        or any(other.start == finding.end for other in story.findings)
    )


def _is_denied_list(story: Story, finding: Finding, passed: list[str]) -> bool:
    """ "no fever, chills, redness" or "or" before the last item; "no fever, swelling" is a toss-up."""
    rest = story.words[finding.end : story.sentence(finding.start).stop]
    alternatives = "or" in rest[:4] or "nor" in rest[:4]
    following = rest[:1] == [","] and any(f.start == finding.end + 1 for f in story.findings)
    return alternatives or len(passed) >= 2 or following
