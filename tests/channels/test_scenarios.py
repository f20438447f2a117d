"""The scenario runner, on a small bot and on the one of `rasa init`: what must pass and what must fail."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from textwrap import dedent, indent
from typing import Any

import aiohttp
import pytest
from serving import ACTIONS, SMALL_BOT, Server, small_model
from typer.testing import CliRunner

from bot.__main__ import app
from bot.scenarios import (
    InProcess,
    RestServer,
    Result,
    ScenarioError,
    SocketServer,
    find_files,
    not_in_reach,
    read_file,
    run_case,
)
from bot.scenarios.coverage import rules_not_reached, uncovered
from bot.scenarios.record import as_scenario

pytestmark = pytest.mark.xdist_group("small_bot")
SAMPLES = Path(__file__).resolve().parents[1] / "data" / "end_to_end"


@cache
def small_agent() -> Any:
    from bot.server import load_agent

    return load_agent(small_model(), action_package=ACTIONS)


@cache
def starter_agent() -> Any:
    """Rasa's starter bot with a light pipeline, so that it trains in seconds."""
    import rasa
    import rasa.cli

    from bot.server import load_agent

    project = Path(rasa.cli.__file__).parent / "initial_project"
    config = Path(mkdtemp()) / "config.yml"
    config.write_text(
        "recipe: default.v1\nlanguage: en\nassistant_id: starter\n"
        "pipeline: [{name: WhitespaceTokenizer}, {name: CountVectorsFeaturizer},"
        " {name: LogisticRegressionClassifier}]\n"
        "policies: [{name: MemoizationPolicy}, {name: RulePolicy}]\n"
    )
    trained = rasa.train(
        str(project / "domain.yml"), str(config), [str(project / "data")], output=str(config.parent)
    )
    return load_agent(Path(trained.model), action_package=ACTIONS)


def written(folder: Path, steps: str, head: str = "", case: str = "") -> Path:
    """A file with one case of ``steps``; ``head`` stands before the cases, ``case`` in the case."""
    body = "".join(indent(dedent(text), "    ") for text in (case, "steps:\n" + indent(dedent(steps), "  ")))
    file = folder / "case.yml"
    file.write_text(f"{dedent(head)}\ntest_cases:\n  - test_case: it\n{body}", encoding="utf-8")
    return file


def results(file: Path, agent: Any | None = None) -> list[Result]:
    async def run() -> list[Result]:
        chosen = agent or small_agent()
        return [await run_case(case, InProcess(chosen, case.stubs)) for case in read_file(file)]

    return asyncio.run(run())


HOLDS = [
    '- user: "hello"\n- utter: utter_greet',
    '- user: "hello"\n- bot: "Hello, I am a small bot."',
    '- user: "hello"\n  expect: {text_matches: "small b.t", intent: greet, action: utter_greet}',
    '- user: "verdict"\n  expect: {verdict: {urgency: emergency, reasons: [{fact: chest_pain}]}}',
    '- user: "verdict"\n  expect: {custom: {type: triage_result}}',
    '- user: "/answer{\\"option\\": \\"a:1\\"}"\n'
    '  expect: {slots: {chosen: "a:1"}, entities: {option: "a:1"}}',
    '- user: "hello"\n  never: {text_matches: "goodbye"}',
    '- user: "hello"\n  until: {utter: utter_greet}',
]
FAILS = [
    '- user: "hello"\n- utter: utter_buttons',
    '- user: "hello"\n- bot: "Hello"',
    '- user: "hello"\n- utter: utter_greet\n- utter: utter_greet',
    '- user: "hello"\n- slot_was_set: [chosen]',
    '- user: "/answer{\\"option\\": \\"a:1\\"}"\n- slot_was_not_set: [chosen: "a:1"]',
    '- user: "hello"\n  expect: {text_matches: "goodbye"}',
    '- user: "hello"\n  expect: {intent: several}',
    '- user: "hello"\n  expect: {entities: {option: "a:1"}}',
    '- user: "hello"\n  expect: {slots: {chosen: "a:1"}}',
    '- user: "verdict"\n  expect: {verdict: {urgency: routine}}',
    '- user: "hello"\n  expect: {custom: {type: triage_result}}',
    '- user: "hello"\n  never: {text_matches: "small bot"}',
    '- user: "hello"\n  until: {verdict: {}}\n  at_most: 2',
    '- user: "hello"\n  assertions: [{action_executed: action_echo}]',
    '- user: "hello"\n  assertions: [{bot_uttered: {utter_name: utter_greet, text_matches: "no"}}]',
    '- user: "buttons"\n  assertions: [{bot_uttered: {buttons: [{title: "No", payload: "no"}]}}]',
    '- user: "hello"\n  assertions: [{bot_did_not_utter: {utter_name: utter_greet}}]',
    '- user: "hello"\n  assertions: [{slot_was_set: [{name: chosen, value: x}]}]',
    '- user: "hello"\n  assertion_order_enabled: true\n'
    "  assertions: [{bot_uttered: {utter_name: utter_greet}}, {action_executed: utter_greet}]",
    '- user: "hello"\n  assertions: [{flow_started: some_form}]',
]


