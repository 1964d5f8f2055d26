"""Chooses, by trial, which earlier value the network should predict the change from.

For each candidate, a linear model is fitted to the first part of the series and forecasts what follows. Its
predictions are clipped to the range seen in that first part, because a network does not go far beyond it either. So a
candidate does badly if the level, or the size of the changes, later leaves that range.

This is rehearsed several times, with more and more of the series: a single stretch of a few seasons would often favour
a candidate by chance. Where the errors are nearly equal, the network predicts the values themselves, or else counts
from the season before, because it learns how a season changes and a linear model does not.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from engine.training.number_baselines import least_squares
from engine.types import FloatArray

STEPS: Final = 12  # of each forecast
_SHARES: Final = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)  # of the series, one for each rehearsal
_REHEARSED: Final = 0.2  # of such a share is forecast
_ORIGINS: Final = 100  # moments to forecast from, at most, in each rehearsal
_LONGEST: Final = 20_000  # only this many values, the last ones, are used
_FEW, _MOST, _LEAST_MANY = 2, 36, 8  # values before it that the linear model sees
_ROWS_A_WEIGHT: Final = 4
_RIDGE: Final = 1e-3
_NEARLY: Final = 1.1  # up to this many times the lowest error counts as equally good


def best_lag(values: FloatArray, period: int) -> int:
    """values (T, D) standardised, period: steps of the season or 0 → 0, 1 or the period; see `ModelConfig.lag`."""
    values = values[-_LONGEST:]
    stretches = [values[: round(share * len(values))] for share in _SHARES]
    lags = list(dict.fromkeys((0, 1, period)))
    table = np.array([[_error(stretch, lag, period) for lag in lags] for stretch in stretches])
    possible = np.isfinite(table[-1])  # with the whole series
    usable = np.isfinite(table[:, possible]).all(axis=1)  # by stretches long enough for all of these
    errors = {lag: float(table[usable, k].mean()) for k, lag in enumerate(lags) if possible[k]}
    good = _NEARLY * min(errors.values(), default=math.inf)
    return next(lag for lag in (0, period, 1) if errors.get(lag, math.inf) <= good)


def _error(values: FloatArray, lag: int, period: int) -> float:
    """Mean absolute error of the forecasts; infinite for a series too short to tell."""
    cut = round(len(values) * (1 - _REHEARSED))
    changes = values[lag:] - values[: len(values) - lag] if lag else values
    known = changes[: max(0, cut - lag)]
    room = len(known) // (_ROWS_A_WEIGHT * values.shape[1]) - 1
    counts = {min(count, room) for count in (_FEW, min(max(period + 1, _LEAST_MANY), _MOST))}
    return min((_forecast_error(values, changes, known, lag, count) for count in counts if count > 0), default=np.inf)


def _forecast_error(values: FloatArray, changes: FloatArray, known: FloatArray, lag: int, count: int) -> float:
    """values (T, D); changes (T − lag, D) from `lag` steps before, the `known` ones first; count: of the changes that
    the linear model sees."""
    weights = least_squares(_before(known[:-1], count), known[count:], _RIDGE * len(known))
    first = len(known) + lag
    origins = np.unique(np.linspace(first, len(values) - 1, min(_ORIGINS, len(values) - first)).astype(np.int64))
    recent = np.stack([changes[at - lag - count : at - lag] for at in origins])  # (n, count, D), the last one last
    low, high = known.min(axis=0), known.max(axis=0)
    forecasts: list[FloatArray] = []
    off = 0.0
    compared = 0
    for step in range(STEPS):
        change = np.clip(_with_one(recent[:, ::-1].reshape(len(recent), -1)) @ weights, low, high)
        recent = np.concatenate((recent[:, 1:], change[:, None]), axis=1)
        before = 0.0 if not lag else forecasts[step - lag] if step >= lag else values[origins + step - lag]
        forecasts.append(change + before)
        there = origins + step < len(values)
        off += float(np.abs(forecasts[step][there] - values[origins[there] + step]).sum())
        compared += int(there.sum()) * values.shape[1]
    return off / compared


def _before(changes: FloatArray, count: int) -> FloatArray:
    """(T, D) → (T − count + 1, count · D + 1): each change with those before it, the last one first, and a one."""
    rows = len(changes) - count + 1
    table = np.concatenate([changes[count - 1 - k : count - 1 - k + rows] for k in range(count)], axis=1)
    return _with_one(table)


def _with_one(table: FloatArray) -> FloatArray:
    return np.concatenate((table, np.ones((len(table), 1))), axis=1)
