"""Play: one example forwards, its loss, backwards in the reverse order, and what a step would do to the weights."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QSlider, QToolButton, QToolTip, QWidget
from pytestqt.qtbot import QtBot

import engine
from engine.inspection.one_step import OneStep, example_for, one_step
from engine.number_text import NARROW, percent
from gui.panels.unrolled.playing_example import Played
from gui.panels.unrolled.unrolled_panel import UnrolledPanel
from gui.theme import DARK, LIGHT, mix
from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.gradient_texts import GradientTexts
from gui.unrolled_view.outputs import LETTERED
from gui.unrolled_view.picture_scale import LEAST_SHRINK, READABLE_BESIDE, WHOLE_BESIDE
from gui.unrolled_view.play_captions import caption_of
from gui.unrolled_view.playing import Phase, Playing
from gui.unrolled_view.weight_changes import ChangesTable
from gui.widgets.symbols import visible_symbol
from gui.widgets.weight_names import weight_title
from tests.gui.conftest import Person
from tests.gui.panels.open_views import model_of, settle
from tests.gui.panels.test_unrolled import panel_of
from tests.gui.pixels import colors
from tests.gui.plots.mouse import is_drawn
from tests.gui.written import texts_in

pytestmark = pytest.mark.one_window


def caption(person: Person) -> str:
    return person.find(QLabel, "play-caption").text()


def play(person: Person) -> UnrolledPanel:
    """Click Play, and stop the clock at the first moment."""
    panel = panel_of(person)
    person.wait_until(lambda: panel.looked is not None)
    settle(person)  # a window of another size is laid out a turn later
    person.click("play")
    person.wait_until(lambda: panel.play_line.playing is not None)
    person.click("play-pause")
    while panel.canvas.playing is not None and panel.canvas.playing.at > 0:
        person.qtbot.keyClick(panel.canvas, Qt.Key.Key_Left)
    return panel


def playing_of(kind: str, rows: Any, unit: str = "character", truth: tuple[str, ...] = (), **options: Any) -> Playing:
    """An example of a small network from its first moment."""
    dataset = engine.make_dataset(rows, kind, unit=unit)
    config = engine.ModelConfig(hidden_size=6, **options)
    model = engine.build_model(config, dataset, seed=1)
    example, known = example_for(model, dataset.train[0].source, truth or dataset.train[0].target, None)
    played = Played(one_step(model, example, known, 0.1, 1.0), engine.Snapshot.of(model), type(model))
    return Playing.of(played.diagram(), played.step)


PAIRS = [("ab", "ba"), ("abc", "cba")] * 6
LABELLED = [("ab", "x"), ("abc", "y")] * 6
TAGGED = [(list("ab"), list("xy")), (list("abc"), list("xyx"))] * 6
CASES: dict[str, tuple[str, Any, dict[str, Any]]] = {
    "writer": ("sequences", ["abc", "bca"] * 6, {"architecture": "one-to-many", "num_layers": 2}),
    "alone": ("sequences", ["abc", "bca"] * 6, {"architecture": "one-to-one"}),
    "last": ("labelled", LABELLED, {"architecture": "many-to-one"}),
    "both": ("labelled", LABELLED, {"architecture": "many-to-one", "bidirectional": True, "num_layers": 2}),
    "max": ("labelled", LABELLED, {"architecture": "many-to-one", "pooling": "max"}),
    "padded": ("labelled", LABELLED, {"architecture": "one-to-one"}),
    "tagger": ("tagged", TAGGED, {"architecture": "many-to-many", "bidirectional": True}),
    "together": ("tagged", TAGGED, {"architecture": "many-to-many", "read_out": "crf"}),
    "translator": ("pairs", PAIRS, {"architecture": "encoder-decoder", "attention": True}),
}


def canvas_of(playing: Playing, qtbot: QtBot, width: int, height: int) -> UnrolledCanvas:
    """A visible picture of an example that is not played yet."""
    canvas = UnrolledCanvas(LIGHT)
    qtbot.addWidget(canvas)
    canvas.resize(width, height)
    canvas.show()
    canvas.show_diagram(playing.diagram, LIGHT)
    return canvas


@pytest.fixture(params=CASES)
def playing(request: pytest.FixtureRequest) -> Playing:
    kind, rows, options = CASES[request.param]
    return playing_of(kind, rows, **options)


def test_the_way_back_is_exactly_the_reverse_of_the_way_there(playing: Playing) -> None:
    there = [m for m in playing.moments if m.phase is Phase.FORWARDS]
    back = [m for m in playing.moments if m.phase is Phase.BACKWARDS]
    assert [(m.cells, m.answers, m.gathers) for m in back] == [(m.cells, m.answers, m.gathers) for m in there[::-1]]
    phases = [m.phase for m in playing.moments]
    assert phases == [Phase.FORWARDS] * len(there) + [Phase.LOSS] + [Phase.BACKWARDS] * len(back) + [Phase.WEIGHTS]
    assert playing.moments[playing.loss_at].phase is Phase.LOSS


def test_every_cell_and_every_answer_has_its_moment_and_never_before_what_it_reads(playing: Playing) -> None:
    diagram = playing.diagram
    when = {place: k for k, m in enumerate(playing.moments) if m.phase is Phase.FORWARDS for place in m.cells}
    cells = {(i, c) for i, row in enumerate(diagram.rows) for c in range(row.first, row.first + row.steps)}
    assert set(when) == cells
    for i, row in enumerate(diagram.rows):
        order = [when[i, c] for c in range(row.first, row.first + row.steps)]
        assert order == sorted(order, reverse=row.backward)
        assert len(set(order)) == len(order)
    answers = [c for m in playing.moments if m.phase is Phase.FORWARDS for c in m.answers]
    assert answers == [i for i, column in enumerate(diagram.columns) if column.above]


def test_what_is_known_grows_forwards_and_the_gradient_arrives_backwards(playing: Playing) -> None:
    known = [(len(p.computed()), len(p.answered())) for p in map(playing.go, range(len(playing.moments)))]
    assert all(a <= b for (a, _), (b, _) in pairwise(known))
    assert not playing.go(playing.loss_at - 1).loses
    at_loss = playing.go(playing.loss_at)
    assert at_loss.loses
    assert not at_loss.reached()
    end = playing.go(10**6)
    assert end.ended
    assert end.reached() == end.computed()
    assert end.returned() == end.answered()
    assert playing.go(-5).at == 0


def test_the_losses_in_the_picture_are_the_parts_of_the_loss(playing: Playing) -> None:
    answers = [i for i, column in enumerate(playing.diagram.columns) if column.above]
    assert [playing.loss(i) for i in answers] == playing.step.losses.tolist()
    assert sum(map(playing.loss, answers)) / len(answers) == pytest.approx(playing.step.loss, rel=1e-5)


def test_every_moment_says_what_happens(playing: Playing) -> None:
    said = [caption_of(playing.go(k)) for k in range(len(playing.moments))]
    assert all(said)
    assert all("  " not in text and "()" not in text for text in said)
    loss = playing.step.loss
    assert f"{loss:.2f}" in said[playing.loss_at]
    together = len(playing.step.losses) > 1 and playing.diagram.remembers  # the view Gradient shows the last one alone
    assert ("The errors of all steps now flow back together." in said[playing.loss_at]) == together
    assert said[-1].startswith("The weights: each moves by −0.1 times its gradient")
    assert "plain gradient descent" in said[-1]
    assert f"{playing.step.loss_after:.4g}" in said[-1]
    for k, moment in enumerate(playing.moments):
        if moment.phase is Phase.BACKWARDS and moment.cells:
            numbers = [f"{playing.gradient(place):.2g}" for place in moment.cells]
            assert any(f"= {number}." in said[k] for number in numbers)


@pytest.mark.parametrize(("loss", "said"), [("gaussian", "−ln of the density"), ("squared", "the squared distance")])
def test_numbers_are_predicted_with_their_spread_and_no_probability_is_spoken_of(loss: str, said: str) -> None:
    dataset = engine.make_dataset([np.sin(np.arange(40) / 3)[:, None]], "series")
    config = engine.ModelConfig(architecture="many-to-many", hidden_size=4, number_loss=loss)
    model = engine.build_model(config, dataset, seed=1)
    example, known = example_for(model, dataset.train[0].source, (), None)
    played = Played(one_step(model, example, known, 0.1, 1.0), engine.Snapshot.of(model), type(model))
    playing = Playing.of(played.diagram(), played.step)
    captions = [caption_of(playing.go(k)) for k in range(len(playing.moments))]
    assert f"predicts {playing.diagram.columns[0].above}" in captions[0]
    assert ("±" in captions[0]) == (loss == "gaussian")
    assert said in captions[playing.loss_at]
    assert not any("probabilit" in text or "nan" in text for text in captions)


def test_play_shows_the_first_moment_and_the_keys_lead_through_all(person: Person) -> None:
    panel = play(person)
    assert caption(person).startswith("Step 1 of 7: the cell reads “female” and a state of zeros")
    playing = panel.canvas.playing
    assert playing is not None
    assert playing.computed() == {(0, 0)}
    person.qtbot.keyClick(panel.canvas, Qt.Key.Key_Right)
    assert caption(person).startswith("Step 2 of 7")
    while not panel.play_line.playing.loses:  # type: ignore[union-attr]
        person.qtbot.keyClick(panel.canvas, Qt.Key.Key_Right)
    assert caption(person).startswith("The loss")
    person.qtbot.keyClick(panel.canvas, Qt.Key.Key_Right)
    assert "Step 7 of 7: ‖∂loss/∂h₇‖" in caption(person)
    assert "It flows on to h₆." in caption(person)
    while not panel.play_line.playing.ended:  # type: ignore[union-attr]
        person.qtbot.keyClick(panel.canvas, Qt.Key.Key_Right)
    assert caption(person).startswith("The weights")
    assert is_drawn(panel.canvas)
    person.qtbot.keyClick(panel.canvas, Qt.Key.Key_Left)
    assert "Step 1 of 7: ‖∂loss/∂h₁‖" in caption(person)
    person.qtbot.keyClick(panel.canvas, Qt.Key.Key_Escape)
    assert panel.canvas.playing is None
    assert not panel.play_line.isVisible()
    assert panel.cell_line.isVisible()


def test_what_is_fed_back_is_drawn_only_when_it_has_been_answered(qtbot: QtBot) -> None:
    kind, rows, options = CASES["translator"]
    playing = playing_of(kind, rows, **options)

    def drawn(fed_back: bool, at: int) -> QImage:
        diagram = playing.diagram
        if not fed_back:
            diagram = replace(diagram, columns=tuple(replace(c, fed_back=False) for c in diagram.columns))
        canvas = UnrolledCanvas(LIGHT)
        qtbot.addWidget(canvas)
        canvas.resize(900, 320)
        canvas.show_diagram(diagram, LIGHT)
        canvas.play(replace(playing, diagram=diagram, at=at))
        return canvas.grab().toImage()

    assert drawn(True, 0) == drawn(False, 0)
    assert drawn(True, playing.loss_at) != drawn(False, playing.loss_at)


def test_no_caption_is_cut(person: Person) -> None:
    for size in ((1440, 900), (1100, 700)):
        person.resize(*size)
        panel = play(person)
        label = person.find(QLabel, "play-caption")
        for _ in range(len(panel.canvas.playing.moments)):  # type: ignore[union-attr]
            person.window.grab()
            assert label.heightForWidth(label.width()) <= label.height() + 1, label.text()
            person.qtbot.keyClick(panel.canvas, Qt.Key.Key_Right)
        person.click("play")


def test_it_goes_on_by_itself_until_the_end_and_can_begin_again(person: Person) -> None:
    panel = panel_of(person)
    person.session.probe.set("al")
    person.wait_until(lambda: panel.looked is not None and panel.looked.tokens == ("a", "l"))
    person.press(Qt.Key.Key_P)
    person.wait_until(lambda: panel.play_line.playing is not None)
    person.click("play-speed")
    person.wait_until(lambda: caption(person).startswith("The weights"))
    assert person.find(QToolButton, "play-pause").text() == "Again"
    assert not panel.play_line.running
    person.click("play-pause")
    assert caption(person).startswith("Step 1 of 3")
    assert panel.play_line.running
    person.click("play")


def test_again_is_offered_at_the_very_end_however_it_was_reached(person: Person) -> None:
    panel = play(person)
    button, canvas = person.find(QToolButton, "play-pause"), panel.canvas
    to_the_end(person, panel)
    assert button.text() == "Again"
    person.click("play-back")
    assert button.text() == "Play", "one moment before the end"
    person.click("play-back")
    assert button.text() == "Play"
    for _ in range(2):
        person.click("play-forward")
    assert canvas.playing is not None
    assert canvas.playing.ended
    assert button.text() == "Again"
    person.click("play-pause")
    assert (canvas.playing.at, button.text()) == (0, "Pause")


def test_what_is_played_is_what_one_step_of_the_engine_computes(person: Person) -> None:
    panel = play(person)
    session = person.session
    model, training = model_of(person), session.run.training_config
    example, known = example_for(model, tuple(session.probe.text), (), session.probe.label)
    expected = one_step(model, example, known, training.learning_rate, training.clip_norm)
    playing = panel.canvas.playing
    assert playing is not None
    assert playing.step.loss == expected.loss
    for i, norms in enumerate(expected.gradients):
        assert [playing.gradient((i, c)) for c in range(len(norms))] == norms.tolist()
    assert [c.change for c in playing.step.changes] == [c.change for c in expected.changes]
    losses = [column.loss for column in panel.canvas.diagram.columns]
    np.testing.assert_allclose(losses, expected.losses, rtol=1e-5)


def test_the_weights_are_left_alone_and_training_goes_on_meanwhile(person: Person) -> None:
    panel = play(person)
    before = model_of(person).parameters.flat.copy()
    for _ in range(30):
        person.qtbot.keyClick(panel.canvas, Qt.Key.Key_Right)
    np.testing.assert_array_equal(model_of(person).parameters.flat, before)
    drawn, playing = panel.canvas.diagram, panel.canvas.playing
    person.session.run.train()
    person.wait_steps(20)
    person.session.run.pause()
    assert panel.canvas.diagram.columns == drawn.columns
    assert panel.canvas.playing is playing


def test_a_play_that_nobody_sees_stands_still_and_goes_on_when_it_is_seen_again(person: Person) -> None:
    panel = play(person)
    person.click("play-pause")
    assert panel.play_line.running
    panel.hide()
    assert not panel.play_line.running
    panel.show()
    assert panel.canvas.playing is not None
    assert panel.play_line.running
    person.click("play-pause")
    panel.hide()
    panel.show()
    assert not panel.play_line.running


def test_the_loop_comes_back_after_the_play(person: Person) -> None:
    panel = panel_of(person)
    person.wait_until(lambda: panel.looked is not None)
    person.press(Qt.Key.Key_L)
    play(person)
    assert panel.form.value() == "unrolled"
    assert panel.choices() == {"form": "loop"}
    person.click("play")
    assert panel.form.value() == "loop"


@pytest.mark.parametrize("where", ["theme", "window", "loss-menu", "cell"])
@pytest.mark.parametrize("floating", [False, True])
def test_the_keys_of_the_play_work_wherever_the_focus_is(person: Person, where: str, floating: bool) -> None:
    panel = play(person)
    canvas, window = panel.canvas, person.window
    if floating:
        person.window.docking.float_view("unrolled")
        where = "unrolled-help" if where == "theme" else where
    top = panel.window()
    top.activateWindow()
    person.wait_until(top.isActiveWindow)
    settle(person)
    if where == "window" or (floating and where in ("loss-menu", "cell")):
        canvas.clearFocus()
    else:
        found = top.findChild(QWidget, where)
        assert found is not None
        found.setFocus()
    focused = QApplication.focusWidget() or top
    assert focused is not canvas
    assert canvas.playing is not None
    for key, at in ((Qt.Key.Key_Right, 1), (Qt.Key.Key_Right, 2), (Qt.Key.Key_Left, 1)):
        person.qtbot.keyClick(focused, key)
        assert canvas.playing.at == at
    person.qtbot.keyClick(focused, Qt.Key.Key_Escape)
    assert canvas.playing is None
    assert (window.docking.floating("unrolled") is not None) == floating


def test_a_field_and_a_choice_keep_their_arrow_keys_during_the_play(person: Person) -> None:
    panel = play(person)
    person.activate()
    field = person.find(QLineEdit, "probe")
    slider = next(one for one in person.window.panels["try_it"].findChildren(QSlider) if one.isVisible())
    field.setFocus()
    field.setCursorPosition(2)
    person.qtbot.keyClick(field, Qt.Key.Key_Left)
    assert field.cursorPosition() == 1
    before = slider.value()
    slider.setFocus()
    person.qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert slider.value() != before
    assert panel.canvas.playing is not None
    assert panel.canvas.playing.at == 0


@pytest.mark.parametrize("before", ["unrolled", "loop"])
def test_the_loop_asked_for_during_the_play_ends_it(person: Person, before: str) -> None:
    panel = panel_of(person)
    person.wait_until(lambda: panel.looked is not None)
    if before == "loop":
        person.press(Qt.Key.Key_L)
    play(person)
    person.press(Qt.Key.Key_L)
    assert panel.canvas.playing is None
    assert not panel.play_line.isVisible()
    assert panel.form.value() == "loop"
    assert panel.canvas.folding.folded


def test_another_text_ends_the_play_and_is_shown_live(person: Person) -> None:
    panel = play(person)
    person.type("probe", "zoe")
    person.wait_until(lambda: panel.canvas.playing is None)
    person.wait_until(lambda: [c.below for c in panel.canvas.diagram.columns][1:] == list("zoe"))


@pytest.mark.sample("reviews")
def test_a_text_without_a_known_answer_is_played_with_the_networks_own_and_says_so(person: Person) -> None:
    person.session.probe.set("no such review at all")
    panel = panel_of(person)
    person.wait_until(lambda: panel.looked is not None and panel.looked.tokens[-1] == "all")
    panel = play(person)
    while not panel.play_line.playing.loses:  # type: ignore[union-attr]
        person.qtbot.keyClick(panel.canvas, Qt.Key.Key_Right)
    assert "its own answer (the right one is unknown)" in caption(person)


def test_the_next_moment_takes_away_the_tooltip_of_the_one_before(person: Person) -> None:
    panel = play(person)
    canvas = panel.canvas
    middle = (canvas.placed().cell(1, 0).center() * canvas.scale + canvas.origin()).toPoint()
    asked = QHelpEvent(QEvent.Type.ToolTip, middle, canvas.viewport().mapToGlobal(middle))
    QCoreApplication.sendEvent(canvas.viewport(), asked)
    assert QToolTip.isVisible()
    assert "step 2" in QToolTip.text()
    person.qtbot.keyClick(canvas, Qt.Key.Key_Right)
    person.qtbot.waitUntil(lambda: not QToolTip.isVisible(), timeout=5000)  # alone, it would stay for ten seconds


def test_the_way_back_through_a_network_without_cells_is_drawn_and_has_its_number(qtbot: QtBot, tmp_path: Path) -> None:
    playing = playing_of("labelled", [("abc", "x"), ("ab", "x"), ("abcabcabc", "y")] * 6, architecture="one-to-one")
    canvas = canvas_of(playing, qtbot, 380, 220)
    back = LIGHT.series[3]
    size = playing.step.sum_gradient
    assert size is not None
    assert size > 0
    seen = []
    for at in range(len(playing.moments)):
        now = playing.go(at)
        canvas.play(now)
        written = set(texts_in(canvas.viewport(), tmp_path))
        layout = canvas.placed()
        below = QRect(
            QPoint(0, round(layout.hidden_layer.bottom()) + 2), QPoint(round(layout.hidden_layer.right()), 999)
        )
        at_places = (QPointF(below.topLeft()) * canvas.scale + canvas.origin()).toPoint()
        picture = canvas.viewport().grab(QRect(at_places, below.size() * canvas.scale)).toImage()
        drawn, told = back in colors(picture), f"∂ {size:.2g}" in written
        assert drawn == told == now.handed_back()
        seen.append(drawn)
        assert {"pad", "+5"} <= written
        assert "of step" not in caption_of(now)
    assert seen[-2:] == [True, True]
    assert not all(seen)
    said = [caption_of(playing.go(at)) for at in range(len(playing.moments))]
    assert any("the error of the answer" in text for text in said)
    assert any(f"the same gradient, ‖∂loss/∂sum‖ = {size:.2g}." in text for text in said)


def test_the_gradient_of_the_sum_is_that_of_every_place(playing: Playing) -> None:
    size, step = playing.step.sum_gradient, playing.step
    assert (size is None) == bool(playing.diagram.rows)
    if size is not None:
        places = len(step.example.source)
        norms = {change.name: change.gradient for change in step.changes}
        assert norms["hidden.weight"] == pytest.approx(size * math.sqrt(places), rel=1e-5)


@pytest.mark.parametrize("architecture", ["many-to-one", "one-to-one"])
def test_the_line_to_the_softmax_begins_at_the_last_box_and_leaves_the_answer_below_free(
    qtbot: QtBot, architecture: str
) -> None:
    rows = [("abcdefgh", "out of order"), ("bacdefgh", "in order")] * 6
    playing = playing_of("labelled", rows, architecture=architecture)
    canvas = canvas_of(playing, qtbot, 520, 200)
    canvas.play(playing.go(10**6))
    layout, answer, back = canvas.placed(), playing.diagram.answer, LIGHT.series[3]
    assert layout.stacked

    def drawn(box: QRectF) -> set[str]:
        at = (box.topLeft() * canvas.scale + canvas.origin()).toPoint()
        return colors(canvas.viewport().grab(QRect(at, (box.size() * canvas.scale).toSize())).toImage())

    assert back not in drawn(layout.target(answer).adjusted(-5, 0, 5, 0))
    box = layout.cell(7, 0) if architecture == "many-to-one" else layout.hidden_layer
    assert back in drawn(QRectF(box.right() + 2, box.top(), 3, box.height()))


def test_the_gradient_goes_back_along_the_lines_of_attention(qtbot: QtBot) -> None:
    kind, rows, options = CASES["translator"]
    playing = playing_of(kind, rows, **options, bidirectional=True)
    canvas = canvas_of(playing, qtbot, 900, 420)
    layout, back = canvas.placed(), QColor(LIGHT.series[3])
    first = next(i for i, column in enumerate(playing.diagram.columns) if column.above)
    top = layout.cell(0, playing.diagram.row_at(0, 1) is not None).top()

    def purple(column: int) -> bool:
        """Whether a line in the gradient's colour, or a pale one, rises from the cells of a column."""
        at = QPointF(layout.column_x(column) - 6, top - 11) * canvas.scale + canvas.origin()
        seen = canvas.viewport().grab(QRect(at.toPoint(), QSize(12, 9) * canvas.scale)).toImage()
        pixels = (seen.pixelColor(x, y) for x in range(seen.width()) for y in range(seen.height()))
        return any(abs(pixel.hue() - back.hue()) < 12 and pixel.saturation() > 40 for pixel in pixels)

    encoder = range(first)
    for at in range(len(playing.moments)):
        now = playing.go(at)
        canvas.play(now)
        if not now.returned():
            assert not any(map(purple, encoder))
        elif now.moment.phase is Phase.BACKWARDS:
            assert all(purple(column) for _, column in now.moment.cells if column in encoder)
    assert any(map(purple, encoder))


