"""The training examples are complete, unambiguous, and never a text that a test measures with."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot.nlu.likeness import examples as likeness_examples

ROOT = Path(__file__).resolve().parents[2]
FEWEST = 15
#: Keys of the test sets that hold what a person wrote.
TEXT_KEYS = ("text", "patient_voice")


def _normal(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9 ]", " ", re.sub(r"['\u2019]", "", text.lower())).split())


def _examples() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            if "intent" in block:
                lines = block["examples"].splitlines()
                found[block["intent"]] += [line.strip()[2:].strip() for line in lines if line.strip()]
    return dict(found)


EXAMPLES = _examples()


def _listed_intents() -> set[str]:
    section = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").split("## Intents")[1]
    remarks_gone = re.sub(r"\([^)]*\)", "", section.split("\n## ")[0])
    lists = [paragraph.split(":", 1)[1] for paragraph in remarks_gone.split("\n\n") if ":" in paragraph]
    return {name for listed in lists for name in re.findall(r"[a-z_]+", listed)}


def _domain_intents() -> set[str]:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    return set(domain["intents"])


def _test_texts() -> Iterator[str]:
    for path in sorted((ROOT / "tests" / "data").rglob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                row = json.loads(line)
                yield from (row[key] for key in TEXT_KEYS if isinstance(row.get(key), str))


def test_the_architecture_lists_dialogue_and_teaching_intents() -> None:
    assert {"greet", "questions_for_doctor", "ask_ho_what", "ask_ho_self_care"} <= _listed_intents()


@pytest.mark.parametrize("intent", sorted(_listed_intents()))
def test_each_listed_intent_has_enough_examples(intent: str) -> None:
    assert len(EXAMPLES.get(intent, [])) >= FEWEST


def test_no_intent_has_examples_that_the_domain_does_not_know() -> None:
    assert set(EXAMPLES) <= _domain_intents()


def test_no_text_is_an_example_twice() -> None:
    seen: dict[str, list[str]] = defaultdict(list)
    for intent, examples in EXAMPLES.items():
        for example in examples:
            seen[_normal(example)].append(intent)
    assert not {text: intents for text, intents in seen.items() if len(intents) > 1}


def test_no_example_is_a_text_that_a_test_set_holds() -> None:
    measured = {_normal(text) for text in _test_texts() if len(text.split()) > 2}
    learnt = [text for examples in EXAMPLES.values() for text in examples]
    learnt += [text for text, _ in likeness_examples()]
    assert not [text for text in learnt if _normal(text) in measured]


def test_each_teaching_intent_has_its_entry() -> None:
    path = ROOT / "bot" / "clinical" / "knowledge" / "teaching.yml"
    taught = {f"ask_ho_{entry['id']}" for entry in yaml.safe_load(path.read_text(encoding="utf-8"))}
    assert taught == {intent for intent in EXAMPLES if intent.startswith("ask_ho_")}


def test_no_example_carries_entity_marks_because_entities_are_found_by_rule() -> None:
    assert not [text for examples in EXAMPLES.values() for text in examples if re.search(r"[\[\]{}]", text)]
