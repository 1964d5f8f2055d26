"""Converts a time budget into a number of steps."""

from __future__ import annotations

# Shares of the time at which the number of steps is estimated again. In between it is fixed, so that the rest of the
# run depends only on its number of steps.
_PLANNING_POINTS = (0.0, 0.005, 0.01, 0.02, 0.05, 0.2, 0.5, 0.7, 0.85, 0.95)


def steps_within(minutes: float, before: float, spent: float, step: int, untimed: int) -> int | None:
    """The total number of steps of a run of `minutes`, if it is time to estimate it; else None.

    before, spent: seconds spent before and after the last step and its validation. step: steps taken. untimed: those
    of them that were taken elsewhere, in time that is unknown.
    """
    budget = 60 * minutes
    if not any(before / budget <= point < spent / budget for point in _PLANNING_POINTS):
        return None
    return max(step, untimed + round((step - untimed) * budget / spent))
