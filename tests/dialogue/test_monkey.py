"""A person who says anything at any time: no silence, no echo, no lost fact, no verdict of its own.

Hypothesis chooses the acts; two machines of 20 conversations with 50 acts make 2,000 turns.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.clinical.facts import Facts
from bot.clinical.judge import judge
from tests.conversation import Chat, assistant, verdict_in

#: Acts that tell nothing of the case: not one fact may come or go.
ASIDES = """
hi | help | what is HO? | why do you ask? | what does Brooker mean? | are you a doctor? | how are you
what have you heard? | what do you keep about me? | why this advice? | what would change it? | 😀
what if I had a fever? | what is an ultrasound? | you idiot | order a pizza | Hola, me duele la pierna
"""
#: What is told, and a finding that the facts hold then.
TOLD = {
    "my right hip is stiff after a hip replacement 6 weeks ago": "stiffness",
    "my left calf is swollen": "swelling",
    "I have a high fever": "fever",
    "I can't breathe": "breathlessness",
    "CHEST PAIN!!!": "chest_pain",
    "there is a hard lump in my thigh": "lump",
}
#: Answers, corrections, commands, and the whole catalogue of the unexpected.
SAYINGS = """
yes | no | none of these | I don't know | skip | go back | repeat that | stop | start again | thanks
no fever | actually I have no fever | no, but my foot is numb | sorry, false alarm, I can breathe
it was a false alarm | it was 3 months ago | I meant the left | my husband had a burn | 52 | 6 weeks
I broke my left elbow 6 weeks ago and had surgery | a copy for my doctor | delete my data
change something | change line 2 | zxcv qwer | I can't take this any more | why not a clot?
that was my brother talking | remind me in two weeks | no more reminders
/answer{"option": "fever:0"} | /answer{"option": "nonsense:9"} | /answer{"option": "change:symptoms"}
"""


def listed(text: str) -> list[str]:
    return [one.strip() for line in text.strip().splitlines() for one in line.split(" | ")]


class Person(RuleBasedStateMachine):
    """One conversation; after each act the assistant's promises are checked."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.chat = Chat(assistant())
        self.last = ""
        self.offered: list[str] = []

    def teardown(self) -> None:
        self.loop.close()

    def wait(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    def facts(self) -> dict[str, Any]:
        return self.wait(self.chat.facts())

    def act(self, text: str) -> None:
        replies = self.wait(self.chat.say(text))
        said = [reply["text"] for reply in replies if reply.get("text")]
        assert said, f"silence after {text!r}"
        for one in said:
            assert one != self.last, f"said twice running after {text!r}: {one}"
            assert "Something went wrong" not in one, f"failed at {text!r}"
            self.last = one
        self.offered = [button["payload"] for reply in replies for button in reply.get("buttons", [])]
        self.check_verdict(verdict_in(replies))

    def check_verdict(self, verdict: dict[str, Any] | None) -> None:
        if verdict is not None:
            judged = judge(Facts.from_json(verdict["facts"]))
            assert (verdict["urgency"], verdict["risk_band"]) == (judged.urgency, judged.risk_band)
            assert verdict["facts"] == self.facts()

    @initialize(text=st.sampled_from(["hi", "yes", *TOLD]))
    def begins(self, text: str) -> None:
        self.act(text)

    @rule(text=st.sampled_from(listed(ASIDES)))
    def says_something_beside_the_case(self, text: str) -> None:
        before = self.facts()
        self.act(text)
        told = {key: value for key, value in self.facts().items() if "unknown" not in key and value}
        lost = {key: value for key, value in before.items() if "unknown" not in key and value} != told
        assert not lost, f"{text!r} changed {before} into {self.facts()}"

    @rule(text=st.sampled_from(sorted(TOLD)))
    def tells(self, text: str) -> None:
        self.act(text)
        conflicts = (self.wait(self.chat.slot("progress")) or {}).get("conflicts", [])
        assert TOLD[text] in [*self.facts().get("symptoms_present", []), *conflicts], f"{text!r} was lost"

    @rule(text=st.sampled_from(listed(SAYINGS)))
    def says(self, text: str) -> None:
        self.act(text)

    @precondition(lambda self: self.offered)
    @rule(data=st.data())
    def presses_a_button(self, data: st.DataObject) -> None:
        self.act(data.draw(st.sampled_from(self.offered)))


SETTINGS = settings(
    max_examples=20,
    stateful_step_count=50,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize(
    "number", [pytest.param(one, marks=pytest.mark.xdist_group(f"dialogue-{one}")) for one in (1, 2)]
)
def test_whatever_is_said_the_conversation_holds(number: int) -> None:
    class Somebody(Person):
        pass

    run_state_machine_as_test(seed(number)(Somebody), settings=SETTINGS)
