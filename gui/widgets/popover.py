"""A note beside the thing it explains. A click anywhere else, or Escape, closes it; it does not block anything."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from gui.widgets.box_layouts import stacked
from gui.widgets.text import text_label

WIDTH_PX = 330
GAP_PX = 4


class Popover(QFrame):
    """Text in a frame of its own, at a width that is easy to read."""

    def __init__(self, parent: QWidget, name: str) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName(name)
        self.setProperty("role", "popover")
        self.title = text_label("", "title")
        self.text = text_label("", wrap=True)
        self.text.setFixedWidth(WIDTH_PX)
        self._scroll = QScrollArea()
        self._scroll.setWidget(self.text)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._column = stacked(self.title, self._scroll, of=self, gap=6, margins=(14, 11, 14, 13))

    def explain(self, title: str, text: str, beside: QWidget) -> None:
        """Show this text below a widget, within its screen."""
        self.title.setText(title)
        self.text.setText(text)
        self.setAccessibleName(f"{title}: {text}")
        screen = beside.screen().availableGeometry()
        self._fit(screen.height())
        below = beside.mapToGlobal(QPoint(beside.width() - self.width(), beside.height() + GAP_PX))
        x = min(max(below.x(), screen.left()), screen.right() - self.width())
        y = below.y()
        if y + self.height() > screen.bottom():
            y = beside.mapToGlobal(QPoint(0, 0)).y() - self.height() - GAP_PX
        self.move(x, max(y, screen.top()))
        self.show()

    def _fit(self, most: int) -> None:
        """Make it as high as its text, or scroll where the screen is lower. Qt itself would cut a window that is higher
        than two thirds of the screen."""
        self.ensurePolished()
        self.text.adjustSize()
        margins = self._column.contentsMargins()
        around = margins.top() + self.title.sizeHint().height() + self._column.spacing() + margins.bottom()
        height, shown = self.text.height(), min(self.text.height(), most - around)
        bar = self._scroll.verticalScrollBar()
        bar.setValue(0)
        self._scroll.setFixedSize(WIDTH_PX + (bar.sizeHint().width() if shown < height else 0), shown)
        self.resize(margins.left() + self._scroll.width() + margins.right(), around + shown)
