"""What patients read is plain: every sentence of the knowledge files and of the domain is measured."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import textstat
import yaml

ROOT = Path(__file__).resolve().parents[2]
KNOWLEDGE = ROOT / "bot" / "clinical" / "knowledge"
WEB = ROOT / "bot" / "web"
TERMS = yaml.safe_load((ROOT / "tests" / "data" / "readability_terms.yml").read_text(encoding="utf-8"))

#: Keys whose strings are shown to a person. Names, ids, conditions and notes are not.
SHOWN = {
    *("text", "again", "simple", "why", "title", "self", "other", "numb_self", "numb_other"),
    *("male_self", "male_other"),
    *("say", "sentence", "advice", "who_to_see", "raised", "lowered", "label", "label_denied"),
    *("look_for", "get_help", "how_long", "uncertainty", "ask_for", "informative", "offer", "asks"),
}
#: Files whose titles are those of publications, or that hold what we hear instead of what we say.
NOT_SHOWN = {"sources.yml", "scores.yml"}
HIGHEST_GRADE = 6.0
LONGEST_SENTENCE = 25
LONGEST_MESSAGE = 350
#: The grade is made for sentences: it says nothing about a label or a button of a few words.
SENTENCE = re.compile(r"\w\W+\w+\W+\w+\W+\w.*[.?!:]$", re.DOTALL)

FORBIDDEN = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\byou (?:probably |likely |may |might |do )?have (?:ho|heterotopic)\b",
        r"\bnothing to worry about\b",
        r"\b(?:don'?t|do not|no need to) worry\b",
        r"\b(?:you are|you're) fine\b",
        r"\b\d+(?:[.,]\d+)?\s?(?:mg|mcg|µg|milligrams?|gr?a?y|tablets?|pills?)\b",
        r"\b(?:once|twice|three times) (?:a day|daily)\b",
    )
]

Unit = tuple[str, str, str]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)


def _shown(node: Any, entry: str, key: str | None = None) -> Iterator[tuple[str, str]]:
    """Every shown string below ``node`` with the id of its entry."""
    if isinstance(node, str):
        if key in SHOWN:
            yield entry, node
    elif isinstance(node, list):
        for item in node:
            yield from _shown(item, entry, key)
    elif isinstance(node, dict):
        entry = str(node.get("id", entry))
        for name, value in node.items():
            yield from _shown(value, entry, name)


def _knowledge_units() -> Iterator[Unit]:
    for path in sorted(KNOWLEDGE.glob("*.yml")):
        if path.name in NOT_SHOWN:
            continue
        for entry, text in _shown(yaml.safe_load(path.read_text(encoding="utf-8")), path.stem):
            yield path.name, entry, text


def _domain_units() -> Iterator[Unit]:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    for name, variants in domain["responses"].items():
        if name.startswith("utter_other_language_"):
            continue  # the grade is one of English
        for _, text in _shown(variants, name):
            yield "domain.yml", name, text


def _page_units() -> Iterator[Unit]:
    """The words of the page: the strings of WORDS in words.js, and the texts of index.html."""
    script = (WEB / "words.js").read_text(encoding="utf-8")
    words = re.search(r"^export const WORDS = \{\n(.*?)^\};", script, re.DOTALL | re.MULTILINE)
    assert words
    for text in re.findall(r'"([^"]+)"', words[1]):
        yield "words.js", "WORDS", text
    page = (WEB / "index.html").read_text(encoding="utf-8")
    for text in re.findall(r">([^<>]*\w[^<>]*)<", page):
        yield "index.html", "text", html.unescape(text)


def _chat_app_units() -> Iterator[Unit]:
    """The words around a message in Slack and Telegram."""
    words = yaml.safe_load((ROOT / "bot" / "channels" / "words.yml").read_text(encoding="utf-8"))
    for key, value in words.items():
        for text in _strings(value):
            yield "words.yml", key, text


UNITS = [*_knowledge_units(), *_domain_units(), *_page_units(), *_chat_app_units()]


def plain(text: str) -> str:
    """``text`` as it is measured: placeholders filled, needed terms read as short words."""
    text = re.sub(r"\{[a-z_]+\}", "it", " ".join(text.split()))
    for entry in sorted(TERMS, key=lambda entry: -len(entry["term"])):
        text = re.sub(_any_number(entry["term"]), entry["plain"], text, flags=re.IGNORECASE)
    return text


def _any_number(term: str) -> str:
    """A pattern for the term in singular and plural (injury, injuries)."""
    stem, ending = (term[:-1], "(?:y|ies)") if term.endswith("y") else (term, "s?")
    return rf"\b{re.escape(stem)}{ending}\b"


def grade(text: str) -> float:
    return float(textstat.flesch_kincaid_grade(plain(text)))


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?:;])\s+", text.strip()) if part]


def _told(found: list[str]) -> str:
    return "\n".join(["", *found])


def test_there_is_something_to_measure() -> None:
    assert {
        "teaching.yml",
        "glossary.yml",
        "phrases.yml",
        "domain.yml",
        "words.js",
        "index.html",
        "words.yml",
    } <= {unit[0] for unit in UNITS}


def test_the_page_has_no_words_outside_of_what_is_measured() -> None:
    script = (WEB / "words.js").read_text(encoding="utf-8")
    assert re.findall(r'(?:text: |part\()"\w', script) == []


def test_each_text_reads_at_grade_six_or_below() -> None:
    found = [
        f"{file} {entry}: grade {grade(text):.1f}: {text}"
        for file, entry, text in UNITS
        if SENTENCE.search(text.strip()) and grade(text) > HIGHEST_GRADE
    ]
    assert not found, _told(found)


def test_no_sentence_is_longer_than_25_words() -> None:
    found = [
        f"{file} {entry}: {len(sentence.split())} words: {sentence}"
        for file, entry, text in UNITS
        for sentence in sentences(text)
        if len(sentence.split()) > LONGEST_SENTENCE
    ]
    assert not found, _told(found)


def test_no_message_is_longer_than_350_characters() -> None:
    found = [
        f"{file} {entry}: {len(text)} characters: {text}"
        for file, entry, text in UNITS
        if len(" ".join(text.split())) > LONGEST_MESSAGE
    ]
    assert not found, _told(found)


def test_no_text_holds_a_forbidden_phrase_or_a_dose() -> None:
    found = [
        f"{file} {entry}: {hit.group()!r} in: {text}"
        for file, entry, text in UNITS
        for hit in [pattern.search(text) for pattern in FORBIDDEN]
        if hit
    ]
    assert not found, _told(found)


@pytest.mark.parametrize(
    "text",
    [
        "Good news: you have HO.",
        "There is nothing to worry about.",
        "Take 75 mg of it.",
        "Use it twice a day.",
    ],
)
def test_the_forbidden_list_catches_what_it_is_for(text: str) -> None:
    assert any(pattern.search(text) for pattern in FORBIDDEN)


def test_each_exempted_term_is_used_and_has_its_reason() -> None:
    everything = " ".join(" ".join(text.split()) for _, _, text in UNITS).lower()
    idle = [entry["term"] for entry in TERMS if entry["term"] not in everything or len(entry["reason"]) < 20]
    assert not idle


def test_an_exempted_term_is_never_longer_than_what_it_stands_for() -> None:
    assert all(len(entry["plain"]) < len(entry["term"]) for entry in TERMS if len(entry["term"]) > 5)
