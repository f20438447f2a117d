"""A second ear for danger: does a message read like those of people in danger, whatever its words are?

The rules hear what they have words for, and a danger sign may need four of them at once. This one hears the
company that words keep: TF-IDF of words and letters into a linear support vector machine (``IntentModel``),
learnt in a few seconds, when it is first needed, from the labelled messages in ``likeness_examples``.
Its vote can only raise the urgency: it becomes one finding of its own, and takes nothing back that was heard.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from bot.clinical.conditions import URGENCIES
from bot.clinical.facts import PRESENT, Facts
from bot.clinical.judge import urgency_and_band
from bot.clinical.mentions import Mention
from bot.clinical.merge import merge

from .intent_model import IntentModel
from .story import Story
from .vocabulary import read

EXAMPLES = Path(__file__).with_name("likeness_examples")
_NONE = "none"
_FACTS = frozenset({"symptom", "risk_factor", "event", "weeks_since_event", "age", "sex", "body_site"})
_SENTENCE = re.compile(r"(?<=[.!?]) +")
_NUMBER = re.compile(r"\d+(?:[.,/]\d+)?")


def examples(but: Path | None = None) -> Iterator[tuple[str, str]]:
    """``(message, label)`` of all files ``but`` one; a label is "none", or "emergency/pe"."""
    levels = read("likeness")["levels"]
    for path in sorted(set(EXAMPLES.glob("*.jsonl")) - {but}):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            urgent = row["red_flag"] and row["urgency"] in levels
            yield row["text"], f"{row['urgency']}/{row['red_flag']}" if urgent else _NONE


@lru_cache(maxsize=1)
def likeness_model() -> IntentModel:
    return trained(list(examples()))


def trained(pairs: Sequence[tuple[str, str]]) -> IntentModel:
    """Learn from ``(message, label)``, and from the pieces of those that are harmless."""
    learnt = [*pairs, *_pieces(pairs)]
    return IntentModel.trained([_shape(text) for text, _ in learnt], [label for _, label in learnt])


def _pieces(pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The sentences of harmless messages, as harmless as the whole: a story may come in several messages."""
    whole, fewest = {text for text, _ in pairs}, int(read("likeness")["fewest_words"])
    for text in (text for text, label in pairs if label == _NONE):
        for piece in _SENTENCE.split(text):
            if piece not in whole and len(piece.split()) >= fewest:
                yield piece, _NONE


def _shape(text: str) -> str:
    """With how long each number is in place of the number: what matters is that one was given."""
    return _NUMBER.sub(lambda number: f" n{len(number.group())} ", text)


def likenesses(text: str) -> dict[str, float]:
    """Urgency -> how much the message reads like those of that urgency or a higher one, 0 to 1."""
    ranked = likeness_model().rank(_shape(text))
    shares: dict[str, float] = {}
    above = 0.0
    for level in read("likeness")["levels"]:
        above += sum(share for label, share in ranked if label.startswith(f"{level}/"))
        shares[level] = above
    return shares


def resembles(text: str, heard: str | None = None, mentions: Sequence[Mention] = ()) -> str | None:
    """The urgency of the danger that a message reads like, where that is clear enough; else None.

    ``heard``: the urgency of what the rules made of it, from ``mentions``. More is asked to raise a
    danger than to find one, and most where the rules followed much of the message.
    """
    limits = read("likeness")
    shares = likenesses(text)
    is_long = len(text.split()) > int(limits["long"]["over_words"])
    least = float(limits["long"]["least"] if is_long else limits["least"])
    if max(shares.values()) < max(_least_for(mentions), least):
        return None
    key = "raises_from" if heard in shares else "from"
    if is_long or (heard in shares and _followed(mentions) > int(limits["few_facts"])):
        key = "outdoes_from"
    levels = limits["levels"]
    return next((level for level, share in shares.items() if share >= float(levels[level][key])), None)


def hear_likeness(story: Story) -> None:
    """Append the vote as a symptom, where what the rules heard is less urgent by itself."""
    words = tuple(at for at, word in enumerate(story.words) if word[0].isalnum())
    limits = read("likeness")
    if not int(limits["fewest_words"]) <= len(words) <= int(limits["most_words"]):
        return
    heard, _ = urgency_and_band(merge(Facts(), story.mentions).facts)
    level = resembles(story.text, heard, story.mentions)
    if level is not None and URGENCIES.index(heard) < URGENCIES.index(level):
        finding = limits["levels"][level]["finding"]
        story.mentions.append(story.mention("symptom", finding, words))


def _followed(mentions: Sequence[Mention]) -> int:
    return sum(mention.kind in _FACTS for mention in mentions)


def _least_for(mentions: Sequence[Mention]) -> float:
    """The share that is asked for, by how much of a story the rules followed."""
    asks = {name: float(value) for name, value in read("likeness")["story"].items()}
    weeks = next((float(m.value) for m in mentions if m.kind == "weeks_since_event"), None)
    odds = asks["start"] + asks["fact"] * _followed(mentions)
    odds += asks["event"] * any(m.kind == "event" and m.assertion == PRESENT for m in mentions)
    if weeks is not None:
        odds += asks["old"] * (weeks >= asks["old_from_weeks"])
        odds += asks["fresh"] * (weeks < asks["fresh_below_weeks"])
    return 1 / (1 + math.exp(-odds))
