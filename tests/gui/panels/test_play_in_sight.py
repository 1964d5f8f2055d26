"""A network that is too high for its place: what Play or the keys are at is in sight, and a button leads to more."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.playing import Phase
from tests.gui.conftest import Person
from tests.gui.panels.open_views import settle, train_a_little
from tests.gui.panels.test_play import play
from tests.gui.panels.test_unrolled import panel_of

pytestmark = pytest.mark.one_window

SIZES = [(1440, 900), (1100, 700)]
EDGE_PX = 1.5
LAYERS = 5  # too many for any usual window


def high_network(
    person: Person, size: tuple[int, int], architecture: str = "many-to-one", pooling: str = "max"
) -> UnrolledCanvas:
    """The picture of five layers that read in both directions."""
    person.window.resize(*size)
    if architecture == "many-to-many":
        person.choose_sample("part-of-speech")
    person.session.set_model(
        architecture=architecture, num_layers=LAYERS, bidirectional=True, pooling=pooling, cell="gru"
    )
    person.wait_ready()
    panel = panel_of(person)
    person.wait_until(lambda: panel.canvas.diagram.levels == 2 * LAYERS)
    person.wait_until(lambda: panel.looked is not None)
    settle(person)
    return panel.canvas


def in_sight(canvas: UnrolledCanvas, box: QRectF) -> bool:
    """Whether a part of the picture is in sight from its top to its bottom."""
    top, bottom = (y * canvas.scale + canvas.origin().y() for y in (box.top(), box.bottom()))
    return top >= -EDGE_PX and bottom <= canvas.viewport().height() + EDGE_PX


def box_of(canvas: UnrolledCanvas, cell: tuple[int, int]) -> QRectF:
    row, column = cell
    return canvas.placed().cell(column, canvas.diagram.rows[row].level)


@pytest.mark.parametrize(
    ("size", "architecture", "pooling"),
    [
        (SIZES[0], "many-to-one", "max"),
        (SIZES[1], "many-to-one", "max"),
        (SIZES[1], "many-to-one", "last"),
        (SIZES[1], "many-to-many", "last"),
    ],
)
def test_all_that_happens_at_each_moment_of_play_is_in_sight(
    person: Person, size: tuple[int, int], architecture: str, pooling: str
) -> None:
    canvas = high_network(person, size, architecture, pooling)
    assert canvas.verticalScrollBar().maximum() > 0
    play(person)
    while True:
        assert canvas.playing is not None
        moment, layout = canvas.playing.moment, canvas.placed()
        at = canvas.playing.at, moment
        assert all(in_sight(canvas, box_of(canvas, cell)) for cell in moment.cells), at
        if Phase.FORWARDS is moment.phase and any(canvas.diagram.rows[row].level == 0 for row, _ in moment.cells):
            assert in_sight(canvas, layout.input(0)), at
        if moment.gathers:
            assert in_sight(canvas, layout.pool), at
        for column in moment.answers:
            assert in_sight(canvas, layout.answer(column) | layout.softmax(column)), at
        if moment.phase is Phase.LOSS:
            assert in_sight(canvas, layout.loss(canvas.diagram.answer)), at
        if canvas.playing.ended:
            break
        person.qtbot.keyClick(canvas, Qt.Key.Key_Right)
    person.click("play")


def test_the_cell_that_the_keys_are_at_is_in_sight_and_then_what_is_above_the_highest(person: Person) -> None:
    canvas = high_network(person, SIZES[1])
    canvas.setFocus()
    for key, levels in ((Qt.Key.Key_Up, range(2 * LAYERS)), (Qt.Key.Key_Down, range(2 * LAYERS - 2, -1, -1))):
        for level in levels:
            person.qtbot.keyClick(canvas, key)
            assert canvas.selected is not None
            assert canvas.diagram.rows[canvas.selected[0]].level == level
            assert in_sight(canvas, box_of(canvas, canvas.selected))
        assert in_sight(canvas, canvas.placed().pool if key is Qt.Key.Key_Up else canvas.placed().input(0))


@pytest.mark.parametrize(
    ("size", "architecture"),
    [(SIZES[0], "many-to-one"), (SIZES[1], "many-to-one"), (SIZES[1], "many-to-many")],
)
def test_the_answers_are_in_sight_and_a_button_leads_to_what_is_below_and_back(
    person: Person, size: tuple[int, int], architecture: str
) -> None:
    canvas = high_network(person, size, architecture)
    button, layout = canvas.to_top, canvas.placed()
    above = layout.pool if architecture == "many-to-one" else layout.loss(0) | layout.softmax(0)
    assert in_sight(canvas, above)
    assert not in_sight(canvas, layout.input(0))
    for text, there in (("↓ bottom", layout.input(0)), ("↑ top", above)):
        assert button.isVisible()
        assert button.text() == text
        assert button.geometry().bottom() < canvas.viewport().y(), "it covers nothing"
        assert not any(button.geometry().intersects(box) for box in beside(canvas))
        person.click("unrolled-to-top")
        assert in_sight(canvas, there)
    person.qtbot.keyClick(canvas, Qt.Key.Key_PageDown)
    assert in_sight(canvas, layout.input(0))
    person.session.set_model(num_layers=1)
    person.wait_until(lambda: canvas.diagram.levels == 2)
    settle(person)
    assert button.isHidden(), "all is in sight"


def beside(canvas: UnrolledCanvas) -> list[QRect]:
    """Where the other buttons and the scroll bar are."""
    there = [each for each in (canvas.to_end, canvas.to_selected, canvas.verticalScrollBar()) if each.isVisible()]
    return [QRect(each.mapTo(canvas, QPoint(0, 0)), each.size()) for each in there]


def turn_wheel(canvas: UnrolledCanvas, notches: int) -> bool:
    """Turn the wheel over the picture; whether that did something there, so that the column stays where it is."""
    at, turned = QPointF(canvas.viewport().rect().center()), QPoint(0, 120 * notches)
    none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    there = QPointF(canvas.viewport().mapToGlobal(at.toPoint()))
    event = QWheelEvent(at, there, QPoint(), turned, *none, False)
    QApplication.sendEvent(canvas.viewport(), event)
    return event.isAccepted()


def test_the_wheel_leads_down_and_what_one_has_gone_to_stays_while_the_network_learns(person: Person) -> None:
    canvas = high_network(person, SIZES[0])
    bar = canvas.verticalScrollBar()
    assert not turn_wheel(canvas, 1), "there is nothing above"
    assert turn_wheel(canvas, -1)
    there = bar.value()
    assert 0 < there < bar.maximum()
    train_a_little(person, 5)
    assert bar.value() == there


def test_a_cell_in_sight_is_chosen_where_it_is(person: Person) -> None:
    canvas = high_network(person, SIZES[0])
    canvas.verticalScrollBar().setValue(canvas.verticalScrollBar().maximum())
    before = canvas.origin()
    for row in (3, 1, 0):
        cell = box_of(canvas, (row, 1)).center() * canvas.scale + canvas.origin()
        person.qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=cell.toPoint())
        assert canvas.selected == (row, 1)
        assert canvas.origin() == before
