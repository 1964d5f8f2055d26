"""A scroll area for a column: it scrolls only vertically, so its content sets the minimum width."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea

from gui.widgets.viewport import new_viewport

SCROLLBAR_PX = 9  # as in the style sheet


class ColumnScroll(QScrollArea):
    """Never narrower than its content, even when that changes."""

    def __init__(self) -> None:
        super().__init__()
        self.setViewport(new_viewport())
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def minimumSizeHint(self) -> QSize:
        """The minimum width of the content plus the scroll bar."""
        content, least = self.widget(), super().minimumSizeHint()
        if content is None:
            return least
        return QSize(content.minimumSizeHint().width() + SCROLLBAR_PX, least.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A scroll bar comes or goes at once; Qt would paint everything first and then again."""
        super().resizeEvent(event)
        QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Adapt when the content needs another width."""
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
