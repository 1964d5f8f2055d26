"""Predicting numbers without a network: the last value, the season before, the mean, a linear model.

Each predicts the same numbers as a network, with a spread: that of its own errors on the training rows.
Losses are in the unit of the network's: nats per standardised number, or their squared error.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np

from engine.data.dataset import Dataset
from engine.data.examples import Examples
from engine.models.countable import with_a_value_before
from engine.models.number_metrics import measured
from engine.number_text import counted
from engine.training.baseline import Baseline
from engine.training.season import season_of
from engine.types import FloatArray

_HALF_LOG_TAU: Final = 0.5 * math.log(2 * math.pi)
_LEAST_SIGMA: Final = 1e-3
_MOST_LAGS: Final = 36
_ROWS_A_WEIGHT: Final = 4  # training values for each weight of the linear model, at least
_RIDGE: Final = 1e-3  # of the rows, added to the normal equations' diagonal
_MEAN: Final = "always the mean of the training data"
_MOST_SYMBOLS: Final = 2000  # symbols that the linear model of a text counts

MeanAndDeviation = tuple[FloatArray, FloatArray]  # truth and what was predicted of it, (N, D)


def series_baselines(dataset: Dataset, number_loss: str, lag: int) -> list[Baseline]:
    """Baselines for the next values of series, worst first. lag: as in `baselines`."""
    counted_ones = with_a_value_before(dataset.validation, lag)
    measured_on = counted_ones if len(counted_ones.target.values) else dataset.validation
    train, held_out = (list(_series(part)) for part in (dataset.train, measured_on))
    longest = max((values for values, _ in train), key=len)
    period = season_of(dataset)
    lags = _lags(longest, period)
    found: list[tuple[str, str, Callable[[FloatArray], FloatArray]]] = [
        ("mean", _MEAN, lambda values: np.zeros_like(values[1:])),
        ("last value", "the value of the step before", lambda values: values[:-1]),
    ]
    if period:
        found.append(("seasonal naive", f"the value {counted(period, 'step')} before", partial(_back, steps=period)))
    if lags:
        weights = _autoregression([values for values, _ in train], lags)
        before = f"a weighted sum of the {counted(lags, 'step')} before"
        found.append(("linear autoregression", before, lambda values: _features(values, lags) @ weights))
    rows = []
    for name, method, predict in found:
        sides = []
        for part in (train, held_out):
            cut = [(values[1:][-count:], predict(values)[-count:]) for values, count in part]
            sides.append((np.concatenate([t for t, _ in cut]), np.concatenate([p for _, p in cut])))
        measured = _baseline(dataset, name, sides[0], sides[1], number_loss)
        rows.append(replace(measured, method=method, short=name.split()[0]))
    return sorted(rows, key=lambda baseline: -baseline.loss)


def rating_baselines(dataset: Dataset, number_loss: str) -> list[Baseline]:
    """Baselines for the numbers of texts, worst first."""
    truth = [part.target.values.astype(np.float64) for part in (dataset.train, dataset.validation)]
    guess: list[MeanAndDeviation] = [(answers, np.zeros_like(answers)) for answers in truth]
    mean = replace(_baseline(dataset, "mean", guess[0], guess[1], number_loss), method=_MEAN)
    counts = [_counts(part, len(dataset.codec.source)) for part in (dataset.train, dataset.validation)]
    weights = least_squares(counts[0], truth[0], len(truth[0]) * _RIDGE + 1)
    fits: list[MeanAndDeviation] = [(answers, table @ weights) for answers, table in zip(truth, counts, strict=True)]
    bag = _baseline(dataset, f"bag of {dataset.codec.symbol_name}s", fits[0], fits[1], number_loss)
    method = f"a weighted sum of how often each {dataset.codec.symbol_name} occurs"
    return [mean, replace(bag, method=method, short="bag")]


def _series(examples: Examples) -> Iterator[tuple[FloatArray, int]]:
    """The standardised values of each example of which some count, and how many of the last ones do."""
    for values, target in zip(examples.source, examples.target, strict=True):
        if len(target):
            yield values.astype(np.float64), len(target)


def _lags(values: FloatArray, period: int) -> int:
    size = int(values.shape[1])
    return min(max(8, period + 1), _MOST_LAGS, max(0, len(values) // (_ROWS_A_WEIGHT * size) - 1))


def _back(values: FloatArray, steps: int) -> FloatArray:
    """For each value but the first, the value `steps` earlier, or the first one if there is none."""
    places = np.maximum(np.arange(1, len(values)) - steps, 0)
    return values[places]


def _features(values: FloatArray, lags: int) -> FloatArray:
    """(T − 1, lags · D + 1): the values before each one, and a one."""
    table = [_back(values, lag) for lag in range(1, lags + 1)]
    return np.concatenate([*table, np.ones((len(values) - 1, 1))], axis=1)


def _autoregression(series: Sequence[FloatArray], lags: int) -> FloatArray:
    """Weights (lags · D + 1, D) that predict each value from those before it, by least squares."""
    tables = [_features(values, lags)[lags - 1 :] for values in series if len(values) > lags]
    truth = [values[lags:] for values in series if len(values) > lags]
    table, wanted = np.concatenate(tables), np.concatenate(truth)
    return least_squares(table, wanted, _RIDGE)


def least_squares(table: FloatArray, wanted: FloatArray, ridge: float) -> FloatArray:
    """table (N, K), wanted (N, D) → weights (K, D), kept small by the ridge."""
    gram = table.T @ table
    gram[np.diag_indices(len(gram))] += ridge
    return np.asarray(np.linalg.solve(gram, table.T @ wanted))


def _counts(examples: Examples, vocabulary: int) -> FloatArray:
    """(B, V + 1) how often each of the most frequent symbols occurs in each text, and a one."""
    size = min(vocabulary, _MOST_SYMBOLS)
    lengths = np.asarray(examples.source.lengths)
    owners, ids = np.repeat(np.arange(len(lengths)), lengths), examples.source.values
    inside = ids < size
    flat = np.bincount(owners[inside] * (size + 1) + ids[inside], minlength=len(lengths) * (size + 1))
    table = flat.reshape(len(lengths), size + 1).astype(np.float64)
    table[:, size] = 1
    return table


def _baseline(
    dataset: Dataset, name: str, train: MeanAndDeviation, held_out: MeanAndDeviation, number_loss: str
) -> Baseline:
    """Judged on the validation rows, with the spread of its errors on the training rows."""
    assert dataset.codec.values is not None
    off = train[0] - train[1]
    sigma = np.maximum(np.sqrt((off * off).mean(axis=0)), _LEAST_SIGMA)
    truth, guess = held_out
    z = (truth - guess) / sigma
    nats = float((0.5 * z * z + np.log(sigma) + _HALF_LOG_TAU).mean())
    loss = nats if number_loss == "gaussian" else float(((truth - guess) ** 2).mean())
    values = measured(truth, guess, np.broadcast_to(sigma, truth.shape), dataset.codec.values)
    return Baseline(name, loss, None, values)
