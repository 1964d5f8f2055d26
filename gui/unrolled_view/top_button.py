"""A button over a picture that is too high for its place: it leads to the top, or back to the bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.unrolled_view.picture_button import PictureButton

if TYPE_CHECKING:
    from gui.unrolled_view.canvas import UnrolledCanvas

WAYS = {  # text → where it leads, in words
    "↑ top": "To the top of the network (Page Up)",
    "↓ bottom": "To the symbols that it reads (Page Down)",
}


class TopButton(PictureButton):
    """Leads to the top or to the bottom, whichever is further out of sight. Visible if the picture scrolls up and
    down."""

    def __init__(self, canvas: UnrolledCanvas) -> None:
        super().__init__(canvas, "unrolled-to-top", canvas.verticalScrollBar())

    def offer(self) -> None:
        """Say where it leads, in a place that is the same for both."""
        up, down = WAYS
        text, wide = up if self._above else down, self.fontMetrics().horizontalAdvance
        self._lead(text, WAYS[text])
        self.resize(self.width() + max(map(wide, WAYS)) - wide(text), self.height())
        self.setVisible(self._canvas.verticalScrollBar().maximum() > 0)
        self._move_to(right=True)

    @property
    def _above(self) -> bool:
        """Whether more is out of sight above than below."""
        bar = self._canvas.verticalScrollBar()
        return bar.value() > bar.maximum() - bar.value()

    def _go(self) -> None:
        bar = self._canvas.verticalScrollBar()
        bar.setValue(0 if self._above else bar.maximum())
