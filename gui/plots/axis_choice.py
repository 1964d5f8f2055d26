"""The title of an axis, which lets the user choose another axis."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent

from gui.plots.picture import FONT_PX, Picture
from gui.widgets.fields import Choice

HEIGHT_PX = 17
LIST_MARGIN_PX = 24
ARROW = " ▾"


class AxisChoice(Choice):
    """Looks like the words below an axis; opens like any list. In a saved picture only the words are drawn."""

    def __init__(self, name: str, label: str, help: str, choices: Mapping[str, str]) -> None:
        super().__init__(name, label, help, choices)
        self.setProperty("role", "axis")
        self._font = QFont(self.font())
        self._font.setPixelSize(FONT_PX)
        self.currentIndexChanged.connect(lambda at: self.adjustSize())

    def sizeHint(self) -> QSize:
        """Room for the chosen title."""
        return QSize(QFontMetrics(self._font).horizontalAdvance(self.currentText() + ARROW) + 4, HEIGHT_PX)

    def showPopup(self) -> None:
        """Make the list wide enough for the longest choice."""
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + LIST_MARGIN_PX)
        super().showPopup()

    def minimumSizeHint(self) -> QSize:
        """The size of the full text, which is never shortened."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the chosen title, in the colour of links while it has the mouse or the focus."""
        painter, plot = QPainter(self), self.parentWidget()
        saved = isinstance(plot, Picture) and plot.exact
        active = (self.hasFocus() or self.underMouse()) and not saved
        font, colors = QFont(self._font), self.palette()
        font.setUnderline(self.hasFocus() and not saved)
        painter.setFont(font)
        painter.setPen((colors.link() if active else colors.placeholderText()).color())
        words = self.currentText() if saved else self.currentText() + ARROW
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), words)
