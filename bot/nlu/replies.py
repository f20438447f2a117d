"""Answers that only make sense beside the question: "yes my grip", "same as always", "icy", "C5".

The ear does not know which question is open. An ``answer`` (yes, no, none, unknown) says how the whole
question is answered; a nod ("ok") answers nothing; an ``if_asked`` mention names a fact and holds only
where that fact was asked about, and an ``if_placed`` one names an event and holds only at its place.
The words are ``vocabulary/short_answers.yml`` under ``leading``, ``nods``, ``replies``, ``if_asked`` and
``if_placed``.
"""

from __future__ import annotations

from functools import lru_cache

from bot.clinical.facts import ABSENT, PRESENT, UNKNOWN, VALUE_FACTS

from .mending import markers
from .patterns import Hit, PatternSet, longest
from .story import Finding, Story
from .vocabulary import pattern_set, read

_KINDS = ("symptom", "risk_factor")
#: A longer message tells a story of its own.
_SHORT_REPLY = 8
_LONGEST_REPLY = 11
_DENIED_WITHIN = 4
_LONGEST_NOD = 4
#: words within which a yes or no is put right
_LONGEST_MENDED = 7


def hear_replies(story: Story) -> None:
    """Add an ``answer`` mention, at most one, and an ``if_asked`` one a fact that the words may mean."""
    if _is_nod(story):
        return
    told = [f for f in story.findings if f.kind in _KINDS and f.assertion in (PRESENT, ABSENT, UNKNOWN)]
    if not (_hear_rest(story) or _hear_yes_or_no(story, bool(told))):
        _hear_phrase(story, told)
    _hear_choice(story)
    _hear_if_asked(story)
    _hear_if_placed(story)


def _is_nod(story: Story) -> bool:
    """ "ok", "right", "thanks": it agrees (see ``bot.nlu.asides``), and is no yes or no to a complaint."""
    said = {word for word in story.words if word.isalpha()}
    return bool(said) and len(story.words) <= _LONGEST_NOD and said <= set(read("short_answers")["nods"])


def _hear_rest(story: Story) -> bool:
    """ "none apart from the swelling": the rest of what was asked about is denied."""
    hits = [hit for hit in _rest().find(story.words) if hit.start <= 1]
    if hits and len(story.words) <= _LONGEST_REPLY:
        story.mentions.append(story.mention("answer", str(hits[0].label), hits[0].words))
    return bool(hits)


def _hear_choice(story: Story) -> None:
    """ "the second one", "first and last", "all of them": options by their place, and nothing else."""
    data, words = read("short_answers")["choices"], [w for w in story.words if w.isalnum()]
    named = [str(value) for word in words for value, said in data["places"].items() if word in said]
    if not named or any(word not in data["beside"] and not _place_of(word) for word in words):
        return
    every = tuple(range(len(story.words)))
    story.mentions += [story.mention("choice", value, every) for value in dict.fromkeys(named)]
    if not any(mention.kind == "answer" for mention in story.mentions):
        story.mentions.append(story.mention("answer", "yes", every))
    story.followed |= set(every)


def _place_of(word: str) -> bool:
    return any(word in said for said in read("short_answers")["choices"]["places"].values())


def _hear_yes_or_no(story: Story, told: bool) -> bool:
    """The "yes" or "no" that opens or closes a longer message.

    "No fever" denies the fever and answers nothing: a mark or a new subject must follow the "no",
    unless the rest says nothing by itself ("no, all working").
    """
    data, words = read("short_answers")["leading"], story.words
    if len(words) < 2:
        return False
    if _is_mended(story):
        return _hear_mended(story)
    for at in (0, len(words) - 1):
        value = next((value for value in ("yes", "no") if words[at] in data[value]), None)
        if at == 0 and value == "no" and words[1] in data["not_after_no"]:
            continue
        if value == "no" and told and (at or (words[0] == "no" and words[1] not in data["after_no"])):
            continue
        if value and (at == 0 or len(words) <= _SHORT_REPLY):
            story.mentions.append(story.mention("answer", value, (at,)))
            return True
    return False


