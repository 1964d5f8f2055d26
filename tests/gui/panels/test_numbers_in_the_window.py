"""Series, sounds, pictures and ratings in the window: every view draws them, and Try it uses them."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QPushButton, QToolButton, QWidget

from engine.data.numbers.recording import Recording
from gui.panels.base.view import View
from gui.panels.try_it.caption import CaptionView
from gui.panels.try_it.rate import RateView
from gui.panels.unrolled.unrolled_panel import UnrolledPanel
from gui.plots.batch_grid import COUNT_PX, HEAD_PX, BatchGrid
from gui.session.notice import Level, Notice
from gui.unrolled_view.outputs import PREDICTED_WIDTH, number_text
from gui.widgets.example_rows import ExampleRows
from gui.widgets.text import NO_BREAK
from tests.gui.conftest import Person
from tests.gui.panels.open_views import model_of, open_view, settle
from tests.gui.panels.small_numbers import KINDS, WAVE, bands
from tests.gui.panels.trying import shown, takes_new_colours_at_once, train_and_stop, write
from tests.gui.saving.test_run_list import redo, undo
from tests.gui.unrolled_view.test_canvas import drawn_words


@pytest.mark.parametrize("kind", KINDS)
def test_every_view_draws_numbers_and_try_it_answers(numbers: Callable[[str], Person], kind: str) -> None:
    person = numbers(kind)
    notices: list[Notice] = []
    person.session.notices.posted.connect(notices.append)
    for name in person.window.docking.views:
        open_view(person, name, View).grab()
    train_and_stop(person, 3)
    view = shown(person, KINDS[kind][2])
    person.wait_until(lambda: view.answers() is not None)
    assert takes_new_colours_at_once(person, view)
    assert not [notice.text for notice in notices if notice.level is Level.ERROR]


def test_the_preview_draws_what_a_text_cannot_say(numbers: Callable[[str], Person]) -> None:
    person = numbers("labelled-series")
    rows = person.find(ExampleRows, "preview")
    before = rows.grab().toImage()
    assert "8 numbers at each step" in person.find(QLabel, "data-vocabulary").text()
    rows.set_rows(rows.rows)  # without the pictures
    assert rows.grab().toImage() != before


def test_speed_is_counted_in_what_is_read(numbers: Callable[..., Person]) -> None:
    person = numbers("series")
    train_and_stop(person, 3)
    assert person.find(QLabel, "progress-speed").text().endswith(" values/s")
    person = numbers("series", lambda: [np.hstack([WAVE, WAVE**2])])
    train_and_stop(person, 3)
    assert person.find(QLabel, "progress-speed").text().endswith(" time steps/s")


def test_curves_of_several_columns_are_named_in_try_it(numbers: Callable[..., Person]) -> None:
    person = numbers("labelled-series", lambda: [(frames[:, :3], label) for frames, label in bands()])
    names = person.find(QLabel, "try-frames-legend")
    person.wait_until(lambda: names.isVisible() and names.text().count("━") == 3)
    dataset = person.session.data.dataset
    assert dataset is not None
    assert dataset.codec.frames is not None
    for color, name in zip(person.session.theme.series[::-1], dataset.codec.frames.names, strict=False):
        assert f"color:{color}'>━</span>{NO_BREAK}{name.replace(' ', NO_BREAK)}" in names.text()


def test_another_example_is_a_recording_whose_label_the_picture_knows(numbers: Callable[[str], Person]) -> None:
    person = numbers("labelled-series")
    person.click("try-another")
    given = person.session.probe.given
    assert isinstance(given, Recording)
    assert person.find(QLineEdit, "probe").isReadOnly()
    dataset, panel = person.session.data.dataset, person.window.panels["unrolled"]
    assert dataset is not None
    assert isinstance(panel, UnrolledPanel)
    place = int(given.name.removeprefix("example ")) - 1
    assert place == 1, "the first one was looked at already"
    person.wait_until(lambda: person.session.probe.known.truth == dataset.validation[place].target)
    person.wait_until(lambda: panel.canvas.diagram.columns[-1].truth == dataset.validation[place].target[0])


@pytest.mark.parametrize(
    ("kind", "typable"), [("pictures", False), ("speech", False), ("series", True), ("rated", True)]
)
def test_the_field_above_the_network_takes_the_focus_only_where_one_can_type(
    numbers: Callable[[str], Person], kind: str, typable: bool
) -> None:
    person = numbers(kind)
    field = person.find(QLineEdit, "probe")
    person.wait_until(lambda: bool(field.text()))
    person.qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
    assert field.hasFocus() is typable
    edge = QColor(field.grab().toImage().pixelColor(field.width() // 2, 0))
    assert (edge == QColor(person.session.theme.accent)) is typable, "a frame"


def test_the_state_that_is_made_from_a_picture_is_not_said_to_be_zeros(numbers: Callable[[str], Person]) -> None:
    person = numbers("pictures")
    panel = person.window.panels["unrolled"]
    assert isinstance(panel, UnrolledPanel)
    person.wait_until(lambda: panel.looked is not None)
    canvas = panel.canvas
    written = drawn_words(canvas.diagram, canvas.placed(), canvas)
    assert canvas.diagram.beginning is not None, "it is drawn itself"
    assert not {"0", "picture"} & set(written)
    assert "steps, beginning with the picture" in canvas.accessibleDescription()
    settle(person)
    person.click("play")
    person.wait_until(lambda: "the state made from the picture" in person.find(QLabel, "play-caption").text())
    person.click("play")
    person.choose_sample("names")
    person.wait_until(lambda: panel.looked is not None)
    assert "0" in drawn_words(canvas.diagram, canvas.placed(), canvas)


def test_the_help_of_the_network_explains_the_output_that_it_has(numbers: Callable[[str], Person]) -> None:
    person = numbers("series")
    panel = person.window.panels["unrolled"]
    assert isinstance(panel, UnrolledPanel)
    assert "the pale band holds the right number" in panel.help()
    assert "softmax" not in panel.help()
    person.choose_sample("names")
    assert "softmax turns the state into probabilities" in panel.help()
    assert "pale band" not in panel.help()


def test_both_ways_to_another_example_go_on_from_what_is_shown(numbers: Callable[[str], Person]) -> None:
    person = numbers("pictures")
    seen = [person.session.probe.text]
    for name in ("try-another", "unrolled-example", "try-another"):
        person.click(name)
        seen.append(person.session.probe.text)
    assert seen == [f"example {place + 1}" for place in range(4)]


def test_the_picture_says_how_far_off_a_predicted_number_may_be(numbers: Callable[[str], Person]) -> None:
    person = numbers("series")
    panel = person.window.panels["unrolled"]
    assert isinstance(panel, UnrolledPanel)
    person.wait_until(lambda: panel.canvas.diagram.numbers is not None)
    diagram = panel.canvas.diagram
    assert diagram.numbers is not None
    mean, deviation, truth = diagram.numbers.at(0, 0)
    read = [float(number) for number in person.session.probe.text.split()]
    assert truth == pytest.approx(read[1], rel=1e-3)  # what is read at the next step
    low, high = diagram.numbers.limits(0)
    assert low <= mean - deviation
    assert mean + deviation <= high
    assert not diagram.outcomes


def test_several_predicted_numbers_have_a_line_each_and_none_is_cut(numbers: Callable[..., Person]) -> None:
    person = numbers("series", lambda: [np.hstack([WAVE, 1000 * WAVE, 1e-4 * WAVE])])
    panel = person.window.panels["unrolled"]
    assert isinstance(panel, UnrolledPanel)
    person.wait_until(lambda: panel.canvas.diagram.numbers is not None)
    layout, found = panel.canvas.placed(), panel.canvas.diagram.numbers
    assert found is not None
    assert found.names == ("column 1", "column 2", "column 3")
    lines = [layout.bar(0, number) for number in range(layout.lines)]
    assert len(lines) == 3
    assert lines[0].top() >= layout.loss(0).bottom()  # no line of all three, which would be cut
    assert lines[-1].bottom() <= layout.softmax(0).top()
    small = QFont(panel.canvas.font())
    small.setPixelSize(10)
    for column in found.columns:
        for number in range(3):
            low, high = found.limits(number)
            text = number_text(found.at(column, number)[0], high - low)
            assert QFontMetricsF(small).horizontalAdvance(text) <= min(PREDICTED_WIDTH, lines[number].width()), text


def test_numbers_that_cannot_be_read_are_refused_in_words(numbers: Callable[[str], Person]) -> None:
    person = numbers("series")
    person.type("probe", "1 2 many")
    line = person.find(QLabel, "inside-text")
    person.wait_until(lambda: "Expected numbers" in line.text())


def test_a_text_is_rated_as_it_is_typed(numbers: Callable[[str], Person]) -> None:
    person = numbers("rated")
    train_and_stop(person, 3)
    view = shown(person, RateView)
    write(person, "abab")
    person.wait_until(lambda: (found := view.answers()) is not None and found.rows[0][0] == "abab")
    assert "±" in view.verdict.text()
    model = model_of(person)
    so_far = [model.rate(beginning).value for beginning in ("a", "ab", "aba", "abab")]
    assert [chip.note for chip in view.chips.chips] == [f"{rating:.2f}".replace("-", "−") for rating in so_far]
    assert len({chip.note for chip in view.chips.chips}) > 1
    assert person.find(QPlainTextEdit, "try-text").toPlainText() == "abab"
    assert not any(button.objectName() == "try-another" for button in view.findChildren(QPushButton))


def test_capitals_of_a_text_to_rate_are_said_to_be_known_in_lower_case(numbers: Callable[[str], Person]) -> None:
    person = numbers("rated")
    view = shown(person, RateView)
    write(person, "aBab")
    person.wait_until(lambda: "known in lower case: “\u2068b\u2069”" in view.message.text())
    write(person, "abab")
    person.wait_until(lambda: not view.message.isVisible())


def test_a_picture_is_drawn_with_the_mouse_and_captioned_anew(numbers: Callable[[str], Person]) -> None:
    person = numbers("pictures")
    view = shown(person, CaptionView)
    person.click("brush-green")
    person.click("brush-fill")
    person.wait_until(lambda: person.session.probe.text == "drawn by hand")
    person.click("brush-red")
    pixel = view.field.picture.height() / 6
    at = QPointF(2.5 * pixel, 1.5 * pixel).toPoint()
    person.qtbot.mouseClick(view.field.picture, Qt.MouseButton.LeftButton, pos=at)
    given = person.session.probe.given
    assert isinstance(given, Recording)
    assert given.values[1, 2].tolist() == [1.0, 0.0, 0.0]
    assert given.values.sum(axis=(0, 1)) == pytest.approx([1.0, 0.7 * 35, 0.0])  # one red pixel among green ones
    person.wait_until(lambda: (found := view.answers()) is not None and found.rows[0][0] == "drawn by hand")


def test_undo_of_other_data_brings_a_drawn_picture_back(numbers: Callable[[str], Person]) -> None:
    person = numbers("pictures")
    view = shown(person, CaptionView)
    person.click("brush-green")
    person.click("brush-fill")
    person.wait_until(lambda: (found := view.answers()) is not None and found.rows[0][0] == "drawn by hand")
    drawn = person.session.probe.given
    person.choose_sample("alphabet")
    assert person.session.probe.given != drawn
    undo(person)
    assert person.session.probe.given is drawn
    person.wait_until(lambda: (found := view.answers()) is not None and found.rows[0][0] == "drawn by hand")
    person.click("try-another")
    another = person.session.probe.given
    assert another is not drawn
    redo(person)
    undo(person)
    assert person.session.probe.given is another, "as it was left"


def test_undo_of_other_data_brings_back_the_text_that_was_looked_at(numbers: Callable[[str], Person]) -> None:
    person = numbers("rated")
    shown(person, RateView)
    write(person, "abab")
    person.wait_until(lambda: person.session.probe.given == "abab")
    person.choose_sample("alphabet")
    undo(person)
    assert person.session.probe.given == "abab"


@pytest.mark.parametrize("kind", ["series", "labelled-series"])
def test_no_view_of_numbers_speaks_of_a_text(numbers: Callable[[str], Person], kind: str) -> None:
    person = numbers(kind)
    train_and_stop(person, 3)
    spoken = {}
    for name in person.window.docking.views:
        view = open_view(person, name, View)
        settle(person)
        for widget in (view, *view.findChildren(QWidget)):
            said = f"{widget.toolTip()} {widget.accessibleName()} {widget.accessibleDescription()}"
            if widget.isVisible() and re.search(r"\btexts?\b", said, re.IGNORECASE):
                spoken[name, widget.objectName()] = said
    grid = person.window.docking.views["batch"].findChild(BatchGrid)
    assert isinstance(grid, BatchGrid)
    assert not spoken
    assert grid.tip_at(QPointF(10, HEAD_PX + COUNT_PX + 3)).endswith(" (example 1, position 1)")
    assert "text" not in person.find(QToolButton, "compare-sizes").toolTip()
