"""A reason names no sign that its rule can do without: what a person reads is what they told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.clinical.facts import Facts
from bot.clinical.judge import judge
from bot.clinical.knowledge_base import knowledge
from bot.nlu import understand

KNOWN = knowledge()
FOLDER = Path(__file__).resolve().parents[3] / "bot" / "clinical" / "knowledge"
TOLD = "{told}"
Branch = frozenset[str]

#: What is said of everybody, not of this person, and the words around the signs that the ear takes for signs.
_NO_SIGN = re.compile(
    r"extra bone|new bone|bone grows|no stiffness|weak defences|out of place|a tumour|"
    r"swelling of the jaw, tongue or throat|purple|drooping face|poo\b|"
    r"back pain|hard to wake|sore, an infection|on the wound|the lumps|a jab|"
    r"brain injury|with numbness from|stump|deep bruise|short or turned in|not told|"
    r"be seen soon|nerve damage",
    re.IGNORECASE,
)
#: Two names of one thing, as far as a sentence goes.
_SAME = {
    "pain": {"tenderness", "skin_sensitivity", "severe_pain", "chest_pain", "night_pain"},
    "stiffness": {"loss_of_motion", "no_movement"},
    "loss_of_motion": {"no_movement", "stiffness", "weakness"},
    "lump": {"firmness"},
    "firmness": {"tight_muscle"},
    "skin_wound": {"pressure_sore"},
    "spasticity": {"spasms"},
    "breathlessness": {"coughing_blood"},
    "unwell": {"confusion"},
}


def _branches(node: dict[str, Any]) -> list[Branch]:
    """The smallest sets of findings with which a condition can hold, whatever the place, event or time."""
    parts = [list(_part(key, value)) for key, value in node.items()]
    return [frozenset().union(*chosen) for chosen in product(*parts)]


def _part(key: str, value: Any) -> Iterator[Branch]:
    if key in ("symptom", "risk"):
        yield from (frozenset([name]) for name in (value if isinstance(value, list) else [value]))
    elif key == "all":
        yield from (frozenset().union(*chosen) for chosen in product(*map(_branches, value)))
    elif key == "any":
        yield from (branch for one in value for branch in _branches(one))
    elif key == "at_least":
        for chosen in combinations(value["of"], value["count"]):
            yield from (frozenset().union(*some) for some in product(*map(_branches, chosen)))
    else:
        yield frozenset()


def _rules() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for file in ("red_flags", "urgency", "scores", "timing"):
        held = yaml.safe_load((FOLDER / f"{file}.yml").read_text(encoding="utf-8"))
        for part in held.values() if isinstance(held, dict) else [held]:
            for entry in part:
                text = entry.get("say") or entry.get("sentence")
                if text and entry.get("when"):
                    yield f"{file}: {entry['id']}", text, entry["when"]


RULES = list(_rules())


def _told(branch: Branch) -> set[str]:
    implied = (name for one in branch for name in KNOWN.rules.implied.get(one, ()))
    return {*branch, *implied}


def _alternatives(text: str) -> list[set[str]]:
    """The signs that each part of the first sentence names, "a, b or c" parts taken apart."""
    first = re.split(r"\.\s", text)[0]
    about = re.split(r"\b(?:can|may|should|needs?)\b", first)[0]
    parts = re.split(r",| or ", _NO_SIGN.sub(" ", about))
    heard = (
        {str(m.value) for m in understand(part) if m.kind in ("symptom", "risk_factor")}
        for part in parts
        if part.strip()
    )
    return [names & (KNOWN.symptoms.keys() | KNOWN.risk_factors.keys()) for names in heard]


def _is_told(name: str, told: set[str]) -> bool:
    return name in told or bool(_SAME.get(name, set()) & told)


@pytest.mark.parametrize(("text", "when"), [r[1:] for r in RULES], ids=[r[0] for r in RULES])
def test_a_reason_names_only_what_its_rule_asks_for(text: str, when: dict[str, Any]) -> None:
    if TOLD in text:
        assert all(any(name in KNOWN.symptoms for name in branch) for branch in _branches(when))
        text = text.replace(TOLD, "it")
    named = _alternatives(text)
    if not any(named):
        return
    for branch in _branches(when):
        told = _told(branch)
        assert any(names and all(_is_told(name, told) for name in names) for names in named), sorted(branch)


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (["firmness", "numbness_tingling"], "A firm or hard area and numbness or tingling can mean"),
        (["swelling", "numbness_tingling"], "Swelling and numbness or tingling can mean"),
    ],
)
def test_a_reason_names_the_signs_that_were_told(told: list[str], sentence: str) -> None:
    facts = Facts.from_json({"event_type": "burn", "body_site": "elbow", "symptoms_present": told})
    said = [flag.say for flag in judge(facts).red_flags if flag.id == "numb_swollen"]
    assert said
    assert said[0].startswith(sentence)


def test_of_a_sign_and_what_it_implies_only_the_sign_is_named() -> None:
    facts = Facts.from_json({"event_type": "thr", "symptoms_present": ["severe_pain", "sudden_onset"]})
    said = " ".join(flag.say for flag in judge(facts).red_flags)
    assert "very bad pain and a sudden start" in said
    assert " pain, " not in said