@pytest.mark.parametrize("attention", [False, True], ids=["plain", "attends"])
def test_the_gradient_comes_to_the_way_back_along_the_line_from_the_decoder(qtbot: QtBot, attention: bool) -> None:
    kind, rows, options = CASES["translator"]
    playing = playing_of(kind, rows, **options | {"attention": attention, "bidirectional": True})
    canvas = canvas_of(playing, qtbot, 900, 420)
    layout, back = canvas.placed(), LIGHT.series[3]
    first = next(i for i, column in enumerate(playing.diagram.columns) if column.above)
    cell = layout.cell(0, 1)
    at = QPointF(cell.left() - layout.aside - 2, cell.center().y() - 8) * canvas.scale + canvas.origin()
    for now in map(playing.go, range(len(playing.moments))):
        canvas.play(now)
        seen = colors(canvas.viewport().grab(QRect(at.toPoint(), QSize(4, 4) * canvas.scale)).toImage())
        assert (back in seen) == ((2, first) in now.reached())
    assert (2, first) in playing.go(10**6).reached()


UNKNOWN_THERE = {"addition": "123+456", "reviews": "so so", "part-of-speech": "fish fish fish", "ratings": "so so"}


@pytest.mark.parametrize("sample", UNKNOWN_THERE)
def test_where_the_right_answer_is_unknown_none_is_called_a_target_or_has_the_colour_of_right(
    person: Person, sample: str, tmp_path: Path
) -> None:
    panel = panel_of(person)
    person.wait_until(lambda: panel.looked is not None)
    person.session.probe.set(UNKNOWN_THERE[sample])
    settle(person)
    panel = play(person)
    while not panel.play_line.playing.loses:  # type: ignore[union-attr]
        person.qtbot.keyClick(panel.canvas, Qt.Key.Key_Right)
    canvas, said = panel.canvas, [caption(person)]
    assert canvas.playing is not None
    assert not canvas.playing.step.known
    person.qtbot.keyClick(canvas, Qt.Key.Key_Right)
    while not canvas.playing.ended:
        written = texts_in(canvas.viewport(), tmp_path)
        assert not any("target" in text for text in written)
        assert "own answer" in written
        said.append(caption(person))
        person.qtbot.keyClick(canvas, Qt.Key.Key_Right)
    said.append(caption(person))
    assert not any("target" in text for text in said)
    assert "own answer" in said[0]
    assert "own answer" in said[-1]
    assert panel.table().columns[5] == "own answer"
    layout, answer = canvas.placed(), next(i for i, each in enumerate(canvas.diagram.columns) if each.above)
    shown = layout.answer(answer).toRect()
    box = QRect((QPointF(shown.topLeft()) * canvas.scale + canvas.origin()).toPoint(), shown.size() * canvas.scale)
    assert LIGHT.accent not in colors(canvas.viewport().grab(box).toImage())


