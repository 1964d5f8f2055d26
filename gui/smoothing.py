"""A smoothed copy of a growing curve that costs only what is new."""

from __future__ import annotations

import numpy as np

from gui.progress import Numbers, Series

KEEP = 0.97  # of the past at each step: what lies 33 steps back weighs 1/e


class Smoothed:
    """Exponential moving average, corrected for its start (Kingma and Ba 2015, section 3); gaps are carried over."""

    def __init__(self, keep: float = KEEP) -> None:
        self._keep = keep
        self._values = Series()
        self._sum = self._weight = 0.0

    def follow(self, values: Numbers) -> Numbers:
        """(n,) → (n,): the average after each value. `values` must start with those of the last call."""
        for value in values[len(self._values.view()):].tolist():
            if np.isfinite(value):
                self._sum = self._keep * self._sum + (1.0 - self._keep) * value
                self._weight = self._keep * self._weight + (1.0 - self._keep)
            self._values.append(self._sum / self._weight if self._weight else np.nan)
        return self._values.view()
