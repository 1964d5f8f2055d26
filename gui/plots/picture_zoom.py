"""The zoom of a picture that is scaled as a whole."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSize, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from gui.widgets.scroll_position import ScrollPosition

SMALLEST_ZOOM, LARGEST_ZOOM = 0.5, 3.0


class PictureZoom(QObject):
    """How many times its natural size a picture is drawn at."""

    changed = Signal()  # the picture has to make room

    def __init__(self, picture: QWidget, whole: Callable[[], QSize] | None = None) -> None:
        """whole: the natural size of all of it, for a picture that is scrolled and can be drawn as small as it fits."""
        super().__init__(picture)
        self.factor = 1.0
        self._picture, self._whole = picture, whole
        self._place: ScrollPosition | None = None
        self._all = False  # whether all of it is shown, smaller than it would be

    def multiply(self, factor: float) -> None:
        """Draw the picture larger or smaller than now, within what is readable, or smaller still to show all of it."""
        self._set(self.factor * factor)

    def reset(self) -> None:
        """Return to natural size."""
        self._set(1.0)

    def show_all(self) -> None:
        """Draw all of the picture where it is scrolled, at natural size if it fits."""
        self._set(self._fitting())
        self._all, area = self.factor < 1.0, self._area()
        if area is not None:
            area.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go on showing all of it where its place becomes larger or smaller."""
        if event.type() == QEvent.Type.Resize and self._all and self.factor != self._fitting():
            self.show_all()
        return super().eventFilter(watched, event)

    def _fitting(self) -> float:
        """The largest factor, up to natural size, at which nothing has to be scrolled."""
        area = self._area()
        if self._whole is None or area is None:
            return 1.0
        room, whole = area.maximumViewportSize(), self._whole()
        return min(1.0, room.width() / max(1, whole.width()), room.height() / max(1, whole.height()))

    def _set(self, factor: float) -> None:
        factor = min(LARGEST_ZOOM, max(min(SMALLEST_ZOOM, self._fitting()), factor))
        place = self._scroll_place()
        if place is not None and self.factor == 1.0:
            place.keep()
        self.factor, self._all = factor, False
        self.changed.emit()
        if place is not None and factor == 1.0:
            place.reset()
            with place.settling():  # the area has its natural length at once
                QCoreApplication.sendPostedEvents(self._picture.parentWidget(), QEvent.Type.LayoutRequest)

    def _area(self) -> QScrollArea | None:
        """The area that scrolls the picture, if one does."""
        view = self._picture.parentWidget()
        area = view.parentWidget() if view is not None else None
        return area if isinstance(area, QScrollArea) else None

    def _scroll_place(self) -> ScrollPosition | None:
        area = self._area()
        if self._place is None and area is not None:
            self._place = ScrollPosition(area)
        return self._place
