"""Shares as a person reads them: the one way in which percentages are written."""

from __future__ import annotations

NARROW = "\u202f"  # narrow no-break space between a number and its unit
SMALLEST = 1e-4  # a share below this is only said to be below it, where nothing else is asked for


def percent(share: float, digits: int = 0, smallest: float = SMALLEST) -> str:
    """0.9 → "90 %", with one digit "90.0 %". A small share that would be written as 0 gets one figure: "0.3 %"."""
    value = 100 * share
    if share == 0 or abs(value) >= 0.995 * 10.0**-digits or share != share:
        return f"{value:,.{digits}f}{NARROW}%".replace("-", "−")
    if abs(share) < smallest:
        return f"<{100 * smallest:g}{NARROW}%"
    return f"{value:.1g}{NARROW}%".replace("-", "−")
