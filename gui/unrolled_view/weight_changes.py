"""A table that shows how far one step moves each block of weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from gui.theme import LIGHT, Theme
from gui.unrolled_view.changes_drawing import SHOWN_ONLY, ChangesDrawing

if TYPE_CHECKING:
    from engine.inspection.one_step import OneStep


class ChangesTable(QWidget):
    """The table at the top of its place, as much of it as fits."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("play-changes")
        self._drawing = ChangesDrawing(self.font())
        self._theme = LIGHT
        self.hide()

    def tell(self, step: OneStep, theme: Theme) -> None:
        """Take the numbers of a step."""
        self._theme = theme
        self._drawing.tell(step, theme)
        self.setAccessibleName(SHOWN_ONLY)
        self.setAccessibleDescription(self._drawing.in_words)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose what fits into this size."""
        super().resizeEvent(event)
        self._drawing.choose(self.size())

    @property
    def named_width(self) -> int:
        """The width with whole names, gradients and moves."""
        return self._drawing.named_width

    @property
    def heads(self) -> tuple[str, ...]:
        """The heads of the columns that have room."""
        return self._drawing.heads

    def fit(self, room: QSize, *, fills: bool = False) -> QSize:
        """Choose what fits into a room, as `ChangesDrawing.fit`."""
        return self._drawing.fit(room, fills=fills)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the table in the middle."""
        painter, drawing = QPainter(self), self._drawing
        painter.fillRect(self.rect(), QColor(self._theme.surface))
        painter.translate((self.width() - drawing.size.width() * drawing.scale) // 2, 0)
        drawing.paint(painter)
