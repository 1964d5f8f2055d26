"""A series like that of sunspots: cycles that rise faster than they fall, no two of one length and height."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

STEPS: Final = 5_000  # quarters of a year
NOISE: Final = 15.0  # standard deviation: no forecast can be nearer than that
_QUIET: Final = 30.0  # the level between two cycles
_SHORTEST, _LONGEST = 40, 48  # steps of a cycle
_LOWEST, _HIGHEST = 80.0, 160.0  # of a cycle above the quiet level
_RISING: Final = 0.38  # share of a cycle


def sunspots(seed: int = 0) -> list[NDArray[np.float64]]:
    """One series (STEPS, 1)."""
    generator = np.random.default_rng(seed)
    values = np.empty(0)
    while len(values) < STEPS:
        length = int(generator.integers(_SHORTEST, _LONGEST + 1))
        height = generator.uniform(_LOWEST, _HIGHEST)
        share = np.arange(length) / length
        phase = np.where(share < _RISING, share / _RISING / 2, 0.5 + (share - _RISING) / (1 - _RISING) / 2)
        values = np.append(values, height * np.sin(np.pi * phase) ** 2)
    return [(_QUIET + values[:STEPS] + generator.normal(0, NOISE, STEPS)).round(1).clip(0)[:, None]]
