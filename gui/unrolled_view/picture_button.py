"""A button over the network picture that leads to a part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollBar, QToolButton

from gui.widgets.symbols import plain_tip

if TYPE_CHECKING:
    from gui.unrolled_view.canvas import UnrolledCanvas

EDGE_PX = 2  # from the edge of the picture


class PictureButton(QToolButton):
    """Looks whether to offer itself whenever the picture scrolls, and is hidden at first. It takes no focus: keys lead
    to the same place. Subclasses say when it is offered, and where it leads."""

    def __init__(self, canvas: UnrolledCanvas, name: str, bar: QScrollBar) -> None:
        """bar: the scroll bar whose moves may change what is offered."""
        super().__init__(canvas)
        self.setObjectName(name)
        self.setProperty("role", "over-picture")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        self._canvas = canvas
        bar.valueChanged.connect(self.offer)
        bar.rangeChanged.connect(self.offer)
        self.clicked.connect(self._go)

    def offer(self) -> None:
        """Show it, and say where it leads, or hide it."""
        raise NotImplementedError

    def _go(self) -> None:
        raise NotImplementedError

    def _lead(self, text: str, where: str) -> None:
        """Have this text, as wide as it needs, and say in words where the button leads."""
        self.setText(text)
        self.setToolTip(plain_tip(where))
        self.setAccessibleName(where)
        self.adjustSize()
