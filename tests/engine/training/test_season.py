"""The season of a series is found to the step, and none where nothing recurs."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

import engine
from engine.training.proposals import proposed
from engine.training.season import season

Series = Callable[[np.random.Generator, int], np.ndarray]
SEEDS = range(10)


def of_shape(name: str, turns: np.ndarray) -> np.ndarray:
    """The values after so many seasons, about as far from zero in each shape."""
    return {
        "sine": np.sin(2 * math.pi * turns),
        "two waves": np.sin(2 * math.pi * turns) + 0.5 * np.sin(4 * math.pi * turns + 1),
        "saw": 3.4 * (turns % 1) - 1.7,
        "day and night": 2 * np.maximum(0, np.sin(2 * math.pi * turns)),
    }[name]


def column(values: np.ndarray) -> np.ndarray:
    """As a data set holds a series of one column."""
    return ((values - values.mean()) / (values.std() or 1))[:, None]


def as_one_finds_it(found: int, period: float) -> bool:
    return abs(found - period) <= max(0.5, 0.02 * period)


@pytest.mark.parametrize("shape", ["sine", "two waves", "saw", "day and night"])
@pytest.mark.parametrize("period", [4, 7, 12, 24, 52.18, 75.4, 94.25, 124.2, 168, 288, 365.25, 400])
def test_clear_seasons_are_found_whatever_their_length(shape: str, period: float) -> None:
    missed = []
    for seasons, noise, trend, walk in (
        (3.5, 0.02, 0, 0), (5, 0.02, 4, 0), (8, 0.1, 0, 0), (8, 0.1, 4, 0.3), (12, 0.3, 0, 0), (30, 0.3, 8, 0.3),
    ):  # fmt: skip
        for seed in range(2):
            rng, steps = np.random.default_rng(seed), np.arange(max(30, int(seasons * period)))
            values = of_shape(shape, steps / period + rng.random()) + noise * rng.normal(size=len(steps))
            values += trend * steps / len(steps) + walk / math.sqrt(period) * rng.normal(size=len(steps)).cumsum()
            if not as_one_finds_it(found := season(column(values)), period):
                missed.append((seasons, noise, trend, walk, seed, found))
    assert len(missed) <= 1, missed


def test_seasons_of_two_and_three_steps_are_found() -> None:
    rng = np.random.default_rng(0)
    for period in (2, 3):
        values = np.tile(np.arange(period), 40) + 0.2 * rng.normal(size=40 * period)
        assert season(column(values)) == period


@pytest.mark.parametrize("period", [7, 12, 24])
def test_the_season_on_a_trend_is_found(period: int) -> None:
    t = np.arange(12 * period)
    rng = np.random.default_rng(period)
    values = np.abs((t % period) - period / 2) * 4 / period + rng.normal(0, 0.1, len(t)) + 0.01 * t
    assert season(values[:, None]) == period


@pytest.mark.parametrize("seed", range(5))
def test_the_season_of_noisy_columns_is_found_to_the_step(seed: int) -> None:
    rng, t = np.random.default_rng(seed), 2 * math.pi * np.arange(450) / 24
    values = np.stack([50 + 20 * np.sin(t), 30 + 5 * np.cos(t)], axis=1) + rng.normal(0, (2, 1), (450, 2))
    assert season((values - values.mean(0)) / values.std(0)) == 24


def test_smooth_series_with_little_noise_have_no_season_of_two_or_three_steps() -> None:
    """As people have them: weekly cases, a measured current, tides, a search term, temperatures, an engine."""
    rng = np.random.default_rng(3)

    def noisy(period: float, steps: int, noise: float) -> np.ndarray:
        return np.sin(2 * math.pi * np.arange(steps) / period) + noise * rng.normal(size=steps)

    for period, steps, noise in (
        (52, 374, 0.1), (94.25, 1800, 0.04), (124.2, 3348, 0.025), (52.15, 180, 0.13), (96, 1728, 0.08),
        (20, 2700, 0.3),
    ):  # fmt: skip
        assert as_one_finds_it(season(column(noisy(period, steps, noise))), period)


def test_of_a_day_within_a_week_the_day_is_found_and_of_its_half_the_whole() -> None:
    hours, rng = np.arange(24 * 7 * 8), np.random.default_rng(0)
    day = np.sin(2 * math.pi * hours / 24) - 0.4 * (hours // 24 % 7 > 4)
    assert season(column(day + 0.1 * rng.normal(size=len(hours)))) == 24
    twice = np.sin(2 * math.pi * hours / 24) + 0.8 * np.sin(4 * math.pi * hours / 24)
    assert season(column(twice + 0.1 * rng.normal(size=len(hours)))) == 24


def test_an_outlier_hides_no_season() -> None:
    rng = np.random.default_rng(0)
    values = np.sin(np.arange(400) * math.pi / 12) + 0.1 * rng.normal(size=400)
    values[[57, 230]] = 80
    assert season(column(values)) == 24


def walk(rng: np.random.Generator, count: int) -> np.ndarray:
    return rng.normal(size=count).cumsum()


def autoregressive(rng: np.random.Generator, count: int, share: float) -> np.ndarray:
    found = rng.normal(size=count)
    for step in range(1, count):
        found[step] += share * found[step - 1]
    return found


def stepped(rng: np.random.Generator, count: int) -> np.ndarray:
    return np.asarray(sum(rng.normal() * (np.arange(count) >= rng.integers(count)) for _ in range(4)))


def rising_tone(rng: np.random.Generator, count: int) -> np.ndarray:
    """Its period is 40 steps in the beginning and 10 in the end."""
    turns = np.linspace(1 / 40, 1 / 10, count).cumsum() + rng.random()
    return np.asarray(np.sin(2 * math.pi * turns) + 0.1 * rng.normal(size=count))


WITHOUT: dict[str, Series] = {
    "white noise": lambda rng, count: rng.normal(size=count),
    "random walk": walk,
    "smooth random walk": lambda rng, count: np.convolve(walk(rng, count + 4), np.ones(5) / 5, "valid"),
    "random walk and noise": lambda rng, count: walk(rng, count) + 3 * rng.normal(size=count),
    "prices of a share": lambda rng, count: 100 * np.exp(0.014 * walk(rng, count)),
    "one value pulls the next": lambda rng, count: autoregressive(rng, count, 0.5),
    "one value pulls the next hard": lambda rng, count: autoregressive(rng, count, 0.95),
    "one value pushes the next away": lambda rng, count: autoregressive(rng, count, -0.3),
    "line": lambda rng, count: np.arange(count) * 0.01,
    "noisy line": lambda rng, count: np.arange(count) * 0.01 + 0.3 * rng.normal(size=count),
    "growth": lambda rng, count: np.exp(np.arange(count) / count * 4) + 0.05 * rng.normal(size=count),
    "slow bend": lambda rng, count: 10 * np.linspace(-0.5, 0.5, count) ** 2 + 0.1 * rng.normal(size=count),
    "constant": lambda rng, count: np.full(count, 3.0),
    "steps": stepped,
    "noisy steps": lambda rng, count: stepped(rng, count) + 0.2 * rng.normal(size=count),
    "rising tone": rising_tone,
    "rain": lambda rng, count: np.maximum(0, rng.normal(-0.5, 1, count)) ** 2,
    "outliers": lambda rng, count: rng.normal(size=count) + 50 * (rng.permutation(count) < 2),
}


@pytest.mark.parametrize("name", WITHOUT)
def test_what_does_not_recur_has_no_season(name: str) -> None:
    found = [
        season(column(WITHOUT[name](np.random.default_rng(seed), n))) for n in (40, 100, 300, 1000) for seed in SEEDS
    ]
    assert np.count_nonzero(found) <= 1, found


def test_two_seasons_are_none_three_are_one_and_few_values_have_none() -> None:
    assert season(column(np.sin(2 * math.pi * np.arange(240) / 100))) == 0
    for steps in (290, 330):
        assert as_one_finds_it(season(column(np.sin(2 * math.pi * np.arange(steps) / 100))), 100)
    for count in range(1, 13):
        assert season(np.random.default_rng(count).normal(size=(count, 2))) in range(count // 3 + 1)


def test_a_season_longer_than_the_window_is_not_counted_from() -> None:
    steps = np.arange(300 * 8)
    values = np.sin(2 * math.pi * steps / 300) + 0.5 * np.sin(2 * math.pi * steps / 75 + 1)
    values += 0.05 * np.random.default_rng(0).normal(size=len(steps)) + steps / 500
    settings = proposed(engine.make_dataset([values], "series"))
    assert settings["window"] == 128
    assert settings["lag"] in (0, 1)
