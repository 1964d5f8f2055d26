"""Round numbers for the axes of a plot."""

from __future__ import annotations

import math


def ticks(low: float, high: float, most: float) -> list[tuple[float, str]]:
    """At most about `most` round values between low and high, with their labels."""
    span = high - low
    if not span > 0 or not math.isfinite(span):
        return []
    rough = span / max(1.0, most)
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * unit for factor in (1.0, 2.0, 5.0, 10.0) if factor * unit >= rough * 0.999)
    first, last = math.ceil(low / step - 1e-6), math.floor(high / step + 1e-6)
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    return [(i * step, _label(i * step, digits)) for i in range(first, last + 1)]


def log_ticks(low: float, high: float, most: float) -> list[tuple[float, str]]:
    """The same for an axis whose numbers are powers of ten: 1, 10, 100, and 2 and 5 between when there is room."""
    found: list[tuple[float, str]] = []
    decades = range(math.floor(low), math.ceil(high) + 1)
    steps = (1, 2, 5) if (high - low) * 3 <= most else (1,)
    for decade in decades:
        for step in steps:
            value = decade + math.log10(step)
            if low - 1e-9 <= value <= high + 1e-9:
                found.append((value, _label(step * 10.0**decade, max(0, -decade))))
    return found


def _label(value: float, digits: int) -> str:
    """Short: 20 k for 20 000, digits only as far as the step needs them."""
    size = abs(value)
    if size >= 1e6 or (0 < size < 1e-4):
        return f"{value:.3g}"
    if size >= 10_000:
        return f"{value / 1000:g} k"
    return f"{value:.{digits}f}".replace("-", "−")
