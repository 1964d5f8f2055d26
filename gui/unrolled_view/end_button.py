"""A button over a long picture that leads to its other end."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractScrollArea, QScrollBar, QToolButton

EDGE_PX = 2


class EndButton(QToolButton):
    """Leads to the end while that is out of view, and from there to the beginning. Visible if the picture scrolls."""

    def __init__(self, parent: QAbstractScrollArea, bar: QScrollBar) -> None:
        super().__init__(parent)
        self.setObjectName("unrolled-to-end")
        self.setProperty("role", "over-picture")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys Home and End do the same
        self.setAccessibleName("To the other end")
        self.hide()
        self._bar, self._over, self._names = bar, parent, ("start", "end")
        bar.valueChanged.connect(self.offer)
        bar.rangeChanged.connect(self.offer)
        self.clicked.connect(self._go)

    def name_ends(self, first: str, last: str) -> None:
        """Name the ends by the parts that are there; "" for a network with only one part."""
        self._names = first or "start", last or "end"
        self.offer()

    def offer(self) -> None:
        """Say where it leads, and move to that side."""
        bar = self._bar
        self.setVisible(bar.maximum() > 0 and self._over.viewportMargins().top() > 0)  # in a row of its own
        at_end = bar.value() == bar.maximum()
        self.setText(f"⇤ {self._names[0]}" if at_end else f"{self._names[1]} ⇥")
        self.setToolTip("To the first step (Home)" if at_end else "To the last step (End)")
        self.setAccessibleName(self.toolTip())
        self.adjustSize()
        right = self._over.width() - self._over.viewportMargins().right() - self.width() - EDGE_PX
        self.move(EDGE_PX if at_end else right, 0)

    def _go(self) -> None:
        bar = self._bar
        bar.setValue(0 if bar.value() == bar.maximum() else bar.maximum())
