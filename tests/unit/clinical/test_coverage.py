"""Which rules of the medicine a set of cases never uses."""

from __future__ import annotations

from bot.clinical.coverage import unused_rules
from bot.clinical.facts import Facts
from bot.clinical.knowledge_base import knowledge


def test_no_case_uses_no_red_flag() -> None:
    assert unused_rules([])["red flags"] == sorted(knowledge().red_flags)


def test_a_rule_that_holds_in_a_case_is_used() -> None:
    unused = unused_rules([Facts.from_json({"event_type": "thr", "symptoms_present": ["chest_pain"]})])
    assert "lung_clot" not in unused["red flags"]
    assert "thr" not in unused["scored events"]
    assert "fever" in unused["red flags"]
