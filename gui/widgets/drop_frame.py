"""The frame shown while a file is dragged over the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QWidget

from gui.theme import Theme
from gui.widgets.controls import introduced

TAKES_A_FILE = "takes-a-file"  # property of a widget that reads a file of its own, and accepts drops
TEXT = "Drop to open: data, or a saved run"
MARGIN_PX, PADDING_PX, RADIUS_PX = 10, 14, 9


class DropFrame(QWidget):
    """A frame around the whole window with a sentence in the middle, which takes the files. What has the property
    TAKES_A_FILE stays free for a single one."""

    dropped = Signal(list)  # paths of the files, as strings

    def __init__(self, window: QWidget, theme: Callable[[], Theme]) -> None:
        """Let files be dropped anywhere on the window. theme: returns the window's current theme."""
        super().__init__(window)
        introduced(self, "drop-frame", TEXT)
        self._window, self._theme = window, theme
        self._paths: list[str] = []  # what is dragged
        self.setAcceptDrops(True)
        window.installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Cover the window before any of its widgets is offered the files: a text field would take their paths."""
        match event.type():
            case QEvent.Type.Show if watched is self._window:
                self._window.windowHandle().installEventFilter(self)
            case QEvent.Type.DragEnter if isinstance(event, QDragEnterEvent) and (paths := dragged_files(event)):
                self._paths = paths
                self._cover(len(paths) == 1)
            case QEvent.Type.DragLeave | QEvent.Type.Drop:
                self.hide()
            case QEvent.Type.Resize if self.isVisible():
                self.setGeometry(self._window.rect())
        return super().eventFilter(watched, event)

    def _cover(self, single: bool) -> None:
        self.setGeometry(self._window.rect())
        own = QRegion(self.rect())
        for widget in self._window.findChildren(QWidget) if single else ():
            if widget.property(TAKES_A_FILE) and widget.acceptDrops():
                own -= widget.visibleRegion().translated(widget.mapTo(self._window, QPoint()))
        self.setMask(own)
        self.raise_()
        self.show()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept the files."""
        take_copy(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand on the files that were announced when they came over the window: by now, the program that they come from
        may have quit, and asking it for them would wait in vain."""
        take_copy(event)
        self.dropped.emit(self._paths)

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


def dragged_files(event: QDropEvent) -> list[str]:
    """Paths of the files being dragged; none if it is text or a web address."""
    return [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]


def take_copy(event: QDropEvent) -> None:
    """Accept files to read them. Some file managers propose to move them, and delete them when that is accepted."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
