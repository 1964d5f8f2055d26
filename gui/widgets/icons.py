"""The icons on buttons: drawings in gui/icons, in a colour of the theme, so they do not depend on the font."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

FOLDER = Path(__file__).parent.parent / "icons"
SIZE_PX = 14
SCALE = 3  # drawn larger, for high-resolution screens


def icon(name: str, color: str) -> QIcon:
    """The icon "train", "pause", "step", "reset", "theme" or "close" in a colour."""
    drawing = (FOLDER / f"{name}.svg").read_text("utf-8").replace("currentColor", color)
    pixmap = QPixmap(SIZE_PX * SCALE, SIZE_PX * SCALE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter)
    painter.end()
    pixmap.setDevicePixelRatio(SCALE)
    return QIcon(pixmap)
