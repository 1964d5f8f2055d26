"""Numbers on a logarithmic axis, however small."""

from __future__ import annotations

from PySide6.QtGui import QFont
from pytestqt.qtbot import QtBot

from gui.plots.axes import NumberAxis


def test_a_logarithmic_axis_below_a_thousandth_has_numbers_that_fit_beside_it(qtbot: QtBot) -> None:
    axis = NumberAxis("left", QFont())
    axis.setLogMode(y=True)
    small = axis.tickStrings([-5.0, -4.0, -4 + 0.69897], 1.0, None)
    assert small == ["1e−5", "1e−4", "5e−4"]
    assert axis.tickStrings([-3.0, -2.0], 1.0, None) == ["0.001", "0.01"]
