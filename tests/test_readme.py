"""The README keeps its word: its links lead somewhere, its commands exist, its conversation is true."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conversation import Chat

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
LINKS = re.findall(r"\]\(([^)#]+)", README)
COMMANDS = sorted(set(re.findall(r"^python -m bot (\w+)", README, re.MULTILINE)))
TARGETS = sorted(set(re.findall(r"\bmake (\w+)", README)))


@pytest.mark.parametrize("link", [link for link in LINKS if "://" not in link])
def test_a_link_leads_to_a_file_of_the_project(link):
    assert (ROOT / link).exists() or any(ROOT.glob(link))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_has_help(command):
    done = subprocess.run(
        [sys.executable, "-m", "bot", command, "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("target", TARGETS)
def test_a_make_target_of_the_readme_exists(target):
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def said(who: str, turn: str) -> list[str]:
    found = re.findall(rf"> \*\*{who}:\*\* (.*?)(?=\n>\n|\Z)", turn, re.DOTALL)
    return [re.sub(r"( `[^`]+`)+$", "", text.replace("\n> ", "\n")).strip() for text in found]


@pytest.mark.xdist_group("dialogue-1")
async def test_the_conversation_of_the_readme_is_what_the_assistant_says(chat: Chat):
    transcript = re.search(r"<!-- transcript.*?-->\n(.*?)<!-- /transcript -->", README, re.DOTALL).group(1)
    assert [line for line in transcript.splitlines() if not line.startswith(">")] == []
    turns = re.split(r"(?=> \*\*You:)", transcript)
    assert len(turns) > 3
    for turn in turns[1:]:
        replies = [
            message["text"].strip() for message in await chat.say(said("You", turn)[0]) if "text" in message
        ]
        assert replies == said("HO Triage", turn)
