"""Percentages: the one place that writes them for people to read."""

from __future__ import annotations

NARROW = "\u202f"  # narrow no-break space between a number and its unit
SMALLEST = 1e-4  # by default, a smaller share is written as "below" this one


def percent(share: float, digits: int = 0, smallest: float = SMALLEST) -> str:
    """0.9 → "90 %", with one digit "90.0 %". A small share that would be written as 0 gets one figure: "0.3 %"."""
    value = 100 * share
    if share == 0 or abs(value) >= 0.995 * 10.0**-digits or share != share:
        return f"{value:,.{digits}f}{NARROW}%".replace("-", "−")
    if abs(share) < smallest:
        return f"<{100 * smallest:g}{NARROW}%"
    return f"{value:.1g}{NARROW}%".replace("-", "−")
