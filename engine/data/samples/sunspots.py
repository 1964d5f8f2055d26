"""A series like that of sunspots: cycles of varying length and height that rise faster than they fall."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

STEPS: Final = 5_000  # quarters of a year
NOISE: Final = 15.0  # standard deviation; no forecast can be closer than this
QUIET: Final = 30.0  # the level between two cycles
SHORTEST, LONGEST = 40, 48  # steps of a cycle
LOWEST, HIGHEST = 80.0, 160.0  # peak of a cycle, above the quiet level
_RISING: Final = 0.38  # share of a cycle


def sunspots(seed: int = 0) -> list[NDArray[np.float64]]:
    """One series (STEPS, 1)."""
    generator = np.random.default_rng(seed)
    values = np.empty(0)
    while len(values) < STEPS:
        length = int(generator.integers(SHORTEST, LONGEST + 1))
        height = generator.uniform(LOWEST, HIGHEST)
        values = np.append(values, height * cycle(length))
    return [(QUIET + values[:STEPS] + generator.normal(0, NOISE, STEPS)).round(1).clip(0)[:, None]]


def cycle(length: int) -> NDArray[np.float64]:
    """(length,): how far a cycle has risen at each of its steps, from 0 to 1."""
    share = np.arange(length) / length
    phase = np.where(share < _RISING, share / _RISING / 2, 0.5 + (share - _RISING) / (1 - _RISING) / 2)
    return np.asarray(np.sin(np.pi * phase) ** 2)
