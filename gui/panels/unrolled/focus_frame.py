"""The frame around the network while it has the focus."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from gui.theme import Theme

AROUND_PX, ROUND_PX = 3.5, 5.0  # from the picture to the frame, and its corners
CHANGES = (QEvent.Type.FocusIn, QEvent.Type.FocusOut, QEvent.Type.Resize, QEvent.Type.Move)


class FocusFrame(QObject):
    """Drawn by the panel, since it is outside the picture; drawn anew when the picture gets another place, too."""

    def __init__(self, picture: QWidget, panel: QWidget) -> None:
        super().__init__(panel)
        self._picture, self._panel = picture, panel
        picture.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the focus and the place of the picture."""
        if event.type() in CHANGES:
            self._panel.update()
        return False

    def paint(self, theme: Theme) -> None:
        """Draw it if the picture has the focus; within a paint event of the panel."""
        if self._picture.hasFocus():
            painter = QPainter(self._panel)
            painter.setPen(QColor(theme.accent))
            box = QRectF(self._picture.geometry()).adjusted(-AROUND_PX, -AROUND_PX, AROUND_PX, AROUND_PX)
            painter.drawRoundedRect(box, ROUND_PX, ROUND_PX)
