"""The numbers beside bars that are much higher than the newest one."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine.inspection.gradient_flow import GradientFlow
from engine.number_text import NARROW
from gui.plots.bar_plot import BarValue, StepBars
from gui.plots.bar_scale import BarScale
from gui.plots.line_plot import LinePlot
from gui.plots.plot import Plot
from gui.theme import LIGHT


@pytest.mark.parametrize(
    ("top", "named"),
    [(10.0, "×10"), (200.0, "×200"), (20_000.0, "×20,000"), (4e7, "×4·10⁷")],
)
def test_a_high_scale_counts_in_multiples(top: float, named: str) -> None:
    assert BarScale(top, times=True).numbers()[-1] == (1.0, named)
    assert BarScale(4.0).numbers()[-1] == (1.0, "400\u202f%")


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


@pytest.mark.parametrize("logarithmic", [False, True])
def test_nothing_has_no_bar_and_a_little_has_one(qtbot: QtBot, logarithmic: bool) -> None:
    plot = StepBars(LIGHT, "bars", "Bars")
    shown_at(plot, qtbot)
    values = [0.0, 1e-12, math.nan, 1.0]
    plot.show_steps([BarValue(str(i), value) for i, value in enumerate(values)], LIGHT, logarithmic=logarithmic)
    heights = plot.bars.opts["height"]
    assert [bool(height > 0) for height in heights] == [False, True, True, True]


def test_a_multiple_keeps_its_fraction() -> None:
    assert [text for _, text in BarScale(10.0, times=True).numbers()] == ["×0", "×2.5", "×5", "×7.5", "×10"]


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
    assert [text for _, text in plot.scale.texts()] == [text for _, text in BarScale().numbers()]


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


def numbers_at(shares: list[float], before: int = 0) -> list[str]:
    """The numbers of a logarithmic scale beside bars of these shares."""
    numbers = BarScale.of(shares, logarithmic=True, before=before).numbers()
    return [text.replace(NARROW, " ") for _, text in numbers]


def test_a_logarithmic_scale_reaches_as_far_down_as_the_bars_need() -> None:
    assert numbers_at([0.15, 0.4, 0.8, 1.0]) == ["10 %", "30 %", "100 %"]
    at, _ = BarScale.of([0.15, 1.0], logarithmic=True).numbers()[1]
    assert at == pytest.approx(1 + math.log10(0.3)), "a line is where its number is"
    assert numbers_at([0.05, 1.0]) == ["1 %", "10 %", "100 %"]
    assert numbers_at([0.1, 1.0]) == ["1 %", "10 %", "100 %"], "each bar can be seen"
    assert numbers_at([1.0, 1.93]) == ["10 %", "100 %", "1,000 %"]
    assert numbers_at([2e-4, 1.0]) == ["10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "1"]
    assert numbers_at([2e-6, math.nan, 1.0]) == ["10⁻⁸", "10⁻⁶", "10⁻⁴", "10⁻²", "1"]
    assert numbers_at([20.0, 1.0]) == ["10⁻²", "10⁻¹", "1", "10¹", "10²"]
    assert numbers_at([]) == ["10 %", "30 %", "100 %"]


@pytest.mark.parametrize("least", [9e-9, 1e-30, 0.0])
def test_where_bars_would_end_below_the_scale_its_lowest_number_says_so(least: float) -> None:
    assert numbers_at([least, 0.5, 1.0])[0] == "≤10⁻⁸"


def test_a_logarithmic_scale_stands_still_while_the_lowest_bar_moves_a_little(qtbot: QtBot) -> None:
    plot = StepBars(LIGHT, "bars", "Bars")
    shown_at(plot, qtbot)

    def lowest(*shares: float) -> set[str]:
        """The lowest numbers, one after the other."""
        found = set()
        for share in shares:
            bars = (BarValue("−2", share), BarValue("−1", 0.5), BarValue("0", 1.0))
            plot.show_steps(bars, LIGHT, logarithmic=True)
            found.add(plot.shown.numbers()[0][1].replace(NARROW, " "))
        return found

    assert lowest(0.2) == {"10 %"}
    assert lowest(0.11, 0.2, 0.3, 0.12) == {"1 %"}, "it grows at once, and stays"
    assert lowest(0.4) == {"10 %"}
    assert lowest(1e-3, 0.02) == {"10⁻⁴"}
    plot.show_steps((BarValue("−1", 0.02), BarValue("0", 1.0)), LIGHT, logarithmic=True)
    assert plot.shown.numbers()[0][1].replace(NARROW, " ") == "1 %", "another text begins anew"
