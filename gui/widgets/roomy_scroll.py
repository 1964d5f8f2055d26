"""A scroll area that tells how high it is."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea


class RoomyScroll(QScrollArea):
    """What it holds can fit itself to the room, instead of being scrolled."""

    resized = Signal(int)  # height in pixels

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell."""
        super().resizeEvent(event)
        self.resized.emit(event.size().height())
