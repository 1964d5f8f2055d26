"""Finds the season of a series: after how many steps it recurs.

A smooth series with a little noise shows its season neither in the values, where a trend or a random walk looks like a
slow wave, nor in their changes, where a slow season is fainter than the noise. So means of 1, 2, 4, … neighbouring
values are looked at: of these, the changes from one to the next are dominated by the season at one of the sizes, while
those of a random walk stay without a pattern.

What is found so is looked at in the values themselves: there its length is measured to the step, and there a value has
to be near that of one season and of two seasons before. A random coincidence or a tone that rises has no second season.
"""

from __future__ import annotations

import math
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np

from engine.data.dataset import Dataset
from engine.types import FloatArray

_LONGEST: Final = 2000
_MOST_VALUES: Final = 20_000  # only so many, the last ones, are looked at
_TIMES: Final = 3  # that a season recurs in the series, about, at least
_CLEAR: Final = 0.25  # a season's autocorrelation, at least
_CHANCE: Final = 3.2  # standard deviations of the autocorrelation of noise, which that of the changes has to exceed
_CHANCE_HERE: Final = 2.5  # the same for the values, where a season is already expected
_FINEST: Final = 20  # steps in a season, at most, at each size of the means: among more, smooth neighbours recur too
_COARSEST: Final = 4  # steps in a season, at least, where each is a mean of several values
_BEFORE: Final = 0.1  # mean autocorrelation of the lags before a season, at most: over a whole season they cancel out
_AS_CLEAR: Final = 0.9  # of the clearest; a shorter one is then preferred: twice a season is none
_PART: Final = 0.8  # the same for parts of a season
_AGAIN: Final = 0.65  # of a season's autocorrelation: that of two seasons is at least this share
_NEAR: Final = 0.25  # of a season, by which it may have been missed
_MOST_SEASONS: Final = 4  # that are looked at for its length
_COMPARED: Final = 0.75  # of the series: values farther apart are not compared
_FEWEST_AVERAGED: Final = 8  # values in a moving average
_AT_THE_ENDS: Final = 2.0  # percent of the values, which may be outliers, on either side
_ROUNDING: Final = 1e-9  # of the largest value


_found: Final[WeakKeyDictionary[Dataset, int]] = WeakKeyDictionary()


def season_of(dataset: Dataset) -> int:
    """The season of the longest series that is trained on; 0 without one. It is looked for once: proposals, reasons,
    baselines and forecasts all ask for it."""
    if dataset not in _found:
        longest = max(dataset.train.source, key=len, default=None)
        _found[dataset] = 0 if longest is None else season(longest.astype(np.float64))
    return _found[dataset]


