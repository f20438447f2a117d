"""The interview: which question next, when to stop, how an answer is taken, in which words."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clinical.cases import prepare
from bot.clinical.conditions import URGENCIES
from bot.clinical.facts import VALUE_FACTS, Event, Facts
from bot.clinical.interview import (
    MAX_ASKED,
    MAX_QUESTIONS,
    answered,
    answered_with_option,
    is_missing,
    next_question,
    offered,
    progress,
    worded,
)
from bot.clinical.judge import urgency_and_band
from bot.clinical.knowledge_base import Question, knowledge

KNOWN = knowledge()
CASES = Path(__file__).resolve().parents[2] / "data" / "interview_cases.jsonl"
QUESTIONS_OF_THE_SCREEN = [q for q in KNOWN.questions.values() if q.section == "red_flags"]
Answerer = Callable[[Question, Facts], Facts]


def answers_of(question: Question) -> list[str]:
    """The titles of the question's buttons."""
    return [option.title for option in question.options]


def interview(facts: Facts, answer: Answerer) -> tuple[Facts, list[Question]]:
    """Ask until there is nothing left to ask; the facts at the end and the questions put."""
    asked: dict[str, int] = {}
    put: list[Question] = []
    while (question := next_question(facts, asked)) is not None:
        asked[question.fact] = asked.get(question.fact, 0) + 1
        put.append(question)
        facts = answer(question, facts)
    return facts, put


def patient_of(case: Facts) -> Answerer:
    """Answers the lead fact alone, as the case has it; all else with "I don't know"."""

    def answer(question: Question, facts: Facts) -> Facts:
        name = question.fact
        if name not in VALUE_FACTS:
            told = {"present": "yes", "absent": "no"}.get(case.assertion(name) or "", "unknown")
            return answered(question, told, facts)
        if is_missing(name, case):
            return answered(question, "unknown", facts)
        if name == "event_type":
            return replace(facts, events=case.events)
        return replace(facts, **{name: getattr(case, name)})

    return answer


def always(answer: str) -> Answerer:
    """Says the same to everything; a value question gets its first button."""

    def say(question: Question, facts: Facts) -> Facts:
        if question.fact in VALUE_FACTS and answer != "unknown":
            return answered_with_option(question, 0, facts)
        return answered(question, answer, facts)

    return say


def cases() -> list[Facts]:
    lines = CASES.read_text(encoding="utf-8").splitlines()
    return [Facts.from_json(json.loads(line)["facts"]) for line in lines]


def ask(name: str) -> Question:
    return KNOWN.questions[name]


def with_event(name: str, **more: object) -> Facts:
    return Facts.from_json({"event_type": name, **more})


# -- how many questions --------------------------------------------------------------------------
def test_someone_who_told_everything_gets_at_most_nine_questions_in_the_middle() -> None:
    counts = [len(interview(case, patient_of(case))[1]) for case in cases()]
    assert median(counts) <= 9


def test_someone_who_told_nothing_gets_at_most_fifteen_questions_in_the_middle() -> None:
    counts = [len(interview(Facts(), patient_of(case))[1]) for case in cases()]
    assert median(counts) <= 15


def test_no_question_is_put_twice_to_someone_who_answers() -> None:
    for case in cases():
        put = [question.fact for question in interview(Facts(), patient_of(case))[1]]
        assert len(put) == len(set(put))


@pytest.mark.parametrize("event", sorted(KNOWN.triggers))
def test_the_danger_screen_takes_at_most_six_turns(event: str) -> None:
    _, put = interview(with_event(event), always("no"))
    assert len([question for question in put if question.section == "red_flags"]) <= 6


def test_twenty_questions_are_the_end() -> None:
    assert next_question(Facts(), {"somewhere_else": MAX_QUESTIONS}) is None


# -- which question ------------------------------------------------------------------------------
def test_breathing_comes_first() -> None:
    question = next_question(Facts(), {})
    assert question is not None
    assert question.fact == "breathlessness"


def test_the_danger_screen_comes_before_what_happened() -> None:
    sections = [question.section for question in interview(Facts(), always("no"))[1]]
    assert set(sections[: sections.index("event")]) == {"red_flags"}
    assert sections.index("event") >= 5


