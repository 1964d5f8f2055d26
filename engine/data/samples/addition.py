"""Sums of two three-digit numbers, written out digit by digit."""

from __future__ import annotations

from random import Random

COUNT = 20_000  # sums, of the 810,000 that exist


def addition(seed: int = 0) -> list[tuple[str, str]]:
    """("123+456", "579"), all different."""
    random = Random(seed)
    drawn = random.sample(range(900 * 900), COUNT)
    numbers = ((100 + index // 900, 100 + index % 900) for index in drawn)
    return [(f"{first}+{second}", str(first + second)) for first, second in numbers]
