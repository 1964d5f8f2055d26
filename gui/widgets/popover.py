"""A note beside the thing it explains. A click anywhere else, or Escape, closes it; it does not block anything."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QWidget

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
        stacked(self.title, self.text, of=self, gap=6, margins=(14, 11, 14, 13))

    def explain(self, title: str, text: str, beside: QWidget) -> None:
        """Show this text below a widget, within its screen."""
        self.title.setText(title)
        self.text.setText(text)
        self.setAccessibleName(f"{title}: {text}")
        self.adjustSize()
        screen = beside.screen().availableGeometry()
        below = beside.mapToGlobal(QPoint(beside.width() - self.width(), beside.height() + GAP_PX))
        x = min(max(below.x(), screen.left()), screen.right() - self.width())
        y = below.y()
        if y + self.height() > screen.bottom():
            y = beside.mapToGlobal(QPoint(0, 0)).y() - self.height() - GAP_PX
        self.move(x, max(y, screen.top()))
        self.show()
