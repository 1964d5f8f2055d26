"""Cyclic garbage is collected in the GUI thread only.

Python collects cycles in whatever thread happens to allocate. A widget or timer caught in a cycle could then be
destroyed by a background thread, which makes Qt crash. While other threads are at work, automatic collection is
therefore off, and a timer of the GUI thread collects instead.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1000
FULL_EVERY = 30  # collections of young objects for each full one
YOUNG = 500  # objects; fewer are not worth a collection


class GuiGarbage(QObject):
    """Collects from construction until `stop`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._was_enabled = gc.isenabled()
        gc.disable()
        self._count = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._collect)
        self._timer.start(EVERY_MS)

    def stop(self) -> None:
        """Leave collecting to Python again; only once the other threads have ended."""
        self._timer.stop()
        if self._was_enabled:
            gc.enable()

    def _collect(self) -> None:
        if gc.get_count()[0] < YOUNG:
            return
        self._count += 1
        gc.collect(2 if self._count % FULL_EVERY == 0 else 1)
