"""Scenarios fail when what they test is broken: an action that does nothing, or a guard that is taken out."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.scenarios import InProcess, find_files, read_file, run_case

pytestmark = pytest.mark.xdist_group("dialogue-1")
SCENARIOS = Path(__file__).resolve().parents[1] / "scenarios"
CASES = {case.name: case for file in find_files(SCENARIOS) for case in read_file(file, SCENARIOS)}
SILENT = {"events": [], "responses": []}

ACTIONS = [
    ("action_stop", "stop ends the questions and keeps the facts [2: I want to stop]"),
    ("action_forget", "deletion leaves nothing"),
    ("action_teach", "a question about HO gets its own answer [7: what is FOP?]"),
    ("action_update_verdict", "after the verdict it says whether the advice moved"),
    ("action_give_verdict", "what was told is listed and confirmed before the verdict"),
    (
        "action_other_language",
        "other languages are told what we can do [2: ich spreche kein englisch, mein knie tut]",
    ),
    ("action_just_curious", "only looking"),
    ("action_restart_interview", "start again asks first, then forgets the case"),
    ("validate_triage_form", "a correction says what was and what is"),
]
GUARDS = [
    ("bot.nlu.asides.speaks_of_self_harm", False, "despair is met with care and a number [1: I want to die]"),
    (
        "bot.nlu.asides.other_language",
        None,
        "other languages are told what we can do [2: ich spreche kein englisch, mein knie tut]",
    ),
]


@pytest.mark.parametrize(("action", "name"), ACTIONS)
async def test_a_scenario_fails_when_its_action_does_nothing(agent, action, name):
    case = CASES[name]
    assert (await run_case(case, InProcess(agent))).status == "passed"
    assert (await run_case(case, InProcess(agent, {action: SILENT}))).status == "failed"


@pytest.mark.parametrize(("guard", "answer", "name"), GUARDS)
async def test_a_scenario_fails_when_its_guard_is_taken_out(agent, monkeypatch, guard, answer, name):
    monkeypatch.setattr(guard, lambda *_: answer)
    assert (await run_case(CASES[name], InProcess(agent))).status == "failed"
