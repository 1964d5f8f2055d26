"""Ranges of plots that grow in steps, so that the picture of the axes can be reused while the range stays the same."""

from __future__ import annotations

import math
from collections.abc import Iterable

ROUND_STEPS = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0)
TICK_STEPS = (1.0, 2.0, 5.0, 10.0)
SMALLEST_SPAN = 1e-9
FEWEST = 4  # columns or rows that are always visible


def stepped_up(value: float) -> float:
    """The smallest round number (1, 1.5, 2, 3, 4, 6, 8 times a power of ten) that is not below `value` > 0."""
    if not math.isfinite(value) or value <= 0.0:
        return 1.0
    unit = 10.0 ** math.floor(math.log10(value))
    return next(step * unit for step in ROUND_STEPS if step * unit >= value * (1 - 1e-12))


def tick_distance(least: float) -> float:
    """The smallest of 1, 2 and 5 times a power of ten that is not below `least` > 0."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * one for one in TICK_STEPS if power * one >= least * (1 - 1e-9))


def stepped_range(values: Iterable[float]) -> tuple[float, float]:
    """Round limits around all finite values; they move only by whole steps of about an eighth of the span."""
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return 0.0, 1.0
    low, high = min(finite), max(finite)
    step = stepped_up(max(high - low, abs(high) * 1e-3, SMALLEST_SPAN) / 8)
    return math.floor(low / step - 0.02) * step, math.ceil(high / step + 0.02) * step


def narrowed(window: tuple[int, int], total: int, at: int, factor: float) -> tuple[int, int]:
    """(first, after the last) of the `total` columns that are visible after zooming in by a factor around `at`."""
    first, stop = window
    count = min(total, max(FEWEST, round((stop - first) / factor)))
    share = (at - first) / max(1, stop - first)
    begin = min(max(0, round(at - share * count)), total - count)
    return begin, begin + count
