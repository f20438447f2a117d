"""Symptoms, risk factors, events and parts of events, before it is known what is said of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from bot.clinical.facts import ABSENT, PRESENT

from .patterns import Hit, PatternSet, longest
from .story import Finding, Story
from .vocabulary import pattern_set, read

_Label = tuple[str, str, str]
#: Sections of ``ignore.yml``: phrases that hide what lies inside, and those of which no finding has a word.
_NO_FINDINGS = ("patterns", "taken")


@lru_cache(maxsize=1)
def finding_patterns() -> PatternSet:
    return pattern_set(_labelled())


def heard_words() -> set[str]:
    """The words that a misspelt one may be mended into: those of findings, none of idioms."""
    return pattern_set(pair for pair in _labelled() if pair[0][0] not in _NO_FINDINGS).words


def _labelled() -> Iterator[tuple[tuple[str, str, str], str]]:
    for kind, name in (("symptom", "symptoms"), ("risk_factor", "risk_factors")):
        for finding, said in read(name).items():
            for assertion in (PRESENT, ABSENT):
                for pattern in said.get(assertion) or ():
                    yield (kind, finding, assertion), pattern
    events = read("events")
    for kind, section in (("event", "events"), ("part", "parts")):
        for name, patterns in events[section].items():
            for pattern in patterns:
                yield (kind, name, PRESENT), pattern
    for kind in _NO_FINDINGS:
        for pattern in read("ignore")[kind]:
            yield (kind, "", PRESENT), pattern


def hear_findings(story: Story) -> None:
    """Fill ``story.findings``; every one is still taken at its word."""
    by_kind: dict[str, list[Hit]] = {}
    for hit in finding_patterns().find(story.words):
        by_kind.setdefault(hit.label[0], []).append(hit)  # type: ignore[index]
    ignored = [set(hit.words) for hit in by_kind.pop("patterns", [])]
    taken = {word for hit in by_kind.pop("taken", []) for word in hit.words}
    seen = [
        hit
        for hits in by_kind.values()
        for hit in hits
        if not taken & set(hit.words) and not any(set(hit.words) <= words for words in ignored)
    ]
    per_name: dict[object, list[Hit]] = {}
    for hit in seen:
        per_name.setdefault(hit.label, []).append(hit)
    clear = [hit for group in per_name.values() for hit in longest(dict.fromkeys(group))]
    kept = [hit for hit in clear if not any(_hides(other, hit) for other in clear)]
    story.findings += [Finding(*_label(hit)[:2], hit.words, _label(hit)[2]) for hit in kept]
    story.findings.sort(key=lambda finding: (finding.start, finding.end))
    story.followed |= {word for words in [*ignored, taken] for word in words}


def _label(hit: Hit) -> _Label:
    label: _Label = hit.label  # type: ignore[assignment]
    return label


def _hides(other: Hit, hit: Hit) -> bool:
    """Whether the words of ``hit`` mean something else, being part of ``other`` ("pain" in "pain free")."""
    kind, name, assertion = _label(hit)
    other_kind, other_name, other_assertion = _label(other)
    if kind != "symptom" and other_kind == "symptom" and set(hit.words) & set(other.words):
        return name in read("ignore")["outdoes"].get(other_name, ())
    if not set(hit.words) <= set(other.words) or kind not in ("symptom", "event"):
        return False
    if other_kind == "risk_factor" or (kind, other_kind) == ("symptom", "event"):
        return name in read("ignore")["inside"].get(other_name, ())
    if kind != other_kind or kind != "symptom":
        return False
    longer = len(other.words) > len(hit.words)
    if other_assertion == ABSENT and assertion == PRESENT and name == other_name:
        return longer
    return longer and name in read("ignore")["hides"].get(other_name, ())
