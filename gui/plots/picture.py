"""The base of every painted picture: a name, room to grow, and a way to draw it into a file."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

FONT_PX = 11
STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
UNITS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class Picture(QWidget):
    """A widget that paints itself. `exact` is set while it is drawn into a file: then nothing may come from a cache of
    pixels, and tiles are drawn one by one."""

    exact = False
    zooms = False  # whether it can be zoomed

    def __init__(
        self, name: str, title: str, least: tuple[int, int] = (140, 90), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(*least)
        self.setMouseTracking(True)
        self.painted = 0  # how often it has been drawn
        self._font = QFont(self.font())
        self._font.setPixelSize(FONT_PX)

    def sizeHint(self) -> QSize:
        """A modest nominal size."""
        return QSize(320, 180)

    def zoom(self, factor: float) -> None:
        """Zoom in by a factor, around the middle; below 1, zoom out."""

    def reset_zoom(self) -> None:
        """Show everything again."""

    def view_all(self) -> None:
        """Show everything, including what a reset would leave out."""
        self.reset_zoom()


class WalkedPicture(Picture):
    """A picture of one step and one unit: Left and Right move through time, Up and Down through the units."""

    walked = Signal(int)  # steps: −1 or 1
    unit_walked = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move to the next step or unit with the arrow keys."""
        key = Qt.Key(event.key())
        if key in STEPS:
            self.walked.emit(STEPS[key])
        elif key in UNITS:
            self.unit_walked.emit(UNITS[key])
        else:
            super().keyPressEvent(event)
