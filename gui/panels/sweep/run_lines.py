"""The runs of a sweep as lines over parallel axes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from engine.number_text import in_figures
from engine.options import Option
from engine.sweeps.one_run import RunOutcome
from engine.sweeps.plan import PlannedRun, setting_option
from gui.plots.parallel_coordinates import Axis, RunLine

LOG_FROM = 8.0  # an axis is logarithmic if its largest value is this many times the smallest
MOST_TICKS = 5
MOST_LINES = 120  # more could neither be told apart nor drawn within a frame: 200 smooth lines take 18 ms
HIGHEST_SHARE = 0.9  # share of the losses that decide what is far away
FAR = 2.0  # a loss this many times as far from the best as they are lies at the end of the axis, which is marked


def run_lines(
    runs: Sequence[PlannedRun], outcomes: Mapping[int, RunOutcome], settings: Sequence[str]
) -> tuple[list[Axis], list[RunLine]]:
    """An axis for each of these settings and one for the result, with the best on top; a line for each run with a
    result, or for the best ones if there are many."""
    done = [(run, outcomes[run.number].best) for run in runs if run.number in outcomes]
    known = [(run, best) for run, best in done if best is not None and math.isfinite(best)]
    known.sort(key=lambda pair: pair[1])
    known = known[:MOST_LINES]
    scales = [_AxisScale([run.settings[name] for run in runs], setting_option(name)) for name in settings]
    axes = [Axis(setting_option(name).label, scale.names) for name, scale in zip(settings, scales, strict=True)]
    if not known:
        return [*axes, Axis("best loss", ())], []
    losses = np.array([best for _, best in known])
    low, high, most = float(losses.min()), float(losses.max()), float(np.quantile(losses, HIGHEST_SHARE))
    cut = high - low > FAR * (most - low) > 0
    high = most if cut else high
    span = high - low or 1.0
    axes.append(Axis("best loss", ((1.0, in_figures(low, 4)), (0.0, "≥ " * cut + in_figures(high, 4)))))
    ranks = np.arange(len(losses)) / max(1, len(losses) - 1)
    lines = [
        RunLine(
            (*(scale.place(run.settings[name]) for name, scale in zip(settings, scales, strict=True)),
             max(0.0, 1.0 - (best - low) / span)),
            float(rank),
        )
        for (run, best), rank in zip(known, ranks, strict=True)
    ]  # fmt: skip
    return axes, lines


class _AxisScale:
    """Places of values on an axis: numbers by size, others in the order given."""

    def __init__(self, values: Sequence[Any], option: Option) -> None:
        self._numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
        distinct = list(dict.fromkeys(values))
        self._order = {repr(value): at for at, value in enumerate(distinct)}
        self._log = self._numbers and min(values) > 0 and max(values) / min(values) >= LOG_FROM
        self._low: float = min(values) if self._numbers else 0
        self._high: float = max(values) if self._numbers else max(1, len(distinct) - 1)
        shown = sorted(distinct) if self._numbers else distinct
        few = shown if len(shown) <= MOST_TICKS else [shown[0], shown[len(shown) // 2], shown[-1]]
        self.names = tuple((self.place(value), option.written(value)) for value in few)

    def place(self, value: Any) -> float:
        """0 below to 1 above."""
        at = value if self._numbers else self._order[repr(value)]
        low, high = self._low, self._high
        if self._log:
            at, low, high = math.log(at), math.log(low), math.log(high)
        return float((at - low) / (high - low)) if high > low else 0.5
