"""A line plot in the hands of a person: wheel, drag, rectangle, axes, menu; and what is drawn is what was given."""

from __future__ import annotations

import gc
import math
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gui.plots.bar_plot import ColumnChart, StepBars
from gui.plots.heat_map import HeatMap
from gui.plots.line_plot import Line, LinePlot, PlotRange
from gui.plots.matrix import Matrix
from gui.plots.plot import Plot
from gui.plots.reference_levels import ReferenceLevel
from gui.plots.scatter import Scatter
from gui.plots.thinning import drawable, thin_to_pixels
from gui.theme import DARK, LIGHT
from tests.gui.plots.mouse import NONE, canvas, double_click, drag, is_drawn, turn
from tests.gui.plots.saving import svg_of

SHOWN = PlotRange(0.0, 100.0, 0.0, 4.0)


@pytest.fixture
def plot(qtbot: QtBot) -> LinePlot:
    plot = LinePlot(LIGHT, "plot", "A plot")
    qtbot.addWidget(plot)
    plot.resize(500, 300)
    plot.show()
    x = np.arange(1.0, 101.0)
    plot.show_lines((Line(x, 4.0 / x, LIGHT.train, 2.0), Line(x, np.sqrt(x) / 5, LIGHT.second)), LIGHT)
    plot.set_range(SHOWN)
    return plot


def middle(plot: LinePlot) -> QPoint:
    return plot.area().center().toPoint()


def test_the_curves_are_the_numbers_that_were_given(plot: LinePlot) -> None:
    x, y = plot.curves[0].getData()
    assert x.tolist() == list(range(1, 101))
    assert y == pytest.approx([4.0 / step for step in range(1, 101)])
    plot.show_lines(plot.lines[:1], LIGHT)
    assert [curve.isVisible() for curve in plot.curves] == [True, False]


def test_the_plain_wheel_is_left_to_the_page_and_ctrl_zooms_around_the_mouse(plot: LinePlot) -> None:
    at = QPointF(middle(plot)) + QPointF(100, 0)
    x = plot.box.mapSceneToView(at).x()
    assert not turn(plot, at, 1, NONE)
    assert plot.range == SHOWN
    assert turn(plot, at, 2)
    assert plot.box.mapSceneToView(at).x() == pytest.approx(x)
    assert plot.range.right - plot.range.left == pytest.approx(100 / 1.25**2)
    assert (plot.range.low, plot.range.high) == (0.0, 4.0)


def test_what_a_person_has_zoomed_to_stays_while_the_owner_sets_ranges(plot: LinePlot, qtbot: QtBot) -> None:
    turn(plot, QPointF(middle(plot)), 1)
    zoomed = plot.range
    plot.set_range(PlotRange(0.0, 200.0, 0.0, 4.0))
    assert plot.range == zoomed
    double_click(qtbot, plot, middle(plot))
    assert plot.range == PlotRange(0.0, 200.0, 0.0, 4.0)


@pytest.mark.parametrize("right", [1.5, 2.5, 3.0, 7.0, 40.0, 4000.0])
def test_the_numbers_of_steps_are_whole_and_evenly_spaced_however_few_there_are(plot: LinePlot, right: float) -> None:
    plot.set_range(PlotRange(0.5, right, 0.0, 4.0))
    shown = [float(text.replace(",", "")) for _, text in plot.bottom.texts()]
    assert shown
    assert all(number == int(number) for number in shown)
    assert len({b - a for a, b in pairwise(shown)}) <= 1
    plot.set_range(PlotRange(0.0, 1.0, 0.0, 4.0), "epochs")
    assert "0.2" in [text for _, text in plot.bottom.texts()]


@pytest.mark.parametrize("height", [60, 70, 90, 130])
def test_numbers_above_each_other_do_not_touch_in_a_low_plot(plot: LinePlot, height: int) -> None:
    plot.resize(400, height)
    plot.set_range(PlotRange(0.0, 100.0, 2.4, 3.4))
    heights = sorted(place.y() for place, _ in plot.left.texts())
    assert heights
    assert all(below - above >= 12 for above, below in pairwise(heights))


