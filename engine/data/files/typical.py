"""A mean that one huge value does not move."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import fmean, median
from typing import Final

_HUGE: Final = 20  # times the value in the middle


def typical(values: Iterable[float]) -> float:
    """The mean, values far above the median counted as far above it as is usual; 0 of none."""
    numbers = list(values)
    if not numbers:
        return 0.0
    most = _HUGE * max(1.0, median(numbers))
    return fmean(min(number, most) for number in numbers)
