"""The room of the view of the unrolled network: it goes to the network, and stands still."""

from __future__ import annotations

from PySide6.QtCore import QPoint

from tests.gui.conftest import Person
from tests.gui.test_unrolled import panel_of


def test_a_high_place_gives_its_room_to_nothing_but_the_network(person: Person) -> None:
    panel = panel_of(person)
    person.wait_until(lambda: panel.looked is not None)
    person.window.workspace.fill("unrolled")
    person.wait_until(lambda: panel.height() > 600)
    assert panel.inside.height() <= 40
    assert panel.inside.y() - panel.canvas.geometry().bottom() < 20


def test_nothing_moves_when_a_cell_is_chosen(person: Person) -> None:
    panel = panel_of(person)
    loss = person.window.panels["loss"]
    person.wait_until(lambda: panel.looked is not None)
    before = panel.inside.height(), loss.mapTo(person.window, QPoint(0, 0)), loss.size()
    panel.canvas.select((0, 2))
    person.wait_until(panel.unit.isVisible)
    person.window.grab()  # with everything in its place
    assert (panel.inside.height(), loss.mapTo(person.window, QPoint(0, 0)), loss.size()) == before


def test_the_invitation_has_the_room_of_what_is_not_there_yet(person: Person) -> None:
    panel = panel_of(person)
    person.wait_until(lambda: panel.looked is not None)
    person.window.resize(1100, 700)
    person.window.grab()
    gap = panel.more.x() - panel.inside_text.geometry().right()
    assert gap < 20
