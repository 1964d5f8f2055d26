"""What is seen while a file is dragged over the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui.theme import LIGHT, Theme

TEXT = "Drop to open: data, or a saved run"
MARGIN_PX, PADDING_PX, RADIUS_PX = 10, 14, 9


class DropFrame(QWidget):
    """A frame around the whole window, and a sentence in its middle. The mouse does not notice it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setObjectName("drop-frame")
        self.setAccessibleName(TEXT)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._theme = LIGHT
        window.installEventFilter(self)
        self.hide()

    def appear(self, theme: Theme) -> None:
        """Cover the window."""
        self._theme = theme
        self.setGeometry(self._window.rect())
        self.raise_()
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """As large as the window, also when that changes."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._window.rect())
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A dashed frame, and the sentence on a bright plate."""
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(theme.background)
        veil.setAlphaF(0.6)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(QColor(theme.accent), 2.0, Qt.PenStyle.DashLine))
        inside = self.rect().adjusted(MARGIN_PX, MARGIN_PX, -MARGIN_PX, -MARGIN_PX)
        painter.drawRoundedRect(inside, RADIUS_PX, RADIUS_PX)
        plate = (
            painter.fontMetrics().boundingRect(TEXT).adjusted(-2 * PADDING_PX, -PADDING_PX, 2 * PADDING_PX, PADDING_PX)
        )
        plate.moveCenter(self.rect().center())
        painter.setPen(QPen(QColor(theme.accent), 1.0))
        painter.setBrush(QColor(theme.accent_soft))
        painter.drawRoundedRect(plate, RADIUS_PX, RADIUS_PX)
        painter.setPen(QColor(theme.text))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, TEXT)
