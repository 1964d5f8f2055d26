"""The numbers beside bars that are much higher than the newest one."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine.inspection.gradient_flow import GradientFlow
from gui.plots.bar_plot import BarValue, StepBars, scale_of
from gui.plots.line_plot import LinePlot
from gui.plots.plot import Plot
from gui.theme import LIGHT


@pytest.mark.parametrize(
    ("top", "named"),
    [(10.0, "×10"), (200.0, "×200"), (20_000.0, "×20,000"), (4e7, "×4·10⁷")],
)
def test_a_high_scale_counts_in_multiples(top: float, named: str) -> None:
    assert scale_of(logarithmic=False, top=top, times=True)[-1] == (1.0, named)
    assert scale_of(logarithmic=False, top=4.0)[-1] == (1.0, "400\u202f%")


@pytest.mark.parametrize("largest", [1.5, 3.62, 5.0, 9.9, 10.0, 29.2])
def test_the_scale_has_the_unit_of_the_words_about_it(qtbot: QtBot, largest: float) -> None:
    plot = StepBars(LIGHT, "bars", "Bars")
    shown_at(plot, qtbot)
    back = np.linspace(1.0, largest, 8)
    plot.show_steps(tuple(BarValue(f"{i}", value) for i, value in enumerate(back[::-1].tolist())), LIGHT)
    flow = GradientFlow(tuple("a" * len(back)), back, back[::-1], {})
    assert flow.headline.startswith("Grows: ")
    in_times = {"×" in text for text in (flow.headline, *(text for _, text in plot.scale.texts()))}
    assert in_times == {largest >= 10}


def test_a_multiple_keeps_its_fraction() -> None:
    assert [text for _, text in scale_of(False, 10.0, times=True)] == ["×0", "×2.5", "×5", "×7.5", "×10"]


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
