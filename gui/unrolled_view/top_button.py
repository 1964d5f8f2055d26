"""A button over a picture that is too high for its place: it leads to the top, or back to the bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.unrolled_view.picture_button import EDGE_PX, PictureButton

if TYPE_CHECKING:
    from gui.unrolled_view.canvas import UnrolledCanvas


class TopButton(PictureButton):
    """Leads to the top or to the bottom, whichever is further out of sight. Visible if more is there than the button
    covers."""

    def __init__(self, canvas: UnrolledCanvas) -> None:
        super().__init__(canvas, "unrolled-to-top", canvas.verticalScrollBar())

    def offer(self) -> None:
        """Say where it leads, and move to that edge: to the left, where only names of rows can be below it."""
        above, view = self._above, self._canvas.viewport().geometry()
        if above:
            self._lead("↑ top", "To the top of the network (Page Up)")
        else:
            self._lead("↓ bottom", "To the symbols that it reads (Page Down)")
        bar = self._canvas.verticalScrollBar()
        self.setVisible(max(bar.value(), bar.maximum() - bar.value()) > self.height())
        self.move(view.left() + EDGE_PX, view.top() if above else view.bottom() + 1 - self.height())

    @property
    def _above(self) -> bool:
        """Whether more is out of sight above than below."""
        bar = self._canvas.verticalScrollBar()
        return bar.value() > bar.maximum() - bar.value()

    def _go(self) -> None:
        bar = self._canvas.verticalScrollBar()
        bar.setValue(0 if self._above else bar.maximum())
