"""Rates with their 95 % intervals."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

#: The standard normal quantile that leaves 2.5 % in either tail.
Z_95 = 1.959963984540054


@dataclass(frozen=True)
class Rate:
    """``hits`` of ``n``. A rate of nothing has no value, and an interval of all it could be."""

    hits: int
    n: int

    @classmethod
    def of(cls, answers: Iterable[bool]) -> Rate:
        listed = list(answers)
        return cls(sum(listed), len(listed))

    @property
    def value(self) -> float | None:
        return self.hits / self.n if self.n else None

    @property
    def low(self) -> float:
        return wilson(self.hits, self.n)[0]

    @property
    def high(self) -> float:
        return wilson(self.hits, self.n)[1]

    def to_json(self) -> dict[str, Any]:
        return {"value": self.value, "low": self.low, "high": self.high}


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The Wilson score interval (Wilson 1927) of ``hits`` of ``n``: two shares from 0 to 1.

    Unlike the textbook interval it never leaves 0 to 1 and stays honest at 0 of n and n of n.
    """
    if n == 0:
        return 0.0, 1.0
    share, z2 = hits / n, Z_95**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z_95 / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    # The exact ends are 0 and 1 at no hit and at all hits; rounding would leave 1e-17 there.
    low = 0.0 if hits == 0 else middle - half
    high = 1.0 if hits == n else middle + half
    return low, high
