"""A forecast is drawn whatever the network foretells."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtGui import QFontMetricsF
from pytestqt.qtbot import QtBot

from gui.panels.try_it.forecast_verdict import judged_by
from gui.plots.forecast_plot import ForecastCurves, ForecastPlot
from gui.plots.step_axis import BETWEEN_PX, StepAxis
from gui.theme import LIGHT
from tests.gui.plots.mouse import is_drawn


@pytest.mark.parametrize("value", [0.5, math.nan, math.inf, -1e300], ids=["usual", "nan", "infinite", "huge"])
@pytest.mark.parametrize("known", [1.0, math.nan])
def test_any_forecast_has_a_finite_range(qtbot: QtBot, value: float, known: float) -> None:
    plot = ForecastPlot(LIGHT, "forecast", "Forecast")
    qtbot.addWidget(plot)
    plot.resize(300, 180)
    ahead = np.full(4, value)
    x, values = np.arange(8.0), np.full(8, known)
    plot.show_forecast(ForecastCurves(x, values, 6, ahead, ahead - 1, ahead + 1, np.stack([ahead, ahead])), LIGHT)
    assert all(math.isfinite(limit) for limit in vars(plot.range).values())
    assert plot.range.low < plot.range.high
    assert is_drawn(plot)


@pytest.mark.parametrize("ends", [math.nan, math.inf, -1e30, 5e3], ids=["nan", "infinite", "huge", "far"])
def test_a_forecast_that_runs_away_leaves_the_series_readable(qtbot: QtBot, ends: float) -> None:
    plot = ForecastPlot(LIGHT, "forecast", "Forecast")
    qtbot.addWidget(plot)
    plot.resize(300, 180)
    x, values = np.arange(8.0), np.sin(np.arange(8.0))
    mean, unknown = np.array([0.5, 1.5, 2.5, ends]), np.full(4, math.nan)
    plot.show_forecast(ForecastCurves(x, values, 6, mean, unknown, unknown, np.zeros((0, 4))), LIGHT)
    assert -2 < plot.range.low < values.min()
    assert values.max() < plot.range.high < 3
    assert not plot.banded
    told = judged_by(values, mean, 6, 6)
    assert told == "The forecast runs away from the series: after 3 steps it is too far off to be drawn."
    near = np.minimum(np.nan_to_num(mean, nan=3.0), 3.0).clip(-3)
    plot.show_forecast(ForecastCurves(x, values, 6, near, near - 1, near + 1, np.zeros((0, 4))), LIGHT)
    assert plot.banded
    assert plot.range.low < near.min() - 1
    assert plot.range.high > near.max() + 1


def test_dates_have_room_beside_each_other_and_go_on_after_the_last_if_they_are_evenly_spaced(qtbot: QtBot) -> None:
    axis = StepAxis(ForecastPlot.font_of_plots())
    axis.set_times([f"2020-01-{day:02d}" for day in range(1, 31)])
    ((apart, places),) = axis.tickValues(1, 30, 300)
    assert len(places) in (2, 3)  # four dates of some 60 pixels would be 240 without room between
    assert axis.tickStrings([10.0, 30.0, 33.0, 0.0], 1, apart) == ["2020-01-10", "2020-01-30", "2020-02-02", ""]
    axis.set_times(["2020-01-01", "2020-01-02", "2020-01-09", "2020-01-10", "2020-03-01"])
    assert axis.tickStrings([5.0, 8.0], 1, apart) == ["2020-03-01", "+3"]
    axis.set_times(())
    assert axis.tickStrings([10.0], 1, 10) == ["10"]


@pytest.mark.parametrize("count", [137, 240, 1000])
@pytest.mark.parametrize("width", [175, 235, 300, 360, 455])
@pytest.mark.parametrize("written", ["2020-01", "2020-01-01", "2020-01-01 13:00", "2020-01-01 13:00:00"])
def test_as_many_dates_as_have_room_are_whole_on_the_axis(qtbot: QtBot, written: str, width: int, count: int) -> None:
    axis = StepAxis(ForecastPlot.font_of_plots())
    axis.set_times([written] * count)
    room, low, high = QFontMetricsF(ForecastPlot.font_of_plots()).horizontalAdvance(written), count - 119, count
    ((_, places),) = axis.tickValues(low, high, width)
    ends = [width * (place - low) / (high - low) + side * room / 2 for place in places for side in (-1, 1)]
    assert ends == sorted(ends), "none over another"
    assert ends[0] >= -0.5, "none is cut"
    assert ends[-1] <= width + 0.5
    assert len(places) >= 1 + (2 * room + 2 * BETWEEN_PX <= width)
