"""The title of an axis, from which another one is chosen."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent

from gui.widgets.fields import Choice
from gui.widgets.picture import FONT_PX, Picture

HEIGHT_PX = 17
ARROW = " ▾"


class AxisChoice(Choice):
    """Looks like the words below an axis; opens like any list. In a saved picture only the words are drawn."""

    def __init__(self, name: str, label: str, help: str, choices: Mapping[str, str]) -> None:
        super().__init__(name, label, help, choices)
        self._font = QFont(self.font())
        self._font.setPixelSize(FONT_PX)

    def sizeHint(self) -> QSize:
        """Room for the longest choice."""
        metrics = QFontMetrics(self._font)
        widest = max((metrics.horizontalAdvance(self.itemText(i) + ARROW) for i in range(self.count())), default=0)
        return QSize(widest + 4, HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        """Never shortened."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The chosen one; in the colour of links while it has the mouse or the focus."""
        painter, plot = QPainter(self), self.parentWidget()
        font, colors = QFont(self._font), self.palette()
        font.setUnderline(self.hasFocus())
        painter.setFont(font)
        active = self.hasFocus() or self.underMouse()
        painter.setPen((colors.link() if active else colors.placeholderText()).color())
        words = self.currentText() if isinstance(plot, Picture) and plot.exact else self.currentText() + ARROW
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), words)