@pytest.mark.parametrize("size", [(1440, 900), (1100, 700)])
def test_nothing_moves_when_a_play_begins_and_ends_and_the_keys_stay_with_the_picture(
    person: Person, size: tuple[int, int]
) -> None:
    person.window.resize(*size)
    panel = panel_of(person)
    person.wait_until(lambda: panel.looked is not None)
    settle(person)

    def places() -> list[QRect]:
        person.window.grab()
        return [panel.canvas.geometry(), *(area.geometry() for area in person.window.docking.areas())]

    seen: list[list[QRect]] = []

    def is_still() -> bool:  # a scroll bar that comes with the last answer makes the picture narrower
        seen.append(places())
        return len(seen) > 3 and all(each == seen[-1] for each in seen[-3:])

    person.wait_until(is_still)
    before = places()
    play(person)
    assert places() == before
    person.activate()
    person.click("play-speed")
    assert panel.canvas.hasFocus()
    person.click("play")
    assert panel.canvas.playing is None
    assert places() == before


def test_the_table_of_weights_speaks_of_them_as_the_equations_do(playing: Playing) -> None:
    names = [weight_title(change.name) for change in playing.step.changes]
    assert not any("weight" in name or "network" in name for name in names)
    assert len(set(names)) == len(names)


def test_an_optimizer_that_would_take_another_step_is_named(person: Person) -> None:
    panel = play(person)
    assert panel.play_line.playing is not None
    assert "plain gradient descent, not Adam." in caption_of(panel.play_line.playing.go(10**6))
    person.click("play")
    person.session.run.set_training(optimizer="sgd")
    person.wait_ready()
    panel = play(person)
    assert panel.play_line.playing is not None
    assert "plain gradient descent." in caption_of(panel.play_line.playing.go(10**6))


