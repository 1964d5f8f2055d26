"""How far off predicted numbers are, in their own units."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from engine.data.examples import Examples
from engine.models.metrics import of_column
from engine.models.model import Model
from engine.network.number_scorers import BAND, NumberScorer
from engine.types import FloatArray

if TYPE_CHECKING:
    from engine.data.numbers.number_scaling import NumberScaling

NUMBER_METRICS = ("mae", "rmse", "r2", "coverage")
MOST_COLUMNS = 8  # that have a figure of their own


def number_metrics(
    model: Model, judge: NumberScorer, numbers: NumberScaling, parts: Iterable[Examples]
) -> dict[str, float]:  # fmt: skip
    """mae, rmse: errors of the means in own units, averaged over the columns. r2: share of the variance that is
    explained.
    coverage: share of the numbers inside the 90 % band; only if uncertainty is learned. Of two to eight columns, also
    the mae of each, named by `of_column`."""
    truth, means, sigmas = [], [], []
    for part in parts:
        model.work.reset()
        done = model.forward(part, None, None)
        mean, sigma = judge.spread(done.logits)
        truth.append(done.targets.astype(np.float64))
        means.append(mean.astype(np.float64))
        sigmas.append(sigma.astype(np.float64))
    return measured(np.concatenate(truth), np.concatenate(means), np.concatenate(sigmas), numbers)


def measured(truth: FloatArray, means: FloatArray, sigmas: FloatArray, numbers: NumberScaling) -> dict[str, float]:
    """truth, means, sigmas (N, D), standardised → the metrics."""
    off = numbers.restore_deviation(truth - means)
    spread = ((truth - truth.mean(axis=0)) ** 2).sum(axis=0)
    missed = ((truth - means) ** 2).sum(axis=0)
    varies = spread > 0
    values = {
        "mae": float(np.abs(off).mean()),
        "rmse": float(np.sqrt((off * off).mean(axis=0)).mean()),
        "r2": float((1 - missed[varies] / spread[varies]).mean()) if varies.any() else float("nan"),
    }
    if not np.isnan(sigmas).any():
        values["coverage"] = float((np.abs(truth - means) <= BAND * sigmas).mean())
    if 1 < len(numbers.names) <= MOST_COLUMNS:
        each = zip(numbers.names, np.abs(off).mean(axis=0), strict=True)
        values |= {of_column("mae", name): float(error) for name, error in each}
    return values


def about_columns(numbers: NumberScaling | None) -> str:
    """How MAE and RMSE add up numbers of several columns; "" where there is at most one."""
    count = 0 if numbers is None else len(numbers.names)
    return f"MAE and RMSE are means over the {count} columns, each in its own units" if count > 1 else ""
