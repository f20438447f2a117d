"""All that we know, read from ``knowledge/*.yml``, checked on load and compiled once.

``knowledge()`` is the cached set that ships; ``load(folder)`` reads another one. A mistake in a
file raises KnowledgeError, which names the file, the key and the mend.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, Literal, NamedTuple, TypeVar

import yaml
from pydantic import BaseModel, Extra, Field, ValidationError, validator

from .conditions import ALWAYS, BANDS, URGENCIES, Condition, ConditionError, Names, Test, compile_condition
from .facts import VALUE_FACTS

FOLDER = Path(__file__).parent / "knowledge"
#: Facts that a question may ask for though they are not part of the medicine.
ASKABLE = frozenset((*VALUE_FACTS, "about", "side"))
_ID = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")

Urgency = Literal["self_care", "routine", "within_2_weeks", "same_day", "emergency"]
Band = Literal["low", "moderate", "high"]


class KnowledgeError(ValueError):
    """A mistake in a knowledge file: ``file``, ``key`` and what to do about it."""

    def __init__(self, file: str, key: str, mend: str) -> None:
        super().__init__(f"{file}: {key}: {mend}")
        self.file, self.key, self.mend = file, key, mend


# -- what an entry of each file looks like -----------------------------------------------------
class _Strict(BaseModel):
    class Config:
        extra = Extra.forbid
        allow_mutation = False


class Entry(_Strict):
    """What every entry has: an id, where it comes from, when a person last looked at it.

    ``note`` says what is uncertain about it.
    """

    id: str
    sources: list[str] = Field(min_items=1)
    reviewed: datetime.date
    note: str | None = None

    @validator("id")
    def _plain_id(cls, value: str) -> str:
        if not _ID.match(value):
            raise ValueError("use letters, digits, '_', '-' and '.' only")
        return value


class Source(_Strict):
    """Where a statement comes from. ``url`` or ``doi`` may be missing where only a title is known."""

    id: str
    title: str
    url: str | None = None
    doi: str | None = None
    reviewed: datetime.date
    note: str | None = None


class Trigger(Entry):
    """An event that can start HO. ``site`` is where it acts when the person names no place.

    ``says`` are the risk factors that its label tells of already.
    """

    label: str
    points: int = Field(ge=0, le=10)
    classes: list[str] = []
    says: list[str] = []
    site: str | None = None
    sentence: str


class Finding(Entry):
    """A symptom or a risk factor. ``points`` count when it is present and ``when`` holds.

    ``brought_by`` is a class of events that bring it; when the event is taken back, so is the finding.
    ``only_heard``: heard in a person's own words or in a whole message; no question asks for it.
    """

    label: str
    label_denied: str | None = None
    only_heard: bool = False
    implies: list[str] = []
    implies_event: str | None = None
    brought_by: str | None = None
    points: int = Field(default=0, ge=0, le=10)
    group: str | None = None
    when: dict[str, Any] | None = None
    sentence: str | None = None

    @validator("sentence", always=True)
    def _explained(cls, value: str | None, values: dict[str, Any]) -> str | None:
        if values.get("points") and not value:
            raise ValueError("a finding with points needs a sentence that says why")
        return value


class Window(Entry):
    """Weeks since the event and what they add or take away; the first that holds counts."""

    label: str
    when: dict[str, Any]
    points: int
    sentence: str


class Pattern(Entry):
    """Points for several facts together. ``part`` is the part of the score they belong to."""

    label: str
    when: dict[str, Any]
    part: str
    points: int
    sentence: str


class Part(Entry):
    """One part of the score and the most points that it can give."""

    label: str
    cap: int | None = None


class BandEntry(Entry):
    """A risk band and its least total."""

    label: str
    at_least: int
    sentence: str


class PublishedScore(Entry):
    """A published score, kept as a reference; ``computed`` is false and ``why_not`` says why."""

    label: str
    population: str
    inputs: list[str]
    computed: bool
    why_not: str
    performance: str
    percent_by_total: dict[int, float] | None = None
    relative_risk_by_total: dict[str, float] | None = None


class RedFlag(Entry):
    """A danger sign, alone or in combination, that sets the least urgency."""

    label: str
    urgency: Urgency
    when: dict[str, Any]
    say: str


class UrgencyRule(Entry):
    """How soon to be seen when no danger sign speaks; the most urgent that holds counts."""

    label: str
    urgency: Urgency
    when: dict[str, Any]
    sentence: str


class Level(Entry):
    """What one urgency means for the person."""

    label: str
    advice: str
    who_to_see: str
    raised: str
    lowered: str


class Exclusion(Entry):
    """Somebody the tool is not made for, and whom they should see."""

    label: str
    when: dict[str, Any]
    sentence: str


class Imaging(Entry):
    """A picture to ask for. ``{site}`` in the texts becomes the place the person named."""

    when: dict[str, Any]
    modality: str
    site: str
    informative: str
    ask_for: str


class Span(Entry):
    """Weeks after an event: when HO begins, when an X-ray can show it, when to look again after that."""

    when: dict[str, Any]
    begins: tuple[int, int]
    latest: int
    xray: int
    again: tuple[int, int]
    begins_sentence: str
    xray_sentence: str
    again_sentence: str


class SafetyNet(Entry):
    """The four parts of a safety net; the first entry whose ``when`` holds is given.

    ``named``: urgency -> the symptoms that ``look_for`` names with it.
    """

    when: dict[str, Any] | None = None
    named: dict[Urgency, list[str]] = {}
    uncertainty: str
    look_for: str
    get_help: str
    how_long: str


class FollowUp(Entry):
    """When to ask again: ``days`` after the verdict, or in ``week`` after the event if that is later."""

    when: dict[str, Any] | None = None
    days: int = Field(gt=0)
    week: int | None = None
    offer: str
    asks: str


class Watch(Entry):
    """A sign (its id is the finding) that may be named as what would raise the advice, and for whom."""

    when: dict[str, Any] | None = None


class Phrase(Entry):
    """A sentence with blanks, so that no sentence has to live in the program."""

    text: str


class Site(Entry):
    """A part of the body: the words that name it and the groups it belongs to."""

    words: list[str]
    groups: list[str] = []


class EmergencyNumber(Entry):
    """Whom to ring, by country: ISO 3166 code as id."""

    country: str
    emergency: str
    urgent: str | None = None
    urgent_name: str | None = None


class Wording(_Strict):
    """One text in the wordings that depend on who is asked about."""

    self: str
    other: str
    numb_self: str | None = None
    numb_other: str | None = None
    male_self: str | None = None
    male_other: str | None = None


class Option(_Strict):
    """A button: its title and the facts that it sets; not for whom it makes no sense."""

    title: str
    not_for: Literal["male", "female"] | None = None
    sets: dict[str, Any] = {}


class Question(Entry):
    """One question of the interview; ``fact`` is its lead fact, ``covers`` all that it answers."""

    fact: str
    covers: list[str] = Field(min_items=1)
    kind: Literal["yes_no", "several", "choice", "number", "site", "text"]
    section: Literal["story", "red_flags", "event", "symptoms", "risk", "person"]
    ask_when: dict[str, Any] | None = None
    text: Wording
    again: Wording
    simple: Wording
    why: str
    options: list[Option] = []


class Teaching(Entry):
    """What the assistant teaches about one topic, in short paragraphs."""

    title: str
    text: list[str] = Field(min_items=1)
    see_also: list[str] = []


class Word(Entry):
    """A word that people ask about and what it means; ``words`` are the ways to write it."""

    words: list[str] = Field(min_items=1)
    text: str


class Lookalike(Entry):
    """An illness that HO can be taken for: the words that name it, the findings that speak for it."""

    label: str
    words: list[str] = Field(min_items=1)
    signs: list[str] = Field(min_items=1)
    text: str


class Saying(_Strict):
    """Words around the verdict, with blanks; ``other`` when the case is somebody else's."""

    id: str
    self: str
    other: str | None = None


