"""How high a plot of losses is."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from engine.types import DoubleArray
from gui.plots.ranges import stepped_range

LEAST_HEIGHT = 0.5  # of the axis: one whose numbers differ only in the third decimal cannot be read
FIRST_STEPS = 20  # whose loss decides how high the picture may reach
ABOVE_HELD = 2.0  # how high it may reach, as a multiple of that loss, or of one at which validation has held since
HELD = 3  # validations in a row that hold a loss; fewer may be a spike
SPIKE_PERCENT = 5  # of the steps of a run, at most, are a spike
SPIKE = 3.0  # its height above the lowest loss, at least, as a multiple of that of all other losses
OVER_USUAL = 1.25  # how much of it is shown, as the same multiple
NEAR_ZERO = 1.0  # nats: a loss this low is drawn above a true zero
LARGEST_DRAWN = 1e12
SINGLE_SHARE = 0.5  # of the height of the curves: the most that the losses of single batches get below them
NO_LOSSES = np.empty(0)


def heights(
    smooth: DoubleArray, validation: DoubleArray, known: Sequence[float] = (), single: DoubleArray = NO_LOSSES
) -> tuple[float, float]:
    """Limits that hold the curves, but not a spike or a loss that has run away, which leave the plot at the top. The
    validation loss is followed where it rises step by step, as that of a network that memorizes.

    known: losses to show beside the curves. single (n,): the losses of single batches; one far below the curves leaves
    the plot at the bottom, so that it does not flatten them.
    """
    start = smooth[:FIRST_STEPS]
    start = start[np.isfinite(start)]
    values = np.concatenate([_thinned(smooth), _thinned(validation), np.asarray(known, np.float64)])
    values = values[np.isfinite(values)]
    if not len(values):
        return 0.0, 1.0
    highest, bottom = float(values.max()), float(max(values.min(), -LARGEST_DRAWN))
    highest = _below_spike(smooth, [bottom, *validation[np.isfinite(validation)], *known], highest)
    held = highest_held(validation, float(start.max())) if len(start) and start.max() > 0 else math.inf
    top = min(highest, ABOVE_HELD * held, LARGEST_DRAWN)
    lowest = float(np.min(single, where=np.isfinite(single), initial=bottom))
    bottom = max(lowest, bottom - SINGLE_SHARE * max(top - bottom, 0.0))
    if 0.0 <= bottom < NEAR_ZERO:
        top = max(top, LEAST_HEIGHT)
    else:
        bottom = min(bottom, highest - LEAST_HEIGHT)
    low, high = stepped_range([0.0 if 0.0 <= bottom < NEAR_ZERO else min(bottom, top), top])
    return max(low, -0.02 * high) if bottom >= 0.0 else low, high


def highest_held(validation: DoubleArray, first: float) -> float:
    """The highest loss at which several validations in a row have stayed, or `first`. One that more than doubles from
    one such loss to the next has run away, and no longer counts."""
    if len(validation) < HELD or first <= 0:
        return first
    least = np.min([validation[at : len(validation) - HELD + 1 + at] for at in range(HELD)], axis=0)
    records = np.maximum.accumulate([first, *least[np.isfinite(least)]])
    jumps = np.flatnonzero(records[1:] > ABOVE_HELD * records[:-1])
    return float(records[jumps[0] if len(jumps) else -1])


def _below_spike(smooth: DoubleArray, others: Sequence[float], highest: float) -> float:
    """The highest loss, or less if only a few steps of a run are that high, so that they do not flatten all others.
    others: losses that are shown whatever those of the steps are. The first loss, from which training falls, is too."""
    found = _thinned(smooth[np.isfinite(smooth)])
    if len(found) < 2 * FIRST_STEPS:
        return highest
    usual, low = max(*others, float(found[0]), float(np.percentile(found, 100 - SPIKE_PERCENT))), min(others)
    return low + OVER_USUAL * (usual - low) if highest - low > SPIKE * (usual - low) else highest


def _thinned(values: DoubleArray) -> DoubleArray:
    """A few thousand of the values (n,), evenly chosen: enough to know their limits."""
    return values[:: max(1, len(values) // 4096)]
