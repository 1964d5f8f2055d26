"""The room of the view of the unrolled network: it goes to the network, and stands still."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from gui.panels.unrolled.cell_line import CellLine
from gui.theme import LIGHT
from gui.unrolled_view.canvas import UnrolledCanvas
from tests.gui.conftest import Person
from tests.gui.panels.test_unrolled import panel_of
from tests.gui.unrolled_view.test_canvas import long_diagram


def test_a_high_place_gives_its_room_to_nothing_but_the_network(person: Person) -> None:
    panel = panel_of(person)
    person.wait_until(lambda: panel.looked is not None)
    person.window.docking.fill("unrolled")
    person.wait_until(lambda: panel.height() > 600)
    assert panel.cell_line.height() <= 40
    assert panel.cell_line.y() - panel.canvas.geometry().bottom() < 20


def test_nothing_moves_when_a_cell_is_chosen(person: Person) -> None:
    panel = panel_of(person)
    loss = person.window.panels["loss"]
    person.wait_until(lambda: panel.looked is not None)
    before = panel.cell_line.height(), loss.mapTo(person.window, QPoint(0, 0)), loss.size()
    panel.canvas.select((0, 2))
    person.wait_until(panel.cell_line.unit.isVisible)
    person.window.grab()  # with everything in its place
    assert (panel.cell_line.height(), loss.mapTo(person.window, QPoint(0, 0)), loss.size()) == before


def test_the_invitation_has_the_room_of_what_is_not_there_yet(person: Person) -> None:
    panel = panel_of(person)
    person.wait_until(lambda: panel.looked is not None)
    person.window.resize(1100, 700)
    person.window.grab()
    gap = panel.cell_line.more.x() - panel.cell_line.text.geometry().right()
    assert gap < 20


def test_an_only_answer_stays_in_sight_when_the_window_gets_narrow(qtbot: QtBot) -> None:
    canvas = UnrolledCanvas(LIGHT)
    qtbot.addWidget(canvas)
    canvas.resize(900, 260)
    canvas.show()
    for shape, at_end in (("many-to-one", True), ("many-to-many", False)):
        canvas.resize(900, 260)
        canvas.show_diagram(replace(long_diagram(12), shape=shape), LIGHT)
        canvas.resize(400, 260)
        bar = canvas.horizontalScrollBar()
        assert bar.maximum() > 0
        assert (bar.value() == bar.maximum()) is at_end


def test_a_long_equation_does_not_keep_the_view_wide_when_the_window_gets_narrow(qtbot: QtBot) -> None:
    line = CellLine()
    qtbot.addWidget(line)
    line.resize(1200, 50)
    line.show()
    line.say("h₄ = tanh(W x₄ + U h₃ + b) = tanh(−3.94) = −1.00".replace(" ", "\u00a0"))
    assert line.minimumSizeHint().width() < 250