# -- the compiled form -------------------------------------------------------------------------
E = TypeVar("E", bound=Entry)


@dataclass(frozen=True)
class Rule(Generic[E]):
    """An entry with its compiled condition."""

    entry: E
    when: Condition


class Scored(NamedTuple):
    """Points that one fact brings to one part of the score, with the entry that explains them."""

    fact: str
    part: str
    group: str
    points: int
    entry: Any


class PointRule(NamedTuple):
    """Points and when they count."""

    scored: Scored
    when: Condition


@dataclass(frozen=True)
class Knowledge:
    """All knowledge, by kind and id, with the compiled rules that ``judge`` runs.

    ``version`` is a short hash over the files: the same facts and version give the same verdict.
    """

    version: str
    sources: Mapping[str, Source]
    triggers: Mapping[str, Trigger]
    symptoms: Mapping[str, Finding]
    risk_factors: Mapping[str, Finding]
    timing: Mapping[str, Window]
    patterns: Mapping[str, Pattern]
    parts: Mapping[str, Part]
    bands: Mapping[str, BandEntry]
    scores: Mapping[str, PublishedScore]
    red_flags: Mapping[str, RedFlag]
    urgency_rules: Mapping[str, UrgencyRule]
    levels: Mapping[str, Level]
    exclusions: Mapping[str, Exclusion]
    imaging: Mapping[str, Imaging]
    timeline: Mapping[str, Span]
    safety_nets: Mapping[str, SafetyNet]
    watch: Mapping[str, Watch]
    follow_ups: Mapping[str, FollowUp]
    phrases: Mapping[str, Phrase]
    sites: Mapping[str, Site]
    emergency_numbers: Mapping[str, EmergencyNumber]
    questions: Mapping[str, Question]
    teaching: Mapping[str, Teaching]
    glossary: Mapping[str, Word]
    lookalikes: Mapping[str, Lookalike]
    sayings: Mapping[str, Saying]
    names: Names = field(repr=False)
    rules: Rules = field(repr=False)

    def finding(self, name: str) -> Finding | None:
        """A symptom or risk factor by name, None when we do not know it."""
        return self.symptoms.get(name) or self.risk_factors.get(name)

    def label(self, name: str) -> str:
        """The short plain noun phrase of a finding or event; the name itself when unknown."""
        entry = self.finding(name) or self.triggers.get(name)
        return entry.label if entry else name.replace("_", " ")


