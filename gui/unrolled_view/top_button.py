"""A button over a picture that is too high for its place, which leads to its top."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

from gui.unrolled_view.end_button import EDGE_PX

if TYPE_CHECKING:
    from gui.unrolled_view.canvas import UnrolledCanvas


class TopButton(QToolButton):
    """Leads to the top or to the bottom, whichever is further out of sight. Visible if more is there than the button
    covers."""

    def __init__(self, canvas: UnrolledCanvas) -> None:
        super().__init__(canvas)
        self.setObjectName("unrolled-to-top")
        self.setProperty("role", "over-picture")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys Page Up and Page Down do the same
        self.setAccessibleName("To the top or the bottom")
        self.hide()
        self._canvas = canvas
        bar = canvas.verticalScrollBar()
        bar.valueChanged.connect(self.offer)
        bar.rangeChanged.connect(self.offer)
        self.clicked.connect(self._go)

    def offer(self) -> None:
        """Say where it leads, and move to that edge: to the left, where only names of rows can be below it."""
        above, view = self._above, self._canvas.viewport().geometry()
        self.setText("↑ top" if above else "↓ bottom")
        self.setToolTip("To the top of the network (Page Up)" if above else "To the symbols that it reads (Page Down)")
        self.setAccessibleName(self.toolTip())
        self.adjustSize()
        bar = self._canvas.verticalScrollBar()
        self.setVisible(max(bar.value(), bar.maximum() - bar.value()) > self.height())
        self.move(view.left() + EDGE_PX, view.top() if above else view.bottom() + 1 - self.height())

    @property
    def _above(self) -> bool:
        """Whether more is out of sight above than below."""
        bar = self._canvas.verticalScrollBar()
        return bar.value() > bar.maximum() - bar.value()

    def _go(self) -> None:
        self._canvas.verticalScrollBar().setValue(0 if self._above else self._canvas.verticalScrollBar().maximum())
