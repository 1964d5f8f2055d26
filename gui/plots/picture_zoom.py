"""The zoom of a picture that is scaled as a whole."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from gui.widgets.scroll_place import ScrollPlace

SMALLEST_ZOOM, LARGEST_ZOOM = 0.5, 3.0


class PictureZoom(QObject):
    """How many times its natural size a picture is drawn at."""

    changed = Signal()  # the picture has to make room

    def __init__(self, picture: QWidget) -> None:
        super().__init__(picture)
        self.factor = 1.0
        self._picture = picture
        self._place: ScrollPlace | None = None

    def multiply(self, factor: float) -> None:
        """Draw the picture larger or smaller than now, within what is readable."""
        self._set(self.factor * factor)

    def reset(self) -> None:
        """Return to natural size."""
        self._set(1.0)

    def _set(self, factor: float) -> None:
        factor = min(LARGEST_ZOOM, max(SMALLEST_ZOOM, factor))
        place = self._scroll_place()
        if place is not None and self.factor == 1.0:
            place.keep()
        self.factor = factor
        self.changed.emit()
        if place is not None and factor == 1.0:
            place.reset()
            with place.settling():  # the area has its natural length at once
                QCoreApplication.sendPostedEvents(self._picture.parentWidget(), QEvent.Type.LayoutRequest)

    def _scroll_place(self) -> ScrollPlace | None:
        """Of the area that scrolls the picture, if one does."""
        view = self._picture.parentWidget()
        area = view.parentWidget() if view is not None else None
        if self._place is None and isinstance(area, QScrollArea):
            self._place = ScrollPlace(area)
        return self._place