@dataclass(frozen=True)
class Rules:
    """The entries that have conditions, compiled; urgency rules and red flags most urgent first.

    ``by_urgency`` holds both for the fast path: what the condition needs, its test, the urgency.
    ``triggers`` and ``findings``: event or finding -> its points. ``implied``: finding -> all that
    it implies. ``site_words``: word -> site and groups. ``deciding``: findings that any rule speaks of.
    """

    red_flags: tuple[Rule[RedFlag], ...]
    urgency: tuple[Rule[UrgencyRule], ...]
    by_urgency: tuple[tuple[frozenset[str] | None, Test, str], ...]
    timing: tuple[PointRule, ...]
    patterns: tuple[PointRule, ...]
    triggers: Mapping[str, Scored]
    findings: Mapping[str, PointRule]
    imaging: tuple[Rule[Imaging], ...]
    timeline: tuple[Rule[Span], ...]
    safety_nets: tuple[Rule[SafetyNet], ...]
    follow_ups: tuple[Rule[FollowUp], ...]
    watch: tuple[Rule[Watch], ...]
    exclusions: tuple[Rule[Exclusion], ...]
    questions: Mapping[str, Condition]
    implied: Mapping[str, frozenset[str]]
    site_words: Mapping[str, frozenset[str]]
    deciding: frozenset[str]


