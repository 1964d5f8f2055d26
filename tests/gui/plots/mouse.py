"""What a hand does to a plot: drag, turn the wheel, point."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget
from pytestqt.qtbot import QtBot

from gui.plots.plot import Plot
from gui.plots.strips import Strips
from tests.gui.pixels import colors

CTRL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


def canvas(picture: QWidget) -> QWidget:
    """The widget that gets the mouse."""
    area = picture.view if isinstance(picture, Plot) else picture
    return area.viewport() if isinstance(area, QAbstractScrollArea) else area


def is_drawn(picture: QWidget) -> bool:
    """Whether anything is seen: a picture that paints nothing has one colour."""
    return len(colors(picture.grab().toImage(), every=2)) > 1


def drag(
    qtbot: QtBot, picture: QWidget, start: QPoint, end: QPoint, keys: Qt.KeyboardModifier = NONE, steps: int = 4
) -> None:
    """Press at one place, move in some steps, release at another."""
    widget = canvas(picture)
    qtbot.mouseMove(widget, start)
    qtbot.mousePress(widget, Qt.MouseButton.LeftButton, keys, start)
    left = Qt.MouseButton.LeftButton
    for step in range(1, steps + 1):  # QTest's own moves know no keys
        at = QPointF(start + (end - start) * step / steps)
        place = QPointF(widget.mapToGlobal(at))
        QApplication.sendEvent(widget, QMouseEvent(QEvent.Type.MouseMove, at, place, left, left, keys))
    qtbot.mouseRelease(widget, Qt.MouseButton.LeftButton, keys, end)


def double_click(qtbot: QtBot, picture: QWidget, at: QPoint) -> None:
    """Twice in a row, released each time."""
    for press in (qtbot.mousePress, qtbot.mouseDClick):
        press(canvas(picture), Qt.MouseButton.LeftButton, pos=at)
        qtbot.mouseRelease(canvas(picture), Qt.MouseButton.LeftButton, pos=at)


def turn(picture: QWidget, at: QPointF, notches: int, keys: Qt.KeyboardModifier = CTRL) -> bool:
    """Turn the wheel over a place; whether the picture took it."""
    widget, none = canvas(picture), Qt.MouseButton.NoButton
    place = QPointF(widget.mapToGlobal(at.toPoint()))
    event = QWheelEvent(at, place, QPoint(), QPoint(0, 120 * notches), none, keys, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def points_on(strips: Strips, name: str) -> list[QPointF]:
    """Places on the tiles of a strip, a pixel apart from left to right, as a person finds them with the mouse."""

    def points(y: int, apart: int) -> list[QPointF]:
        found = [(QPointF(x, y), strips.at(QPointF(x, y))) for x in range(0, strips.width(), apart)]
        return [place for place, at in found if at is not None and at[0].name == name and at[1] >= 0]

    rows = [y for y in range(0, strips.height(), 2) if points(y, strips.width() // 8)]
    assert rows, f"there is no strip {name}"
    return points(rows[len(rows) // 2], 1)
