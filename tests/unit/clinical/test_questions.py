"""The questions file: nothing dangerous is out of reach, and each question can be answered."""

from __future__ import annotations

import re

import pytest

from bot.clinical.cases import prepare
from bot.clinical.facts import VALUE_FACTS, Facts
from bot.clinical.knowledge_base import Question, knowledge

KNOWN = knowledge()
QUESTIONS = list(KNOWN.questions.values())
EACH = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)


def settings_to_try() -> list[Facts]:
    """Cases among which every ``ask_when`` must hold somewhere: each event, finding and a few people."""
    events = [Facts.from_json({"event_type": name}) for name in KNOWN.triggers]
    findings = [Facts().with_symptom(name, "present") for name in KNOWN.symptoms]
    findings += [Facts().with_risk_factor(name, "present") for name in KNOWN.risk_factors]
    people = [
        Facts.from_json({"event_type": "fall", "weeks_since_event": 1}),
        Facts(age=6).with_symptom("lump", "present"),
        Facts(body_site="left hand").with_symptom("pain", "present"),
    ]
    return [Facts(), *events, *findings, *people]


CASES = [prepare(facts, KNOWN) for facts in settings_to_try()]


def can_be_asked(question: Question) -> bool:
    return any(KNOWN.rules.questions[question.id].holds(case) for case in CASES)


@EACH
def test_the_question_can_be_asked_of_somebody(question: Question) -> None:
    assert can_be_asked(question)


@pytest.mark.parametrize("rule", KNOWN.rules.red_flags, ids=lambda rule: rule.entry.id)
def test_every_danger_sign_can_be_asked_for(rule: object) -> None:
    covered = {name for question in QUESTIONS if can_be_asked(question) for name in question.covers}
    findings = {**KNOWN.symptoms, **KNOWN.risk_factors}
    heard = {name for name, finding in findings.items() if finding.only_heard}
    assert rule.when.names - heard <= covered  # type: ignore[attr-defined]


@EACH
def test_the_lead_fact_is_the_first_that_is_covered(question: Question) -> None:
    assert question.covers[0] == question.fact


@EACH
def test_each_question_offers_not_sure(question: Question) -> None:
    last = question.options[-1]
    assert last.title == "Not sure"
    assert last.sets == dict.fromkeys(question.covers, "unknown")


@pytest.mark.parametrize(
    "question",
    [question for question in QUESTIONS if question.kind == "several"],
    ids=lambda question: question.id,
)
def test_none_of_these_denies_all_that_the_words_cover(question: Question) -> None:
    none = question.options[-2]
    assert none.title == "None of these"
    assert none.sets == dict.fromkeys(question.covers, "absent")


@pytest.mark.parametrize(
    "question",
    [question for question in QUESTIONS if question.kind == "several"],
    ids=lambda question: question.id,
)
def test_each_fact_of_a_several_choice_question_has_its_button(question: Question) -> None:
    chosen = {name for option in question.options[:-2] for name in option.sets}
    assert chosen == set(question.covers)


@EACH
def test_buttons_are_few_and_short(question: Question) -> None:
    titles = [option.title for option in question.options]
    assert 3 <= len(titles) <= 8
    assert len(set(titles)) == len(titles)
    assert max(map(len, titles)) <= 24


@EACH
def test_a_question_for_a_value_asks_for_nothing_else(question: Question) -> None:
    assert question.fact not in VALUE_FACTS or question.covers == [question.fact]


@EACH
def test_the_three_wordings_differ(question: Question) -> None:
    assert len({question.text.self, question.again.self, question.simple.self}) == 3
    assert len({question.text.other, question.again.other, question.simple.other}) == 3


@EACH
def test_words_for_somebody_else_do_not_ask_about_the_reader(question: Question) -> None:
    for wording in (question.text, question.again, question.simple):
        for told in filter(None, (wording.other, wording.numb_other)):
            assert not re.search(r"\b(?:do|have|are|were|did) you\b", told, re.IGNORECASE)


@EACH
def test_no_message_is_long(question: Question) -> None:
    for wording in (question.text, question.again, question.simple):
        assert max(len(text) for text in wording.dict().values() if text) <= 350


#: Words of a button that name no sign.
_NO_SIGN = {"with", "the", "and", "not", "from", "that", "was", "has"}


def stems(text: str) -> set[str]:
    return {word[:4] for word in re.findall(r"[a-z-]{3,}", text.lower())} - _NO_SIGN


@pytest.mark.parametrize("style", ["again", "simple"])
@pytest.mark.parametrize(
    "question",
    [question for question in QUESTIONS if question.kind == "several"],
    ids=lambda question: question.id,
)
def test_a_no_denies_only_what_the_shorter_words_named_too(question: Question, style: str) -> None:
    wording = getattr(question, style)
    signs = [option for option in question.options[:-2] if option.sets != {question.fact: "present"}]
    for who, told in wording.dict().items():
        meant = [option for option in signs if not (option.not_for and who.startswith(option.not_for))]
        assert [o.title for o in meant if told and not stems(o.title) & stems(told)] == []