@pytest.mark.parametrize("width", [140, 170, 240])
@pytest.mark.parametrize("right", [1000.0, 4000.0, 20_000.0, 1e6])
def test_numbers_beside_each_other_do_not_touch_in_a_narrow_plot(plot: LinePlot, width: int, right: float) -> None:
    plot.resize(width, 150)
    plot.set_range(PlotRange(0.0, right, 0.0, 4.0))
    halves = [(place.x(), plot.text_width(text) / 2) for place, text in plot.bottom.texts()]
    assert len(halves) > 1
    assert all(right - half - (left + other) > 4 for (left, other), (right, half) in pairwise(halves))


@pytest.mark.parametrize(("low", "high"), [(-2000.0, 0.0), (-9500.0, 9500.0), (-46_000.0, -41_000.0), (0.0, 3.4)])
def test_numbers_beside_the_plot_are_whole_and_written_as_elsewhere(plot: LinePlot, low: float, high: float) -> None:
    plot.set_range(PlotRange(0.0, 100.0, low, high))
    shown = plot.left.texts()
    assert shown
    assert all(place.x() - plot.text_width(text) / 2 >= 0 for place, text in shown)
    assert not any("-" in text for _, text in shown)
    assert all("," in text or "k" in text or len(text) < 5 for _, text in shown)


def test_a_drag_pans_both_ways(plot: LinePlot, qtbot: QtBot) -> None:
    area = plot.area()
    drag(qtbot, plot, middle(plot), middle(plot) + QPoint(50, 30))
    assert plot.range.left == pytest.approx(-100 * 50 / area.width())
    assert plot.range.high == pytest.approx(4 + 4 * 30 / area.height())


def test_a_drag_on_an_axis_scales_that_axis(plot: LinePlot, qtbot: QtBot) -> None:
    area = plot.area()
    left = QPoint(8, middle(plot).y())
    drag(qtbot, plot, left, left + QPoint(0, -40))
    assert plot.range.high - plot.range.low < 3.5
    assert (plot.range.left, plot.range.right) == (0.0, 100.0)
    below = QPoint(middle(plot).x(), round(area.bottom()) + 9)
    drag(qtbot, plot, below, below + QPoint(-60, 0))
    assert plot.range.right - plot.range.left > 120


def test_shift_and_a_drag_zoom_to_a_rectangle(plot: LinePlot, qtbot: QtBot) -> None:
    area = plot.area()
    start, end = area.topLeft() + QPointF(area.width() / 4, area.height() / 2), area.center() + QPointF(60, 90)
    wanted = [plot.box.mapSceneToView(place) for place in (start, end)]
    drag(qtbot, plot, start.toPoint(), end.toPoint(), Qt.KeyboardModifier.ShiftModifier)
    assert plot.range.left == pytest.approx(wanted[0].x(), abs=1)
    assert plot.range.right == pytest.approx(wanted[1].x(), abs=1)
    assert plot.range.high == pytest.approx(wanted[0].y(), abs=0.05)
    assert plot.range.low == pytest.approx(wanted[1].y(), abs=0.05)


def test_the_rectangle_has_the_colour_of_the_theme_after_a_pan_too(plot: LinePlot, qtbot: QtBot) -> None:
    drag(qtbot, plot, middle(plot), middle(plot) + QPoint(20, 0))  # a pan
    plot.zoom_to_rectangle()
    widget, left = canvas(plot), Qt.MouseButton.LeftButton
    start, end = middle(plot) - QPoint(80, 60), middle(plot) + QPoint(80, 60)
    before = widget.grab().toImage().pixelColor(middle(plot))
    qtbot.mousePress(widget, left, pos=start)
    for at in (QPointF(start + QPoint(30, 30)), QPointF(end)):
        place = QPointF(widget.mapToGlobal(at))
        QApplication.sendEvent(widget, QMouseEvent(QEvent.Type.MouseMove, at, place, left, left, NONE))
    drawn = widget.grab().toImage().pixelColor(middle(plot))
    qtbot.mouseRelease(widget, left, pos=end)
    accent = QColor(LIGHT.accent)
    assert drawn != before
    assert drawn.red() - before.red() == pytest.approx(0.15 * (accent.red() - before.red()), abs=2)
    assert drawn.blue() - before.blue() == pytest.approx(0.15 * (accent.blue() - before.blue()), abs=2)


def test_the_menu_makes_the_next_drag_a_rectangle_and_only_that_one(plot: LinePlot, qtbot: QtBot) -> None:
    plot.zoom_to_rectangle()
    drag(qtbot, plot, middle(plot), middle(plot) + QPoint(100, 60))
    first = plot.range
    assert first.right - first.left < 30
    drag(qtbot, plot, middle(plot), middle(plot) + QPoint(20, 0))
    assert plot.range.right - plot.range.left == pytest.approx(first.right - first.left)


