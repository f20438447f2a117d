"""What the parts of the ear pass to each other about one message."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from spacy.tokens import Doc

from bot.clinical.facts import ABSENT, PRESENT
from bot.clinical.mentions import Mention

from .vocabulary import kin_words, read

#: A statement that is none about the case as it is now: a fear, a question, the past, another person.
NONE = "none"


@dataclass(frozen=True)
class Finding:
    """A symptom, risk factor, event or event part, the words it used, and what is said of it."""

    kind: str
    name: str
    words: tuple[int, ...]
    assertion: str = PRESENT

    @property
    def start(self) -> int:
        return self.words[0]

    @property
    def end(self) -> int:
        return self.words[-1] + 1

    def said(self, assertion: str) -> Finding:
        return replace(self, assertion=assertion)


@dataclass(frozen=True)
class Length:
    """A length or point of time: the words, how many weeks, and what it measures.

    ``role``: ``ago`` (a point in the past), ``later`` (after something told before), ``lasting``
    (how long something has gone on), ``stay`` (time in a bed, cast or coma) or ``bare``.
    """

    start: int
    end: int
    weeks: float
    role: str


@dataclass
class Story:
    """One message on its way through the pipeline."""

    words: list[str]
    spans: list[tuple[int, int]]
    text: str
    today: date
    findings: list[Finding] = field(default_factory=list)
    lengths: list[Length] = field(default_factory=list)
    about: str = "self"
    correction: bool = False
    #: positions of words of findings that were taken back: nothing else changes what is said of these
    settled: set[int] = field(default_factory=set)
    #: positions of words that some part of the ear made use of
    followed: set[int] = field(default_factory=set)
    mentions: list[Mention] = field(default_factory=list)

    def mention(
        self, kind: str, value: str | float, words: tuple[int, ...], assertion: str = PRESENT
    ) -> Mention:
        start, end = self.spans[words[0]][0], self.spans[words[-1]][1]
        return Mention(kind, value, assertion, self.text[start:end], start, end, self.correction)

    def clause(self, at: int) -> range:
        """The words between the punctuation marks (and "and", "but") around word ``at``."""
        start = end = at
        while start > 0 and self.words[start - 1] not in _CLAUSE_ENDS:
            start -= 1
        while end < len(self.words) and self.words[end] not in _CLAUSE_ENDS:
            end += 1
        return range(start, end)

    def sentence(self, at: int) -> range:
        start = end = at
        while start > 0 and self.words[start - 1] not in breaks():
            start -= 1
        while end < len(self.words) and self.words[end] not in breaks():
            end += 1
        return range(start, end)

    def is_at_large(self, at: int) -> bool:
        """Whether word ``at`` stands in a question about HO at large ("is a hip replacement a cause?")."""
        sentence = self.sentence(at)
        opened = bool(sentence) and self.words[sentence.start] in _OPENERS
        if self.words[sentence.start : sentence.start + 2] in (
            ["could", "be"],
            ["may", "be"],
            ["would", "be"],
        ):
            opened = False  # "could be swollen" is a doubt
        if _leaves_out_subject(self.words, sentence) or self.is_cleft(sentence):
            opened = False
        if _asks_of_oneself(self.words, sentence):
            opened = False
        return opened and not any(self.words[i] in _PERSONAL for i in sentence)

    def is_cleft(self, sentence: range) -> bool:
        return _is_cleft(self.words, sentence)

    def present(self, kind: str) -> list[Finding]:
        return [f for f in self.findings if f.kind == kind and f.assertion == PRESENT]

    def denied(self, kind: str) -> list[Finding]:
        return [f for f in self.findings if f.kind == kind and f.assertion == ABSENT]


def breaks() -> frozenset[str]:
    return _BREAKS


def _leaves_out_subject(words: list[str], sentence: range) -> bool:
    """ "can only walk with help", "is swollen and red" without a question mark."""
    asked = words[sentence.stop : sentence.stop + 1] == ["?"]
    aside = sentence.start > 0 and words[sentence.start - 1] == ")"  # "the nerve (the ulnar one) is squashed"
    following = words[sentence.start + 1 : sentence.start + 2]
    return not asked and (aside or bool(_NO_QUESTION_AFTER & set(following)))


def _is_cleft(words: list[str], sentence: range) -> bool:
    """ "what remains is a stiff shoulder", "whats left of the swelling is round the ankle": no question."""
    asked = words[sentence.stop : sentence.stop + 1] == ["?"]
    what = words[sentence.start] in ("what", "whats", "all")
    verb = set(words[sentence.start + 1 : sentence.start + 2])
    rest = words[sentence.start + 2 : sentence.stop]
    return what and not asked and not verb & _ASKING_VERBS and bool({"is", "are", "was"} & set(rest))


_ASKING_VERBS = frozenset(read("short_answers")["asking_verbs"])


def _asks_of_oneself(words: list[str], sentence: range) -> bool:
    """ "is it normal to be winded on the stairs?" tells of whoever asks."""
    opening = words[sentence.start : min(sentence.start + _OPENING, sentence.stop)]
    return any(pair[0] == "to" and pair[1] in _FELT for pair in pairwise(opening))


_OPENING = 6
_FELT = frozenset(read("assertion")["felt"])
_NO_QUESTION_AFTER = frozenset(
    [*read("short_answers")["no_question_after"], *read("assertion")["adjectives"]]
)
_OPENERS = frozenset(read("short_answers")["question_openers"])
_PERSONAL = frozenset([*read("people")["personal"], *(word for word in kin_words() if " " not in word)])
_BREAKS = frozenset(read("assertion")["breaks"])
_CLAUSE_ENDS = _BREAKS | {",", "but", "and", "-", "/", "though", "because"}


def story_of(doc: Doc) -> Story:
    found: Story = doc.user_data["story"]
    return found