def test_only_red_flags_asks_for_nothing_else() -> None:
    facts: Facts = Facts()
    asked: dict[str, int] = {}
    while (question := next_question(facts, asked, only_red_flags=True)) is not None:
        assert question.section == "red_flags"
        asked[question.fact] = 1
        facts = answered(question, "no", facts)
    assert next_question(facts, asked) is not None


def test_an_emergency_ends_the_questions() -> None:
    assert next_question(Facts().with_symptom("chest_pain", "present"), {}) is None


def test_after_a_same_day_sign_only_what_may_be_an_emergency_is_asked() -> None:
    facts = with_event("tkr", weeks_since_event=30, symptoms_present=["fever", "pain"], age=60)
    assert urgency_and_band(facts, KNOWN)[0] == "same_day"

    def check(question: Question, now: Facts) -> Facts:
        after = [answered_with_option(question, title, now) for title in answers_of(question)]
        several = now
        for name in question.covers:
            several = several.with_symptom(name, "present")
        assert "emergency" in {urgency_and_band(flip, KNOWN)[0] for flip in (*after, several)}, question.id
        return answered(question, "no", now)

    assert interview(facts, check)[1]


def test_after_a_same_day_sign_what_happened_when_and_the_age_are_still_asked() -> None:
    facts, put = interview(Facts(body_site="left knee").with_symptom("fever", "present"), always("no"))
    assert facts.events
    assert "age" in [question.fact for question in put]
    assert facts.weeks_since_event is not None


def test_high_blood_pressure_signs_are_asked_only_after_a_cord_injury() -> None:
    facts = {event: [q.id for q in interview(with_event(event), always("no"))[1]] for event in ("sci", "thr")}
    assert "dysreflexia" in facts["sci"]
    assert "dysreflexia" not in facts["thr"]


def test_a_fact_asked_twice_is_left() -> None:
    question = next_question(Facts(), {"breathlessness": MAX_ASKED})
    assert question is not None
    assert question.fact != "breathlessness"


def test_a_fact_asked_once_and_not_answered_is_asked_again() -> None:
    question = next_question(Facts(), {"breathlessness": 1})
    assert question is not None
    assert question.fact == "breathlessness"


def test_a_danger_that_a_wide_question_missed_gets_its_own_question() -> None:
    facts = with_event("thr", symptoms_present=["stiffness"], symptoms_absent=["swelling"])
    _, put = interview(facts, always("no"))
    assert "redness" in [question.fact for question in put]


# -- laws ----------------------------------------------------------------------------------------
_FINDINGS = st.lists(st.sampled_from(sorted((*KNOWN.symptoms, *KNOWN.risk_factors))), max_size=6)


@st.composite
def some_facts(draw: st.DrawFn) -> Facts:
    facts = Facts(
        events=tuple(
            Event(name) for name in draw(st.lists(st.sampled_from(sorted(KNOWN.triggers)), max_size=2))
        ),
        weeks_since_event=draw(st.none() | st.floats(0, 600)),
        body_site=draw(st.sampled_from([None, "left hip", "right calf", "both elbows", "foot", "back"])),
        age=draw(st.none() | st.integers(1, 95)),
        sex=draw(st.sampled_from([None, "male", "female"])),
        course=draw(st.sampled_from([None, "better", "worse", "steady"])),
        unknown=frozenset(draw(st.lists(st.sampled_from(VALUE_FACTS), max_size=2))),
    )
    for name in draw(_FINDINGS):
        put = facts.with_risk_factor if name in KNOWN.risk_factors else facts.with_symptom
        facts = put(name, draw(st.sampled_from(["present", "absent", "unknown"])))
    return facts


def drawn(data: st.DataObject) -> Answerer:
    """A patient who answers anything: a button, a word, or nothing that helps."""

    def answer(question: Question, facts: Facts) -> Facts:
        choice = data.draw(
            st.sampled_from(["yes", "no", "none", "unknown", "silence", *answers_of(question)])
        )
        if choice == "silence":
            return facts
        if choice in ("yes", "no", "none", "unknown"):
            return answered(question, choice, facts)
        return answered_with_option(question, choice, facts)

    return answer


@settings(max_examples=60, deadline=None)
@given(facts=some_facts(), data=st.data())
def test_every_interview_ends_within_twenty_questions(facts: Facts, data: st.DataObject) -> None:
    assert len(interview(facts, drawn(data))[1]) <= MAX_QUESTIONS


