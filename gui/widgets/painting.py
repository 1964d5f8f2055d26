"""What windows do around their painting: lay everything out first, measure what it costs, or put it off."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QWidget


@contextmanager
def measured_painting(add_cost: Callable[[float], None]) -> Iterator[None]:
    """Around the handling of an UpdateRequest: pass on the processor seconds that the painting took.

    A widget that needs another size tells its parent by a posted event, and so on up to the window; a widget that is
    shown posts that it has to be painted. Qt would paint in between, two or three times, what moves again at once.
    """
    for waiting in (QEvent.Type.LayoutRequest, QEvent.Type.UpdateLater):
        QCoreApplication.sendPostedEvents(None, waiting)
    start = time.thread_time()
    yield
    add_cost(time.thread_time() - start)


def in_turns(window: QWidget, *changes: Callable[[], None]) -> None:
    """After a change of everything in a window: make what else has to change, and paint it all at the end, each in a
    turn of the event loop of its own.

    Keys and clicks that came meanwhile are heard in between. Until then the window shows what it showed before.
    """
    left = list(changes)

    def go_on() -> None:
        if left:
            left.pop(0)()
            QTimer.singleShot(1, window, go_on)  # 0 would be in this turn
            return
        window.setUpdatesEnabled(True)
        # Qt asks only once for a painting, and may have done so while it was off.
        QCoreApplication.postEvent(window, QEvent(QEvent.Type.UpdateRequest))

    if window.isVisible():
        window.setUpdatesEnabled(False)
        QTimer.singleShot(1, window, go_on)
    else:
        for change in changes:
            change()
