"""A smoothed copy of a growing curve; only new values cost anything."""

from __future__ import annotations

import numpy as np

from engine.types import DoubleArray
from gui.session.series import Series

KEEP = 0.97  # share of the past that is kept at each step, later on: 33 steps back weigh 1/e
EARLY = 15.0  # early on, a curve falls fast and is averaged over only a fifteenth of its length
BLOCK = 128  # values that one matrix product averages


class Smoothed:
    """Exponential moving average whose memory grows with the curve; gaps stay gaps."""

    def __init__(self) -> None:
        self._values = Series()
        self._average = np.nan
        self._count = 0

    def follow(self, values: DoubleArray) -> DoubleArray:
        """(n,) → (n,): the average after each value. `values` must start with those of the last call."""
        new = values[len(self._values.view()) :]
        if len(new):
            finite = np.isfinite(new)
            before = self._average
            averages = np.concatenate([[before], self._averages(new[finite])])
            self._values.extend(averages[np.cumsum(finite)])
        return self._values.view()

    def _averages(self, values: DoubleArray) -> DoubleArray:
        """(n,) → (n,): the average after each of these finite values."""
        early = self._early(values)
        later = values[len(early) :]
        full = len(later) // BLOCK * BLOCK
        blocks = self._in_blocks(later[:full]) if full else np.empty(0)
        return np.concatenate([early, blocks, self._one_by_one(later[full:])])

    def _early(self, values: DoubleArray) -> DoubleArray:
        """(n,) → (n,): the average while the memory still grows."""
        growing = np.ceil(EARLY * KEEP / (1.0 - KEEP)) - self._count
        return self._one_by_one(values[: max(0, int(growing))])

    def _one_by_one(self, values: DoubleArray) -> DoubleArray:
        averages = np.empty(len(values))
        for i, value in enumerate(values.tolist()):
            keep = min(KEEP, self._count / (self._count + EARLY))
            self._average = value if self._count == 0 else keep * self._average + (1.0 - keep) * value
            self._count += 1
            averages[i] = self._average
        return averages

    def _in_blocks(self, values: DoubleArray) -> DoubleArray:
        """(m · BLOCK,) → the same: all values of a block at once, so that a run of a million steps opens in no time."""
        age = np.arange(BLOCK)[:, None] - np.arange(BLOCK)
        weights = np.where(age >= 0, (1.0 - KEEP) * KEEP ** np.maximum(age, 0), 0.0)
        averages = values.reshape(-1, BLOCK) @ weights.T
        fading = KEEP ** np.arange(1, BLOCK + 1)
        for block in averages:
            block += fading * self._average
            self._average = float(block[-1])
        self._count += len(values)
        return averages.ravel()