#: file -> its sections (the key None: the whole file is the list) -> (Knowledge field, model)
_LAYOUT: dict[str, dict[str | None, tuple[str, type[BaseModel]]]] = {
    "sources.yml": {None: ("sources", Source)},
    "triggers.yml": {None: ("triggers", Trigger)},
    "symptoms.yml": {None: ("symptoms", Finding)},
    "risk_factors.yml": {None: ("risk_factors", Finding)},
    "timing.yml": {None: ("timing", Window)},
    "scores.yml": {
        "parts": ("parts", Part),
        "patterns": ("patterns", Pattern),
        "bands": ("bands", BandEntry),
        "published": ("scores", PublishedScore),
    },
    "red_flags.yml": {None: ("red_flags", RedFlag)},
    "urgency.yml": {
        "levels": ("levels", Level),
        "rules": ("urgency_rules", UrgencyRule),
        "exclusions": ("exclusions", Exclusion),
    },
    "imaging.yml": {None: ("imaging", Imaging)},
    "timeline.yml": {None: ("timeline", Span)},
    "safety_nets.yml": {
        "nets": ("safety_nets", SafetyNet),
        "watch": ("watch", Watch),
        "phrases": ("phrases", Phrase),
    },
    "follow_up.yml": {None: ("follow_ups", FollowUp)},
    "sites.yml": {None: ("sites", Site)},
    "emergency_numbers.yml": {None: ("emergency_numbers", EmergencyNumber)},
    "questions.yml": {None: ("questions", Question)},
    "teaching.yml": {None: ("teaching", Teaching)},
    "glossary.yml": {None: ("glossary", Word)},
    "lookalikes.yml": {None: ("lookalikes", Lookalike)},
    "phrases.yml": {None: ("sayings", Saying)},
}


@lru_cache(maxsize=1)
def knowledge() -> Knowledge:
    """The knowledge that ships with the program, read once."""
    return load(FOLDER)


def load(folder: Path) -> Knowledge:
    """Read, check and compile a knowledge folder.

    Raises KnowledgeError, naming file, key and mend, for a missing file, a wrong shape, a name
    that no file defines, a source that is not listed, or an id used twice.
    """
    held: dict[str, dict[str, Any]] = {}
    for file, sections in _LAYOUT.items():
        held.update(_read_file(folder, file, sections))
    names = _names(held)
    _check_links(held, names)
    return Knowledge(version=_version(folder), names=names, rules=_compile(held, names), **held)


