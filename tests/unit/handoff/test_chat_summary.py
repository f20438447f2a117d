"""The chat summary: urgency first, every part of the verdict said, for self and for others."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.clinical.facts import Facts
from bot.clinical.judge import judge
from bot.clinical.knowledge_base import knowledge
from bot.clinical.mentions import Mention
from bot.clinical.merge import Change, merge
from bot.handoff.summary import (
    change_line,
    change_summary,
    chat_summary,
    emergency_message,
    ledger_lines,
    ledger_text,
    what_would_change_lines,
    why_lines,
)

STIFF_HIP = Facts.from_json(
    {
        "event_type": "thr",
        "body_site": "left hip",
        "weeks_since_event": 6,
        "symptoms_present": ["stiffness", "loss_of_motion"],
        "symptoms_absent": ["fever"],
        "symptoms_unknown": ["chest_pain"],
        "age": 61,
    }
)
BREATHLESS = STIFF_HIP.with_symptom("breathlessness", "present").with_symptom("swelling", "present")
FEVERISH = STIFF_HIP.with_symptom("fever", "present")
SPRAIN = Facts.from_json({"event_type": "ligament_sprain", "weeks_since_event": 0.5, "course": "better"})
CASES = {
    "stiff hip": STIFF_HIP,
    "breathless": BREATHLESS,
    "feverish": FEVERISH,
    "sprain": SPRAIN,
    "empty": Facts(),
}


def _lines(facts: Facts) -> dict[str, str]:
    return {line["fact"]: line["line"] for line in ledger_lines(facts)}


# -- the ledger ------------------------------------------------------------------------------------
def test_the_ledger_says_yes_no_and_not_sure() -> None:
    lines = _lines(STIFF_HIP)
    assert lines["stiffness"].endswith(": yes")
    assert lines["fever"] == "Fever: no"
    assert lines["chest_pain"] == "Chest pain: not sure"


def test_the_ledger_says_what_happened_where_when_and_how_old() -> None:
    lines = _lines(STIFF_HIP)
    assert "hip replacement" in lines["event_type"]
    assert lines["body_site"] == "Where: left hip"
    assert lines["weeks_since_event"] == "When: about 6 weeks ago"
    assert lines["age"] == "Age: 61"


def test_the_ledger_is_silent_about_what_was_never_told() -> None:
    assert ledger_lines(Facts()) == []
    assert not {"sex", "course", "swelling"} & set(_lines(STIFF_HIP))


def test_the_ledger_names_a_value_that_the_person_does_not_know() -> None:
    assert _lines(Facts(unknown=frozenset({"weeks_since_event"}))) == {"weeks_since_event": "When: not sure"}


def test_the_ledger_names_each_of_several_events() -> None:
    facts = Facts.from_json(
        {"events": [{"type": "tbi", "weeks": 10}, {"type": "fracture", "body_site": "left elbow"}]}
    )
    line = _lines(facts)["event_type"]
    assert "brain injury" in line
    assert "left elbow" in line


def test_present_findings_come_before_denied_ones_in_the_ledger() -> None:
    facts = list(_lines(STIFF_HIP))
    assert facts.index("stiffness") < facts.index("chest_pain") < facts.index("fever")


@pytest.mark.parametrize(
    ("event", "risk"),
    [("blast_amputation", "amputation"), ("blast_amputation", "blast_injury"), ("tbi", "brain_injury")],
)
def test_the_ledger_leaves_out_a_risk_that_the_event_says_already(event: str, risk: str) -> None:
    facts = Facts.from_json({"event_type": event, "risk_factors": [risk]})
    assert risk not in _lines(facts)
    assert knowledge().label(risk).lower() not in ledger_text(facts).split("\n", 1)[-1].replace(
        knowledge().label(event), ""
    )


def test_the_ledger_keeps_a_risk_that_says_more_than_the_event() -> None:
    facts = Facts.from_json({"event_type": "sci", "risk_factors": ["complete_sci"]})
    assert "complete" in ledger_text(facts)


def test_the_ledger_keeps_the_denial_of_what_the_event_says() -> None:
    facts = Facts.from_json({"event_type": "tbi", "risk_factors_absent": ["brain_injury"]})
    assert "brain_injury" in _lines(facts)


# -- the verdict in the chat -------------------------------------------------------------------------
@pytest.mark.parametrize("facts", CASES.values(), ids=list(CASES))
def test_the_first_message_says_how_soon_and_whom_to_see(facts: Facts) -> None:
    verdict = judge(facts)
    first = chat_summary(verdict, facts, "112")[0]
    assert verdict.who_to_see in first
    assert verdict.advice in first or "emergency" in first


@pytest.mark.parametrize("name", sorted(CASES.keys() - {"breathless"}))
def test_every_part_of_the_verdict_is_said(name: str) -> None:
    facts = CASES[name]
    verdict = judge(facts)
    said = "\n".join(chat_summary(verdict, facts, "112"))
    net = verdict.safety_net
    for part in (verdict.band_sentence, net.uncertainty, net.look_for, net.get_help, net.how_long):
        assert part in said
    assert all(picture.ask_for in said for picture in verdict.imaging)
    assert "not a medical device" in said


@pytest.mark.parametrize("facts", CASES.values(), ids=list(CASES))
def test_no_blank_is_left_unfilled_and_no_message_breaks_in_two(facts: Facts) -> None:
    verdict = judge(facts)
    for message in [*chat_summary(verdict, facts), emergency_message(verdict, ""), *why_lines(verdict)]:
        assert not re.search(r"[{}]", message)
        assert "\n\n" not in message
        assert message.strip() == message != ""


def test_reasons_are_given_with_their_sources() -> None:
    verdict = judge(STIFF_HIP)
    said = "\n".join(chat_summary(verdict, STIFF_HIP))
    strongest = max(
        (reason for reason in verdict.reasons if reason.points), key=lambda reason: reason.points or 0
    )
    assert f"{strongest.sentence} [{', '.join(strongest.sources)}]" in said


def test_a_danger_sign_is_said_and_set_apart_from_the_risk_of_ho() -> None:
    verdict = judge(FEVERISH)
    first, band = chat_summary(verdict, FEVERISH)[:2]
    assert verdict.red_flags[0].say in first
    assert "shown apart" in band


def test_a_child_is_told_whom_to_see_in_the_first_message() -> None:
    facts = Facts.from_json({"event_type": "fracture", "age": 9, "symptoms_present": ["stiffness"]})
    verdict = judge(facts)
    assert verdict.exclusions
    assert verdict.exclusions[0].sentence in chat_summary(verdict, facts)[0]


def test_what_the_rules_do_not_know_is_reported_to_the_person() -> None:
    facts = STIFF_HIP.with_symptom("glowing_ears", "present")
    assert "glowing ears" in chat_summary(judge(facts), facts)[-1]


def test_somebody_else_is_not_called_you_in_the_closing_words() -> None:
    verdict = judge(STIFF_HIP)
    assert "look at you" in chat_summary(verdict, STIFF_HIP)[-1]
    assert "look at them" in chat_summary(verdict, STIFF_HIP, someone_else=True)[-1]


def test_a_thin_story_is_said_to_give_a_rough_guide_only() -> None:
    assert "rough guide" in chat_summary(judge(Facts()), Facts())[-1]
    assert "rough guide" not in chat_summary(judge(STIFF_HIP), STIFF_HIP)[-1]


@pytest.mark.parametrize(("number", "said"), [("112", "Call 112."), ("", "Call your emergency number.")])
def test_the_number_is_filled_into_the_words_of_the_verdict(number: str, said: str) -> None:
    verdict = replace(judge(STIFF_HIP), advice="Call {emergency_number}.")
    assert said in chat_summary(verdict, STIFF_HIP, number)[0]


# -- emergency -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("someone_else", [False, True])
def test_the_number_comes_within_the_first_25_words(someone_else: bool) -> None:
    message = emergency_message(judge(BREATHLESS), "999", someone_else)
    before = message.split("999")[0]
    assert "999" in message
    assert len(before.split()) <= 25


def test_without_a_configured_number_none_is_guessed() -> None:
    message = emergency_message(judge(BREATHLESS), "")
    assert "your emergency number" in message
    assert not re.search(r"\d", message)


def test_an_emergency_says_which_sign_makes_it_one() -> None:
    verdict = judge(BREATHLESS)
    flag = next(flag for flag in verdict.red_flags if flag.urgency == "emergency")
    assert flag.say in emergency_message(verdict, "112")
    assert flag.label in chat_summary(verdict, BREATHLESS, "112")[0]


def test_in_an_emergency_only_help_is_spoken_of() -> None:
    said = "\n".join(chat_summary(judge(BREATHLESS), BREATHLESS, "112"))
    assert "HO" not in said
    assert "extra bone" not in said
    assert "scan" not in said


def test_in_an_emergency_lesser_danger_signs_are_left_out() -> None:
    verdict = judge(BREATHLESS)
    lesser = [flag.label for flag in verdict.red_flags if flag.urgency != "emergency"]
    assert lesser
    said = "\n".join(chat_summary(verdict, BREATHLESS, "112"))
    assert not [label for label in lesser if label in said]


def test_in_an_emergency_not_to_drive_is_said_once() -> None:
    verdict = judge(BREATHLESS)
    said = "\n".join([emergency_message(verdict, "112"), verdict.advice, *chat_summary(verdict, BREATHLESS)])
    assert said.count("drive") == 1


def test_in_an_emergency_what_would_change_does_not_hold_anybody_back() -> None:
    (said,) = what_would_change_lines(judge(BREATHLESS))
    assert "getting help now" in said


def test_an_emergency_with_malformed_toes_still_warns_against_a_needle() -> None:
    facts = Facts.from_json(
        {"symptoms_present": ["lump", "breathlessness"], "risk_factors": ["big_toe_malformation"], "age": 6}
    )
    said = "\n".join(chat_summary(judge(facts), facts, "112"))
    assert "no needle in the muscle" in said


# -- asked after the verdict -----------------------------------------------------------------------------
def test_why_gives_every_reason_and_the_version_of_the_rules() -> None:
    verdict = judge(FEVERISH)
    said = "\n".join(why_lines(verdict))
    assert all(reason.sentence in said for reason in verdict.reasons)
    assert all(flag.say in said for flag in verdict.red_flags)
    assert verdict.rules_version in said


def test_what_would_raise_the_advice_is_grouped_by_how_soon() -> None:
    verdict = judge(STIFF_HIP)
    said = "\n".join(what_would_change_lines(verdict))
    emergencies = [what for what in verdict.what_would_change if what.urgency == "emergency"]
    assert emergencies
    listed = said.split("emergency help at once")[1].lower()
    assert all(knowledge().label(what.fact).lower() in listed for what in emergencies)


def test_when_no_single_fact_would_change_the_advice_that_is_said() -> None:
    verdict = replace(judge(STIFF_HIP), what_would_change=())
    assert "No single answer" in what_would_change_lines(verdict)[0]


# -- changes ---------------------------------------------------------------------------------------------
def test_a_change_of_time_names_both_times() -> None:
    change = Change("weeks_since_event", 6.0, 13.0)
    assert change_line(change) == "When: about 3 months ago (before: about 6 weeks ago)"


def test_a_fact_that_was_not_known_has_no_old_side() -> None:
    assert change_line(Change("fever", None, "present")) == "Fever: yes"


def test_a_change_that_leaves_the_advice_says_that_it_stays() -> None:
    merged = merge(STIFF_HIP, [Mention("age", 62, correction=True)])
    said = change_summary(judge(STIFF_HIP), judge(merged.facts), merged.changes)
    assert "Age: 62 (before: 61)" in said
    assert "stays the same" in said


def test_a_change_that_raises_the_advice_names_both_levels_and_the_sign() -> None:
    merged = merge(STIFF_HIP, [Mention("symptom", "fever", correction=True)])
    old, new = judge(STIFF_HIP), judge(merged.facts)
    said = change_summary(old, new, merged.changes)
    assert "Fever: yes (before: no)" in said
    for urgency in (old.urgency, new.urgency):
        assert f'"{knowledge().levels[urgency].label}"' in said
    assert any(flag.say in said for flag in new.red_flags)


def test_a_change_that_lowers_the_advice_names_the_sign_that_went() -> None:
    swollen = STIFF_HIP.with_symptom("swelling", "present")
    less = FEVERISH.with_symptom("fever", "absent")
    said = change_summary(judge(FEVERISH), judge(less), [Change("fever", "present", "absent")])
    assert "This is no longer so: " in said
    assert "fever" in said.split("no longer so")[1]
    assert "This is why" not in said
    assert "This is why" in change_summary(judge(less), judge(swollen), [Change("swelling", None, "present")])


def test_a_change_from_emergency_names_no_sign_that_was_there_before() -> None:
    swollen = STIFF_HIP.with_symptom("swelling", "present")
    said = change_summary(judge(BREATHLESS), judge(swollen), [Change("breathlessness", "present", "absent")])
    assert "trouble breathing or chest pain" in said
    assert "swollen" not in said.split("no longer so")[1]


def test_a_change_of_the_risk_band_is_said() -> None:
    less = STIFF_HIP.with_symptom("stiffness", "absent").with_symptom("loss_of_motion", "absent")
    old, new = judge(STIFF_HIP), judge(less)
    assert old.risk_band != new.risk_band
    said = change_summary(old, new, [Change("loss_of_motion", "present", "absent")])
    assert f"moves from {old.risk_band} to {new.risk_band}" in said


def test_a_supposed_change_says_that_no_answer_was_changed() -> None:
    supposed = STIFF_HIP.with_symptom("chest_pain", "present")
    said = change_summary(
        judge(STIFF_HIP), judge(supposed), [Change("chest_pain", "unknown", "present")], True
    )
    assert "would move" in said
    assert "not changed your answers" in said


def test_of_many_denied_findings_the_ledger_names_the_danger_signs_and_counts_the_rest() -> None:
    denied = [name for question in knowledge().questions.values() for name in question.covers][:20]
    facts = Facts.from_json({"symptoms_absent": sorted(set(denied) & set(knowledge().symptoms))})
    line = ledger_text(facts)
    assert line.startswith("- No: Trouble breathing, Chest pain")
    assert line.endswith(f"and {len(facts.symptoms) - 8} more")
