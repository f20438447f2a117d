from __future__ import annotations

import pytest

from bot.evaluation.rates import Rate, wilson


def test_the_wilson_interval_equals_the_published_example() -> None:
    # Newcombe 1998, table I: 81 of 263 gives 0.2553 to 0.3662; 0 of 20 gives 0 to 0.1611.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)


def test_all_of_n_reaches_exactly_one_and_none_of_n_exactly_zero() -> None:
    assert wilson(45, 45)[1] == 1.0
    assert wilson(0, 45)[0] == 0.0


def test_a_rate_of_nothing_has_no_value_and_could_be_anything() -> None:
    assert Rate(0, 0).to_json() == {"value": None, "low": 0.0, "high": 1.0}


def test_a_rate_counts_the_true_answers() -> None:
    assert Rate.of([True, False, True, True]).value == 0.75
