"""A mean that a single huge value does not shift."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from statistics import fmean, median
from typing import Final

_HUGE: Final = 20  # times the median


def typical_value(values: Iterable[float]) -> float:
    """The mean, with values far above the median capped; 0 for no values."""
    numbers = sorted(values)
    if not numbers:
        return 0.0
    most = _HUGE * max(1.0, median(numbers))
    usual = bisect_right(numbers, most)
    return fmean(numbers if usual == len(numbers) else [*numbers[:usual], *[most] * (len(numbers) - usual)])
