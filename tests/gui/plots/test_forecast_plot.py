"""A forecast is drawn whatever the network foretells."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui.plots.forecast_plot import ForecastCurves, ForecastPlot
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
