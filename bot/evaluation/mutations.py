"""Say the same in other words: six mutations that keep the meaning, the same for the same seed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from .cases import Case
from .metrics import Outcome
from .rates import Rate

_FILE = Path(__file__).with_name("mutations.yml")

#: One word in so many is misspelt; words of fewer letters are left alone.
TYPO_EVERY = 8
TYPO_MIN_LETTERS = 6

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_CLAUSE = re.compile(r"(?:,\s+|\s+)(?=(?:and|but|then|now)\b)|,\s+", re.IGNORECASE)
_APOSTROPHE = re.compile("['\u2019]")
_PUNCTUATION = re.compile(r"(?<!\d)[-/.]|[-/.](?!\d)|[,;:!?()\"]")
_WORD = re.compile(r"[A-Za-z']+")


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return loaded


def typos(case: Case, rng: random.Random) -> list[str]:
    """Swap, drop or double a letter inside some long words."""
    never = set(_data()["never_misspelt"])
    text = case.patient_voice
    words = [m for m in _WORD.finditer(text) if len(m.group()) >= TYPO_MIN_LETTERS]
    spared = [m for m in words if m.group().lower() not in never]
    chosen = rng.sample(spared, min(len(spared), max(1, len(_WORD.findall(text)) // TYPO_EVERY)))
    for found in sorted(chosen, key=lambda m: -m.start()):
        text = text[: found.start()] + _misspelt(found.group(), rng) + text[found.end() :]
    return [text]


def _misspelt(word: str, rng: random.Random) -> str:
    # The first and the last letter stay, as in most slips of real typing.
    at = rng.randrange(1, len(word) - 2)
    kind = rng.choice(("swap", "drop", "double"))
    middle = {"swap": word[at + 1] + word[at], "drop": word[at + 1], "double": word[at] * 2 + word[at + 1]}
    return word[:at] + middle[kind] + word[at + 2 :]


def sentence_order(case: Case, rng: random.Random) -> list[str]:
    """Tell the sentences in another order; a story of one sentence stays."""
    parts = _SENTENCE.split(case.patient_voice)
    if len(parts) == 1:
        return [case.patient_voice]
    turned = rng.randrange(1, len(parts))
    return [" ".join(_ended(part) for part in parts[turned:] + parts[:turned])]


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?")) else sentence + "."


def two_messages(case: Case, rng: random.Random) -> list[str]:
    """Send the story in two messages, cut where a sentence (else a clause) ends nearest the middle."""
    text = case.patient_voice
    cuts = list(_SENTENCE.finditer(text)) or list(_CLAUSE.finditer(text))
    if not cuts:
        return [text]
    cut = min(cuts, key=lambda m: abs(m.start() - len(text) / 2))
    return [text[: cut.start()], text[cut.end() :]]


def caregiver_voice(case: Case, rng: random.Random) -> list[str]:
    """A partner tells the patient's story; a caregiver's own story stays."""
    if case.speaker != "patient":
        return [case.patient_voice]
    words, text = _data()["caregiver"], case.patient_voice
    for said, instead in words["swaps"]:
        text = re.sub(rf"(?<![\w'])(?:{said})(?![\w'])", instead, text, flags=re.IGNORECASE)
    return [f"{words['opening']} {text}"]


def plain(case: Case, rng: random.Random) -> list[str]:
    """No capitals and no punctuation, save inside numbers ("38.5", "5-6")."""
    text = _APOSTROPHE.sub("", case.patient_voice.lower())
    return [" ".join(_PUNCTUATION.sub(" ", text).split())]


def filler(case: Case, rng: random.Random) -> list[str]:
    """Begin each sentence, and one clause or the other, with words that say nothing."""
    fillers = _data()["fillers"]
    parts = _SENTENCE.split(case.patient_voice)
    said = [f"{rng.choice(fillers)}, {part.replace(', ', f', {rng.choice(fillers)}, ', 1)}" for part in parts]
    return [" ".join(said)]


MUTATIONS: dict[str, Callable[[Case, random.Random], list[str]]] = {
    function.__name__: function
    for function in (typos, sentence_order, two_messages, caregiver_voice, plain, filler)
}


def mutate(case: Case, name: str, seed: int = 0) -> list[str]:
    """The messages of the mutated story. The same case, name and seed always give the same."""
    return MUTATIONS[name](case, random.Random(f"{seed}/{name}/{case.id}"))


@dataclass(frozen=True)
class Flip:
    """One mutated story that was judged otherwise than the story as written."""

    id: str
    mutation: str
    before: tuple[str | None, str | None]
    after: tuple[str | None, str | None]
    messages: tuple[str, ...]


def flips(
    outcomes: Sequence[Outcome], assess: Callable[[Case, list[str]], Outcome]
) -> dict[str, tuple[Rate, list[Flip]]]:
    """By mutation: how often the verdict (urgency or risk band) of a mutated story differs.

    A story that the mutation leaves as it is cannot flip and does not count.
    """
    return {name: _flips_of(name, outcomes, assess) for name in MUTATIONS}


def _flips_of(
    name: str, outcomes: Sequence[Outcome], assess: Callable[[Case, list[str]], Outcome]
) -> tuple[Rate, list[Flip]]:
    found = []
    told = [(outcome, mutate(outcome.case, name)) for outcome in outcomes]
    changed = [(outcome, messages) for outcome, messages in told if messages != [outcome.case.patient_voice]]
    for outcome, messages in changed:
        other = assess(outcome.case, messages)
        before, after = (outcome.urgency, outcome.risk_band), (other.urgency, other.risk_band)
        if before != after:
            found.append(Flip(outcome.case.id, name, before, after, tuple(messages)))
    return Rate(len(found), len(changed)), found


def flips_report(found: dict[str, tuple[Rate, list[Flip]]]) -> dict[str, Any]:
    """The ``mutations`` object of the JSON report."""
    total = Rate(sum(rate.hits for rate, _ in found.values()), sum(rate.n for rate, _ in found.values()))
    listed = [flip for _, flips_found in found.values() for flip in flips_found]
    return {
        "flip_rate": total.to_json(),
        "urgency_flip_rate": Rate(sum(f.before[0] != f.after[0] for f in listed), total.n).to_json(),
        "by_mutation": {name: rate.to_json() for name, (rate, _) in found.items()},
        "flipped": [
            {"id": f.id, "mutation": f.mutation, "before": f.before, "after": f.after, "messages": f.messages}
            for f in listed
        ],
    }
