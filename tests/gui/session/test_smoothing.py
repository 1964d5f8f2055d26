"""The average of a growing curve: the same in whatever pieces it comes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gui.session.smoothing import EARLY, KEEP, Smoothed


def averaged(values: list[float]) -> list[float]:
    """The recurrence, written down as it is explained."""
    averages, average, count = [], math.nan, 0
    for value in values:
        if math.isfinite(value):
            keep = min(KEEP, count / (count + EARLY))
            average = keep * average + (1 - keep) * value if count else value
            count += 1
        averages.append(average)
    return averages


@settings(deadline=None, max_examples=30)
@given(
    seed=st.integers(0, 2**32 - 1),
    length=st.integers(0, 3000),
    gaps=st.sampled_from([0.0, 0.02, 0.5, 1.0]),
    pieces=st.lists(st.integers(0, 700), max_size=12),
)
def test_a_long_curve_with_gaps_is_averaged_step_by_step_however_it_comes(
    seed: int, length: int, gaps: float, pieces: list[int]
) -> None:
    rng = np.random.default_rng(seed)
    values = rng.normal(3.0, 1.0, length)
    values[rng.random(length) < gaps] = rng.choice([math.nan, math.inf, -math.inf])
    smoothed, found = Smoothed(), np.empty(0)
    for end in [*np.cumsum(pieces).tolist(), length]:
        found = smoothed.follow(values[: max(len(found), min(end, length))])
    assert found == pytest.approx(averaged(values.tolist()), nan_ok=True)


def test_what_was_given_out_stays_as_it_was() -> None:
    smoothed = Smoothed()
    early = smoothed.follow(np.arange(10.0))
    kept = early.copy()
    smoothed.follow(np.arange(5000.0))
    assert np.array_equal(early, kept)