def test_view_all_shows_also_what_the_owner_leaves_out(plot: LinePlot) -> None:
    x = np.arange(1.0, 51.0)
    plot.show_lines((Line(x, np.where(x == 20, 1e6, 2.0), LIGHT.train),), LIGHT)
    assert plot.range.high == 4.0
    plot.view_all()
    assert plot.range.high >= 1e6
    assert plot.range.low <= 2.0
    plot.reset_zoom()
    assert plot.range == SHOWN


def test_a_logarithmic_axis_shows_powers_of_ten_and_leaves_out_what_has_no_logarithm(plot: LinePlot) -> None:
    x = np.arange(1.0, 6.0)
    plot.show_lines((Line(x, np.array([100.0, 10.0, 0.0, 1.0, -3.0]), LIGHT.train),), LIGHT)
    plot.set_range(PlotRange(0.0, 6.0, 0.0, 200.0))
    plot.set_log(True)
    drawn = plot.curves[0].getData()[1]
    assert drawn[np.isfinite(drawn)] == pytest.approx([2.0, 1.0, 0.0, 0.0])  # a lonely point twice
    assert plot.range.low < 1.0
    assert plot.range.high == pytest.approx(200.0)
    assert {"1", "10", "100"} <= {text for _, text in plot.left.texts()}
    plot.set_log(False)
    assert plot.range == PlotRange(0.0, 6.0, 0.0, 200.0)


def test_thousands_on_both_axes_are_grouped_as_everywhere_and_find_their_room(plot: LinePlot) -> None:
    plot.set_range(PlotRange(0.0, 4000.0, 0.0, 4000.0))
    assert {"1,000", "2,000"} <= {text for _, text in plot.left.texts()}
    assert {"1,000", "2,000"} <= {text for _, text in plot.bottom.texts()}


def test_the_mouse_is_followed_by_a_crosshair_with_the_height(plot: LinePlot, qtbot: QtBot) -> None:
    plot.pointed.connect(lambda x: plot.set_cursor(None if x is None else round(x)))
    without = plot.grab().toImage()
    qtbot.mouseMove(canvas(plot), QPoint(3, 3))
    qtbot.mouseMove(canvas(plot), middle(plot))
    qtbot.waitUntil(lambda: plot.cursor_x == 50)
    assert plot.mouse_y == pytest.approx(2.0, abs=0.05)
    assert plot.grab().toImage() != without


def test_a_right_click_is_left_to_the_menu_of_the_view(plot: LinePlot, qtbot: QtBot) -> None:
    asked: list[object] = []
    plot.contextMenuEvent = asked.append  # type: ignore[method-assign]
    qtbot.mouseClick(canvas(plot), Qt.MouseButton.RightButton, pos=middle(plot))
    assert canvas(plot).contextMenuPolicy() is Qt.ContextMenuPolicy.NoContextMenu
    assert not plot.box.menuEnabled()
    assert plot.range == SHOWN


def test_a_saved_plot_holds_lines_and_dots_not_pixels(plot: LinePlot, tmp_path: Path) -> None:
    plot.show_lines((Line(np.arange(10.0), np.arange(10.0) / 3, LIGHT.train, 2.0, dots=True),), LIGHT)
    plot.set_levels((ReferenceLevel(1.0, "bigram 1.00", "a"),))
    text = svg_of(plot, tmp_path / "plot.svg")
    assert "<image" not in text
    assert ">a</text>" in text
    assert text.count("<path") + text.count("<polyline") + text.count("<circle") >= 11


def test_the_background_is_that_of_the_card_in_both_themes(plot: LinePlot) -> None:
    for theme in (LIGHT, DARK, LIGHT):
        plot.show_lines((), theme)
        assert plot.grab().toImage().pixelColor(250, 2) == QColor(theme.surface)


@pytest.mark.parametrize("values", [[], [0.5], [math.nan], [math.inf, 0.1, -math.inf], [1e300, -1e300, 1e-300]])
@pytest.mark.parametrize("log", [False, True], ids=["plain", "log"])
def test_odd_numbers_are_drawn(plot: LinePlot, values: list[float], log: bool) -> None:
    plot.set_log(log)
    plot.show_lines((Line(np.arange(float(len(values))), np.array(values), LIGHT.train, 2.0, dots=True),), LIGHT)
    plot.set_range(SHOWN)
    plot.view_all()
    assert is_drawn(plot)
    assert all(math.isfinite(limit) for limit in vars(plot.range).values())


