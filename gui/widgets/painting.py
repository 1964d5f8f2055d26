"""What windows do around their painting: lay everything out first, and measure what it costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QEvent


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
