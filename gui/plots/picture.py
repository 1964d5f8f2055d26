"""What every painted picture has in common: a name, room to grow, and a way to be drawn into a file."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QSizePolicy, QWidget

FONT_PX = 11


class Picture(QWidget):
    """A widget that paints itself. `exact` is set while it is drawn into a file: then nothing may come from a cache
    of pixels, and tiles are drawn one by one."""

    exact = False
    zooms = False  # whether a part of it can be looked at more closely

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
        """Some room."""
        return QSize(320, 180)

    def zoom(self, factor: float) -> None:
        """Show a part that is `factor` times as small, around the middle; below 1 more than now."""

    def reset_zoom(self) -> None:
        """Show everything again."""

    def view_all(self) -> None:
        """Show everything there is; only where a reset leaves something out is it more than that."""
        self.reset_zoom()
