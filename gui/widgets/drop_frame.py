"""The frame shown while a file is dragged over the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui.theme import Theme
from gui.widgets.controls import introduced

TEXT = "Drop to open: data, or a saved run"
MARGIN_PX, PADDING_PX, RADIUS_PX = 10, 14, 9


class DropFrame(QWidget):
    """A frame around the whole window with a sentence in the middle. Mouse events pass through it."""

    dropped = Signal(list)  # paths of the files, as strings

    def __init__(self, window: QWidget, theme: Callable[[], Theme]) -> None:
        """Let files be dropped anywhere on the window. theme: returns the window's current theme."""
        super().__init__(window)
        introduced(self, "drop-frame", TEXT)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._window, self._theme = window, theme
        window.setAcceptDrops(True)
        window.installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Cover the window while a file is dragged over it, and accept dropped files."""
        match event.type():
            case QEvent.Type.DragEnter if isinstance(event, QDragEnterEvent) and _paths(event):
                event.acceptProposedAction()
                self.setGeometry(self._window.rect())
                self.raise_()
                self.show()
            case QEvent.Type.Drop if isinstance(event, QDropEvent) and (paths := _paths(event)):
                event.acceptProposedAction()
                self.hide()
                self.dropped.emit(paths)
            case QEvent.Type.DragLeave:
                self.hide()
            case QEvent.Type.Resize if self.isVisible():
                self.setGeometry(self._window.rect())
            case _:
                return super().eventFilter(watched, event)
        return event.type() != QEvent.Type.Resize

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a dashed frame, and the sentence on a bright plate."""
        theme = self._theme()
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


def _paths(event: QDropEvent) -> list[str]:
    """The files being dragged; none if it is text or a web address."""
    return [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
