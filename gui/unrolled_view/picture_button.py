"""A button over the network picture that leads to a part of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollBar, QToolButton

from gui.widgets.symbols import plain_tip

if TYPE_CHECKING:
    from gui.unrolled_view.canvas import UnrolledCanvas

EDGE_PX = 2  # from the edge of the picture
BESIDE_PX = 4  # between two of them


class PictureButton(QToolButton):
    """Looks whether to offer itself whenever the picture scrolls, and is hidden at first. It stands in a row above the
    picture, where it covers nothing. It takes no focus: keys lead to the same place. Subclasses say when it is offered,
    and where it leads."""

    def __init__(self, canvas: UnrolledCanvas, name: str, bar: QScrollBar) -> None:
        """bar: the scroll bar whose moves may change what is offered."""
        super().__init__(canvas)
        self.setObjectName(name)
        self.setProperty("role", "over-picture")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        self.at_right = False
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

    def _move_to(self, *, right: bool, beside: Iterable[PictureButton] = ()) -> None:
        """Move to an end of the row above the picture, as near to it as those of these buttons allow that are there."""
        self.at_right = right
        there = [each for each in beside if each.at_right == right and not each.isHidden()]
        taken = EDGE_PX + sum(each.width() + BESIDE_PX for each in there)
        end = self._canvas.viewport().geometry().right() + 1 - self.width()
        self.move(end - taken if right else taken, 0)