@settings(max_examples=60, deadline=None)
@given(facts=some_facts(), data=st.data())
def test_what_is_known_is_never_asked(facts: Facts, data: st.DataObject) -> None:
    answer = drawn(data)

    def check(question: Question, now: Facts) -> Facts:
        assert is_missing(question.fact, now)
        return answer(question, now)

    interview(facts, check)


@settings(max_examples=60, deadline=None)
@given(facts=some_facts(), data=st.data())
def test_nothing_is_asked_more_than_twice(facts: Facts, data: st.DataObject) -> None:
    put = [question.fact for question in interview(facts, drawn(data))[1]]
    assert max(map(put.count, put), default=0) <= MAX_ASKED


@settings(max_examples=60, deadline=None)
@given(facts=some_facts(), answer=st.sampled_from(["yes", "no", "unknown"]))
def test_after_the_last_question_no_single_answer_changes_the_verdict(facts: Facts, answer: str) -> None:
    end, put = interview(facts, always(answer))
    verdict = urgency_and_band(end, KNOWN)
    if len(put) >= MAX_QUESTIONS or URGENCIES.index(verdict[0]) >= URGENCIES.index("same_day"):
        return
    asked = {question.fact for question in put}
    case = prepare(end, KNOWN)
    for question in KNOWN.questions.values():
        sensible = KNOWN.rules.questions[question.id].holds(case) and question.fact not in asked
        if sensible and is_missing(question.fact, end):
            after = [answered(question, word, end) for word in ("yes", "no", "unknown")]
            # A button that takes back what was told is a correction and no answer.
            fresh = [o for o in question.options if all(is_missing(name, end) for name in o.sets)]
            after += [answered_with_option(question, option.title, end) for option in fresh]
            assert {urgency_and_band(flip, KNOWN) for flip in after} == {verdict}, question.id


def open_questions(facts: Facts, asked: set[str]) -> list[Question]:
    case = prepare(facts, KNOWN)
    return [
        question
        for question in KNOWN.questions.values()
        if KNOWN.rules.questions[question.id].holds(case)
        and question.fact not in asked
        and is_missing(question.fact, facts)
    ]


def all_present(facts: Facts, questions: list[Question]) -> Facts:
    for name in (name for question in questions for name in question.covers if name not in VALUE_FACTS):
        put = facts.with_risk_factor if name in KNOWN.risk_factors else facts.with_symptom
        facts = put(name, "present") if is_missing(name, facts) else facts
    return facts


def level(facts: Facts) -> int:
    return URGENCIES.index(urgency_and_band(facts, KNOWN)[0])


@pytest.mark.parametrize("event", ["thr", "gbs", "muscle_contusion", "stroke"])
def test_after_the_last_question_the_worst_answers_together_do_not_raise_the_urgency(event: str) -> None:
    end, put = interview(with_event(event, body_site="left hip", weeks_since_event=8), always("no"))
    assert len(put) < MAX_QUESTIONS
    rest = [q for q in open_questions(end, {q.fact for q in put}) if q.fact not in VALUE_FACTS]
    assert level(all_present(end, rest)) == level(end)


def test_small_risks_that_matter_only_together_are_asked_for() -> None:
    _, put = interview(with_event("sci", body_site="left hip", weeks_since_event=8), always("no"))
    assert "spasticity" in [question.fact for question in put]


def test_an_answer_that_could_only_lower_the_urgency_is_asked_for() -> None:
    sprain = {"body_site": "left ankle", "weeks_since_event": 4, "symptoms_present": ["pain"], "age": 30}
    _, put = interview(with_event("ligament_sprain", **sprain), always("no"))
    assert "course" in [question.fact for question in put]


def test_after_the_screen_the_answer_that_could_move_the_verdict_most_is_asked_first() -> None:
    screened = {name: "absent" for q in QUESTIONS_OF_THE_SCREEN for name in q.covers}
    known = {"body_site": "left knee", "weeks_since_event": 30, "age": 60}
    facts = with_event("tkr", **known, symptoms_absent=sorted(screened))
    question = next_question(facts, {})
    assert question is not None
    furthest = max(level(all_present(facts, [other])) for other in open_questions(facts, set()))
    assert level(all_present(facts, [question])) == furthest