def _is_mended(story: Story) -> bool:
    """ "yes - no wait, no": a yes or no that is taken back at once."""
    data = read("short_answers")["leading"]
    both = {value for value in ("yes", "no") for word in story.words[:_LONGEST_MENDED] if word in data[value]}
    opens = story.words[0] in data["yes"] + data["no"]
    return opens and len(both) > 1 and any(hit.start <= _LONGEST_MENDED for hit in markers(story))


def _hear_mended(story: Story) -> bool:
    """The last yes or no stands."""
    data = read("short_answers")["leading"]
    said = [
        (value, at)
        for at, word in enumerate(story.words[:_LONGEST_MENDED])
        for value in ("yes", "no")
        if word in data[value]
    ]
    value, at = said[-1]
    story.mentions.append(story.mention("answer", value, (at,)))
    return True


def _hear_phrase(story: Story, told: list[Finding]) -> None:
    """The phrase of a short message that answers by itself ("nothing new"); the last counts.

    What was told beside it answers better, unless it only denies, with the same words ("feels normal").
    """
    if len(story.words) > _SHORT_REPLY or story.words[0] in read("short_answers")["wh_words"]:
        return
    hits = [hit for hit in longest(dict.fromkeys(_phrases().find(story.words))) if hit.label]
    hits = [hit for hit in hits if all(_says_the_same(hit, finding) for finding in told)]
    if hits:
        story.mentions.append(story.mention("answer", str(hits[-1].label), hits[-1].words))
        story.followed |= set(hits[-1].words)


def _says_the_same(hit: Hit, finding: Finding) -> bool:
    return finding.assertion == ABSENT and hit.label == "no" and set(finding.words) <= set(hit.words)


def _hear_if_asked(story: Story) -> None:
    if len(story.words) > _LONGEST_REPLY:
        return
    heard: dict[str, Hit] = {}
    for hit in longest(dict.fromkeys(_if_asked().find(story.words))):
        label: tuple[str, str] = hit.label  # type: ignore[assignment]
        fact, assertion = label
        # Present is never overruled by a denial in the same breath.
        if fact not in heard or assertion == PRESENT:
            heard[fact] = hit
    for fact, hit in heard.items():
        said = str(hit.label[1])  # type: ignore[index]
        if fact in VALUE_FACTS:
            story.mentions.append(story.mention("if_asked", f"{fact}={said}", hit.words))
        elif said != PRESENT or not _is_denied(story, hit):
            story.mentions.append(story.mention("if_asked", fact, hit.words, said))


def _hear_if_placed(story: Story) -> None:
    """ "replaced": a new hip where a hip was told before, a new knee where a knee was."""
    if len(story.words) > _LONGEST_NOD:
        return
    for hit in longest(dict.fromkeys(_if_placed().find(story.words))):
        if not _is_denied(story, hit):
            story.mentions.append(story.mention("if_placed", str(hit.label), hit.words))
            story.followed |= set(hit.words)


def _is_denied(story: Story, hit: Hit) -> bool:
    """ "not huge", "no, nothing sudden"."""
    before = story.words[max(0, hit.start - _DENIED_WITHIN) : hit.start]
    turned = {"but", "just", "only"} & set(before)
    return bool(set(read("short_answers")["denials"]) & set(before)) and not turned


@lru_cache(maxsize=1)
def _phrases() -> PatternSet:
    """Phrases whose label is the answer; an empty one takes its words away from the others."""
    replies = read("short_answers")["replies"]
    return pattern_set(
        (answer if answer != "neither" else "", pattern)
        for answer, patterns in replies.items()
        for pattern in patterns
    )


@lru_cache(maxsize=1)
def _rest() -> PatternSet:
    said = read("short_answers")["rest"]
    return pattern_set((answer, pattern) for answer, patterns in said.items() for pattern in patterns)


@lru_cache(maxsize=1)
def _if_placed() -> PatternSet:
    return pattern_set(
        (f"{place}={event}", pattern)
        for place, events in read("short_answers")["if_placed"].items()
        for event, patterns in events.items()
        for pattern in patterns
    )


@lru_cache(maxsize=1)
def _if_asked() -> PatternSet:
    return pattern_set(
        ((fact, assertion), pattern)
        for fact, said in read("short_answers")["if_asked"].items()
        for assertion, patterns in said.items()
        for pattern in patterns
    )
