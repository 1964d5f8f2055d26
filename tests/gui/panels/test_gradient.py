"""The gradient through time and over the training; what is told when only the end of a long text is looked at."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

import engine
from engine.data.examples import SideValue
from engine.data.numbers.recording import NetworkInput
from engine.inspection.gradient_flow import GradientFlow
from engine.number_text import percent
from gui.panels.gradient import (
    MOST_STEPS,
    NOT_TRAINED,
    Flow,
    GradientPanel,
    clipping,
    clipping_in_brief,
    flow_back,
)
from gui.panels.memory import MOST_STEPS as MOST_REMEMBERED
from gui.panels.memory import MemoryPanel
from gui.panels.unrolled.unrolled_panel import UnrolledPanel
from gui.plots.bar_plot import BarValue, StepBars
from gui.plots.norm_plot import NormPlot, highest
from gui.session.progress import Curve
from gui.theme import LIGHT
from gui.unrolled_view.play_captions import caption_of
from tests.gui.conftest import Person
from tests.gui.panels.open_views import model_of, open_view, settle, train_a_little
from tests.gui.plots.mouse import canvas, double_click, drag, is_drawn
from tests.gui.written import tip_of

pytestmark = pytest.mark.one_window


def open_gradient(person: Person) -> GradientPanel:
    panel = open_view(person, "gradient", GradientPanel)
    person.wait_until(lambda: panel.flow is not None)
    return panel


def test_the_gradient_of_a_text_is_computed_once(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    open_gradient(person)
    settle(person)
    truths: list[SideValue] = []

    def noted(snapshot: engine.Snapshot, probe: NetworkInput, label: str | None, truth: SideValue) -> Flow:
        truths.append(truth)
        return flow_back(snapshot, probe, label, truth)

    monkeypatch.setattr("gui.panels.gradient.flow_back", noted)
    person.session.probe.set("bina")
    person.wait_until(lambda: bool(truths))
    settle(person)
    assert truths == [("female",)], "not first without the right answer, and then again with it"


@pytest.mark.parametrize(("cell", "state"), [("rnn", "h"), ("lstm", "c"), ("gru", "h")])
def test_the_bars_are_the_gradient_at_what_carries_it(person: Person, cell: str, state: str) -> None:
    person.session.set_model(cell=cell)
    person.wait_ready()
    train_a_little(person, 5)
    panel = open_gradient(person)
    settle(person)
    flow = engine.gradient_flow(model_of(person), person.session.probe.text, label=person.session.probe.label)
    person.wait_until(lambda: panel.verdict.text() == flow.headline)
    assert tip_of(panel.verdict).startswith(flow.verdict)
    assert [v.value for v in panel.bars.values] == pytest.approx(flow.carried.tolist())
    assert f"∂loss/∂{state} " in panel.subtitle.toolTip()
    assert all(f": ∂loss/∂{state} is " in value.hint for value in panel.bars.values)
    assert panel.subtitle.text() == "reach of the last error"
    assert "that of the last answer alone; Play counts the errors of all steps" in tip_of(panel.subtitle)


@pytest.mark.sample("alphabet")
def test_a_network_that_reads_symbol_by_symbol_is_not_said_to_forget(person: Person) -> None:
    panel = open_gradient(person)
    person.session.set_model(architecture="one-to-one")
    person.wait_until(lambda: panel.verdict.text() == "No gradient flows back.")
    assert "Each symbol is read on its own, so no gradient flows back." in panel.verdict.toolTip()
    assert [value.value for value in panel.bars.values][:-1] == [0.0] * (len(panel.bars.values) - 1)


def test_without_bars_there_is_no_scale_to_choose(person: Person) -> None:
    panel = open_gradient(person)
    scale = person.find(QWidget, "gradient-scale")
    assert scale.isEnabled()
    person.session.set_model(architecture="one-to-one")
    settle(person)
    open_view(person, "gradient", GradientPanel)  # which stands behind Loss for a network without steps
    person.wait_until(lambda: "no steps" in panel.verdict.text())
    assert not scale.isEnabled()
    assert person.find(QWidget, "gradient-line").isEnabled(), "the norm over training has its curve"
    person.session.set_model(architecture="one-to-many")
    person.wait_until(lambda: bool(panel.bars.values))
    assert scale.isEnabled()


def test_the_norm_over_training_is_that_of_every_step_before_clipping(person: Person) -> None:
    panel = open_gradient(person)
    person.session.run.set_training(clip_norm=0.5)
    person.click("gradient-line-training")
    assert panel.verdict.text() == NOT_TRAINED
    train_a_little(person, 40)
    curve = person.session.run.curve
    person.wait_until(lambda: len(panel.curve.lines[0].x) == len(curve))
    norm, clipped, _ = panel.curve.lines
    assert np.array_equal(norm.y, curve.gradient_norm)
    assert np.array_equal(np.isfinite(clipped.y), curve.gradient_norm > 0.5)
    assert [level.name for level in panel.curve.levels] == ["clipped to norm 0.5"]
    count, last = int(np.sum((curve.gradient_norm > 0.5)[-100:])), min(100, len(curve))
    assert panel.verdict.text() == f"Clipped in {count} of {last} steps."
    sentence = f"The gradient was clipped to norm 0.5 in {count} of the last {last} steps."
    assert panel.verdict.toolTip().startswith(sentence)
    assert f"{curve.gradient_norm[-1]:.3g}" in panel.health.text()
    rows = list(panel.table())
    assert rows[0] == ("step", "norm before clipping", "clipped")
    assert [row[1] for row in rows[1:]] == curve.gradient_norm.tolist()
    assert [row[2] for row in rows[1:]] == ["yes" if one else "no" for one in curve.gradient_norm > 0.5]


def test_the_threshold_follows_the_setting_while_it_is_looked_at(person: Person) -> None:
    panel = open_gradient(person)
    person.click("gradient-line-training")
    train_a_little(person, 5)
    person.session.run.set_training(clip_norm=2.0)
    assert [level.y for level in panel.curve.levels] == [2.0]
    person.session.run.set_training(clip_norm=0.0)
    assert panel.curve.levels == ()


def test_the_mouse_over_the_curve_tells_the_step_and_a_double_click_shows_all_again(person: Person) -> None:
    panel = open_gradient(person)
    person.click("gradient-line-training")
    train_a_little(person, 30)
    plot = panel.curve
    middle = plot.area().center().toPoint()
    person.qtbot.mouseMove(canvas(plot), middle + QPoint(3, 0))
    person.qtbot.mouseMove(canvas(plot), middle)
    share = (middle.x() - plot.area().left()) / plot.area().width()
    at = int(np.searchsorted(person.session.run.curve.steps, share * plot.range.right))
    at = min(at, len(person.session.run.curve) - 1)
    person.wait_until(lambda: panel.health.text().startswith(f"step {at + 1}: "))
    before = plot.range
    drag(person.qtbot, plot, middle, middle + QPoint(30, 0))
    assert plot.range != before
    double_click(person.qtbot, plot, middle)
    assert plot.range == before


def test_a_chosen_scale_stays_for_texts_of_any_length(person: Person) -> None:
    panel = open_gradient(person)
    assert panel.scale.value() == "linear"
    person.session.probe.set("a" * 40)
    person.wait_until(lambda: len(panel.bars.values) > 40)
    assert not panel.bars.logarithmic
    person.click("gradient-scale-log")
    assert panel.bars.logarithmic
    person.session.probe.set("bb")
    person.wait_until(lambda: len(panel.bars.values) == 3)
    assert panel.bars.logarithmic


def test_bars_that_are_all_large_are_told_apart_on_the_logarithmic_scale(person: Person) -> None:
    panel = open_gradient(person)
    settle(person)
    person.click("gradient-scale-log")
    assert panel.flow is not None
    values = tuple(BarValue(str(i), value) for i, value in enumerate((0.15, 0.2, 0.5, 0.6, 1.0)))
    panel.show_flow(replace(panel.flow, values=values))
    numbers = [text.removesuffix("\u202f%") for _, text in panel.bars.scale.texts()]
    assert (numbers[0], numbers[-1]) == ("10", "100")
    heights = panel.bars.shares()
    assert heights == sorted(heights)
    assert heights[-1] - heights[0] > 0.75


@pytest.mark.parametrize("logarithmic", [False, True])
def test_where_next_to_nothing_is_left_the_bars_are_pale(qtbot: QtBot, logarithmic: bool) -> None:
    bars = StepBars(LIGHT, "b", "b")
    qtbot.addWidget(bars)
    bars.resize(400, 200)
    shares = [2.0, 1e-6, 0.009, 0.011, 0.5, 1.0]  # of the newest, which stands last
    bars.show_steps(
        tuple(BarValue(str(i), 3 * share) for i, share in enumerate(shares)), LIGHT, logarithmic=logarithmic
    )
    image = bars.grab().toImage()
    area, slot = bars.area(), bars.area().width() / len(shares)
    colors = [
        image.pixelColor(round(area.left() + (i + 0.5) * slot), round(area.bottom()) - 1).name() for i in range(6)
    ]
    assert [color == LIGHT.train for color in colors] == [False, True, True, False, False, False]


def test_the_choices_in_the_head_have_the_room_they_need(person: Person) -> None:
    panel = open_gradient(person)
    for choice in (panel.line, panel.scale):
        assert choice.width() >= choice.minimumSizeHint().width()
        for button in choice.findChildren(QPushButton):
            assert button.width() >= button.fontMetrics().horizontalAdvance(button.text()) + 12


def test_choices_are_kept(person: Person) -> None:
    panel = open_gradient(person)
    person.click("gradient-scale-log")
    person.click("gradient-line-training")
    kept = panel.choices()
    person.click("gradient-line-time")
    person.click("gradient-scale-linear")
    panel.restore(kept)
    assert panel.curve.isVisible()
    assert not panel.bars.isVisible()
    panel.show_line("time")
    assert panel.bars.logarithmic
    panel.restore({"line": "sideways", "scale": "cubic"})
    assert panel.choices() == {"line": "time", "scale": "log"}


@pytest.mark.parametrize("length", [MOST_STEPS, MOST_STEPS + 7])
def test_the_gradient_says_when_it_looks_at_the_end_of_a_long_text_only(person: Person, length: int) -> None:
    panel = open_gradient(person)
    text = "abcdefg" * (length // 7) + "abcdefg"[: length % 7]
    person.session.probe.set(text)
    person.wait_until(lambda: len(panel.bars.values) == MOST_STEPS + 1)  # the label is read first
    flow = engine.gradient_flow(model_of(person), text[-MOST_STEPS:], label=person.session.probe.label)
    assert [v.value for v in panel.bars.values] == pytest.approx(flow.carried.tolist())
    said = "only the last 400 characters; the 7 before them are left out"
    assert (said in panel.health.text()) is (length > MOST_STEPS)


@pytest.mark.parametrize("length", [MOST_REMEMBERED, MOST_REMEMBERED + 3])
def test_memory_says_when_it_looks_at_the_end_of_a_long_text_only(person: Person, length: int) -> None:
    panel = open_view(person, "memory", MemoryPanel)
    text = "abcde" * (length // 5) + "abcde"[: length % 5]
    person.session.probe.set(text)
    person.wait_until(lambda: panel.found is not None and len(panel.found.shares) == MOST_REMEMBERED + 1)
    assert panel.found is not None
    found = engine.memory(model_of(person), text[-MOST_REMEMBERED:], label=person.session.probe.label)
    assert panel.found.shares == pytest.approx(found.shares.tolist())
    assert panel.note.isVisible() is (length > MOST_REMEMBERED)
    if length > MOST_REMEMBERED:
        assert panel.note.text() == "Only the last 200 characters; the 3 before them are left out."


@pytest.mark.parametrize("size", [(1440, 900), (1100, 700)])
def test_the_headline_has_one_line_in_the_usual_windows(person: Person, size: tuple[int, int]) -> None:
    panel = open_gradient(person)
    person.window.resize(*size)
    settle(person)
    one_line = panel.verdict.fontMetrics().lineSpacing()
    for last in ([9e-3] * 12 + [1.0], [0.28] * 110 + [1.0], [0.98] * 110 + [1.0], [1.9] * 99 + [1.0], [0.0, 0.0]):
        norms = np.array(last)
        flow = GradientFlow(("a",) * len(last), norms, norms, {})
        panel.show_flow(replace(panel.flow, headline=flow.headline))
        assert panel.verdict.heightForWidth(panel.verdict.width()) <= one_line + 2, flow.headline
        assert panel.verdict.minimumHeight() <= one_line + 2
    for steps in (1, 100):
        for clipped in (np.zeros(steps), np.ones(steps)):
            panel.verdict.setText(clipping_in_brief(clipped, 1.0))
            assert panel.verdict.heightForWidth(panel.verdict.width()) <= one_line + 2, panel.verdict.text()


def test_the_share_that_was_clipped_counts_the_last_hundred_steps() -> None:
    assert clipping(np.ones(0), 1.0) == ""
    assert clipping(np.ones(1), 1.0) == "clipped to norm 1 in the first step"
    assert (
        clipping(np.r_[np.ones(50), np.zeros(88), np.ones(12)], 0.5)
        == "clipped to norm 0.5 in 12 of the last 100 steps"
    )
    assert clipping_in_brief(np.r_[np.ones(50), np.zeros(88), np.ones(12)], 1.0) == "Clipped in 12 of 100 steps."
    assert clipping_in_brief(np.ones(1), 1.0) == "Clipped in 1 of 1 step."
    assert clipping_in_brief(np.zeros(3), 1.0) == "Not clipped in 3 steps."
    assert clipping_in_brief(np.ones(0), 1.0) == ""
    assert clipping(np.zeros(3), 1.0) == "not clipped in the last 3 steps"
    assert clipping(np.zeros(300), 0.0) == "not clipped: clipping is off"
    assert clipping_in_brief(np.zeros(300), 0.0) == "Clipping is off."
    assert clipping_in_brief(np.ones(2), 0.0) == "Clipped in 2 of 2 steps.", "by a limit that is off by now"
    assert clipping(np.ones(300), 0.5) == "clipped to norm 0.5 in all of the last 100 steps"
    assert clipping(np.ones(2), 0.0) == "clipped in all of the last 2 steps", "by a limit that is off by now"


def test_gradient_and_play_tell_of_clipping_in_the_same_words_with_the_same_number(person: Person) -> None:
    person.session.run.set_training(clip_norm=0.05)
    panel = open_gradient(person)
    train_a_little(person, 3)
    person.wait_until(lambda: "clipped to norm 0.05 in " in panel.health.text())
    person.click("gradient-line-training")
    person.wait_until(lambda: panel.health.text().endswith(", clipped to norm 0.05"))
    person.window.docking.show_view("unrolled")
    network = open_view(person, "unrolled", UnrolledPanel)
    person.click("play")
    person.wait_until(lambda: network.play_line.playing is not None)
    assert network.play_line.playing is not None
    assert ", clipped to norm 0.05)" in caption_of(network.play_line.playing.go(10**6))


@pytest.mark.sample("reviews")
def test_where_no_error_enters_at_the_last_step_the_bars_are_said_to_be_shares_of_the_largest(person: Person) -> None:
    person.session.set_model(pooling="max", hidden_size=2, bidirectional=False)
    person.wait_ready()
    panel = open_gradient(person)
    texts = (example.source for example in person.session.data.dataset.train)
    while panel.flow is None or panel.flow.values[-1].value > 0:  # until no unit is largest at the end of a text
        person.session.probe.set(" ".join(next(texts)))
        settle(person)
    assert max(panel.bars.shares()) == 1.0
    assert panel.verdict.text() == "None at the last step."
    assert panel.verdict.toolTip().startswith("No gradient enters at the last step: the answer is read from others.")
    person.wait_until(lambda: "in percent of the largest. " in panel.subtitle.toolTip())  # which painting sets
    assert panel.bars.values[-1].hint.endswith("is 0.0\u202f% of the largest")


@pytest.mark.parametrize("norms", [[], [1.0], [np.nan, np.inf], [1e30] * 5, [0.0] * 9, [0.3, np.nan, 0.2] * 4000])
@pytest.mark.parametrize("clip", [0.0, 1.0])
def test_any_norm_is_drawn(qtbot: QtBot, norms: list[float], clip: float) -> None:
    plot = NormPlot(LIGHT)
    qtbot.addWidget(plot)
    curve = Curve()
    for step, norm in enumerate(norms):
        curve.append(step + 1, 0.1 * step, 1.0, norm, norm > clip > 0)
    plot.show_curve(curve, clip, LIGHT)
    assert is_drawn(plot)
    assert 0 < plot.range.high < np.inf


def test_the_axis_holds_nearly_all_steps_and_a_threshold_that_is_near() -> None:
    norm = np.full(1000, 0.5)
    norm[7] = 1e6
    assert 0.5 < highest(norm, float(norm[0]), 0.0) < 1.0
    assert 1.0 < highest(norm, float(norm[0]), 1.0) < 2.0
    assert highest(norm, float(norm[0]), 1000.0) < 1.0


@pytest.mark.parametrize("farthest", [0.62, 1.93, 0.04])
def test_headline_and_bars_have_one_reference(person: Person, farthest: float) -> None:
    panel = open_gradient(person)
    assert panel.flow is not None
    settle(person)
    norms = np.array([farthest, 1.4, 0.8, 1.0]) * 0.003
    inputs = ("a", "b", "c", "d")
    flow = GradientFlow(inputs, norms, norms, {})
    last = len(norms) - 1
    values = tuple(BarValue(str(i - last), float(value), "") for i, value in enumerate(norms))
    panel.show_flow(replace(panel.flow, values=values, headline=flow.headline, verdict=flow.verdict))
    scale = {text: at for at, text in panel.bars.scale.texts()}
    area, verdict = panel.bars.area(), panel.verdict.text()
    top = max(float(text.removesuffix("\u202f%")) for text in scale)
    drawn = panel.bars.shares()[0] * top
    assert drawn == pytest.approx(100 * farthest, abs=0.5)
    assert percent(farthest) in verdict
    assert area.height() > 0


def test_the_bars_do_not_move_when_the_verdict_of_a_training_gets_shorter(person: Person) -> None:
    panel = open_gradient(person)
    assert panel.flow is not None
    settle(person)
    long = "Fades: 99 % is lost after 8 steps back, 0.6 % is left after 9, and so it goes on and on, line after line."
    long = f"{long} {long}"

    def top_with(verdict: str) -> int:
        assert panel.flow is not None
        panel.show_flow(replace(panel.flow, headline=verdict))
        person.qtbot.waitUntil(lambda: panel.bars.y() > panel.verdict.geometry().bottom() + panel.body.spacing())
        QApplication.processEvents()
        return panel.bars.y()

    lower = top_with(long)
    assert top_with("Fades: 97 % is lost.") == lower
    panel.session.run.reset()
    person.wait_ready()
    settle(person)
    assert top_with("Fades: 97 % is lost.") < lower
