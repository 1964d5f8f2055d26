"""The zoom of a picture that is scaled as a whole."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

SMALLEST_ZOOM, LARGEST_ZOOM = 0.5, 3.0


class PictureZoom(QObject):
    """How many times its natural size a picture is drawn."""

    changed = Signal()  # the picture has to make room

    def __init__(self, picture: QWidget) -> None:
        super().__init__(picture)
        self.factor = 1.0

    def multiply(self, factor: float) -> None:
        """Draw the picture larger or smaller than now, within what can be read."""
        self._set(self.factor * factor)

    def reset(self) -> None:
        """Return to natural size."""
        self._set(1.0)

    def _set(self, factor: float) -> None:
        self.factor = min(LARGEST_ZOOM, max(SMALLEST_ZOOM, factor))
        self.changed.emit()