def test_the_gradients_in_narrow_cells_lose_their_sign_together_and_then_figures_and_are_never_cut() -> None:
    playing = playing_of("labelled", LABELLED, architecture="many-to-one")
    sizes = np.array([0.0021, 0.04, 0.12])
    playing = replace(playing, step=replace(playing.step, gradients=(sizes,)))

    def written(room: int) -> list[str]:
        texts = GradientTexts(playing, lambda text: len(text) <= room)
        return [texts.at((0, column)) for column in range(3)]

    assert written(20) == ["∂ 0.0021", "∂ 0.04", "∂ 0.12"]
    assert written(7) == ["0.0021", "0.04", "0.12"]
    assert written(5) == ["0.002", "0.04", "0.12"]
    assert written(4) == ["2e−3", "0.04", "0.12"]
    assert written(3) == ["", "", "0.1"]
    sizes[:] = 0.000212, 0.24, 52_000.0
    assert written(20) == ["∂ 2.1e−4", "∂ 0.24", "∂ 5.2e4"]
    assert written(5) == ["2e−4", "0.24", "5.2e4"]


def test_beside_each_other_gradients_have_the_two_figures_of_the_sentence_in_a_small_window(
    person: Person, tmp_path: Path
) -> None:
    panel = play_at(person, (1100, 700))
    to_the_end(person, panel)
    person.qtbot.keyClick(panel.canvas, Qt.Key.Key_Left)
    settle(person)
    playing = panel.play_line.playing
    assert playing is not None
    two_figures = {f"{size:.2g}" for norms in playing.step.gradients for size in norms}
    drawn = [text.removeprefix("∂ ") for text in texts_in(panel.canvas.viewport(), tmp_path)]
    assert len(two_figures & set(drawn)) == len(two_figures) > 3