def _version(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.yml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


# -- reading -----------------------------------------------------------------------------------
def _read_file(
    folder: Path, file: str, sections: Mapping[str | None, tuple[str, type[BaseModel]]]
) -> dict[str, dict[str, Any]]:
    data = _read_yaml(folder, file)
    if None in sections:
        data = {None: data}
    if not isinstance(data, dict) or set(data) != set(sections):
        raise KnowledgeError(file, "top level", f"expected the sections {', '.join(map(str, sections))}")
    return {name: _read_section(file, key, data[key], model) for key, (name, model) in sections.items()}


def _read_yaml(folder: Path, file: str) -> Any:
    try:
        text = (folder / file).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise KnowledgeError(file, "file", f"missing; create it in {folder.name}/") from error
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "file"
        raise KnowledgeError(file, where, f"not valid YAML: {getattr(error, 'problem', error)}") from error


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML without the surprise that a country code or an answer ``no`` becomes false."""


_Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:bool"]
    for letter, found in _Loader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def _read_section(file: str, section: str | None, items: Any, model: type[BaseModel]) -> dict[str, Any]:
    start = section or "entries"
    if not isinstance(items, list):
        raise KnowledgeError(file, start, "expected a list of entries that begin with '- id:'")
    held: dict[str, Any] = {}
    for index, item in enumerate(items):
        name = str(item.get("id", index) if isinstance(item, dict) else index)
        entry = _read_entry(file, f"{start}[{name}]", item, model)
        if name in held:
            raise KnowledgeError(file, f"{start}[{name}]", "the id is used twice; rename or join the two")
        held[name] = entry
    return held


def _read_entry(file: str, key: str, item: Any, model: type[BaseModel]) -> BaseModel:
    try:
        return model.parse_obj(item)
    except ValidationError as error:
        first = error.errors()[0]
        path = ".".join([key, *(str(part) for part in first["loc"])])
        raise KnowledgeError(file, path, _mend(first["type"], first["msg"])) from error


def _mend(kind: str, message: str) -> str:
    if kind == "value_error.missing":
        return "this key is needed; add it"
    if kind == "value_error.extra":
        return "this key is not known; remove it or mend the spelling"
    return message


# -- checking ----------------------------------------------------------------------------------
def _names(held: Mapping[str, dict[str, Any]]) -> Names:
    triggers, sites = held["triggers"].values(), held["sites"]
    return Names(
        findings=frozenset((*held["symptoms"], *held["risk_factors"])),
        events=frozenset(held["triggers"]),
        classes=frozenset(name for trigger in triggers for name in trigger.classes),
        sites=frozenset((*sites, *(g for site in sites.values() for g in site.groups), "unnamed")),
    )


def _check_links(held: Mapping[str, dict[str, Any]], names: Names) -> None:
    """Every name that an entry mentions must be defined somewhere."""
    for file, key, missing, where in _broken_links(held, names):
        raise KnowledgeError(file, key, f"{missing!r} is not in {where}; add it or mend the spelling")


def _broken_links(held: Mapping[str, dict[str, Any]], names: Names) -> Iterator[tuple[str, str, str, str]]:
    for file, sections in _LAYOUT.items():
        for name, _ in sections.values():
            for entry in held[name].values():
                for key, value, allowed, where in _links(entry, held, names):
                    if value not in allowed:
                        yield file, f"{entry.id}.{key}", value, where


_Link = tuple[str, str, Any, str]


def _classes(triggers: Mapping[str, Trigger]) -> set[str]:
    return {name for trigger in triggers.values() for name in trigger.classes}


def _links(entry: Any, held: Mapping[str, dict[str, Any]], names: Names) -> Iterator[_Link]:
    """(key, name mentioned, where it may be defined, the file to look in)"""
    for source in getattr(entry, "sources", []):
        yield "sources", source, held["sources"], "sources.yml"
    if isinstance(entry, Finding):
        yield from (("implies", name, names.findings, "symptoms.yml") for name in entry.implies)
        if entry.implies_event:
            yield "implies_event", entry.implies_event, names.events, "triggers.yml"
        if entry.brought_by:
            yield "brought_by", entry.brought_by, _classes(held["triggers"]), "triggers.yml"
    elif isinstance(entry, Trigger):
        yield from (("says", name, held["risk_factors"], "risk_factors.yml") for name in entry.says)
        if entry.site:
            yield "site", entry.site, held["sites"], "sites.yml"
    elif isinstance(entry, SafetyNet):
        signs = (name for names_of in entry.named.values() for name in names_of)
        yield from (("named", name, held["symptoms"], "symptoms.yml") for name in signs)
    elif isinstance(entry, Lookalike):
        yield from (("signs", name, held["symptoms"], "symptoms.yml") for name in entry.signs)
    elif isinstance(entry, Watch):
        yield "id", entry.id, held["symptoms"], "symptoms.yml"
    elif isinstance(entry, Pattern):
        yield "part", entry.part, held["parts"], "scores.yml, parts"
    elif isinstance(entry, Teaching):
        yield from (("see_also", name, held["teaching"], "teaching.yml") for name in entry.see_also)
    elif isinstance(entry, Question):
        yield from _question_links(entry, names)


def _question_links(question: Question, names: Names) -> Iterator[_Link]:
    askable, where = names.findings | ASKABLE, "symptoms.yml, risk_factors.yml or the value facts"
    yield "fact", question.fact, askable, where
    yield from (("covers", name, askable, where) for name in question.covers)
    for index, option in enumerate(question.options):
        yield from ((f"options[{index}].sets", name, askable, where) for name in option.sets)


# -- compiling ---------------------------------------------------------------------------------
def _compile(held: Mapping[str, dict[str, Any]], names: Names) -> Rules:
    ruled = {name: _rules(file, held[kind], names) for name, (file, kind) in _RULED.items()}
    for most_urgent_first in ("red_flags", "urgency"):
        ruled[most_urgent_first] = _most_urgent_first(ruled[most_urgent_first])
    findings: dict[str, Finding] = {**held["symptoms"], **held["risk_factors"]}
    timing = tuple(PointRule(_window_points(r.entry), r.when) for r in ruled.pop("timing"))
    patterns = tuple(PointRule(_pattern_points(r.entry), r.when) for r in ruled.pop("patterns"))
    points = _finding_points(held, names)
    spoken_of = [rule.when.names for rules in ruled.values() for rule in rules]
    spoken_of += [rule.when.names for rule in patterns]
    return Rules(
        **ruled,
        by_urgency=_by_urgency(_most_urgent_first((*ruled["red_flags"], *ruled["urgency"]))),
        timing=timing,
        patterns=patterns,
        triggers={name: Scored(name, *_TRIGGER, e.points, e) for name, e in held["triggers"].items()},
        findings=points,
        watch=_rules("safety_nets.yml", held["watch"], names),
        follow_ups=_rules("follow_up.yml", held["follow_ups"], names),
        questions=_ask_when(held["questions"], names),
        implied={name: _closure(name, findings) for name, entry in findings.items() if entry.implies},
        site_words=_site_words(held["sites"]),
        deciding=frozenset(points).union(*spoken_of),
    )


#: part and group of a trigger's points: of all triggers the highest counts
_TRIGGER = ("trigger", "trigger")


def _window_points(entry: Window) -> Scored:
    return Scored("weeks_since_event", "timing", "timing", entry.points, entry)


def _pattern_points(entry: Pattern) -> Scored:
    group = "trigger" if entry.part == "trigger" else entry.id
    return Scored(entry.id, entry.part, group, entry.points, entry)


def _finding_points(held: Mapping[str, dict[str, Any]], names: Names) -> dict[str, PointRule]:
    points = {}
    for kind, part in (("symptoms", "symptom"), ("risk_factors", "modifier")):
        for name, entry in held[kind].items():
            if entry.points:
                own = "known" if entry.group == "known" else part
                when = _condition(f"{kind}.yml", name, entry.when, names)
                points[name] = PointRule(Scored(name, own, entry.group or name, entry.points, entry), when)
    return points


#: field of Rules -> (file, field of Knowledge)
_RULED = {
    "red_flags": ("red_flags.yml", "red_flags"),
    "urgency": ("urgency.yml", "urgency_rules"),
    "timing": ("timing.yml", "timing"),
    "patterns": ("scores.yml", "patterns"),
    "imaging": ("imaging.yml", "imaging"),
    "timeline": ("timeline.yml", "timeline"),
    "safety_nets": ("safety_nets.yml", "safety_nets"),
    "exclusions": ("urgency.yml", "exclusions"),
}


def _ask_when(questions: Mapping[str, Question], names: Names) -> dict[str, Condition]:
    return {
        name: _condition("questions.yml", name, question.ask_when, names, "ask_when")
        for name, question in questions.items()
    }


def _closure(name: str, findings: Mapping[str, Finding]) -> frozenset[str]:
    """Everything that ``name`` implies, directly or through what it implies."""
    reached: set[str] = set()
    waiting = list(findings[name].implies)
    while waiting:
        next_name = waiting.pop()
        if next_name not in reached:
            reached.add(next_name)
            waiting.extend(findings[next_name].implies)
    return frozenset(reached)


def _site_words(sites: Mapping[str, Site]) -> dict[str, frozenset[str]]:
    return {word: frozenset((site.id, *site.groups)) for site in sites.values() for word in site.words}


def _rules(file: str, entries: Mapping[str, Any], names: Names) -> tuple[Rule[Any], ...]:
    return tuple(Rule(e, _condition(file, name, e.when, names)) for name, e in entries.items())


def _condition(file: str, name: str, node: Any, names: Names, key: str = "when") -> Condition:
    if node is None:
        return ALWAYS
    try:
        return compile_condition(node, names, key)
    except ConditionError as error:
        raise KnowledgeError(file, f"{name}.{error.path}", str(error)) from error


def _by_urgency(rules: tuple[Rule[Any], ...]) -> tuple[tuple[frozenset[str] | None, Test, str], ...]:
    return tuple((rule.when.needs, rule.when.test, rule.entry.urgency) for rule in rules)


def _most_urgent_first(rules: tuple[Rule[Any], ...]) -> tuple[Rule[Any], ...]:
    return tuple(sorted(rules, key=lambda rule: -URGENCIES.index(rule.entry.urgency)))


__all__ = ["BANDS", "URGENCIES", "Knowledge", "KnowledgeError", "knowledge", "load"]