@pytest.mark.parametrize("steps", HOLDS)
def test_what_holds_passes(tmp_path: Path, steps: str) -> None:
    assert [r.status for r in results(written(tmp_path, steps))] == ["passed"]


@pytest.mark.parametrize("steps", FAILS)
def test_what_does_not_hold_fails(tmp_path: Path, steps: str) -> None:
    assert [r.status for r in results(written(tmp_path, steps))] == ["failed"]


def test_a_failure_names_the_line_and_shows_what_was_said(tmp_path: Path) -> None:
    report = results(written(tmp_path, '- user: "hello"\n- utter: utter_buttons'))[0].report()
    assert f"{tmp_path}/case.yml:6: it: expected utter: 'utter_buttons'" in report
    assert "user: hello" in report
    assert "bot: Hello, I am a small bot.  [utter_greet]" in report


def test_a_failure_ends_its_case_but_not_the_next(tmp_path: Path) -> None:
    file = tmp_path / "two.yml"
    file.write_text(
        "test_cases:\n"
        '  - {test_case: a, steps: [{user: "hello"}, {bot: "no"}, {user: "verdict"}]}\n'
        '  - {test_case: b, steps: [{user: "hello"}, {utter: utter_greet}]}\n'
    )
    first, second = results(file)
    assert (first.status, second.status) == ("failed", "passed")
    assert not any("verdict" in line for line in first.transcript)


@pytest.mark.parametrize(
    "kind",
    ["pattern_clarification_contains", "generative_response_is_relevant", "generative_response_is_grounded"],
)
def test_what_has_no_meaning_in_open_source_is_reported_and_not_passed(tmp_path: Path, kind: str) -> None:
    result = results(written(tmp_path, f'- user: "hello"\n  assertions: [{{{kind}: {{threshold: 0.9}}}}]'))[0]
    assert result.status == "unsupported"
    assert kind in result.why


def test_a_table_gives_one_case_a_row_with_types_kept(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        '- user: "${say}"\n  expect: {custom: "${want}"}',
        case="parameters:\n"
        "  - {say: verdict, want: {risk_band: low}}\n"
        "  - {say: verdict, want: {risk_band: high}}\n",
    )
    assert [r.status for r in results(file)] == ["passed", "failed"]


def test_a_beginning_is_said_first(tmp_path: Path) -> None:
    head = 'beginnings:\n  greeted:\n    - user: "hello"\n    - utter: utter_greet\n'
    done = results(written(tmp_path, '- user: "verdict"', head, "beginning: greeted\n"))[0]
    assert [line.strip() for line in done.transcript if "user:" in line] == ["user: hello", "user: verdict"]


def test_a_folder_lends_its_fixtures_and_the_nearer_wins(tmp_path: Path) -> None:
    (tmp_path / "conftest.yml").write_text("fixtures: [{f: [{chosen: far}]}, {g: [{chosen: other}]}]\n")
    near = tmp_path / "near"
    near.mkdir()
    (near / "conftest.yml").write_text("fixtures: [{f: [{chosen: near}]}]\n")
    written(near, '- user: "hello"', case="fixtures: [f]\n")
    assert read_file(near / "case.yml", tmp_path)[0].slots == {"chosen": "near"}


