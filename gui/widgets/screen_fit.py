"""Windows that stay on their screen, title bar and close button included, whatever its scale."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QSize, QTimer
from PySide6.QtWidgets import QWidget

# Width and height of a usual frame. Window managers draw it only around a window that is shown.
USUAL_FRAME = QSize(16, 40)


class ScreenFit(QObject):
    """Fits a window to its screen when it first becomes active. Only then has every window manager drawn its frame, and
    some draw it outside the position that the window was given. A window that is moved before that can end up higher by
    its title bar: what was asked for the frame is taken for what is inside it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.installEventFilter(self)
        self._soon = QTimer(self, singleShot=True)  # ends with the window
        self._soon.timeout.connect(self._fit)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fit the window once the event has been handled."""
        if event.type() == QEvent.Type.WindowActivate:
            self._soon.start(0)
            watched.removeEventFilter(self)
        return False

    def _fit(self) -> None:
        window = self.parent()
        if isinstance(window, QWidget):
            fit_on_screen(window)


def fit_on_screen(window: QWidget) -> None:
    """Shrink and move a window until it lies, with its frame, within the free area of its screen."""
    if window.isMaximized() or window.isFullScreen():
        return
    free, frame = window.screen().availableGeometry(), window.frameGeometry()
    around = frame.size() - window.size()
    if around.isNull():
        around = USUAL_FRAME
        frame = QRect(frame.topLeft(), frame.size() + around)
    if free.contains(frame):
        return
    size = window.size().boundedTo(free.size() - around).expandedTo(window.minimumSize())
    window.resize(size)
    x = max(free.left(), min(frame.left(), free.right() + 1 - size.width() - around.width()))
    y = max(free.top(), min(frame.top(), free.bottom() + 1 - size.height() - around.height()))
    window.move(x, y)
