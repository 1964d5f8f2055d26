"""Pictures that show a part of their steps or units: what is under the mouse stays there and all comes back."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from gui.panels.hidden_state import HiddenStatePanel
from gui.panels.memory import NAMED_OF_LONG, MemoryPanel
from gui.panels.mistakes import TEXT, MistakesPanel
from gui.plots.bar_plot import BarValue, ColumnChart, StepBars
from gui.plots.donut import Donut
from gui.plots.picture import Picture
from gui.plots.strips import Group, Strip, Strips
from gui.theme import LIGHT
from gui.widgets.bars import Bar
from tests.gui.conftest import Person
from tests.gui.panels.open_views import open_view, settle, train_a_little
from tests.gui.plots.mouse import NONE, canvas, double_click, is_drawn, points_on, turn


def shown(qtbot: QtBot, picture: Picture) -> None:
    qtbot.addWidget(picture)
    picture.resize(420, 200)
    with qtbot.waitExposed(picture):  # before, the mouse finds other windows
        picture.show()
    picture.raise_()


@pytest.fixture
def bars(qtbot: QtBot) -> StepBars:
    bars = StepBars(LIGHT, "b", "b")
    shown(qtbot, bars)
    bars.show_steps(tuple(BarValue(str(i), i / 40, f"bar {i}") for i in range(40)), LIGHT)
    return bars


def pointed(qtbot: QtBot, bars: StepBars, x: float) -> int:
    qtbot.mouseMove(canvas(bars), QPoint(1, 1))
    qtbot.mouseMove(canvas(bars), QPoint(round(x), 90))
    return int(bars.toolTip().removeprefix("bar "))


def test_bars_zoom_around_the_one_under_the_mouse(qtbot: QtBot, bars: StepBars) -> None:
    x, first = bars.area().center().x(), bars.area().left() + 2
    at, edge = pointed(qtbot, bars, x), pointed(qtbot, bars, first)
    assert not turn(bars, QPointF(x, 90), 1, NONE)
    for _ in range(4):
        assert turn(bars, QPointF(x, 90), 1)
    assert abs(pointed(qtbot, bars, x) - at) <= 1
    assert pointed(qtbot, bars, first) > edge + 5
    bars.show_steps(tuple(BarValue(str(i), 0.5, f"bar {i}") for i in range(40)), LIGHT)
    assert pointed(qtbot, bars, first) > edge + 5  # stays while there are as many
    double_click(qtbot, bars, QPoint(round(x), 90))
    assert pointed(qtbot, bars, first) == edge
    bars.zoom(3.0)
    bars.show_steps(tuple(BarValue(str(i), 0.5, f"bar {i}") for i in range(7)), LIGHT)
    assert pointed(qtbot, bars, first) == 0


def heights(bars: StepBars) -> list[float]:
    """As they are drawn, as shares of the height."""
    return [float(height) for height in bars.bars.opts["height"]]


def test_bars_are_as_high_as_their_share_of_the_newest_on_either_scale(bars: StepBars) -> None:
    values = (1e-4, 0.5, 0.0, math.nan, 1.0)
    bars.show_steps(tuple(BarValue(str(i), value) for i, value in enumerate(values)), LIGHT)
    height = bars.area().height()
    assert heights(bars) == pytest.approx([1.5 / height, 0.5, 0, 4.0 / height, 1.0])
    assert bars.bars.opts["brushes"][3].color().name() == LIGHT.error
    bars.show_steps(bars.values, LIGHT, logarithmic=True)
    assert heights(bars)[0] == pytest.approx(1 - 4 / 8)
    assert [text for _, text in bars.scale.texts()] == ["≤10⁻⁸", "10⁻⁶", "10⁻⁴", "10⁻²", "1"]


def test_a_gradient_that_grows_has_bars_above_a_hundred_percent_of_the_newest(bars: StepBars) -> None:
    bars.show_steps(tuple(BarValue(str(i), value) for i, value in enumerate((1.93, 1.5, 1.0))), LIGHT)
    assert [text.split("\u202f")[0] for _, text in bars.scale.texts()] == ["0", "50", "100", "150", "200"]
    assert heights(bars) == pytest.approx([1.93 / 2, 0.75, 0.5])
    bars.show_steps(bars.values, LIGHT, logarithmic=True)
    assert [text.split("\u202f")[0] for _, text in bars.scale.texts()] == ["10", "100", "1,000"]


def test_a_bar_of_which_less_than_a_hundredth_of_the_newest_is_left_is_pale(bars: StepBars) -> None:
    bars.show_steps(tuple(BarValue(str(i), value) for i, value in enumerate((0.005, 0.02, 1.0))), LIGHT)
    assert [brush.color().name() for brush in bars.bars.opts["brushes"]] == [LIGHT.train, LIGHT.accent, LIGHT.accent]


def test_counts_are_bars_with_their_numbers_as_tooltips(qtbot: QtBot) -> None:
    chart = ColumnChart("counts", "Counts")
    shown(qtbot, chart)
    chart.show_counts([BarValue(str(i), i, f"{i} rows") for i in range(1, 11)], LIGHT)
    assert [float(height) for height in chart.bars.opts["height"]] == pytest.approx([i / 10 for i in range(1, 11)])
    qtbot.mouseMove(canvas(chart), QPoint(1, 1))
    qtbot.mouseMove(canvas(chart), QPoint(round(chart.width() * 0.65), 30))
    assert chart.toolTip() == "7 rows"
    assert chart.accessibleDescription().startswith("1 1, 2 2")
    assert chart.grab().toImage().pixelColor(chart.width() - 20, 40).name() == LIGHT.accent


def test_strips_zoom_into_the_units_and_follow_the_marked_one(qtbot: QtBot) -> None:
    strips = Strips(LIGHT, "s", "s")
    shown(qtbot, strips)
    state, read = Strip("h", np.linspace(-1, 1, 128)), Strip("input x", np.zeros(16), units=False)
    groups = (Group("in", (state, read)),)
    strips.show_groups(groups, 60, "", LIGHT)
    points, others = points_on(strips, "h"), points_on(strips, "input x")

    def ends() -> tuple[int, int]:
        found = [place for point in (points[0], points[-1]) if (place := strips.at(point)) is not None]
        return found[0][1], found[1][1]

    assert ends() == (0, 127)
    assert not turn(strips, points[0], 1, NONE)
    strips.zoom(8.0)
    first, last = ends()
    assert first <= 60 <= last
    assert last - first == 15
    in_x = strips.at(others[0])
    assert in_x is not None
    assert in_x[1] == first // 8  # the same share of what has no units
    strips.show_groups(groups, last + 1, "", LIGHT)
    assert ends() == (first + 1, last + 1)
    qtbot.mouseDClick(strips, Qt.MouseButton.LeftButton)
    assert ends() == (0, 127)
    assert turn(strips, points[-1], 3)
    assert ends()[1] == 127
    assert is_drawn(strips)


def test_the_ring_knows_the_part_under_the_mouse(qtbot: QtBot) -> None:
    ring = Donut(LIGHT, "d", "d")
    shown(qtbot, ring)
    ring.show_parts([Bar("a", 0.5), Bar("b", 0.25), Bar("nothing", 0.0), Bar("c", 0.25)], "", LIGHT)
    middle, radius = QPointF(210, 100), 0.75 * 96
    places = [(radius, 0), (0, radius), (-radius / 1.5, radius / 1.5), (-radius / 1.5, -radius / 1.5), (0, 0), (0, 99)]
    found = [ring.part_at(middle + QPointF(*place)) for place in places]
    assert found == [0, 1, 1, 3, -1, -1]
    assert Donut(LIGHT, "e", "e").part_at(QPointF(1, 1)) == -1


def test_the_memory_of_a_long_text_is_looked_at_part_by_part(person: Person) -> None:
    panel = open_view(person, "memory", MemoryPanel)
    person.session.probe.set("abcdefghij" * 4)
    person.wait_until(lambda: panel.found is not None and len(panel.found.shares) == 41)
    settle(person)
    assert panel.found is not None
    names = [bar.name for bar in panel.bars.bars]
    assert names[0] == "1 female"
    assert names[-1] == "the other 37"
    largest = sorted(range(1, 41), key=lambda i: panel.found.shares[i])[-(NAMED_OF_LONG - 1) :]  # type: ignore[union-attr]
    assert [int(name.split()[0]) - 1 for name in names[1:-1]] == sorted(largest)
    assert len({bar.color for bar in panel.bars.bars}) == len(names)
    places = panel.findChild(ColumnChart, "memory-places")
    assert places is not None
    assert places.isVisible()
    assert [column.value for column in places.values] == pytest.approx(panel.found.shares)
    for _ in range(9):
        panel.donut.zoomed.emit(0, 1.3)  # the wheel over the first input
    first = panel.bars.bars
    assert [bar.name for bar in first] == ["female", *"abc"]
    assert [bar.share for bar in first] == pytest.approx(panel.found.shares[:4])
    assert panel.donut.middle.startswith("inputs 1–4:\n")
    person.session.probe.set("zbcdefghij" * 4)
    person.wait_until(lambda: panel.bars.bars[1].name == "z")
    double_click(person.qtbot, panel.donut, panel.donut.rect().center())  # shows everything again
    last = int(panel.bars.bars[NAMED_OF_LONG - 1].name.split()[0])
    panel.donut.zoomed.emit(NAMED_OF_LONG - 1, 1.3)  # over the last of those that are named
    assert panel.bars.bars[-1].name.startswith("the other ")
    first, stop = (int(number) for number in panel.donut.middle.split()[1].rstrip(":").split("–"))
    assert first <= last <= stop
    person.session.probe.set("abc")
    person.wait_until(lambda: [bar.name for bar in panel.bars.bars] == ["female", *"abc"])
    assert not places.isVisible()


def test_ctrl_and_the_wheel_make_the_letters_of_the_mistakes_larger(person: Person) -> None:
    train_a_little(person, 3)
    panel = open_view(person, "mistakes", MistakesPanel)
    person.wait_until(lambda: panel.rows.rowCount() > 0)
    before = panel.list.visualRect(panel.rows.index(0, TEXT)).height()
    for _ in range(4):
        turn(panel.list, QPointF(20, 20), 1)
    person.wait_until(lambda: panel.list.visualRect(panel.rows.index(0, TEXT)).height() > before + 5)
    for _ in range(90):
        turn(panel.list, QPointF(20, 20), -1)
    assert panel.font_scale == 1.0
    person.wait_until(lambda: panel.list.visualRect(panel.rows.index(0, TEXT)).height() == before)
    top = panel.list.verticalScrollBar().value()
    turn(panel.list, QPointF(20, 20), -2, NONE)
    assert panel.list.verticalScrollBar().value() > top


def test_other_data_are_shown_as_a_whole_even_if_they_are_as_long(person: Person) -> None:
    memory, state = open_view(person, "memory", MemoryPanel), open_view(person, "hidden_state", HiddenStatePanel)
    settle(person)
    plot, before = state.heat_map, person.session.data.dataset
    steps = plot.shape[1]
    plot.zoom(1.5)
    memory.donut.zoomed.emit(0, 1.5)
    assert plot.tile_size()[0] > plot.box.width() / steps + 1
    assert len(memory.bars.bars) < steps
    person.session.data.load_sample("names", validation=0.3)
    person.wait_until(lambda: person.session.data.dataset is not before)
    person.wait_ready()
    settle(person)
    assert plot.shape[1] == steps
    assert plot.tile_size()[0] == pytest.approx(plot.box.width() / steps)
    assert len(memory.bars.bars) == steps
