"""A small window beside a panel for rarely needed details. A click elsewhere, or Escape, closes it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QWidget

from gui.widgets.box_layouts import stacked
from gui.widgets.controls import introduced
from gui.widgets.text import text_label

GAP_PX = 14


class Sheet(QFrame):
    """A titled frame over the window; its contents go into `body`. It does not block anything."""

    def __init__(self, parent: QWidget, name: str, title: str, width: int) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        introduced(self, name, title, role="popover")
        # The click that closes it does nothing else; on its own button it would open it again.
        self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)
        self.setFixedWidth(width)
        self.body = stacked(text_label(title, "title"), of=self, gap=7, margins=(14, 11, 14, 13))

    def show_beside(self, widget: QWidget, top: int) -> None:
        """Show it to the right of a widget, `top` pixels below the widget's upper edge, within the window or its
        screen."""
        self.addActions(widget.window().actions())  # the keys of the window, such as Ctrl+Z, work here as well
        self.fit()
        screen = widget.screen().availableGeometry()
        window = widget.window().geometry()
        if screen.contains(window) and window.height() > self.height() + GAP_PX:  # not hanging out of the window
            screen = window
        corner = widget.mapToGlobal(QPoint(widget.width() + GAP_PX, top))
        x = max(screen.left(), min(corner.x(), screen.right() - self.width()))
        y = max(screen.top(), min(corner.y(), screen.bottom() - self.height() - GAP_PX // 2))
        self.move(x, y)
        self.show()
        self.setFocus()

    def fit(self) -> None:
        """Make it as high as its content needs."""
        self.ensurePolished()
        self.body.activate()
        height = self.body.totalHeightForWidth(self.width())
        self.resize(self.width(), height if height > 0 else self.body.totalSizeHint().height())
        if self.isVisible():  # keep it on the screen after it has grown
            lowest = self.screen().availableGeometry().bottom() - self.height()
            self.move(self.x(), max(self.screen().availableGeometry().top(), min(self.y(), lowest)))