def test_no_gradient_is_cut_in_the_narrowest_cells(qtbot: QtBot, tmp_path: Path) -> None:
    playing = playing_of(
        "pairs",
        [("abcdefgh", "hgfedcba"), ("acegbdfh", "hfdbgeca")] * 6,
        architecture="encoder-decoder",
        attention=True,
    )
    canvas = canvas_of(playing, qtbot, 700, 300)
    canvas.play(playing.go(10**6))
    written = texts_in(canvas.viewport(), tmp_path)
    assert "h" in written
    assert not [text for text in written if re.fullmatch(r"[∂\d.e− ]*…", text)]
    for width in (700, 900, 1100, 1300):
        canvas.resize(width, 300)
        cells = texts_in(canvas.viewport(), tmp_path)
        marked = [text for text in cells if text.startswith("∂ ")]
        assert len(marked) in (0, sum(row.steps for row in playing.diagram.rows)), "all or none"


def test_attention_is_told_of_forwards_and_backwards() -> None:
    kind, rows, options = CASES["translator"]
    playing = playing_of(kind, rows, **options)
    captions = [caption_of(playing.go(k)) for k in range(len(playing.moments))]
    attention = playing.diagram.attention
    assert attention is not None
    sources = [column.below for column in playing.diagram.columns]
    said = [text for text in captions[: playing.loss_at] if "Attention looks" in text]
    assert len(said) == len(attention)
    for text, weights in zip(said, attention, strict=True):
        assert f"most at “{visible_symbol(sources[int(weights.argmax())])}” ({percent(float(weights.max()))})" in text
    assert sum("also by attention" in text for text in captions) == 1
    plain = playing_of(kind, rows, architecture="encoder-decoder")
    assert not any("ttention" in caption_of(plain.go(k)) for k in range(len(plain.moments)))