@given(st.lists(st.floats(-1e6, 1e6) | st.just(math.nan), min_size=1, max_size=400), st.integers(1, 40))
def test_thinning_keeps_the_peaks_of_every_window_and_few_points(values: list[float], columns: int) -> None:
    y = np.array(values)
    x = np.arange(float(len(y)))
    thin_x, thin_y = thin_to_pixels(x, y, 0.0, float(len(y)), columns, smooth=False)
    assert len(thin_x) == len(thin_y) <= 2 * columns + 2
    finite, kept = y[np.isfinite(y)], thin_y[np.isfinite(thin_y)]
    assert (len(finite) == 0) == (len(kept) == 0)
    if len(finite):
        assert (kept.min(), kept.max()) == (finite.min(), finite.max())


def test_thinning_starts_and_ends_one_point_beside_what_is_seen() -> None:
    x = np.arange(1000.0)
    found, _ = thin_to_pixels(x, x, 100.5, 110.5, 500, smooth=False)
    assert (found[0], found[-1]) == (100, 111)


def test_a_smooth_curve_that_grows_stays_where_it_was() -> None:
    y = np.linspace(3.0, 1.0, 5000)
    x = np.arange(5000.0)
    first = thin_to_pixels(x[:4000], y[:4000], 0.0, 6000.0, 300, smooth=True)[0][:-1]
    second = thin_to_pixels(x[:4001], y[:4001], 0.0, 6000.0, 300, smooth=True)[0]
    assert set(first) <= set(second)


def test_a_point_between_gaps_becomes_a_line_that_can_be_seen() -> None:
    x, y = drawable(np.arange(5.0), np.array([1.0, 2.0, math.nan, 3.0, math.nan]), 0.0, 4.0)
    assert x.tolist() == [0, 1, 2, 3, 3, 4]
    assert y[[0, 1, 3, 4]].tolist() == [1.0, 2.0, 3.0, 3.0]
    assert drawable(np.zeros(1), np.array([1e300]), 0.0, 1.0)[1].max() <= 1e4


@pytest.mark.parametrize("lines", [(0.1, 1.0, 1.05, 3.9), (2.0, 2.0, 2.0), (0.01, 0.02), (3.98, 3.99)])
def test_tags_of_levels_stand_beside_the_curves_and_cover_neither_these_nor_each_other(
    plot: LinePlot, lines: tuple[float, ...]
) -> None:
    plot.set_range(PlotRange(0.0, 10.0, 0.0, 4.0))
    plot.set_levels(tuple(ReferenceLevel(y, f"baseline {y}", "abcd"[at]) for at, y in enumerate(lines)))
    boxes = [box for box, _ in plot.level_tags()]
    assert len(boxes) == len(lines)
    assert sorted(tag for _, tag in plot.level_tags()) == list("abcd"[: len(lines)])
    assert all(box.left() >= plot.area().right() and box.right() <= plot.width() for box in boxes)
    assert all(box.top() >= -1 and box.bottom() <= plot.height() for box in boxes)
    assert not any(a.bottom() > b.top() + 0.01 for a, b in pairwise(boxes))


@pytest.mark.parametrize("lines", [(2.0,), (2.0, 2.01, 2.02), (0.01, 0.02), (3.98, 3.99)])
def test_a_tag_that_stands_apart_from_its_line_is_joined_to_it(plot: LinePlot, lines: tuple[float, ...]) -> None:
    plot.set_range(PlotRange(0.0, 10.0, 0.0, 4.0))
    plot.set_levels(tuple(ReferenceLevel(y, f"baseline {y}", "abc"[at]) for at, y in enumerate(lines)))
    picture, right = plot.grab().toImage(), round(plot.area().right())
    for box, _ in plot.level_tags():
        middle = round(box.center().y())
        for x in range(right + 1, round(box.left()) - 1):
            shades = [picture.pixelColor(x, y).lightness() for y in range(picture.height())]
            assert min(shades) < 250, "the line goes on up to the tag"
        beside = range(middle - 4, middle + 5)
        assert min(picture.pixelColor(round(box.left()) - 2, y).lightness() for y in beside) < 240
    assert all(box.bottom() <= plot.area().bottom() + 0.01 for box, _ in plot.level_tags()), "the axis stays free"


