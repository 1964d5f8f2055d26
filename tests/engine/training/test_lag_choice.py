"""Which earlier value a series counts from, chosen by rehearsal: the choice must not depend on chance."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine.training.lag_choice import best_lag

SEEDS = range(12)


def season(rng: np.random.Generator) -> np.ndarray:
    """Twelve seasons of twelve steps around a level, with noise."""
    return np.sin(np.arange(150) * np.pi / 6) + 0.3 * rng.normal(size=150)


def cycles(rng: np.random.Generator) -> np.ndarray:
    """About fourteen cycles, no two of which are of one length and height, as those of the sun."""
    found: list[np.ndarray] = []
    while sum(map(len, found)) < 150:
        steps = rng.integers(9, 14)
        found.append(rng.uniform(50, 170) * np.sin(np.pi * (np.arange(steps) / steps) ** 0.7) ** 1.5)
    return np.concatenate(found)[:150] + 8 * rng.normal(size=150)


def chosen(make: Callable[[np.random.Generator], np.ndarray], period: int) -> list[int]:
    """The lag for each seed."""
    found = []
    for seed in SEEDS:
        values = make(np.random.default_rng(seed))
        found.append(best_lag(((values - values.mean()) / values.std())[:, None], period))
    return found


@pytest.mark.parametrize(("make", "period"), [(season, 12), (cycles, 11)])
def test_few_seasons_around_a_level_are_predicted_without_a_lag(
    make: Callable[[np.random.Generator], np.ndarray], period: int
) -> None:
    assert chosen(make, period).count(0) >= len(SEEDS) - 1


def test_few_seasons_on_a_trend_are_counted_from_an_earlier_value() -> None:
    found = chosen(lambda rng: 0.5 * season(rng) + np.arange(150) / 20, 12)
    assert 0 not in found
    assert set(found) == {1, 12}


def test_a_season_longer_than_the_series_is_not_counted_from() -> None:
    values = np.random.default_rng(0).normal(size=(20, 1)).cumsum(axis=0)
    assert best_lag(values, 300) in (0, 1)