def test_attention_to_one_of_several_symbols_that_are_alike_is_told_with_its_step() -> None:
    playing = playing_of("pairs", [("mirror", "rorrim"), ("roar", "raor")] * 6, **CASES["translator"][2])
    sources = [column.below for column in playing.diagram.columns]
    attention = playing.diagram.attention
    assert attention is not None
    said = [text for k in range(playing.loss_at) if "Attention looks" in (text := caption_of(playing.go(k)))]
    alike = set()
    for text, weights in zip(said, attention, strict=True):
        most = int(weights.argmax())
        several = sources[: len(weights)].count(sources[most]) > 1
        where = f" in step {most + 1} of the encoder" if several else ""
        assert f"most at “{visible_symbol(sources[most])}”{where} ({percent(float(weights.max()))})" in text
        alike.add(several)
    assert True in alike, "otherwise nothing has been tested"


def test_both_losses_of_the_last_moment_have_the_same_digits() -> None:
    kind, rows, options = CASES["last"]
    playing = playing_of(kind, rows, **options)
    playing = replace(playing, step=replace(playing.step, loss_after=playing.step.loss / 2))
    before, after = re.findall(r"\d+\.\d+", caption_of(playing.go(10**6)).partition("example: ")[2])
    assert len(before) == len(after) == len("0.1234") + (playing.step.loss < 0.1)


TableAndStep = tuple[ChangesTable, OneStep]


@pytest.fixture
def table_of_changes(qapp: QApplication) -> Iterator[TableAndStep]:
    """An empty table, and the step of a translator for it."""
    kind, rows, options = CASES["translator"]
    place = QWidget()
    yield ChangesTable(place), playing_of(kind, rows, **options).step
    place.deleteLater()


@pytest.mark.parametrize(("width", "height"), [(440, 240), (440, 90), (330, 400), (900, 60), (200, 300)])
def test_the_table_of_changes_stays_within_its_room(qtbot: QtBot, width: int, height: int) -> None:
    kind, rows, options = CASES["translator"]
    place = QWidget()
    qtbot.addWidget(place)
    table = ChangesTable(place)
    table.tell(playing_of(kind, rows, **options).step, LIGHT)
    size = table.fit(QSize(width, height))
    assert size.width() <= width
    assert size.height() <= max(height, 86)  # the heads, a row, and what it says of the others
    table.resize(size)
    bar = mix(LIGHT.surface, LIGHT.series[3], LETTERED)
    assert (bar in colors(table.grab().toImage())) == (width > 200)  # the narrowest has only the gradients and moves


@pytest.mark.parametrize("narrow", [False, True])
def test_the_changed_weights_stand_in_the_order_of_the_column_that_says_so_with_whole_names(
    table_of_changes: TableAndStep, tmp_path: Path, narrow: bool
) -> None:
    table, step = table_of_changes
    table.tell(step, LIGHT)
    table.resize(table.fit(QSize(table.named_width if narrow else 440, 400)))
    written = texts_in(table, tmp_path)
    assert table.heads[-1] == ("moves by" if narrow else "of its size")
    assert set(table.heads) <= set(written)
    assert any(text.startswith(f"Largest {'move' if narrow else 'share'} first") for text in written)
    sizes = {
        weight_title(change.name): change.change if narrow else change.change / (change.weights or math.inf)
        for change in step.changes
    }
    shown = [sizes[text] for text in written if text in sizes]
    below = [text for text in written[len(table.heads) :] if not text.endswith(" of the rate")]
    assert len(shown) == len(below) // len(table.heads)
    assert shown == sorted(shown, reverse=True)


def test_below_the_changed_weights_stands_which_of_them_move_by_less_than_the_rate_says(
    table_of_changes: TableAndStep, tmp_path: Path
) -> None:
    table, step = table_of_changes
    for share, said in ((0.25, "1/4"), (8**-0.5, "1/2.83")):
        changes = [
            replace(change, rate_share=share) if change.name == "attention.score" else change for change in step.changes
        ]
        assert any(change.rate_share < 1 for change in changes)
        for height in (200, 400):
            table.tell(replace(step, changes=changes), LIGHT)
            table.resize(table.fit(QSize(440, height)))
            written = texts_in(table, tmp_path)
            noted = f"attention score: {said} of the rate" in written
            assert noted == ("attention score" in written)
            assert table.height() <= height
        assert noted, "all of them have room in the higher place"


def test_weights_that_were_all_zero_have_no_share_of_their_size(table_of_changes: TableAndStep) -> None:
    table, step = table_of_changes
    changes = [replace(change, weights=float(at > 1)) for at, change in enumerate(step.changes)]
    table.tell(replace(step, changes=changes), LIGHT)
    told = table.accessibleDescription().split("; ")
    assert {told[-2], told[-1]} == {f"{weight_title(change.name)} was 0" for change in changes[:2]}
    assert sum("was 0" in each for each in told) == 2
    assert table.fit(QSize(440, 240)).width() <= 440
    table.grab()


def test_a_tiny_share_of_the_changed_weights_is_spoken_as_everywhere(
    table_of_changes: TableAndStep,
) -> None:
    table, step = table_of_changes
    table.tell(replace(step, changes=[replace(change, change=8e-7 * change.weights) for change in step.changes]), LIGHT)
    told = table.accessibleDescription()
    assert f"<0.01{NARROW}%" in told
    assert "e−" not in told


def to_the_end(person: Person, panel: UnrolledPanel) -> None:
    """Go forward to the last moment."""
    while not panel.play_line.playing.ended:  # type: ignore[union-attr]
        person.qtbot.keyClick(panel.canvas, Qt.Key.Key_Right)


@pytest.mark.sample("reviews")
@pytest.mark.parametrize("architecture", ["one-to-one", "many-to-one"])
def test_the_views_below_stay_where_they_are_when_the_changed_weights_come_and_go(
    person: Person, architecture: str
) -> None:
    person.session.set_model(architecture=architecture)
    person.wait_ready()
    for size in ((1440, 900), (1440, 868), (1280, 800)):
        panel = play_at(person, size)
        person.window.grab()
        before = [area.geometry() for area in person.window.docking.areas()]
        to_the_end(person, panel)
        settle(person)
        assert person.find(QWidget, "play-changes").isVisible()
        assert [area.geometry() for area in person.window.docking.areas()] == before, size
        person.click("play")
        settle(person)
        assert [area.geometry() for area in person.window.docking.areas()] == before, size


