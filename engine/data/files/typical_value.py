"""A mean that a single huge value does not shift."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable
from typing import Final

import numpy as np

_HUGE: Final = 20  # times the median


def typical_value(values: Iterable[float]) -> float:
    """The mean, with values far above the median capped; 0 for no values."""
    numbers = sorted(values)
    if not numbers:
        return 0.0
    most = _HUGE * max(1.0, float(np.median(numbers)))
    usual = bisect_right(numbers, most)
    return (math.fsum(numbers[:usual]) + most * (len(numbers) - usual)) / len(numbers)
