"""A run that may take so many minutes: how many steps that is."""

from __future__ import annotations

# Shares of the time at which the number of steps is estimated anew. In between it stands still, so that the rest of the
# run depends on nothing but its number of steps.
_PLANNING_POINTS = (0.0, 0.005, 0.01, 0.02, 0.05, 0.2, 0.5, 0.7, 0.85, 0.95)


def steps_within(minutes: float, before: float, spent: float, step: int) -> int | None:
    """How many steps a run of `minutes` will have in all, where that is to be estimated now; else None.

    before, spent: seconds that had been spent before the last step and validation, and after them. step: steps taken.
    """
    budget = 60 * minutes
    if not any(before / budget <= point < spent / budget for point in _PLANNING_POINTS):
        return None
    return max(step, round(step * budget / spent))