@pytest.mark.parametrize("sample", ["names", "reviews"])
@pytest.mark.parametrize("enlarged", [False, True])
def test_the_changed_weights_stand_within_the_place_of_the_picture_and_go_with_their_moment(
    person: Person, sample: str, enlarged: bool
) -> None:
    if enlarged:
        person.window.docking.enlarge("unrolled")
    for size in ((1440, 900), (1100, 700), (960, 540)):
        panel = play_at(person, size)
        usual = panel.canvas.geometry()
        to_the_end(person, panel)
        table = person.find(QWidget, "play-changes")
        assert table.isVisible()
        person.window.grab()
        assert panel.canvas.geometry() == usual, size
        assert panel.canvas.rect().contains(table.geometry()), size
        beside = not table.geometry().intersects(panel.canvas.viewport().geometry())
        assert beside or (table.geometry() == panel.canvas.rect() and size[0] == 960)
        assert panel.canvas.hasFocus()
        person.qtbot.keyClick(panel.canvas, Qt.Key.Key_Left)
        assert not table.isVisible()
        person.qtbot.keyClick(panel.canvas, Qt.Key.Key_Right)
        panel.hide()
        assert not table.isVisible()
        panel.show()
        person.wait_until(table.isVisible)
        person.click("play")
        assert not table.isVisible()
        assert panel.canvas.viewport().width() >= usual.width() - panel.canvas.verticalScrollBar().width(), size


def play_at(person: Person, size: tuple[int, int]) -> UnrolledPanel:
    """Play an example in a window of this size."""
    person.resize(*size)
    return play(person)


def seen_steps(canvas: UnrolledCanvas) -> list[int]:
    """The steps whose cells are whole in sight."""
    placed, right = canvas.placed(), canvas.picture_point(QPointF(canvas.viewport().width(), 0)).x()
    left, right = placed.left, min(right, placed.answer_left if placed.pinned else right)
    cells = ((column, placed.cell(column, 0)) for column in range(len(canvas.diagram.columns)))
    return [column for column, cell in cells if left <= cell.left() and cell.right() <= right]


@pytest.mark.parametrize("sample", ["names", "reviews", "dates"])
def test_beside_the_changed_weights_steps_that_were_in_sight_stay_in_sight_as_long_as_they_can_be_read(
    person: Person, sample: str
) -> None:
    for size, zoom in (((1440, 900), 1.0), ((1440, 900), 1.5), ((1100, 700), 1.0)):
        panel = play_at(person, size)
        canvas = panel.canvas
        canvas.zoom.set(zoom)
        to_the_end(person, panel)
        person.qtbot.keyClick(canvas, Qt.Key.Key_Left)
        settle(person)
        before, scale, all_seen = seen_steps(canvas), canvas.scale, canvas.horizontalScrollBar().maximum() == 0
        person.qtbot.keyClick(canvas, Qt.Key.Key_Right)
        settle(person)
        assert person.find(QWidget, "play-changes").isVisible()
        if canvas.scale >= WHOLE_BESIDE and canvas.scale != READABLE_BESIDE:
            assert set(before) <= set(seen_steps(canvas)), (size, zoom)
            assert (canvas.horizontalScrollBar().maximum() == 0) == all_seen, (size, zoom)
        else:
            assert seen_steps(canvas)[:2] == [0, 1], (size, zoom)
            assert canvas.scale == READABLE_BESIDE or size[0] < 1440
        assert not canvas.to_end.isVisible() or canvas.to_end.geometry().bottom() < canvas.viewport().y()
        person.qtbot.keyClick(canvas, Qt.Key.Key_Left)
        settle(person)
        assert (seen_steps(canvas), canvas.scale) == (before, scale), (size, zoom)
        person.click("play")
        canvas.zoom.set(1.0)


@pytest.mark.parametrize(
    ("sample", "sizes"),
    [("names", [(960, 600), (960, 540)]), ("reviews", [(960, 540)]), ("french", [(960, 540)])],
)
def test_where_the_picture_beside_the_changed_weights_would_be_too_small_to_read_the_two_take_turns(
    person: Person, sample: str, sizes: list[tuple[int, int]]
) -> None:
    for size in sizes:
        panel = play_at(person, size)
        canvas, table = panel.canvas, person.find(ChangesTable, "play-changes")
        turn = person.find(QToolButton, "play-turn")
        to_the_end(person, panel)
        person.qtbot.keyClick(canvas, Qt.Key.Key_Left)
        settle(person)
        before = seen_steps(canvas), canvas.scale
        assert before[1] >= LEAST_SHRINK
        assert not turn.isVisible()
        person.qtbot.keyClick(canvas, Qt.Key.Key_Right)
        settle(person)
        assert table.isVisible()
        assert {"gradient", "moves by"} <= set(table.heads)
        place = turn.mapTo(panel, QPoint(0, 0))
        assert turn.text() == "picture"
        person.click("play-turn")
        assert not table.isVisible()
        assert (seen_steps(canvas), canvas.scale) == before, size
        assert turn.text() == "weights"
        person.change_theme(DARK)
        assert not table.isVisible()
        person.click("play-turn")
        assert table.isVisible()
        assert turn.mapTo(panel, QPoint(0, 0)) == place, size
        person.window.resize(1440, 900)
        person.wait_until(lambda turn=turn, table=table: turn.isHidden() and table.isVisible())
        person.click("play")
        person.change_theme(LIGHT)


@pytest.mark.sample("part-of-speech")
def test_in_a_high_place_the_changed_weights_stand_below_a_picture_that_is_in_sight_only_there(person: Person) -> None:
    panel = play_at(person, (1440, 900))
    person.window.docking.enlarge("unrolled")
    settle(person)
    canvas, table = panel.canvas, person.find(ChangesTable, "play-changes")
    to_the_end(person, panel)
    person.qtbot.keyClick(canvas, Qt.Key.Key_Left)
    settle(person)
    before = seen_steps(canvas), canvas.scale
    assert before[0] == list(range(len(canvas.diagram.columns)))
    person.qtbot.keyClick(canvas, Qt.Key.Key_Right)
    settle(person)
    assert table.isVisible()
    assert len(table.heads) == 4
    assert seen_steps(canvas) == before[0]
    assert canvas.scale >= 1.0
    assert canvas.viewport().geometry().bottom() < table.y()
    assert canvas.rect().contains(table.geometry())
    picture = canvas.origin().y() + canvas.placed().height * canvas.scale
    assert picture <= canvas.viewport().height()
    person.qtbot.keyClick(canvas, Qt.Key.Key_Left)
    settle(person)
    assert (seen_steps(canvas), canvas.scale) == before


