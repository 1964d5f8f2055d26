"""A smoothed copy of a growing curve that costs only what is new."""

from __future__ import annotations

import numpy as np

from gui.session.progress import Numbers, Series

KEEP = 0.97  # of the past at each step, later on: what lies 33 steps back weighs 1/e
EARLY = 15.0  # early on a curve falls fast and is averaged over a fifteenth of its length only


class Smoothed:
    """Exponential moving average whose memory grows with the curve; gaps are carried over."""

    def __init__(self, keep: float = KEEP) -> None:
        self._keep = keep
        self._values = Series()
        self._average = np.nan
        self._count = 0

    def follow(self, values: Numbers) -> Numbers:
        """(n,) → (n,): the average after each value. `values` must start with those of the last call."""
        for value in values[len(self._values.view()) :].tolist():
            if np.isfinite(value):
                keep = min(self._keep, self._count / (self._count + EARLY))
                self._average = value if self._count == 0 else keep * self._average + (1.0 - keep) * value
                self._count += 1
            self._values.append(self._average)
        return self._values.view()
