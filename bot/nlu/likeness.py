"""A second ear for danger: does a message read like those of people in danger, whatever its words are?

The rules hear what they have words for, and a danger sign may need four of them at once. This one hears the
company that words keep: TF-IDF of words and letters into a linear support vector machine (``IntentModel``),
learnt in about half a second, when it is first needed, from the labelled messages in ``likeness_examples``.
Its vote can only raise the urgency: it becomes one finding of its own, and takes nothing back that was heard.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from bot.clinical.conditions import URGENCIES
from bot.clinical.facts import Facts
from bot.clinical.judge import urgency_and_band
from bot.clinical.merge import merge

from .intent_model import IntentModel
from .story import Story
from .vocabulary import read

EXAMPLES = Path(__file__).with_name("likeness_examples")
_NONE = "none"


def examples() -> Iterator[tuple[str, str]]:
    """``(message, label)``; a label is "none", or urgency and danger sign ("emergency/pe")."""
    levels = read("likeness")["levels"]
    for path in sorted(EXAMPLES.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            urgent = row["red_flag"] and row["urgency"] in levels
            yield row["text"], f"{row['urgency']}/{row['red_flag']}" if urgent else _NONE


@lru_cache(maxsize=1)
def likeness_model() -> IntentModel:
    texts, labels = zip(*examples(), strict=True)
    return IntentModel.trained(texts, labels)


def likenesses(text: str) -> dict[str, float]:
    """Urgency -> how much the message reads like those of that urgency or a higher one, 0 to 1."""
    ranked = likeness_model().rank(text)
    shares: dict[str, float] = {}
    above = 0.0
    for level in read("likeness")["levels"]:
        above += sum(share for label, share in ranked if label.startswith(f"{level}/"))
        shares[level] = above
    return shares


def resembles(text: str) -> str | None:
    """The urgency of the danger that a message reads like, where that is clear enough; else None."""
    levels = read("likeness")["levels"]
    shares = likenesses(text)
    return next((level for level, share in shares.items() if share >= float(levels[level]["from"])), None)


def hear_likeness(story: Story) -> None:
    """Append the vote as a symptom, where what the rules heard is less urgent by itself."""
    words = tuple(at for at, word in enumerate(story.words) if word[0].isalnum())
    limits = read("likeness")
    if not int(limits["fewest_words"]) <= len(words) <= int(limits["most_words"]):
        return
    level = resembles(story.text)
    if level is None:
        return
    heard, _ = urgency_and_band(merge(Facts(), story.mentions).facts)
    if URGENCIES.index(heard) < URGENCIES.index(level):
        finding = read("likeness")["levels"][level]["finding"]
        story.mentions.append(story.mention("symptom", finding, words))
