"""The last good weights of a run, kept in case it diverges.

Weights go bad before they stop being finite: a loss of 1e35 is still a number. Weights count as good while the training
loss, smoothed over about ten steps, is at most `GOOD_FACTOR` times its lowest value in this run. If nothing else is
known, the weights the run began with are good.
"""

from __future__ import annotations

import math

from engine.types import FloatArray

GOOD_FACTOR = 1.2
_SMOOTHING = 0.9  # share of the smoothed loss that is kept at each step
_EVERY = 20  # steps between two copies: cheap enough, and no more than this is lost


class LastGood:
    """A copy of good weights, renewed during the run."""

    def __init__(self, weights: FloatArray) -> None:
        """weights: those that the run begins with."""
        self.step = 0  # step at which these were the weights
        self.weights = weights.copy()
        self._smoothed = math.nan
        self._lowest = math.inf
        self._steps = 0  # since the last copy

    def take(self, loss: float, step: int, weights: FloatArray) -> None:
        """Judge the weights (P,) after `step` steps by the loss that the next step computed with them."""
        good = self._judge(loss)
        self._steps += 1
        if good and self._steps >= _EVERY:
            self.step, self.weights[:] = step, weights
            self._steps = 0

    def look_back(self, losses: FloatArray, step: int, best: tuple[int, FloatArray] | None) -> None:
        """Prepare to continue a run from a file: its losses (steps,) so far, and its step.

        If it went bad before it was saved, the weights with the lowest validation loss replace the last ones. best:
        those weights and their step.
        """
        good, self.step = True, step
        for loss in losses.tolist():
            good = self._judge(loss)
        if not good and best is not None:
            self.step, self.weights[:] = best

    def _judge(self, loss: float) -> bool:
        kept = loss if math.isnan(self._smoothed) else self._smoothed
        self._smoothed = _SMOOTHING * kept + (1 - _SMOOTHING) * loss
        self._lowest = min(self._lowest, self._smoothed)
        return self._smoothed <= GOOD_FACTOR * self._lowest
