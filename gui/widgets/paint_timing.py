"""What windows do around their painting: lay everything out first, measure what it costs, or put it off."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget


class PacedPainting(QObject):
    """Paints a window at most once in a turn of the event loop, when everything in it has got its place."""

    def __init__(self, window: QWidget, add_cost: Callable[[float], None]) -> None:
        """add_cost: called with the processor seconds of each painting."""
        super().__init__(window)
        self._window, self._add_cost, self._wanted = window, add_cost, False
        self._pause = QTimer(self, singleShot=True, interval=1)  # 0 would be in this turn
        self._pause.timeout.connect(self._go_on)

    def handle(self, event: QEvent, paint: Callable[[QEvent], bool]) -> bool:
        """Handle an UpdateRequest with `paint`, now or in the next turn.

        A widget that needs another size tells its parent by a posted event, and so on up to the window; a widget that
        is shown posts that it has to be painted. Qt would paint in between, a dozen times, what changes again at once.
        """
        if self._pause.isActive():
            self._wanted = True
            return True
        for waiting in (QEvent.Type.LayoutRequest, QEvent.Type.UpdateLater):
            QCoreApplication.sendPostedEvents(None, waiting)
        start = time.thread_time()
        handled = paint(event)
        self._pause.start()
        self._add_cost(time.thread_time() - start)
        return handled

    def _go_on(self) -> None:
        if self._wanted:
            self._wanted = False
            # Qt asks only once for a painting.
            QCoreApplication.postEvent(self._window, QEvent(QEvent.Type.UpdateRequest))


def in_turns(window: QWidget, *changes: Callable[[], object]) -> None:
    """After a change of everything in a window: make what else has to change, and paint it all at the end, each in a
    turn of the event loop of its own.

    Keys and clicks that came meanwhile are heard in between. Until then the window shows what it showed before. A
    window that is not on the screen yet changes at once.
    """
    screen = window.windowHandle()
    if not window.isVisible() or screen is None or not screen.isExposed():
        for change in changes:
            change()
        return
    found = window.findChild(_Changes, options=Qt.FindChildOption.FindDirectChildrenOnly)
    (found if isinstance(found, _Changes) else _Changes(window)).add(changes)


class _Changes(QObject):
    """What a window still has to change before it is painted."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._left: list[Callable[[], object]] = []
        self._pause = QTimer(self, singleShot=True, interval=1)
        self._pause.timeout.connect(self._go_on)
        self._start = QTimer(self, singleShot=True, interval=0)
        self._start.timeout.connect(self._pause.start)

    def add(self, changes: Sequence[Callable[[], object]]) -> None:
        self._left += changes
        if not (self._start.isActive() or self._pause.isActive()):
            self._window.setUpdatesEnabled(False)
            # A timer that is started during events may end in the same turn, but not one that another timer starts.
            # `QTimer.singleShot` with 0 would be such an event.
            self._start.start()

    def _go_on(self) -> None:
        if self._left:
            self._pause.start()  # first: the others, and the painting, come even if this one fails
            self._left.pop(0)()
            return
        self._window.setUpdatesEnabled(True)
        # Qt asks only once for a painting, and may have done so while it was off.
        QCoreApplication.postEvent(self._window, QEvent(QEvent.Type.UpdateRequest))
