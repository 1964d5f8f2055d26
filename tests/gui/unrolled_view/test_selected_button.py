"""Which step is looked into is plain also while its cell is out of sight, and one click leads back."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from gui.theme import LIGHT
from gui.unrolled_view.canvas import UnrolledCanvas
from gui.unrolled_view.diagram import Diagram
from tests.gui.unrolled_view.test_canvas import long_diagram


def in_sight(canvas: UnrolledCanvas, column: int) -> bool:
    left, right = (canvas.picture_point(QPointF(x, 0)).x() for x in (0, canvas.viewport().width()))
    cell = canvas.placed().cell(column, 0)
    return left <= cell.left() and cell.right() <= right


def test_a_click_leads_back_to_the_selected_cell_from_either_side(canvas: UnrolledCanvas, qtbot: QtBot) -> None:
    canvas.show()
    canvas.show_diagram(long_diagram(60), LIGHT)
    bar, button = canvas.horizontalScrollBar(), canvas.to_selected
    canvas.select((0, 30))
    assert button.isHidden()
    for place, text, right in ((bar.maximum(), "← back to step 31", False), (0, "back to step 31 →", True)):
        bar.setValue(place)
        assert button.isVisible()
        assert not in_sight(canvas, 30)
        assert button.text() == text
        assert (button.geometry().center().x() > canvas.width() / 2) == right
        assert not button.geometry().intersects(canvas.to_end.geometry())
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert in_sight(canvas, 30)
        assert button.isHidden()


def test_it_goes_with_the_selection_and_with_the_loop(canvas: UnrolledCanvas) -> None:
    canvas.show()
    canvas.show_diagram(long_diagram(60), LIGHT)
    canvas.select((0, 3))
    canvas.horizontalScrollBar().setValue(canvas.horizontalScrollBar().maximum())
    assert canvas.to_selected.isVisible()
    canvas.select(None)
    assert canvas.to_selected.isHidden()
    canvas.select((0, 3))
    canvas.horizontalScrollBar().setValue(canvas.horizontalScrollBar().maximum())
    canvas.show_diagram(Diagram(), LIGHT)
    assert canvas.to_selected.isHidden()
