"""A sum of two sine waves with noise, whose phases change from time to time."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

STEPS: Final = 8_000
NOISE: Final = 0.3  # standard deviation; no forecast can be closer than this
_PERIODS: Final = (24.0, 9.0)  # steps
_AMPLITUDES: Final = (1.0, 0.6)
_STAY: Final = 4_000  # steps between two changes of phase, on average


def waves(seed: int = 0) -> list[NDArray[np.float64]]:
    """One series (STEPS, 1)."""
    generator = np.random.default_rng(seed)
    values = np.zeros(STEPS)
    for period, amplitude in zip(_PERIODS, _AMPLITUDES, strict=True):
        jumps = (generator.random(STEPS) < 1 / _STAY) * generator.uniform(0.5, 2.0, STEPS)
        values += amplitude * np.sin(2 * np.pi * np.arange(STEPS) / period + np.cumsum(jumps))
    return [(values + generator.normal(0, NOISE, STEPS)).round(3)[:, None]]
