"""The last step: findings become mentions, with what they imply and what was not followed."""

from __future__ import annotations

from functools import lru_cache

from bot.clinical.facts import ABSENT, PRESENT, UNKNOWN

from .patterns import PatternSet
from .story import Finding, Story
from .vocabulary import pattern_set, read

_SHORTEST_CONTENT = 4
_KINDS = ("symptom", "risk_factor")


def gather_mentions(story: Story) -> None:
    """Append symptom, risk factor, course and ``not_understood`` mentions."""
    findings = [f for f in story.findings if f.kind in _KINDS and f.assertion in (PRESENT, ABSENT, UNKNOWN)]
    findings = _without_waking(story, _without_known_bone(story, findings))
    findings = _settled(story, [*findings, *_implied(story, findings)])
    for finding in findings:
        story.mentions.append(story.mention(finding.kind, finding.name, finding.words, finding.assertion))
    _hear_course(story)
    _hear_not_followed(story)


def _without_known_bone(story: Story, findings: list[Finding]) -> list[Finding]:
    """ "they cut out extra bone": the words tell of HO before, and of no lump."""
    known = {i for f in story.findings if f.name in read("implications")["no_lump"] for i in f.words}
    return [f for f in findings if f.name != "lump" or not set(f.words) <= known]


def _without_waking(story: Story, findings: list[Finding]) -> list[Finding]:
    """ "ever since I woke up" after weeks on a ventilator tells of no sudden start."""
    waking = read("implications")["waking"]
    slept = any(m.value in waking["after"] and m.assertion == PRESENT for m in story.mentions)
    slept = slept or any(f.name in waking["after"] for f in findings)
    woke = {at for at, word in enumerate(story.words) if word in waking["words"]}
    return [f for f in findings if not (slept and f.name in waking["hides"] and woke & set(f.words))]


def _implied(story: Story, findings: list[Finding]) -> list[Finding]:
    rules = read("implications")
    out = []
    for finding in findings:
        if finding.kind == "symptom" and finding.assertion in (PRESENT, ABSENT):
            names = rules[finding.assertion].get(finding.name, ())
            out += [Finding("symptom", name, finding.words, finding.assertion) for name in names]
        if finding.kind == "risk_factor" and finding.assertion == PRESENT:
            names = rules["risk_to_symptom"].get(finding.name, ())
            out += [Finding("symptom", name, finding.words) for name in names]
    out += _implied_by_events(story)
    return out


def _implied_by_events(story: Story) -> list[Finding]:
    rules = read("implications")
    happened = [str(m.value) for m in story.mentions if m.kind == "event" and m.assertion == PRESENT]
    out = [
        Finding("risk_factor", risk, f.words)
        for f in story.present("event")
        if f.name in happened
        for risk in rules["events"].get(f.name, ())
    ]
    weeks = [float(m.value) for m in story.mentions if m.kind == "weeks_since_event"]
    recent = rules["recent_surgery"]
    # The weeks are those of the event that is told first.
    dated = bool(weeks) and bool(set(happened[:1]) & set(recent["events"]))
    if dated and weeks[0] <= float(recent["weeks"]):
        out += [
            Finding("risk_factor", "recent_surgery", f.words)
            for f in story.present("event")
            if f.name in recent["events"]
        ]
    return out


def _settled(story: Story, findings: list[Finding]) -> list[Finding]:
    """One mention a name and assertion; a correction's last word stands, else present goes first.

    When one message says both, both are kept, so that whoever merges them sees the contradiction
    and the more careful reading is the one that stands until it is settled.
    """
    by_name: dict[tuple[str, str], dict[str, Finding]] = {}
    for finding in findings:
        by_name.setdefault((finding.kind, finding.name), {}).setdefault(finding.assertion, finding)
    out = []
    for said in by_name.values():
        if len(said) > 1 and story.correction:
            out.append(max(said.values(), key=lambda finding: finding.start))
            continue
        if UNKNOWN in said and len(said) > 1:
            del said[UNKNOWN]
        out += [said[assertion] for assertion in (PRESENT, ABSENT, UNKNOWN) if assertion in said]
    return out


@lru_cache(maxsize=1)
def _course_patterns() -> PatternSet:
    return pattern_set(
        (course, p) for course, patterns in read("implications")["course"].items() for p in patterns
    )


def _hear_course(story: Story) -> None:
    hits = _course_patterns().find(story.words)
    for course in ("worse", "steady", "better"):
        for hit in hits:
            before = story.words[max(0, hit.start - 3) : hit.start]
            # "worse on stairs" tells what brings the pain on, not where it is going.
            brought_on = story.words[hit.end : hit.end + 1] in (
                ["on"],
                ["at"],
                ["when"],
                ["if"],
                ["in"],
                ["with"],
            )
            if (
                hit.label == course
                and not brought_on
                and not {"not", "isnt", "no", "if", "never"} & set(before)
            ):
                story.mentions.append(story.mention("course", course, hit.words))
                story.followed |= set(hit.words)
                return


def _hear_not_followed(story: Story) -> None:
    """A clause with content words of which nothing was made use of."""
    followed = story.followed | {i for f in story.findings for i in f.words}
    done: set[int] = set()
    for at in range(len(story.words)):
        if at in done:
            continue
        clause = story.clause(at)
        if at not in clause:
            continue
        done |= set(clause) | {at}
        content = [i for i in clause if len(story.words[i]) >= _SHORTEST_CONTENT and story.words[i].isalpha()]
        if len(content) > 1 and not followed & set(clause):
            story.mentions.append(story.mention("not_understood", _said(story, clause), tuple(clause)))


def _said(story: Story, clause: range) -> str:
    return story.text[story.spans[clause.start][0] : story.spans[clause.stop - 1][1]]
