"""The numbers beside bars that are much higher than the newest one."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from gui.plots.bar_plot import BarValue, StepBars, scale_of
from gui.plots.line_plot import LinePlot
from gui.plots.plot import Plot
from gui.theme import LIGHT


@pytest.mark.parametrize(
    ("top", "named"),
    [(1.0, "100\u202f%"), (4.0, "400\u202f%"), (10.0, "×10"), (200.0, "×200"), (20_000.0, "×20,000"), (4e7, "×4·10⁷")],
)
def test_a_high_scale_counts_in_multiples(top: float, named: str) -> None:
    assert scale_of(logarithmic=False, top=top)[-1] == (1.0, named)


def test_a_multiple_keeps_its_fraction() -> None:
    assert [text for _, text in scale_of(logarithmic=False, top=10.0)] == ["×0", "×2.5", "×5", "×7.5", "×10"]


def shown_at(plot: Plot, qtbot: QtBot) -> Plot:
    qtbot.addWidget(plot)
    plot.resize(320, 160)
    plot.show()
    return plot


def test_a_scale_that_was_hidden_while_its_view_moved_has_its_numbers_again(qtbot: QtBot) -> None:
    plot = StepBars(LIGHT, "bars", "Bars")
    shown_at(plot, qtbot)
    plot.show_steps((), LIGHT)  # nothing to draw yet
    plot.resize(420, 260)  # from a tab to a card
    plot.show_steps((BarValue("−1", 0.5), BarValue("0", 1.0)), LIGHT)
    assert [text for _, text in plot.scale.texts()] == [text for _, text in scale_of(logarithmic=False)]


def test_no_axis_loses_its_room_by_being_hidden(qtbot: QtBot) -> None:
    plot = LinePlot(LIGHT, "lines", "Lines")
    shown_at(plot, qtbot)
    for axis in (plot.left, plot.bottom):
        before = axis.size()
        axis.setVisible(False)
        plot.arrange()
        axis.setVisible(True)
        assert axis.size() == before
        assert axis.texts()
