"""How far a forecast is from what really came, in words."""

from __future__ import annotations

import numpy as np

from engine.number_text import counted, own_units
from engine.types import FloatArray
from gui.plots.forecast_plot import leaves_series

WIDEST_VERDICT = (
    "Off by 0.0000 on average over 100 held-out steps; repeating the last value would be off by 0.0000, the last "
    "season (1,000 steps) by 0.0000. The network was trained on the 100 steps before them."
)
NO_SEASON = np.zeros(0)
NO_TRUTH = "Drawn by hand: what came after “now” followed other values, so the forecast cannot be compared with it."


def judged_by(
    values: FloatArray, mean: FloatArray, now: int, trained: int | None, last_season: FloatArray = NO_SEASON
) -> str:
    """How far the forecast is from what came, and how far the guesses would be that nothing changes, and that the last
    season comes again. Where steps are held out, only these are judged.

    values (T,): what came, of which the first `now` were read. mean (steps,): the forecast. trained: how many of the
    values the network was trained on, None if unknown. last_season (P,): the values before "now" that make up one, none
    if there is no season.
    """
    truth = values[now : now + len(mean)]
    if (far := leaves_series(values, mean)).any():
        steps = int(far.argmax())
        soon = f": after {counted(steps, 'step')}" if steps else " at once:"
        return f"The forecast runs away from the series{soon} it is too far off to be drawn."
    if not len(truth):
        return "There are no later values to compare it with."
    known = 0 if trained is None else min(max(trained - now, 0), len(truth))
    first = known if known < len(truth) else 0  # without a step that is held out, all that were trained on
    off = float(np.abs(mean[first : len(truth)] - truth[first:]).mean())
    still = float(np.abs(values[now - 1] - truth[first:]).mean())
    many = counted(len(truth) - first, "step" if trained is None or known > first else "held-out step")
    of = " that the network was trained on" if known > first else ""
    repeated = f"repeating the last value would be off by {own_units(still)}"
    if period := len(last_season):
        again = float(np.abs(np.resize(last_season, len(truth))[first:] - truth[first:]).mean())
        repeated += f", the last season ({counted(period, 'step')}) by {own_units(again)}"
    before = f"the {counted(first, 'step').removeprefix('1 ')} before {'it' if len(truth) == first + 1 else 'them'}"
    learned = f" The network was trained on {before}." if first else ""
    return f"Off by {own_units(off)} on average over {many}{of}; {repeated}.{learned}"