# -- taking an answer ----------------------------------------------------------------------------
def test_yes_sets_the_lead_fact_alone() -> None:
    facts = answered(ask("swelling"), "yes", Facts())
    assert dict(facts.symptoms) == {"swelling": "present"}


def test_none_of_these_denies_all_that_was_asked_about() -> None:
    facts = answered(ask("swelling"), "none", Facts())
    assert dict(facts.symptoms) == {"swelling": "absent", "redness": "absent", "warmth": "absent"}


def test_none_of_these_does_not_take_back_what_was_told() -> None:
    facts = answered(ask("swelling"), "none", Facts().with_symptom("redness", "present"))
    assert facts.has("redness")


def test_not_sure_marks_what_was_not_told() -> None:
    facts = answered(ask("swelling"), "unknown", Facts().with_symptom("warmth", "absent"))
    assert dict(facts.symptoms) == {"swelling": "unknown", "redness": "unknown", "warmth": "absent"}


def test_not_sure_about_a_value_is_remembered() -> None:
    assert answered(ask("age"), "unknown", Facts()).unknown == {"age"}


def test_yes_to_a_question_for_a_value_changes_nothing() -> None:
    assert answered(ask("age"), "yes", Facts()) == Facts()


def test_an_answer_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="expected yes, no, none or unknown"):
        answered(ask("fever"), "perhaps", Facts())


def test_a_risk_factor_is_kept_among_the_risk_factors() -> None:
    assert answered(ask("smoking"), "yes", Facts()).risk_factors == {"smoking": "present"}


def test_a_button_sets_its_fact_and_closes_the_question() -> None:
    facts = answered_with_option(ask("fever"), "Chills or shaking", Facts())
    assert facts.has("chills")
    assert not is_missing("fever", facts)


def test_a_button_can_be_named_by_its_place() -> None:
    question = ask("sex")
    assert answered_with_option(question, answers_of(question).index("Female"), Facts()).sex == "female"


def test_the_event_button_records_an_event() -> None:
    assert answered_with_option(ask("event"), "Hip replacement", Facts()).event_types() == {"thr"}


def test_a_button_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="no button"):
        answered_with_option(ask("sex"), "Maybe", Facts())


# -- words ---------------------------------------------------------------------------------------
def test_someone_who_asks_for_another_is_asked_about_them() -> None:
    assert worded(ask("age"), Facts(), someone_else=True) == ask("age").text.other


@pytest.mark.parametrize("event", ["sci", "tbi", "stroke", "gbs"])
def test_someone_who_may_not_feel_pain_is_asked_what_can_be_seen(event: str) -> None:
    assert worded(ask("swelling"), with_event(event)) == ask("swelling").text.numb_self


def test_someone_who_feels_pain_gets_the_plain_words() -> None:
    assert worded(ask("swelling"), with_event("thr")) == ask("swelling").text.self


def test_a_late_question_about_a_danger_sign_is_no_step_back() -> None:
    assert progress(ask("fever")) == (1, 4)
    assert progress(ask("fever"), {"previous_clot": 1}) == (4, 4)


def test_a_man_is_not_asked_whether_he_is_pregnant() -> None:
    man, question = Facts(sex="male"), ask("clot_risk")
    assert "pregnant" not in worded(question, man)
    assert "Pregnant" not in [option.title for _, option in offered(question, man)]


def test_whose_sex_is_not_known_is_offered_every_button() -> None:
    question = ask("clot_risk")
    assert [number for number, _ in offered(question, Facts())] == list(range(len(question.options)))


def test_each_style_has_its_own_words() -> None:
    assert len({worded(ask("fever"), Facts(), style) for style in ("first", "again", "simple")}) == 3


def test_a_style_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="expected first, again or simple"):
        worded(ask("fever"), Facts(), "loud")


def test_progress_names_the_step_and_how_many_there_are() -> None:
    assert [progress(ask(name)) for name in ("fever", "site", "pain", "age")] == [
        (1, 4),
        (2, 4),
        (3, 4),
        (4, 4),
    ]


def test_the_age_is_asked_when_it_was_not_told_so_that_a_child_is_sent_to_the_right_place() -> None:
    _, put = interview(with_event("tkr", body_site="left knee", weeks_since_event=30), always("no"))
    assert "age" in [question.fact for question in put]
