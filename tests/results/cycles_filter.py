"""How well the sample “Cycles like sunspots” can be forecast at all: by a filter that knows how it was made.

It keeps the probability of every cycle that may be under way, by its length, its height and how far it has come, given
the values so far (Bayes). Its forecast is the mean over them; no forecast has a lower squared error.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.data.samples import sunspots

Array = NDArray[np.float64]
_HEIGHTS = 41  # that are told apart


def best_forecasts(values: Array, starts: list[int], steps: int) -> Array:
    """values (T,) → (starts, steps) the best forecasts from these moments, each from all values before it."""
    lengths = range(sunspots.SHORTEST, sunspots.LONGEST + 1)
    shapes = [sunspots.cycle(length) for length in lengths]
    ends = np.cumsum([len(shape) for shape in shapes])
    first, last = ends - [len(shape) for shape in shapes], ends - 1
    heights = np.linspace(sunspots.LOWEST, sunspots.HIGHEST, _HEIGHTS)
    means = sunspots.QUIET + np.concatenate(shapes)[:, None] * heights  # (length and place, height)

    def step(chances: Array) -> Array:
        """Each cycle goes on; those at their end give way to any new one."""
        later = np.roll(chances, 1, axis=0)
        later[first] = chances[last].sum() / (len(first) * _HEIGHTS)
        return later

    chances, found = np.full(means.shape, 1 / means.size), []
    for at, value in enumerate(values.tolist(), 1):
        chances = chances * np.exp(-0.5 * ((value - means) / sunspots.NOISE) ** 2)
        chances /= chances.sum()
        if at in starts:
            ahead, forecast = chances, []
            for _ in range(steps):
                ahead = step(ahead)
                forecast.append(float((ahead * means).sum()))
            found.append(forecast)
        chances = step(chances)
    return np.array(found)
