"""Finds what two series have in common: the same values in the same order, wherever they stand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_LONGEST: Final = 30  # steps of a window; series that were measured twice do not agree in so many by chance
_SHORTEST: Final = 10
_MULTIPLIER, _MIX = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)
_SHIFT: Final = np.uint64(31)


def shared_steps(series: Iterable[NDArray[Any]], others: Iterable[NDArray[Any]]) -> int:
    """How many steps of series (T, D) are part of a stretch that one of the others (T, D) holds too.

    Stretches in which hardly anything changes do not count, since any two series may have them.
    """
    rows = [one for one in series if len(one) >= _SHORTEST]
    if not rows:
        return 0
    window = min(_LONGEST, *map(len, rows))
    known = [_window_hashes(one, window)[0] for one in others if len(one) >= window]
    if not known:
        return 0
    hashes = np.sort(np.concatenate(known))
    shared = 0
    for one in rows:
        found, varies = _window_hashes(one, window)
        nearest = hashes[np.minimum(np.searchsorted(hashes, found), len(hashes) - 1)]
        begins = np.flatnonzero(varies & (nearest == found))
        marks = np.zeros(len(one) + 1, np.int64)
        np.add.at(marks, begins, 1)
        np.add.at(marks, begins + window, -1)
        shared += int(np.count_nonzero(np.cumsum(marks)[:-1]))
    return shared


def _window_hashes(series: NDArray[Any], window: int) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
    """(T, D) → a hash of each window (T − window + 1,), and whether enough changes in it."""
    values = np.ascontiguousarray(series, np.float64) + 0.0  # so that −0 is 0
    bits = values.view(np.uint64)
    steps = np.zeros(len(bits), np.uint64)
    for column in bits.T:  # unsigned integers wrap around
        steps = (steps ^ column) * _MULTIPLIER
        steps = (steps ^ (steps >> _SHIFT)) * _MIX
    count = len(steps) - window + 1
    hashes = np.zeros(count, np.uint64)
    for offset in range(window):
        hashes = hashes * _MULTIPLIER + steps[offset : offset + count]
    changes = np.concatenate([[0], np.cumsum(steps[1:] != steps[:-1])])
    varies = changes[window - 1 :] - changes[:count] >= window // 3
    return hashes, varies
