"""Numbers on a logarithmic axis, however small."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QFont
from pytestqt.qtbot import QtBot

from engine.number_text import NARROW
from gui.plots.axes import NumberAxis
from gui.plots.line_plot import Line, LinePlot, PlotRange
from gui.theme import LIGHT
from tests.gui.plots.saving import svg_of


def test_a_logarithmic_axis_below_a_thousandth_has_numbers_that_fit_beside_it(qtbot: QtBot) -> None:
    axis = NumberAxis("left", QFont())
    axis.setLogMode(y=True)
    small = axis.tickStrings([-5.0, -4.0, -4 + 0.69897], 1.0, None)
    assert small == ["1e−5", "1e−4", "5e−4"]
    assert axis.tickStrings([-3.0, -2.0], 1.0, None) == ["0.001", "0.01"]
    axis.shares = True
    shares = [text.replace(NARROW, " ") for text in axis.tickStrings([-6.0, -5.30103, -4.0, -1.0, 1.0], 1.0, None)]
    assert shares == ["10⁻⁴ %", "5·10⁻⁴ %", "0.01 %", "10 %", "1,000 %"]


def test_a_logarithmic_axis_says_so_above_its_numbers(qtbot: QtBot, tmp_path: Path) -> None:
    plot = LinePlot(LIGHT, "p", "p")
    qtbot.addWidget(plot)
    plot.resize(300, 160)
    plot.show()
    steps = np.arange(1.0, 8.0)
    plot.show_lines((Line(steps, 10.0**-steps, "#000000"),), LIGHT)
    plot.set_range(PlotRange(0.5, 7.5, 0.0, 1.0))
    linear = plot.area()
    assert "logarithmic" not in svg_of(plot, tmp_path / "linear.svg")
    plot.set_log(True)
    assert ">logarithmic<" in svg_of(plot, tmp_path / "log.svg")
    assert plot.area().top() >= linear.top() + plot.line_height()
    plot.set_log(False)
    assert plot.area() == linear


@pytest.mark.parametrize(("low", "high", "least"), [(0.7, 1.7, 2), (0.21, 0.45, 2), (0.95, 1.06, 2), (0.004, 3.0, 2)])
def test_a_logarithmic_axis_has_two_numbers_at_least_also_within_one_power_of_ten(
    qtbot: QtBot, low: float, high: float, least: int
) -> None:
    plot = LinePlot(LIGHT, "p", "p")
    qtbot.addWidget(plot)
    plot.resize(400, 240)
    plot.show()
    steps = np.arange(1.0, 8.0)
    plot.show_lines((Line(steps, np.linspace(low, high, 7), "#000000"),), LIGHT)
    plot.set_range(PlotRange(0.5, 7.5, low, high))
    plot.set_log(True)
    numbers = [text for _, text in plot.left.texts()]
    assert len(numbers) >= least
    assert len(set(numbers)) == len(numbers)
