"""A storm of deliveries at a platform's door: doubled, out of order, while the platform itself fails.

``people`` of any fake platform can stand in it: who has ``says(text)``, which makes a delivery, and
``send(delivery)``, which delivers it and gives the HTTP status.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any, Protocol

#: How often a message is delivered before the one that was sent before it, and how often once more.
SWAPPED, DOUBLED = 0.2, 0.4
AT_ONCE = 6


class Person(Protocol):
    """Somebody on a fake platform."""

    def says(self, text: str) -> Any: ...

    def send(self, body: Any) -> int: ...


def storm(people: Sequence[Person], deliveries: int, seed: int) -> list[list[str]]:
    """Let everybody write, ``deliveries`` in all; gives what each wrote, in order."""
    plans = [_plan(person, deliveries // len(people), Random(seed + n), n) for n, person in enumerate(people)]

    def deliver(person: Person, bodies: list[Any]) -> None:
        for body in bodies:
            assert person.send(body) == 200

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(deliver, people, (bodies for _, bodies in plans)))
    return [texts for texts, _ in plans]


def _plan(person: Person, deliveries: int, chance: Random, number: int) -> tuple[list[str], list[Any]]:
    """What one person writes, and their messages in the order in which they are delivered."""
    again = sum(chance.random() < DOUBLED for _ in range(deliveries // 2))
    texts = [f"message {n} of person {number}" for n in range(deliveries - again)]
    bodies = [person.says(text) for text in texts]
    at = 0
    while at < len(bodies) - 1:
        if chance.random() < SWAPPED:
            bodies[at], bodies[at + 1] = bodies[at + 1], bodies[at]
            at += 1
        at += 1
    for body in chance.sample(bodies, again):
        bodies.insert(chance.randint(bodies.index(body) + 1, len(bodies)), body)
    return texts, bodies


def whims(seed: int, failures: Mapping[str, float]) -> Callable[[str, Any], str]:
    """What goes wrong at the platform: each kind of failure with its probability, else ""."""
    chance = Random(seed)

    def fails(_: str, __: Any) -> str:
        drawn = chance.random()
        for failure, share in failures.items():
            drawn -= share
            if drawn < 0:
                return failure
        return ""

    return fails
