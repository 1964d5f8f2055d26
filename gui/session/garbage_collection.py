"""Cyclic garbage is collected in the GUI thread only.

Python collects cycles in whatever thread happens to allocate. A widget or timer caught in a cycle could then be
destroyed by a background thread, which makes Qt crash. While other threads are at work, automatic collection is
therefore off, and a timer of the GUI thread collects instead.
"""

from __future__ import annotations

import gc
from typing import ClassVar
from weakref import WeakSet

from PySide6.QtCore import QObject, QTimer

from gui.session.background import threads_at_work

EVERY_MS = 1000
FULL_EVERY = 30  # collections of young objects for each full one
YOUNG = 500  # objects; fewer are not worth a collection


class GuiGarbage(QObject):
    """Collects from construction until `stop`."""

    # Those that have not been stopped. One that is dropped without that, as its session did not end in time, is gone.
    _collecting: ClassVar[WeakSet[GuiGarbage]] = WeakSet()
    _was_enabled: ClassVar[bool] = True  # before the first of them

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        if not GuiGarbage._collecting:
            GuiGarbage._was_enabled = gc.isenabled()
        GuiGarbage._collecting.add(self)
        gc.disable()
        self._count = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._collect)
        self._timer.start(EVERY_MS)

    def stop(self) -> None:
        """Leave collecting to Python again, unless a thread is still at work: of another window, or one that is
        writing a file."""
        self._timer.stop()
        GuiGarbage._collecting.discard(self)
        if GuiGarbage._was_enabled and not GuiGarbage._collecting and not threads_at_work():
            gc.enable()

    def _collect(self) -> None:
        if gc.get_count()[0] < YOUNG:
            return
        self._count += 1
        gc.collect(2 if self._count % FULL_EVERY == 0 else 1)
