"""The crosshair of a line plot."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gui.plots.plot import Overlay, Plot


class Crosshair(Overlay):
    """A line at the step under the mouse, another at the mouse's height with the value there."""

    def __init__(self, plot: Plot) -> None:
        super().__init__(plot)
        self._x: float | None = None
        self._y: float | None = None
        self._value = ""

    def show_at(self, x: float | None, y: float | None, value: str) -> None:
        """Draw it at this place, in the plot's coordinates as drawn. x None: nowhere. y None: without a height."""
        self._x, self._y, self._value = x, y, value
        self.update()

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw both lines and the value."""
        if self._x is None:
            return
        plot, theme = self.plot, self.plot.theme
        x = plot.box.pixels_of(self._x, 0.0).x()
        painter.setPen(QPen(QColor(theme.muted), 1.0))
        painter.drawLine(QPointF(x, 0), QPointF(x, area.bottom()))
        if self._y is None:
            return
        up = plot.box.pixels_of(0.0, self._y).y()
        painter.setPen(QPen(QColor(theme.baseline), 1.0, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(0, up), QPointF(area.right(), up))
        height = plot.line_height()
        top = min(max(0.0, up - height / 2), area.bottom() - height)
        label = QRectF(0, top, plot.text_width(self._value) + 6, height)
        painter.fillRect(label, QColor(theme.sunken))
        painter.setPen(QColor(theme.secondary))
        painter.drawText(label, int(Qt.AlignmentFlag.AlignCenter), self._value)
