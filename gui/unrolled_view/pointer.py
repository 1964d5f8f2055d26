"""What the mouse points at in the view of the unrolled network, and what a click there does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip

from gui.unrolled_view.descriptions import tip_of
from gui.unrolled_view.keyboard import ZOOM_STEP
from gui.widgets.symbols import plain_tip

if TYPE_CHECKING:
    from gui.unrolled_view.canvas import UnrolledCanvas
    from gui.unrolled_view.layout import DiagramLayout

SCROLL_PX = 52  # one notch of the wheel


class Pointer:
    """The cell (row, column) under the mouse, and the column it belongs to; None where there is none."""

    def __init__(self, canvas: UnrolledCanvas) -> None:
        self._canvas = canvas
        self.cell: tuple[int, int] | None = None
        self.column: int | None = None
        self._tip = ""  # as last shown

    def press(self, event: QMouseEvent) -> None:
        """Select the cell that was clicked, or ask for the whole distribution above a step."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        canvas = self._canvas
        layout, point = canvas.placed(), canvas.picture_point(event.position())
        cell, output = layout.hit(point), self._answer_at(layout, point)
        if cell is not None:
            canvas.select(cell)
        elif output is not None:
            canvas.distribution_wanted.emit(output, event.globalPosition().toPoint())

    def move(self, position: QPointF) -> None:
        """Show what can be clicked, and where the column under the mouse looks."""
        canvas = self._canvas
        layout, point = canvas.placed(), canvas.picture_point(position)
        cell, column = layout.hit(point), layout.column_at(point)
        if (cell, column) != (self.cell, self.column):
            self.cell, self.column = cell, column
            canvas.viewport().update()
        clickable = cell is not None or self._answer_at(layout, point) is not None
        canvas.viewport().setCursor(Qt.CursorShape.PointingHandCursor if clickable else Qt.CursorShape.ArrowCursor)

    def _answer_at(self, layout: DiagramLayout, point: QPointF) -> int | None:
        """The column whose distribution is at a point; None also before it is known."""
        output, playing = layout.output_at(point), self._canvas.playing
        return output if output is not None and (playing is None or output in playing.answered()) else None

    def turn(self, event: QWheelEvent) -> bool:
        """Scroll through time by the wheel, up and down where all steps are in sight, or zoom if Ctrl is held; False
        where there is nothing more to scroll."""
        canvas, turned = self._canvas, event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            canvas.zoom.set(canvas.zoom.value * ZOOM_STEP ** (turned.y() / 120))
            return True
        bar, by = canvas.horizontalScrollBar(), turned.x() or turned.y()
        if bar.maximum() == 0:
            bar, by = canvas.verticalScrollBar(), turned.y()
        before = bar.value()
        bar.setValue(before - round(by / 120 * SCROLL_PX))
        return bar.value() != before

    def leave(self) -> None:
        """Forget what was under the mouse."""
        self.cell = self.column = None
        self._canvas.viewport().update()

    def show_tip(self, position: QPoint) -> None:
        """Show the tooltip at a place of the view."""
        view = self._canvas.viewport()
        text = self.tip_at(self._canvas.picture_point(QPointF(position)))
        QToolTip.showText(view.mapToGlobal(position), plain_tip(text), view)
        self._tip = QToolTip.text()

    def hide_tip(self) -> None:
        """Take away the tooltip, which would cover another moment of a played example or tell of another cell."""
        if self._tip and QToolTip.text() == self._tip:
            QToolTip.hideText()
        self._tip = ""

    def tip_at(self, point: QPointF) -> str:
        """The tooltip at a point of the picture."""
        layout = self._canvas.placed()
        diagram, column = layout.diagram, layout.output_at(point)
        if column is None and diagram.answers_once:
            around = layout.softmax(diagram.answer) | layout.output(diagram.answer)
            if point.x() >= around.left():  # it may stand over columns that go on behind it
                column = diagram.answer
        column = layout.column_at(point) if column is None else column
        playing = self._canvas.playing
        cell = layout.hit(point)
        row = cell[0] if cell is not None and cell[1] == column else None
        return "" if column is None else tip_of(diagram if playing is None else playing.so_far(), column, row)
