"""Thins curves to about as many points as there are pixels."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from engine.types import DoubleArray

SMOOTH_PX = 3  # between the corners of a thick curve
FAR = 1000.0  # points farther away than this many heights of the plot are drawn at this distance


def thin_to_pixels(
    x: DoubleArray, y: DoubleArray, left: float, right: float, columns: int, *, smooth: bool
) -> tuple[DoubleArray, DoubleArray]:  # fmt: skip
    """x, ascending, and y, both (n,) → the visible points and one on either side, at most about two per pixel column.

    If there are more, each column keeps its least and its largest value, so that no peak is lost; a smooth curve has no
    peaks to lose, and keeps a point in every third column.
    """
    count = min(len(x), len(y))
    first = max(0, int(np.searchsorted(x[:count], left)) - 1)
    stop = min(count, int(np.searchsorted(x[:count], right, side="right")) + 1)
    x, y = x[first:stop], y[first:stop]
    if smooth and len(x) > columns // SMOOTH_PX:
        # a power of two, counted from the very first point, so that a growing curve rarely changes its earlier part
        every = 2 ** math.ceil(math.log2(max(1.0, len(x) * SMOOTH_PX / columns)))
        chosen = _rising(np.concatenate([[0], np.arange(-first % every, len(x), every), [len(x) - 1]]))
        return x[chosen], y[chosen]
    if len(x) <= 2 * columns:
        return x, y
    edges = np.linspace(left, right, columns + 1)[:-1]
    starts = _rising(np.minimum(np.searchsorted(x, edges), len(x) - 1))
    finite = np.where(np.isinf(y), np.nan, y)
    low, high = np.fmin.reduceat(finite, starts), np.fmax.reduceat(finite, starts)
    return np.repeat(x[starts], 2), np.stack([low, high], axis=1).ravel()


def _rising(places: NDArray[np.integer]) -> NDArray[np.integer]:
    """Ascending places (n,) → each of them once."""
    first = np.ones(len(places), bool)
    first[1:] = places[1:] != places[:-1]
    return places[first]


def drawable(x: DoubleArray, y: DoubleArray, low: float, high: float) -> tuple[DoubleArray, DoubleArray]:
    """x, y (n,) → the same without infinities, and with far-away points moved closer; a point between two gaps is
    doubled, which makes it a visible line."""
    far = FAR * (high - low)
    finite = np.isfinite(y)
    shown = np.where(finite, np.clip(np.where(finite, y, 0.0), low - far, high + far), np.nan)
    around = np.concatenate([[False], finite, [False]])
    alone = finite & ~around[:-2] & ~around[2:]
    if alone.any():
        return np.repeat(x, 1 + alone), np.repeat(shown, 1 + alone)
    return x, shown
