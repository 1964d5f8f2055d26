"""The loss panel: curves grow while training, ranges stand still, odd numbers are drawn, hidden costs nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QComboBox, QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

import engine
from engine.training.baseline import Baseline
from gui.panels.base.curve_view import nearest_index
from gui.panels.loss import LossPanel
from gui.plots.axes import LAST
from gui.plots.line_plot import Line, PlotRange
from gui.plots.loss_heights import heights
from gui.plots.ranges import stepped_range, stepped_up
from gui.plots.reference_levels import ReferenceLevel
from gui.session.current_run import RunStatus
from gui.session.session import Session
from gui.session.smoothing import Smoothed
from gui.widgets.text import ElidedLabel
from tests.gui.conftest import Person
from tests.gui.plots.mouse import double_click, drag


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[LossPanel]:
    session = Session()
    host = QWidget()
    qtbot.addWidget(host)
    panel = LossPanel(session, "Loss")
    panel.setParent(host)
    panel.resize(500, 300)
    host.resize(500, 300)
    host.show()
    yield panel
    session.close()


def feed(panel: LossPanel, losses: list[float], validation: list[float] | None = None) -> None:
    curve = panel.session.run.curve
    first = len(curve) + 1
    for step, loss in enumerate(losses, first):
        curve.append(step, step * 0.01, loss, 1.0, False)
    for step, loss in enumerate(validation or [], first):
        curve.append_validation(step, step * 0.01, loss, {})
    panel.on_news()
    panel.grab()


def drawn(panel: LossPanel) -> int:
    """How many steps the thin curve has."""
    return len(panel.plot.lines[0].x) if panel.plot.lines else 0


def test_the_curve_and_the_validation_points_appear_while_a_person_trains(person: Person) -> None:
    panel = person.window.panels["loss"]
    assert isinstance(panel, LossPanel)
    person.click("train")
    person.wait_until(lambda: len(person.session.run.curve.validation_steps) >= 1 and drawn(panel) > 20)
    person.click("train")
    person.wait_until(lambda: person.session.run.status != "running")
    assert "validation" in panel.reading.text()
    curve = person.session.run.curve
    person.wait_until(lambda: len(panel.plot.lines[2].x) == len(curve.validation_steps))
    _, smooth, validation = (item.getData() for item in panel.plot.curves)
    assert np.array_equal(np.unique(validation[0]), curve.validation_steps)
    assert set(validation[1]) == set(curve.validation_loss)
    assert smooth[1][-1] < smooth[1][0]


@pytest.mark.parametrize(
    "losses",
    [
        [],
        [2.5],
        [math.nan],
        [2.0, math.nan, 1.5],
        [math.inf],
        [3.0, 1e300, math.inf],
        [1e300] * 5,
        [0.0],
        [-1.0, 1.0],
        list(np.linspace(3, 1, 20_000)),
    ],
    ids=["empty", "one", "nan", "gap", "infinite", "explodes", "huge", "zero", "negative", "long"],
)
def test_any_loss_is_drawn_with_a_finite_range(panel: LossPanel, losses: list[float]) -> None:
    feed(panel, losses, losses[:3])
    shown = panel.plot.range
    assert all(math.isfinite(limit) for limit in vars(shown).values())
    assert shown.right > shown.left
    assert shown.high > shown.low
    assert drawn(panel) == len(losses)
    assert np.isfinite(panel.plot.curves[0].getData()[1]).any() == np.isfinite(losses).any()


def test_nothing_is_drawn_while_hidden_and_everything_when_shown_again(panel: LossPanel) -> None:
    feed(panel, [3.0, 2.0])
    panel.hide()
    panel.session.run.curve.append(3, 0.03, 1.0, 1.0, False)
    panel.on_news()
    assert drawn(panel) == 2
    panel.show()
    assert drawn(panel) == 3


def test_one_more_point_does_not_move_the_axes(panel: LossPanel) -> None:
    feed(panel, [3.0 - 0.001 * i for i in range(500)])
    before = panel.plot.range
    feed(panel, [2.49])
    assert panel.plot.range == before


def test_a_loss_that_runs_away_leaves_at_the_top_and_the_rest_stays_readable(panel: LossPanel) -> None:
    feed(panel, [3.0] * 50 + [1e8])
    assert panel.plot.range.high < 20


def test_the_values_under_the_mouse_are_told(panel: LossPanel, qtbot: QtBot) -> None:
    feed(panel, [4.0] * 5 + [1.0] * 95, [3.5])
    area, shown = panel.plot.area(), panel.plot.range
    x = area.left() + 4.9 / (shown.right - shown.left) * area.width()
    qtbot.mouseMove(panel.plot.view.viewport(), QPoint(round(x), 50))
    qtbot.waitUntil(lambda: "step 5" in panel.reading.text())
    assert "4.000" in panel.reading.text()
    assert panel.plot.cursor_x == 5


@pytest.mark.parametrize("axis", ["steps", "log", "epochs", "seconds"])
def test_the_horizontal_axis_can_be_chosen(panel: LossPanel, axis: str) -> None:
    panel.session.run.record.set_length(500, 100)
    feed(panel, [2.0] * 200)
    box = panel.findChild(QComboBox, "loss-axis")
    assert box is not None
    box.setCurrentIndex(box.findData(axis))
    box.activated.emit(box.currentIndex())
    x = panel.plot.lines[0].x
    assert x[-1] == pytest.approx({"steps": 200, "log": math.log10(200), "epochs": 2, "seconds": 2.0}[axis])
    assert panel.plot.range.right >= x[-1]


def test_the_axis_is_chosen_where_it_is_named_and_its_numbers_keep_clear_of_the_name(
    panel: LossPanel, qtbot: QtBot
) -> None:
    feed(panel, [2.0] * 200)
    box = panel.axis
    assert box.isVisible()
    right = panel.plot.width() - box.geometry().right()
    qtbot.keyClick(box, Qt.Key.Key_Down)  # to the logarithm, whose name is longer
    assert box.currentText() == "log steps"
    assert panel.plot.log_x
    assert panel.plot.width() - box.geometry().right() == right
    assert panel.plot.rect().contains(box.geometry())


@pytest.mark.parametrize("axis", ["steps", "log", "epochs", "seconds"])
def test_the_value_at_the_mouse_is_that_of_the_nearest_step_on_any_axis(
    panel: LossPanel, qtbot: QtBot, axis: str
) -> None:
    panel.session.run.record.set_length(500, 100)
    feed(panel, [4.0] * 60 + [1.0] * 140, [3.5])
    panel.axis.setCurrentIndex(panel.axis.findData(axis))
    panel.axis.activated.emit(panel.axis.currentIndex())
    x, shown, area = panel.plot.lines[0].x, panel.plot.range, panel.plot.area()
    pixel = area.left() + (x[119] - shown.left) / (shown.right - shown.left) * area.width()
    there = shown.left + (round(pixel) - area.left()) / area.width() * (shown.right - shown.left)
    qtbot.mouseMove(panel.plot.view.viewport(), QPoint(60, 40))
    qtbot.mouseMove(panel.plot.view.viewport(), QPoint(round(pixel), 50))
    qtbot.waitUntil(lambda: panel.plot.cursor_x == x[nearest_index(x, there)])
    step = int(panel.reading.text().split("step ")[1].split("&")[0].replace(",", ""))
    assert step == panel.session.run.curve.steps[nearest_index(x, there)]
    assert abs(step - 120) <= 3
    assert panel.plot.cursor_x == x[step - 1]


def test_before_training_the_plot_shows_what_is_to_be_passed(person: Person) -> None:
    panel = person.window.panels["loss"]
    assert isinstance(panel, LossPanel)
    person.wait_until(lambda: len(panel.plot.levels) == 3)
    assert all(panel.plot.range.low < level.y < panel.plot.range.high for level in panel.plot.levels)


def test_zooming_holds_the_range_until_a_double_click(panel: LossPanel, qtbot: QtBot) -> None:
    feed(panel, [3.0] * 100)
    middle = panel.plot.area().center().toPoint()
    before = panel.plot.range
    drag(qtbot, panel.plot, middle, middle + QPoint(-60, 0))
    moved = panel.plot.range
    assert moved.left > before.left
    feed(panel, [3.0] * 900)
    assert panel.plot.range == moved
    double_click(qtbot, panel.plot, middle)
    assert panel.plot.range.left == 0
    assert panel.plot.range.right >= 1000


def test_a_million_points_are_drawn_within_a_frame_and_keep_their_peaks(panel: LossPanel) -> None:
    losses = np.full(1_000_000, 2.0)
    losses[123_456] = 2.9
    line = Line(np.arange(1.0, 1_000_001.0), losses, "#000000")
    panel.plot.set_range(PlotRange(0.0, 1e6, 0.0, 3.0))
    panel.plot.show_lines((line,), panel.session.theme)
    x, y = panel.plot.curves[0].getData()
    assert len(x) < 2000
    assert y.max() == 2.9
    assert abs(x[y.argmax()] - 123_456) < 1e6 / 300


@pytest.mark.parametrize("width", [240, 290, 299, 300, 340, 420, 500, 1000])
def test_that_lower_is_better_is_said_once_at_every_width(panel: LossPanel, width: int) -> None:
    panel.baselines = [Baseline("blind guess", 3.3), Baseline("character pairs", 2.0)]
    panel.begin(panel.session.run.curve)
    feed(panel, [3.2, 3.0] * 30, [3.1])
    panel.resize(width, 300)
    panel.grab()
    above, below = panel.subtitle, panel.levels_line
    assert (above.text() == "lower is better") is not below.text().endswith("  ·  lower is better")
    assert above.width() >= above.sizeHint().width()  # or else it is not drawn


def test_a_baseline_that_is_not_beaten_yet_stays_in_sight_below_the_curve(panel: LossPanel) -> None:
    panel.baselines = [Baseline("blind guess", 3.3), Baseline("character pairs", 2.0)]
    feed(panel, [3.2, 3.0] * 30, [3.1])
    assert panel.plot.range.low < 2.0
    feed(panel, [1.8], [1.9])
    assert panel.plot.range.high > 3.1


def test_a_small_loss_of_a_baseline_is_never_written_as_nothing(panel: LossPanel) -> None:
    panel.baselines = [Baseline("last value", 0.0042), Baseline("least squares", 0.0004)]
    feed(panel, [0.02, 0.01] * 30, [0.005])
    assert [level.name for level in panel.plot.levels] == ["last value 0.004", "least squares 4e−4"]


@pytest.mark.parametrize("width", [224, 400])  # as in the smallest window and in the usual one
def test_which_baselines_are_beaten_is_in_sight_in_a_narrow_view(panel: LossPanel, width: int) -> None:
    panel.baselines = [
        Baseline("blind guess", 3.3),
        Baseline("character frequencies", 2.9),
        Baseline("character pairs", 2.6),
    ]
    feed(panel, [3.2, 3.0] * 30, [2.0])
    panel.resize(width, 300)
    panel.grab()
    line, fitting = panel.levels_line, ElidedLabel("all beaten at step 1" + "  ·  lower is better" * (width > 300))
    fitting.setParent(line.parentWidget())
    fitting.setFont(line.font())
    fitting.setGeometry(line.geometry())
    fitting.show()
    assert line.grab().toImage() == fitting.grab().toImage()


@pytest.mark.parametrize("names", [("blind guess", "most frequent label"), ("mean", "bag of words")])
def test_before_training_the_names_of_the_plot_are_not_said_again(panel: LossPanel, names: tuple[str, str]) -> None:
    panel.baselines = [Baseline(names[0], 3.49), Baseline(names[1], 1.58)]
    panel.redraw()
    panel.resize(378, 300)
    panel.grab()
    line, fitting = panel.levels_line, ElidedLabel("none beaten yet  ·  lower is better")
    fitting.setParent(line.parentWidget())
    fitting.setFont(line.font())
    fitting.setGeometry(line.geometry())
    fitting.show()
    assert line.grab().toImage() == fitting.grab().toImage()


@pytest.mark.parametrize("counts", [False, True])  # whether the network knows something before any training
@pytest.mark.parametrize("width", [224, 318])
def test_before_training_no_sentence_below_is_cut(panel: LossPanel, width: int, counts: bool) -> None:
    panel.session.run.model_config = engine.ModelConfig(architecture="many-to-one", word_counts=counts)
    panel.begin(panel.session.run.curve)
    panel.baselines = [Baseline("blind guess", 0.69), Baseline("most frequent label", 0.6)]
    panel.redraw()
    panel.resize(width, 300)
    panel.grab()
    assert panel.levels_line.text().startswith("untrained" if counts else "none beaten yet")
    said = {224: "none beaten yet", 318: "none beaten yet  ·  lower is better"}[width]
    if counts and width > 300:
        said = "untrained, it already weighs counted words"
    line, fitting = panel.levels_line, ElidedLabel(said)
    fitting.setParent(line.parentWidget())
    fitting.setFont(line.font())
    fitting.setGeometry(line.geometry())
    fitting.show()
    assert line.grab().toImage() == fitting.grab().toImage()


def test_a_kept_run_that_was_validated_once_is_drawn_by_its_training_loss(person: Person) -> None:
    panel = person.window.panels["loss"]
    assert isinstance(panel, LossPanel)
    person.session.run.set_training(epochs=1)
    person.click("train")
    person.wait_until(lambda: person.session.run.status == "finished")
    curve = person.session.run.curve
    assert len(curve.validation_steps) == 1
    person.choose("cell", "gru")
    person.wait_ready()
    person.wait_until(lambda: len(panel.plot.lines) == 4)
    kept = panel.plot.lines[-1]  # above the batches of this run, which would hide one that became as good
    assert kept.x.tolist() == curve.steps.tolist()
    assert kept.y[-1] == pytest.approx(Smoothed().follow(curve.train_loss)[-1])
    chip = next(button for button in panel.findChildren(QToolButton) if "LSTM" in button.text())
    assert "training loss" in chip.toolTip(), "it says which loss that is"
    levels = person.find(QLabel, "loss-levels")
    person.wait_until(lambda: levels.text().startswith("this run: none beaten yet"))
    assert panel.below(panel.plot.levels)[-1] == "none beaten yet"  # where there is no room to say whose it is
    beaten = panel.below([replace(level, beaten_at=108) for level in panel.plot.levels])
    shorter = ["this run: all beaten at step 108", "all beaten at step 108", "this run: all beaten", "all beaten"]
    assert sorted(shorter, key=beaten.index) == shorter, "the step says more than whose it is"


def test_a_new_run_starts_with_an_empty_curve(person: Person) -> None:
    panel = person.window.panels["loss"]
    assert isinstance(panel, LossPanel)
    person.click("train")
    person.wait_steps(20)
    person.click("reset")
    person.wait_ready()
    person.wait_until(lambda: drawn(panel) == len(person.session.run.curve))
    assert drawn(panel) < 20


def test_smoothing_in_pieces_equals_smoothing_at_once_and_skips_gaps() -> None:
    values = np.array([3.0, 2.0, math.nan, 1.0, math.inf, 0.5])
    pieces, whole = Smoothed(), Smoothed()
    for count in range(len(values) + 1):
        piecewise = pieces.follow(values[:count])
    assert np.array_equal(piecewise, whole.follow(values))
    assert np.isfinite(piecewise).all()
    assert piecewise[0] == 3.0
    assert piecewise[2] == piecewise[1]


@pytest.mark.parametrize("value", [1e-9, 0.3, 1.0, 1.01, 7.0, 950.0, 1e7])
def test_a_stepped_limit_is_above_and_at_most_half_as_much_again(value: float) -> None:
    assert value <= stepped_up(value) * (1 + 1e-9)
    assert stepped_up(value) <= value * 1.51


def test_a_stepped_range_holds_all_finite_values() -> None:
    low, high = stepped_range([1.3, math.nan, 2.9, math.inf])
    assert low <= 1.3 < 2.9 <= high


def test_a_narrow_plot_has_two_numbers_below_at_least_and_none_behind_the_name_of_the_axis(panel: LossPanel) -> None:
    panel.plot.resize(200, 160)
    panel.plot.set_range(PlotRange(0.0, 1490.0, 0.0, 2.0))
    numbers = panel.plot.bottom.texts()
    assert [text for _, text in numbers][:2] == ["0", "500"]
    assert all(panel.plot.area().left() + middle.x() < panel.axis.x() for middle, _ in numbers)


def test_where_the_curve_ends_is_still_below_its_end_once_names_have_come_beside_the_plot(panel: LossPanel) -> None:
    panel.resize(401, 300)
    feed(panel, [2.0] * 3240)
    plot = panel.plot
    plot.set_levels((ReferenceLevel(2.2, "blind guess", "a", label="character frequencies"),), named=True)
    (middle, text), shown = plot.bottom.texts()[-1], plot.range
    assert text == "3,240"
    assert middle.x() == pytest.approx(plot.area().width() * 3240 / (shown.right - shown.left), abs=1.5)


@pytest.mark.parametrize("steps", [7, 850, 3240, 4000])
@pytest.mark.parametrize("width", [233, 401, 700])
def test_the_axis_says_where_a_curve_that_stands_still_ends(panel: LossPanel, width: int, steps: int) -> None:
    panel.resize(width, 300)
    feed(panel, [2.0] * steps)
    numbers, plot = panel.plot.bottom.texts(), panel.plot
    last = [text for _, text in numbers][-1]
    assert last.removeprefix(LAST) == f"{steps:,}"
    assert len(numbers) > 1
    room, shown = plot.area().width(), plot.range
    half = [QFontMetrics(plot.small_font).horizontalAdvance(text) / 2 for _, text in numbers]
    ends = [(middle.x() - by, middle.x() + by) for (middle, _), by in zip(numbers, half, strict=True)]
    assert all(one[1] < other[0] for one, other in pairwise(sorted(ends))), "none touches another"
    assert plot.area().left() + ends[-1][1] < panel.axis.x(), "nor the name of the axis"
    there = room * steps / (shown.right - shown.left)
    assert ends[-1][1] <= there + half[-1] + 1
    assert last.startswith(LAST) == (ends[-1][1] < there), "said, where it is not at the end of the curve"
    panel.session.run.status = RunStatus.RUNNING
    feed(panel, [2.0])
    assert [text for _, text in panel.plot.bottom.texts()][-1] != f"{steps + 1:,}", "no number moves with each frame"


def test_the_first_step_makes_an_axis_that_can_be_read(person: Person) -> None:
    panel = person.window.panels["loss"]
    assert isinstance(panel, LossPanel)
    person.wait_until(lambda: len(panel.plot.levels) == 3)
    person.click("step")
    person.wait_steps(1)
    person.wait_until(lambda: len(panel.plot.lines[0].x) == 1)
    shown = panel.plot.range
    assert shown.low < panel.session.run.curve.train_loss[0] < shown.high
    assert shown.high - shown.low >= 0.5
    assert all(shown.low < level.y < shown.high for level in panel.plot.levels)
    assert len(panel.plot.left.texts()) >= 3


def test_the_axis_of_small_losses_does_not_go_below_zero() -> None:
    low, high = heights(np.linspace(0.3, 0.002, 200), np.array([0.16, 0.01, 0.001]))
    assert -0.05 * high <= low <= 0
    assert high >= 0.5


def test_the_loss_of_a_single_batch_below_the_curves_is_in_sight_unless_it_would_flatten_them(panel: LossPanel) -> None:
    feed(panel, [*np.linspace(4.0, 3.0, 100), 2.7, *[3.0] * 100], [3.2, 3.1])
    assert panel.plot.range.low < 2.7
    feed(panel, [-4.0, math.nan, *[3.0] * 30])
    assert panel.plot.range.low > 1.0, "the curves fill most of the plot"


def test_a_spike_does_not_flatten_the_rest_of_a_long_run_but_its_beginning_is_always_shown() -> None:
    falling = 1.0 - 1.5 * np.linspace(0.0, 1.0, 400) ** 0.3
    spiked = falling.copy()
    spiked[12:19] += [18.0, 47.0, 31.0, 17.0, 9.0, 5.0, 3.0]
    validation = np.array([0.06, -0.3, -0.5])
    low, high = heights(spiked, validation)
    assert low < -0.5
    assert 1.0 < high < 2.0
    assert heights(spiked[:20], validation)[1] > 40, "while the run is short it is what there is to see"
    assert heights(falling, validation)[1] >= 1.0
    steep = np.concatenate([[9.0, 5.0], np.full(400, 0.5)])
    assert heights(steep, validation)[1] >= 9.0, "that training begins high is no spike"


def test_a_validation_loss_that_rises_step_by_step_stays_in_sight_and_one_that_jumps_does_not(panel: LossPanel) -> None:
    curve, ranges = panel.session.run.curve, []
    validation = 0.9 * np.exp(np.linspace(0.0, 1.75, 60))
    for at, loss in enumerate(validation):
        for step in range(10 * at + 1, 10 * at + 11):
            curve.append(step, step * 0.01, 1.0 / step**0.5, 1.0, False)
        curve.append_validation(10 * at + 10, at * 0.1, loss, {})
        panel.on_news()
        ranges.append(panel.plot.range.high)
        assert ranges[-1] > loss, at
        assert panel.plot.leaving == []
    assert ranges == sorted(ranges)
    assert len(set(ranges)) < len(ranges) / 3, "it grows by steps, not with each validation"
    assert ranges[-1] < 1.3 * validation[-1]
    falling = np.linspace(1.0, 0.01, 400)
    for jumps in ([0.9, 0.8, 5.0, 0.8, 0.8], [0.9, 0.8, 5.0, 6.0, 0.8], [0.9, 0.8, *[1e8] * 9], [0.9, *[math.nan] * 5]):
        assert heights(falling, np.array(jumps))[1] < 2.5
    high = heights(falling, np.array([0.5, 0.9, 1.6, 2.4, 3.1]))[1]
    assert high > 3.1, "few validations, as in a short run"


@pytest.mark.parametrize("log", [False, True])
def test_a_curve_that_leaves_the_plot_says_where_and_how_high_it_is(panel: LossPanel, qtbot: QtBot, log: bool) -> None:
    feed(panel, [*np.linspace(1.0, 0.5, 300)], [0.9] * 4)
    assert panel.plot.leaving == []
    panel.plot.set_log(log)
    curve = panel.session.run.curve
    before = panel.plot.grab().toImage()
    for step, loss in ((100, 12.345), (200, 0.6), (250, 0.6)):
        curve.append_validation(step, step * 0.01, loss, {})
    panel.on_news()
    after = panel.plot.grab().toImage()
    assert panel.plot.leaving == ["↑ 12.345"]
    at = panel.plot.area().left() + panel.plot.box.pixels_of(100, 0.0).x()
    top = round(panel.plot.area().top())
    line = panel.plot.fontMetrics().height()
    changed = [
        x for x in range(after.width()) for y in range(top, top + line) if before.pixel(x, y) != after.pixel(x, y)
    ]
    assert min(changed) < at < max(changed), "it stands above the place"
    panel.session.run.status = RunStatus.RUNNING
    feed(panel, [1e8] * 30)
    assert [text.removeprefix("↑ ") for text in panel.plot.leaving][1:] == ["12.345"], "each has its own"
    panel.plot.view_all()
    panel.grab()
    assert panel.plot.leaving == []


def test_a_single_step_without_anything_to_compare_makes_an_axis_too() -> None:
    low, high = heights(np.array([3.2571]), np.zeros(0))
    assert low < 3.2571 < high
    assert high - low >= 0.5


@pytest.mark.parametrize("loss", [-1.19712, 12.34567, -123.4567])
def test_losses_of_many_figures_do_not_widen_a_narrow_view(panel: LossPanel, loss: float) -> None:
    panel.resize(228, 240)
    before = panel.reading.minimumWidth()  # of two losses with four figures
    feed(panel, [loss] * 30, [loss])
    assert panel.reading.text().count("━") == 2
    assert panel.reading.minimumWidth() == before
