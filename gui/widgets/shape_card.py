"""A card with the pictogram of an architecture: inputs below, cells in the middle, outputs above."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from engine.models import Pictogram
from gui.theme import LIGHT, Theme, mix
from gui.widgets.controls import introduced

SQUARE, PITCH_X, PITCH_Y = 6.0, 10.0, 11.0  # pixels of the pictogram


class ShapeCard(QAbstractButton):
    """Chosen like a radio button; greyed out with the reason as tooltip when the data cannot train it."""

    def __init__(self, architecture: str, label: str, pictogram: Pictogram) -> None:
        super().__init__()
        introduced(self, f"architecture-{architecture}", label)
        self.setText(label)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._pictogram = pictogram
        self._theme = LIGHT

    def set_theme(self, theme: Theme) -> None:
        """Use the colours of another theme."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        """The width at which five cards fill the column."""
        return QSize(50, 68)

    def minimumSizeHint(self) -> QSize:
        """The room that the words need."""
        return QSize(44, 68)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame, the pictogram and two lines of text."""
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame, fill = theme.border, theme.surface
        if self.isChecked():
            frame, fill = theme.accent, theme.accent_soft
        elif self.isEnabled() and self.underMouse():
            fill = theme.hover
        if self.hasFocus():
            frame = theme.text
        width = 2.0 if self.isChecked() or self.hasFocus() else 1.0
        painter.setPen(QPen(QColor(frame), width))
        painter.setBrush(QColor(fill))
        inset = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 6, 6)
        self._paint_pictogram(painter, fill)
        self._paint_text(painter)

    def _paint_pictogram(self, painter: QPainter, fill: str) -> None:
        theme = self._theme
        fade = 0.0 if self.isEnabled() else 0.72
        cells, inputs, outputs = self._pictogram.cells, self._pictogram.inputs, self._pictogram.outputs
        left = (self.width() - (cells - 1) * PITCH_X) / 2
        top = 11.0
        rows = {"output": top, "cell": top + PITCH_Y, "input": top + 2 * PITCH_Y}

        def center(column: int, row: str) -> QPointF:
            return QPointF(left + column * PITCH_X, rows[row])

        painter.setPen(QPen(QColor(mix(theme.muted, fill, max(fade, 0.3))), 1.0))
        painter.drawLine(center(0, "cell"), center(cells - 1, "cell"))
        for column in inputs:
            painter.drawLine(center(column, "input"), center(column, "cell"))
        for column in outputs:
            painter.drawLine(center(column, "cell"), center(column, "output"))
        painter.setPen(Qt.PenStyle.NoPen)
        for row, columns, color in (
            ("input", inputs, theme.input),
            ("cell", tuple(range(cells)), theme.cell),
            ("output", outputs, theme.output),
        ):
            painter.setBrush(QColor(mix(color, fill, fade)))
            for column in columns:
                at = center(column, row)
                painter.drawRoundedRect(QRectF(at.x() - SQUARE / 2, at.y() - SQUARE / 2, SQUARE, SQUARE), 1, 1)

    def _paint_text(self, painter: QPainter) -> None:
        font = QFont(self.font())
        font.setPixelSize(10)
        painter.setFont(font)
        theme = self._theme
        color = theme.disabled if not self.isEnabled() else theme.text if self.isChecked() else theme.secondary
        painter.setPen(QColor(color))
        words = self.text().replace("–", "\n").replace(" to ", " to\n")
        painter.drawText(self.rect().adjusted(1, 38, -1, -4), int(Qt.AlignmentFlag.AlignCenter), words)
