"""A person who says anything at any time: no silence, no echo, no lost fact, no verdict of its own."""

from __future__ import annotations

import random

import pytest

from bot.clinical.facts import Facts
from bot.clinical.judge import judge
from tests.conversation import Chat, verdict_in

#: turns of a conversation; all seeds together make more than 2,000
TURNS = 60
SAYINGS = (
    """
hi | yes | no | none of these | I don't know | skip | go back | repeat that | stop | start again | help
what is HO? | why do you ask? | what does Brooker mean? | are you a doctor? | thanks | how are you
I broke my left elbow 6 weeks ago and had surgery | my right hip is stiff after a hip replacement
no fever | I have a fever | actually I have no fever | my calf is swollen | no, but my foot is numb
I can't breathe | sorry, false alarm, I can breathe | it was 3 months ago | I meant the left | 52 | 6 weeks
my husband had a burn | what if I had a fever? | what would change it? | why this advice?
a copy for my doctor | what have you heard? | what do you keep about me? | delete my data | change something
zxcv qwer | 😀 | Hola, me duele la pierna | you idiot | I can't take this any more | order a pizza
/answer{"option": "fever:0"} | /answer{"option": "swelling:4"} | /answer{"option": "nonsense:9"}
""".strip()
    .replace("\n", " | ")
    .split(" | ")
)


def next_saying(chance: random.Random, replies: list[dict]) -> str:
    """A button that was just offered, or anything at all."""
    offered = [button["payload"] for reply in replies for button in reply.get("buttons", [])]
    return chance.choice(offered) if offered and chance.random() < 0.4 else chance.choice(SAYINGS)


@pytest.mark.parametrize(
    "seed",
    [pytest.param(seed, marks=pytest.mark.xdist_group(f"dialogue-{1 + seed % 2}")) for seed in range(34)],
)
async def test_whatever_is_said_the_conversation_holds(agent, seed):
    chance, chat = random.Random(seed), Chat(agent)
    replies: list[dict] = []
    last = ""
    for turn in range(TURNS):
        saying = next_saying(chance, replies)
        replies = await chat.say(saying)
        said = [reply["text"] for reply in replies if reply.get("text")]
        where = f"seed {seed}, turn {turn}: {saying!r}"
        assert said, f"silence at {where}"
        for text in said:
            assert text != last, f"said twice running at {where}: {text}"
            assert "Something went wrong" not in text, where
            last = text
        verdict = verdict_in(replies)
        if verdict:
            judged = judge(Facts.from_json(verdict["facts"]))
            assert (verdict["urgency"], verdict["risk_band"]) == (judged.urgency, judged.risk_band), where
            assert verdict["facts"] == await chat.facts(), where
