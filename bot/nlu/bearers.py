"""Whose a finding is: the case's, or somebody's who is only told of ("my mate's leg", "a lady on the forum").

Read from left to right: who was named last bears what follows, until the case is spoken of again.
The words are ``vocabulary/people.yml`` under ``bearers``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from bot.clinical.facts import PRESENT

from .patterns import Hit, PatternSet, longest
from .story import NONE, Finding, Story, breaks
from .vocabulary import kin_words, pattern_set, read

_CASE, _OTHER = "case", "other"
_SPLITS = frozenset({"but", "though", "although", "whereas", "because", "so", "while", ":"})
#: words between a person and what is told of them
_REACH = 12


@dataclass(frozen=True)
class _Words:
    self: frozenset[str]
    pronouns: frozenset[str]
    determiners: frozenset[str]
    not_subject_after: frozenset[str]
    only_looks_on: frozenset[str]
    auxiliaries: frozenset[str]
    carries_on: frozenset[str]
    only_after_my: frozenset[str]
    own_state: frozenset[str]
    not_own_state: frozenset[str]
    indefinite: frozenset[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    data = read("people")["bearers"]
    return _Words(*(frozenset(data[name]) for name in _Words.__dataclass_fields__))


@lru_cache(maxsize=1)
def _persons() -> PatternSet:
    labelled = [(("kin", word), word) for word in kin_words()]
    labelled += [(("stranger", ""), pattern) for pattern in read("people")["bearers"]["strangers"]]
    labelled += [(("case", ""), pattern) for pattern in read("people")["bearers"]["the_case"]]
    return pattern_set(labelled)


def leave_out_others(story: Story) -> None:
    """Findings that somebody else bears say nothing of the case."""
    bearers = bearers_of(story)
    story.findings = [_left(story, finding, bearers) for finding in story.findings]


def _left(story: Story, finding: Finding, bearers: list[str]) -> Finding:
    if bearers[finding.start] != _OTHER:
        return finding
    inherited = read("people")["bearers"]["inherited"].get(finding.name)
    if inherited and finding.assertion == PRESENT:
        return Finding("risk_factor", inherited, finding.words)
    return finding.said(NONE)


def bearers_of(story: Story) -> list[str]:
    """For each word ``case`` or ``other``."""
    hits = {hit.start: hit for hit in longest(dict.fromkeys(_persons().find(story.words)))}
    walk = _Walk(story, hits)
    return [walk.step(at) for at in range(len(story.words))]


class _Walk:
    """Goes through the words and knows who is spoken of."""

    def __init__(self, story: Story, hits: dict[int, Hit]) -> None:
        self.story, self.hits = story, hits
        self.bearer, self.named, self.since = _CASE, _CASE, 0
        self.inside = -1

    def step(self, at: int) -> str:
        word = self.story.words[at]
        if at < self.inside:
            return self.bearer
        if word in breaks() or word in _SPLITS or (word == "," and not self._carries_on(at)):
            self._speak_of(_CASE, at)
        elif at in self.hits:
            self._meet(self.hits[at], at)
        elif word in _words().self:
            self._speak_of(self._writer(at), at)
        elif word in _words().pronouns:
            self._speak_of(self.named, at)
        elif at - self.since > _REACH:
            self._speak_of(_CASE, at)
        return self.bearer

    def _speak_of(self, bearer: str, at: int) -> None:
        self.bearer, self.since = bearer, at

    def _carries_on(self, at: int) -> bool:
        """ "my brother broke his leg, had a rod in": the next piece has no subject of its own."""
        following = self.story.words[at + 1 : at + 2]
        return self.bearer == _OTHER and bool(set(following) & _words().carries_on)

    def _meet(self, hit: Hit, at: int) -> None:
        label: tuple[str, str] = hit.label  # type: ignore[assignment]
        who, word = label
        self.inside = hit.end
        if who == "stranger" and self._is_patient(hit):
            who, word = "kin", self.story.words[hit.end - 1]
        if who == "case" or (who == "kin" and self._is_case(hit, word)):
            self.named = _CASE
            self._speak_of(_CASE, at)
        elif self._is_subject(hit):
            self._name_other(hit)
            self._speak_of(_OTHER, at)
        elif who == "stranger" and self._looks_on(hit):
            self._name_other(hit)

    def _name_other(self, hit: Hit) -> None:
        """ "nobody saw it. her toes are bent": a "her" after nobody is the case's."""
        if self.story.words[hit.start] not in _words().indefinite:
            self.named = _OTHER

    def _is_case(self, hit: Hit, word: str) -> bool:
        who, sex = kin_words()[word]
        known = [str(m.value) for m in self.story.mentions if m.kind == "sex"]
        if sex and known and sex not in known:  # "my mother has it and my father had a stroke"
            return False
        of_case = self.story.words[max(0, hit.start - 1)] in ("his", "her", "their")
        return self.story.about == who and not of_case

    def _is_patient(self, hit: Hit) -> bool:
        """A friend is a stranger to the case, unless ``bot.nlu.people`` heard that it is about them."""
        rarely = read("people")["only_if_asked"]
        return self.story.about == "patient" and self.story.words[hit.end - 1] in rarely

    def _is_subject(self, hit: Hit) -> bool:
        """Not "i live with my mum", "me and the wife" or "my wife says ..."."""
        words, at = self.story.words, hit.start - 1
        while at >= 0 and words[at] in _words().determiners:
            at -= 1
        led = words[at] if at >= 0 else "."
        alone = len(hit.words) == 1  # and not "the kid next door"
        of_mine = words[hit.start - 1 : hit.start] in (["my"], ["our"])
        if alone and words[hit.start] in _words().only_after_my and not of_mine:
            return False
        with_the_case = led == "and" and words[max(0, at - 1)] in _words().self
        return led not in _words().not_subject_after and not with_the_case and not self._looks_on(hit)

    def _looks_on(self, hit: Hit) -> bool:
        """ "my wife says", "my son has kicked", "nobody can bend it": what follows is not theirs."""
        able = self.story.words[hit.end : hit.end + 1] in (["can"], ["could"])
        if able and self.story.words[hit.start] in _words().indefinite:
            return True
        following = [w for w in self.story.words[hit.end : hit.end + 2] if w not in _words().auxiliaries]
        return bool(set(following[:1]) & _words().only_looks_on)

    def _is_kin_of_the_case(self, at: int) -> bool:
        """ "im his daughter, 44, fit as a fiddle": what follows is the writer's own."""
        words = self.story.words[at : at + 3]
        return (
            words[:1] == ["im"] and words[1:2] in (["his"], ["her"], ["their"]) and words[-1] in kin_words()
        )

    def _writer(self, at: int) -> str:
        """The writer is the case, or an onlooker who may tell something of their own state."""
        if self.story.about == "self":
            return _CASE
        if self._is_kin_of_the_case(at):
            return _OTHER
        if self.story.words[at] in ("mine", "myself"):
            return _OTHER
        if self.story.words[at] not in ("i", "ive", "im"):
            return self.bearer
        next_words = self.story.words[at + 1 : at + 3]
        own = next_words[:1] and next_words[0] in _words().own_state
        told = any(at < f.start <= at + 4 for f in self.story.findings)
        onlooker = set(next_words[1:]) & (_words().not_own_state - ({"a"} if told else set()))
        return _OTHER if own and not onlooker else _CASE