def test_the_mouse_over_a_name_says_what_it_stands_for_and_elsewhere_how_to_zoom(plot: LinePlot, qtbot: QtBot) -> None:
    plot.explain("drag pans")
    plot.set_range(PlotRange(0.0, 10.0, 0.0, 4.0))
    guess, pairs = (
        ReferenceLevel(3.3, "blind guess 3.30", "guess", 1200, "blind guess"),
        ReferenceLevel(1, "pairs 1.00", "pairs"),
    )
    plot.set_levels((guess, ReferenceLevel(3.3, "most frequent 3.30", "frequent"), pairs))
    tips = "blind guess 3.30, beaten at step 1,200", "most frequent 3.30", "pairs 1.00"
    for (box, _), tip in zip(plot.level_tags(), tips, strict=True):
        qtbot.mouseMove(canvas(plot), box.center().toPoint())
        assert plot.toolTip() == tip
        qtbot.mouseMove(canvas(plot), middle(plot))
        assert plot.toolTip() == "drag pans"
    plot.set_levels((guess,), named=True)
    qtbot.mouseMove(canvas(plot), plot.level_tags()[0][0].center().toPoint())
    assert plot.toolTip() == "blind guess 3.30, beaten at step 1,200"
    QApplication.sendEvent(plot.view, QEvent(QEvent.Type.Leave))
    assert plot.toolTip() == "drag pans"


class Frames(QObject):
    """Counts the frames of a window, and notes in which of them each of its plots was painted."""

    def __init__(self, window: QWidget, plots: list[LinePlot]) -> None:
        super().__init__(window)
        self.number, self.painted = 0, {plot: [] for plot in plots}  # type: tuple[int, dict[LinePlot, list[int]]]
        window.installEventFilter(self)
        for plot in plots:
            plot.view.scene().sigPrepareForPaint.connect(lambda plot=plot: self.painted[plot].append(self.number))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        self.number += event.type() == QEvent.Type.UpdateRequest
        return False


def test_a_frame_paints_at_most_one_line_plot_and_nothing_of_a_hidden_one(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(600, 700)
    plots = [LinePlot(LIGHT, f"plot-{i}", "A plot") for i in range(4)]
    for i, plot in enumerate(plots):
        plot.setParent(window)
        plot.setGeometry(0, 170 * i, 600, 160)
    window.show()
    plots[3].hide()
    qtbot.waitUntil(lambda: all(plot.painted for plot in plots[:3]))
    qtbot.wait(50)  # until all is at rest
    frames = Frames(window, plots)
    for turn_of in range(5):
        for plot in plots:
            plot.show_lines((Line(np.arange(5.0), np.full(5, 0.1 * turn_of), LIGHT.train),), LIGHT)
        qtbot.waitUntil(lambda count=turn_of + 1: all(len(frames.painted[plot]) >= count for plot in plots[:3]))
        assert [plot.curves[0].getData()[1][0] for plot in plots[:3]] == [0.1 * turn_of] * 3
    numbers = [number for plot in plots for number in frames.painted[plot]]
    assert len(numbers) == len(set(numbers)) == 15
    assert frames.painted[plots[3]] == []
    plots[3].show()
    qtbot.waitUntil(lambda: bool(frames.painted[plots[3]]))
    assert plots[3].curves[0].getData()[1][0] == 0.4


def test_plots_come_and_go_hundreds_of_times(qtbot: QtBot) -> None:
    """Makers of every kind, destroyed by Qt or dropped and collected: a crash would end the whole run."""
    makers: list[Callable[[], Plot]] = [
        lambda: LinePlot(LIGHT, "p", "p"),
        lambda: HeatMap(LIGHT, "p", "p"),
        lambda: Matrix(LIGHT, "p", "p"),
        lambda: StepBars(LIGHT, "p", "p"),
        lambda: ColumnChart("p", "p"),
        lambda: Scatter(LIGHT, "p", "p"),
    ]
    for number in range(240):
        plot = makers[number % len(makers)]()
        plot.resize(200, 150)
        plot.show()
        plot.grab()
        plot.close()
        if number % 4:
            plot.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        del plot
        if number % 24 == 0:
            gc.collect()
    gc.collect()