def season(values: FloatArray) -> int:
    """values (T, D) → the steps of the shortest clear season; 0 if none recurs about three times."""
    values = values[-_MOST_VALUES:]
    longest = min(_LONGEST, len(values) // _TIMES)
    if longest < 2:
        return 0
    size = np.abs(values).max()
    values = _without_trend(values)
    if not np.ptp(values, axis=0).max() > _ROUNDING * size:
        return 0
    values = _without_outliers(values)
    scale = 1
    while longest // scale >= _COARSEST:
        supposed = scale * _recurring(_means(values, scale), 2 if scale == 1 else _COARSEST, longest // scale)
        if supposed and (found := _measured(values, supposed)):
            return found
        scale *= 2
    return 0


def _recurring(values: FloatArray, least: int, most: int) -> int:
    """After how many of these values their changes recur; 0 if at no lag between these, or if finer than needed."""
    shares = _autocorrelation(np.diff(values, axis=0), most + 1)
    if len(shares) <= least + 1:
        return 0
    lags = np.arange(1, len(shares) - 1)
    here, before = shares[1:-1], np.cumsum(shares)[:-2] - shares[0]  # before: summed over the lags before each
    clear = here >= np.maximum(_CLEAR, _CHANCE / np.sqrt(len(values) - lags))
    peak = (here >= shares[:-2]) & (here >= shares[2:])
    peaks = lags[clear & peak & (before <= _BEFORE * (lags - 1)) & (lags >= least)]
    if not len(peaks):
        return 0
    found = int(peaks[shares[peaks] >= _AS_CLEAR * shares[peaks].max()][0])
    return found if found <= _FINEST else 0


def _measured(values: FloatArray, supposed: int) -> int:
    """The length to the step of a season near this one, or near a part of it; 0 if the values do not bear it out."""
    count = len(values)
    shares = _autocorrelation(_without_level(values, supposed), int(_COMPARED * count))
    if not len(shares):
        return 0
    period = _clearest(shares, math.ceil(supposed * (1 - _NEAR)), math.floor(supposed * (1 + _NEAR)), count)
    for parts in range(period // 2, 1, -1):
        between = np.interp(period / parts * np.arange(1, parts), np.arange(period + 1), shares[: period + 1])
        enough = _PART * shares[period]
        if between.mean() >= enough - 2 / math.sqrt(count) and between.min() >= enough / 2:
            part = round(period / parts)
            period = _clearest(shares, part - 1 - part // 50, part + 1 + part // 50, count)
            break
    if shares[period] < max(_CLEAR, _CHANCE_HERE / math.sqrt(count)):
        return 0
    return period if 2 * period >= len(shares) or shares[2 * period] >= _AGAIN * shares[period] else 0


def _clearest(shares: FloatArray, first: int, last: int, count: int) -> int:
    """The lag between these after which most comes again, also at its multiples: one step off is several steps off
    after several seasons. count: of the values; fewer are compared over long distances, and so count for less."""
    near = range(max(2, first), max(2, last) + 1)
    seasons = np.arange(1, max(1, min(_MOST_SEASONS, (len(shares) - 1) // near[-1])) + 1)
    weights = 1 - seasons * near[0] / count
    return max(near, key=lambda lag: float(shares[lag * seasons] @ weights))


def _autocorrelation(values: FloatArray, most: int) -> FloatArray:
    """values (T, D) → for each lag up to `most`; [] where no value differs."""
    values = values - values.mean(axis=0)
    count = len(values)
    power = np.abs(np.fft.rfft(values, 2 * count, axis=0)) ** 2
    sums = np.fft.irfft(power, axis=0)[: most + 1].sum(axis=1)
    if sums[0] <= 0:
        return np.zeros(0)
    # Averaged over the number of products at each lag, or long seasons would look faint.
    return np.asarray(sums / sums[0] * count / (count - np.arange(len(sums))))


def _means(values: FloatArray, scale: int) -> FloatArray:
    """(T, D) → (T // scale, D): means of so many neighbours, up to the last value."""
    count = len(values) // scale
    return np.asarray(values[len(values) - count * scale :].reshape(count, scale, -1).mean(axis=1))


def _without_trend(values: FloatArray) -> FloatArray:
    times = np.stack([np.ones(len(values)), np.linspace(-1, 1, len(values))], axis=1)
    return np.asarray(values - times @ np.linalg.lstsq(times, values, rcond=None)[0])


def _without_outliers(values: FloatArray) -> FloatArray:
    """What is far outside the usual range of its column is moved to the edge: two outliers would look like a season."""
    low, high = np.percentile(values, (_AT_THE_ENDS, 100 - _AT_THE_ENDS), axis=0)
    room = np.where(high > low, high - low, np.inf)
    return np.clip(values, low - room, high + room)


def _without_level(values: FloatArray, period: int) -> FloatArray:
    """Without the moving average over whole seasons, which leaves the season as it is."""
    width = min(len(values), period * max(1, -(-_FEWEST_AVERAGED // period)))
    sums = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
    averages = (sums[width:] - sums[:-width]) / width
    return np.asarray(values - averages[np.clip(np.arange(len(values)) - width // 2, 0, len(averages) - 1)])
