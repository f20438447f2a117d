"""The second ear hears danger by the company of words, and can only raise the urgency."""

from __future__ import annotations

from datetime import date

import pytest

from bot.clinical.conditions import URGENCIES
from bot.clinical.facts import Facts
from bot.clinical.judge import judge
from bot.clinical.knowledge_base import knowledge
from bot.clinical.mentions import Mention
from bot.clinical.merge import merge
from bot.evaluation.intents import training_examples
from bot.nlu import understand
from bot.nlu.intent_model import IntentModel
from bot.nlu.likeness import EXAMPLES, examples, likenesses, resembles, trained
from bot.nlu.vocabulary import read

TODAY = date(2026, 11, 22)
UNHEARD = (
    "ten days after my knee operation every breath jabs me and i have to stop on each stair to get my wind"
)
LEVELS = read("likeness")["levels"]
VOTES = {level["finding"] for level in LEVELS.values()}


def votes(text: str) -> list[object]:
    return [mention.value for mention in understand(text, TODAY) if mention.value in VOTES]


def test_danger_is_heard_in_a_message_of_which_the_rules_hear_too_little() -> None:
    text = "since the plaster went on his fingers are stone cold and my lad cant bear them moved one bit"
    assert resembles(text) == "emergency"


def test_more_is_asked_of_a_long_message(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = read("likeness")
    between = (float(limits["least"]) + float(limits["long"]["least"])) / 2
    monkeypatch.setattr("bot.nlu.likeness.likenesses", lambda _: dict.fromkeys(LEVELS, between))
    assert resembles("word " * int(limits["long"]["over_words"])) == "emergency"
    assert resembles("word " * (int(limits["long"]["over_words"]) + 1)) is None


def test_the_vote_makes_an_emergency_where_the_rules_alone_would_not() -> None:
    text = UNHEARD
    rules_alone = [m for m in understand(text, TODAY) if m.value not in VOTES]
    assert judge(merge(Facts(), rules_alone).facts).urgency != "emergency"
    assert judge(merge(Facts(), understand(text, TODAY)).facts).urgency == "emergency"


def test_no_vote_is_added_where_the_rules_hear_as_much() -> None:
    text = "i have bad chest pain and i cant breathe since the hip operation last week"
    assert resembles(text) == "emergency"
    assert votes(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "my new hip has been getting stiffer for four months, it does not hurt and i feel well",
        "no fever, no redness, my calf is the same size as the other one and i breathe fine",
        "i had a blood clot in my lung eight years ago and took warfarin for half a year",
        "could you tell me how long the bone goes on growing after a broken elbow",
        "had a new hip put in, right side, 10 weeks back",
        "i'm a nurse and this is about one of my patients",
        "hang on it was actually my right arm",
        "I can't take this any more",
        "I have no fever but my knee is swollen",
        "i sprained my ankle on friday and it is swollen but i can walk",
    ],
)
def test_an_ordinary_message_gets_no_vote(text: str) -> None:
    assert votes(text) == []


def test_a_short_answer_and_a_long_story_are_left_to_the_rules() -> None:
    short = "foot dead cold"
    story = "my foot is ice cold and numb since the cast went on and the pain is unbearable " * 3
    assert resembles(story) == "emergency"
    assert votes(short) == []
    assert votes(story) == []


def test_the_more_of_a_story_the_rules_followed_the_surer_the_vote_has_to_be() -> None:
    text = UNHEARD
    few = [Mention("symptom", "pain")]
    many = [Mention("symptom", f"sign {number}") for number in range(12)]
    assert resembles(text, "routine", few) == "emergency"
    assert resembles(text, "routine", many) is None


def test_what_the_rules_heard_the_same_day_is_not_lightly_made_an_emergency() -> None:
    text = "mums hip was done five weeks ago and now the leg is fat and hot, her sock wont go on"
    assert likenesses(text)["emergency"] > 0.1
    assert judge(merge(Facts(), understand(text, TODAY)).facts).urgency == "same_day"


def test_an_ordinary_complaint_in_few_words_gets_no_vote() -> None:
    assert votes("my elbow is swollen but there is no fever") == []


def test_no_question_or_command_that_the_classifier_learns_from_gets_a_vote() -> None:
    asked = [text for text, intent in training_examples() if intent != "inform"]
    assert len(asked) > 1000
    assert [text for text in asked if votes(text)] == []


def test_a_file_of_examples_can_be_left_out() -> None:
    path = sorted(EXAMPLES.glob("*.jsonl"))[0]
    assert len(list(examples(but=path))) < len(list(examples()))


def test_the_sentences_of_a_harmless_message_are_learnt_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    learnt: dict[str, str] = {}
    monkeypatch.setattr(
        IntentModel, "trained", lambda texts, labels: learnt.update(zip(texts, labels, strict=True))
    )
    rest = "On the stairs it still aches a little at night."
    danger = "I am quite out of breath on the stairs now."
    trained([(f"My new hip is fine. {rest}", "none"), (f"My chest hurts. {danger}", "emergency/pe")])
    assert learnt[rest] == "none"
    assert danger not in learnt


def test_a_vote_covers_the_whole_message_so_that_it_can_be_shown() -> None:
    text = UNHEARD
    vote = next(m for m in understand(text, TODAY) if m.value in VOTES)
    assert vote.text == text


def test_a_level_counts_all_that_is_more_urgent() -> None:
    shares = list(likenesses("swollen calf, hot and sore, and now i am short of breath").values())
    assert shares == sorted(shares)


def test_each_level_and_its_finding_are_known_to_the_medicine() -> None:
    assert set(LEVELS) <= set(URGENCIES)
    assert set(knowledge().symptoms) >= VOTES
    assert all(knowledge().symptoms[name].only_heard for name in VOTES)


def test_a_vote_is_never_named_as_a_sign_that_may_come_or_go() -> None:
    facts = Facts().with_symptom("same_day_words", "present").with_symptom("stiffness", "present")
    assert not {what.fact for what in judge(facts).what_would_change} & VOTES


def test_there_are_examples_of_danger_and_of_none() -> None:
    labels = [label for _, label in examples()]
    assert {label.split("/")[0] for label in labels} == {"none", *LEVELS}
