"""Sums of two numbers of up to three digits, written out digit by digit."""

from __future__ import annotations

from random import Random

COUNT = 20_000  # sums, out of a million possible ones
# Short numbers among the long ones: on them the network learns to carry, and then learns long sums ten times as fast.
DIGITS = (1, 2, 3, 3, 3)


def addition(seed: int = 0) -> list[tuple[str, str]]:
    """("123+456", "579"), all different."""
    random = Random(seed)
    rows: dict[str, str] = {}
    while len(rows) < COUNT:
        first, second = (random.randrange(10 ** random.choice(DIGITS)) for _ in range(2))
        rows[f"{first}+{second}"] = str(first + second)
    return list(rows.items())