def test_the_clock_is_what_the_fixture_says(tmp_path: Path) -> None:
    class Clock:
        now = datetime.now(timezone.utc)

        async def start(self, slots: Any) -> Any:
            Clock.now = datetime.now(timezone.utc)
            return await InProcess(small_agent()).start(slots)

    head = 'fixtures: [{then: [{mocked_datetime: "2026-03-01T09:00:00+00:00"}]}]\n'
    case = read_file(written(tmp_path, "- slot_was_not_set: [chosen]", head, "fixtures: [then]\n"))[0]
    assert asyncio.run(run_case(case, Clock())).status == "passed"  # type: ignore[arg-type]
    assert Clock.now.date().isoformat() == "2026-03-01"


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.yml")), ids=lambda path: path.stem)
def test_a_file_in_rasas_public_format_runs_unchanged(sample: Path) -> None:
    agent = starter_agent() if sample.stem == "moods" else small_agent()
    assert [r.report() for r in results(sample, agent) if r.status != "passed"] == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("test_case: [", "this is no YAML"),
        ("- a", "expected a map"),
        ("tests: []", "tests: is not known here"),
        ("test_cases: [{steps: []}]", "test_case: is missing"),
        ('test_cases: [{test_case: a, steps: [{user: "x", utter: y}]}]', "exactly one of"),
        ("test_cases: [{test_case: a, steps: [{}]}]", "exactly one of"),
        ("test_cases: [{test_case: a, fixtures: [f], steps: []}]", "'f' is not defined"),
        ("test_cases: [{test_case: a, steps: [{user: x, expect: {mood: y}}]}]", "mood: is not known here"),
        (
            "test_cases: [{test_case: a, steps: [{user: x, assertions: [{mood: y}]}]}]",
            "mood: is not known here",
        ),
        ("test_cases: [{test_case: a, steps: []}, {test_case: a, steps: []}]", "stands twice"),
        ("fixtures: []", "test_cases: is missing"),
        ("test_cases: {}\nfixtures: {a: 1}", "fixtures: must be a list"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "bad.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=message) as error:
        read_file(file)
    assert str(file) in str(error.value)


def test_yes_and_no_are_words_as_in_yaml_1_2(tmp_path: Path) -> None:
    assert read_file(written(tmp_path, "- user: no"))[0].steps[1].user == "no"


def test_a_folder_is_searched_and_shared_files_are_no_cases(tmp_path: Path) -> None:
    for name in ("a.yml", "b/c.yaml", "b/conftest.yml", "b/notes.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert [f.name for f in find_files(tmp_path)] == ["a.yml", "c.yaml"]


def test_what_no_case_reached_is_listed(tmp_path: Path) -> None:
    done = results(written(tmp_path, '- user: "hello"'))
    missing = uncovered(small_agent().domain, [r.events for r in done])
    assert "utter_greet" not in missing["responses"]
    assert "utter_buttons" in missing["responses"]
    assert "action_echo" in missing["actions"]


def test_over_rest_people_see_the_same_and_slots_are_not_checkable(server: Server, tmp_path: Path) -> None:
    async def run(steps: str) -> str:
        async with aiohttp.ClientSession() as session:
            case = read_file(written(tmp_path, steps))[0]
            return (await run_case(case, RestServer(server.url, session))).status

    assert asyncio.run(run('- user: "hello"\n- bot: "Hello, I am a small bot."')) == "passed"
    assert asyncio.run(run('- user: "hello"\n- bot: "Good night"')) == "failed"
    assert asyncio.run(run('- user: "verdict"\n  expect: {verdict: {urgency: emergency}}')) == "passed"
    assert asyncio.run(run('- user: "hello"\n- slot_was_set: [chosen]')) == "not_checkable"


def test_the_command_runs_against_a_server_and_prints_its_speed(server: Server, tmp_path: Path) -> None:
    file = written(tmp_path, '- user: "hello"\n- bot: "Hello, I am a small bot."')
    done = CliRunner().invoke(app, ["scenarios", str(file), "--url", server.url, "--load", "4"])
    assert done.exit_code == 0, done.output
    assert "1 passed" in done.output
    assert "ms at the median" in done.output


def test_over_socket_io_people_see_the_same(server: Server, tmp_path: Path) -> None:
    async def run(steps: str) -> str:
        talk = SocketServer(server.url.replace("http", "ws"))
        try:
            return (await run_case(read_file(written(tmp_path, steps))[0], talk)).status
        finally:
            await talk.close()

    assert asyncio.run(run('- user: "hello"\n- bot: "Hello, I am a small bot."')) == "passed"
    assert asyncio.run(run('- user: "hello"\n- bot: "Good night"')) == "failed"
    assert asyncio.run(run('- user: "verdict"\n  expect: {verdict: {urgency: emergency}}')) == "passed"
    assert asyncio.run(run('- user: "hello"\n- slot_was_set: [chosen]')) == "not_checkable"


@pytest.mark.parametrize("scheme", ["http", "ws"])
def test_the_command_prints_throughput_and_latency(server: Server, tmp_path: Path, scheme: str) -> None:
    file = written(tmp_path, '- user: "hello"\n- user: "hello"\n- user: "hello"')
    url = server.url.replace("http", scheme)
    done = CliRunner().invoke(app, ["scenarios", str(file), "--url", url, "--load", "2"])
    assert done.exit_code == 0, done.output
    assert "3 turns in " in done.output
    assert "turns a second" in done.output


def test_a_socket_that_nobody_opens_is_told(tmp_path: Path) -> None:
    file = written(tmp_path, '- user: "hello"')
    done = CliRunner().invoke(app, ["scenarios", str(file), "--url", "ws://127.0.0.1:9"])
    assert done.exit_code == 1
    assert "the server did not answer" in done.output


def test_a_failure_shows_the_turn_as_expected_and_as_it_was(tmp_path: Path) -> None:
    steps = '- user: "hello"\n- utter: utter_buttons\n- bot: "Hello, I am a small bot."'
    report = results(written(tmp_path, steps))[0].report().splitlines()
    assert "  - utter: 'utter_buttons'" in report
    assert "    bot: 'Hello, I am a small bot.'" in report
    assert "  + bot: Hello, I am a small bot.  [utter_greet]" in report


def test_a_rule_that_no_case_followed_is_listed(tmp_path: Path) -> None:
    done = results(written(tmp_path, '- user: "hello"'))
    rules = tmp_path / "rules.yml"
    rules.write_text(
        "rules:\n"
        "  - {rule: greeted, steps: [{intent: greet}, {action: utter_greet}]}\n"
        "  - {rule: in a form, condition: [{active_loop: f}],"
        " steps: [{intent: greet}, {action: utter_greet}]}\n"
        "  - {rule: other, steps: [{intent: several}, {action: utter_greet}]}\n"
    )
    assert rules_not_reached(tmp_path, [r.events for r in done]) == ["in a form", "other"]


def test_the_command_ends_with_1_when_a_case_fails(server: Server, tmp_path: Path) -> None:
    file = written(tmp_path, '- user: "hello"\n- bot: "Good night"')
    done = CliRunner().invoke(app, ["scenarios", str(file), "--url", server.url])
    assert done.exit_code == 1
    assert "case.yml:6" in done.output


@pytest.mark.parametrize("name", ["nowhere.yml", "empty"])
def test_the_command_ends_with_2_when_there_is_nothing_to_run(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    assert CliRunner().invoke(app, ["scenarios", str(tmp_path / name)]).exit_code == 2


def test_the_command_says_when_the_server_does_not_answer(tmp_path: Path) -> None:
    file = written(tmp_path, '- user: "hello"')
    done = CliRunner().invoke(app, ["scenarios", str(file), "--url", "http://127.0.0.1:9"])
    assert done.exit_code == 1
    assert "the server did not answer" in done.output


def test_a_recorded_chat_passes_when_it_is_run_and_fails_when_the_bot_says_something_else(
    tmp_path: Path,
) -> None:
    async def chat() -> list[Any]:
        talk = InProcess(small_agent())
        return [(said, await talk.say(said)) for said in ("hello", "no: #1 'x'")]

    file = tmp_path / "recorded.yml"
    file.write_text(as_scenario("a chat", asyncio.run(chat())), encoding="utf-8")
    assert [r.status for r in results(file)] == ["passed"]
    file.write_text(file.read_text().replace("utter_greet", "utter_buttons"))
    assert [r.status for r in results(file)] == ["failed"]


def test_recording_does_not_write_over_a_file(tmp_path: Path) -> None:
    file = written(tmp_path, '- user: "hello"')
    before = file.read_text()
    done = CliRunner().invoke(app, ["record-scenario", str(file)], input="hi\n")
    assert done.exit_code == 2
    assert file.read_text() == before


PLUGIN = """
[pytest]
addopts = -p bot.scenarios.plugin -p no:cacheprovider
scenario_paths = cases
scenario_agent = tests.channels.test_scenarios:small_agent
"""


def test_pytest_collects_each_case_and_shows_the_conversation_of_a_failed_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = tmp_path / "cases"
    cases.mkdir()
    written(cases, '- user: "hello"\n- utter: utter_buttons')
    (tmp_path / "pytest.ini").write_text(PLUGIN)
    paths = {"PYTHONPATH": f"{SMALL_BOT.parents[2]}:{SMALL_BOT.parent}"}
    command = [sys.executable, "-m", "pytest", "-v", str(tmp_path), "--junitxml", str(tmp_path / "out.xml")]
    done = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, **paths}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "expected utter: 'utter_buttons'" in done.stdout
    assert "user: hello" in done.stdout
    assert 'name="it"' in (tmp_path / "out.xml").read_text()


def test_what_cannot_be_reached_is_left_out_with_its_reason(tmp_path: Path) -> None:
    written(tmp_path, '- user: "hello"')
    (tmp_path / "conftest.yml").write_text('not_in_reach:\n  utter_a: "said by the doors"\n')
    assert not_in_reach(tmp_path) == {"utter_a": "said by the doors"}
    assert not_in_reach(tmp_path / "elsewhere") == {}