@pytest.mark.sample("reviews")
def test_a_picture_that_nearly_fits_beside_the_changed_weights_is_not_scrolled(person: Person) -> None:
    panel = play_at(person, (1440, 900))
    to_the_end(person, panel)
    settle(person)
    assert seen_steps(panel.canvas) == list(range(len(panel.canvas.diagram.columns)))
    assert panel.canvas.horizontalScrollBar().maximum() == 0


@pytest.mark.sample("part-of-speech")
def test_beside_the_changed_weights_every_cell_that_reads_both_ways_has_the_size_of_its_gradient(
    person: Person, tmp_path: Path
) -> None:
    panel = play_at(person, (1440, 900))
    to_the_end(person, panel)
    settle(person)
    drawn = texts_in(panel.canvas.viewport(), tmp_path)
    cells = 2 * len(panel.canvas.diagram.columns)
    assert sum(bool(re.fullmatch(r"(∂ )?0\.\d+", text)) for text in drawn) >= cells
    assert not any(re.fullmatch(r"\w…", text) for text in drawn), "one letter names no answer"


@pytest.mark.sample("french")
def test_beside_the_changed_weights_letters_and_numbers_of_a_translation_can_be_read(
    person: Person, tmp_path: Path
) -> None:
    person.resize(1100, 700)
    person.session.set_model(attention=True)
    person.wait_ready()
    person.session.probe.set("i am happy and you are here")
    panel = play(person)
    to_the_end(person, panel)
    settle(person)
    canvas = panel.canvas
    assert canvas.scale >= READABLE_BESIDE
    drawn = set(texts_in(canvas.viewport(), tmp_path))
    assert {"i", "am", "happy"} <= drawn
    assert any(re.fullmatch(r"(∂ )?[\d.]+(e−\d)?", text) for text in drawn), "the sizes of gradients"
    assert not any(re.fullmatch(r"[\d.e−]*…", text) for text in drawn), "none of them is cut"


@pytest.mark.parametrize("sample", ["names", "french"])
def test_beside_the_changed_weights_whole_steps_are_seen_and_the_table_has_what_the_caption_tells_of(
    person: Person, sample: str
) -> None:
    for size in ((1440, 900), (1100, 700)):
        panel = play_at(person, size)
        to_the_end(person, panel)
        settle(person)
        canvas, table = panel.canvas, person.find(ChangesTable, "play-changes")
        placed, view = canvas.placed(), canvas.viewport()
        middles = [placed.column_x(i) * canvas.scale + canvas.origin().x() for i in range(len(canvas.diagram.columns))]
        half = canvas.scale * placed.column_width / 2
        spans = [(middle - half, middle + half) for middle in middles]
        whole = [i for i, (left, right) in enumerate(spans) if left >= -1 and right <= view.width()]
        assert whole[:1] == [0], size
        assert len(whole) >= {1440: 4, 1100: 2}[size[0]]
        assert {"gradient", "moves by"} <= set(table.heads)
        person.window.resize(1440, 900)
        settle(person)
        assert canvas.horizontalScrollBar().value() == 0, "there is room for the names again"
        person.window.resize(*size)
        settle(person)
        person.click("play")
        assert canvas.horizontalScrollBar().value() == 0, size


def test_enlarging_the_view_enlarges_the_table_of_the_changed_weights(person: Person) -> None:
    panel = play_at(person, (1440, 900))
    to_the_end(person, panel)
    settle(person)
    table = person.find(ChangesTable, "play-changes")
    usual, heads = table.width(), table.heads
    person.window.docking.enlarge("unrolled")
    settle(person)
    assert table.heads == heads
    assert table.width() > 1.2 * usual
    assert seen_steps(panel.canvas) == list(range(len(panel.canvas.diagram.columns)))
    person.window.docking.enlarge("unrolled")
    settle(person)
    assert table.width() == usual


def test_the_changed_weights_take_the_colours_of_another_theme_at_once(person: Person) -> None:
    to_the_end(person, play(person))
    table = person.find(QWidget, "play-changes")
    light = table.grab().toImage().pixelColor(3, 3).lightness()
    person.change_theme(DARK)
    assert table.isVisible()
    assert table.grab().toImage().pixelColor(3, 3).lightness() < light - 100


@pytest.mark.sample("order")
def test_in_a_window_of_its_own_the_changed_weights_stand_in_the_place_of_the_picture(person: Person) -> None:
    docking = person.window.docking
    docking.float_view("unrolled")
    window = docking.floating("unrolled")
    assert window is not None
    panel = play(person)
    to_the_end(person, panel)
    table = window.findChild(QWidget, "play-changes")
    assert table is not None
    for width, height in ((900, 600), (520, 430), (520, 300)):
        window.resize(width, height)
        person.wait_until(lambda width=width: panel.width() == width)
        settle(person)
        assert table.isVisible()
        assert panel.canvas.rect().contains(table.geometry()), (width, height)
    docking.toggle_float("unrolled")
    person.wait_until(lambda: table.isVisible() and table.window() is person.window)


def test_the_last_column_of_the_changed_weights_is_not_cut_beside_short_names(qtbot: QtBot) -> None:
    kind, rows, options = CASES["last"]
    step = playing_of(kind, rows, **options).step
    short = [change for change in step.changes if len(weight_title(change.name)) == 2]
    place = QWidget()
    qtbot.addWidget(place)
    table = ChangesTable(place)
    table.tell(replace(step, changes=type(step.changes)(short)), LIGHT)
    table.resize(table.fit(QSize(800, 400)))
    image = table.grab().toImage()
    margin = {image.pixelColor(x, y).name() for x in range(table.width() - 8, table.width() - 2) for y in range(12, 60)}
    assert margin == {LIGHT.surface}


def test_the_selected_cell_stays_selected_when_a_text_is_played(person: Person) -> None:
    panel, probe = panel_of(person), person.session.probe
    person.wait_until(lambda: panel.looked is not None)
    panel.canvas.select((0, 2))
    chosen = probe.selection
    assert chosen is not None
    play(person)
    assert probe.selection == chosen
    assert panel.canvas.selected is None  # no frame beside that of the moment
    person.click("play")
    assert probe.selection == chosen
    assert panel.canvas.selected == (0, 2)
