"""How large the unrolled network is drawn, as the user set it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gui.widgets.scroll_position import ScrollPosition

if TYPE_CHECKING:
    from gui.unrolled_view.canvas import UnrolledCanvas

SMALLEST, LARGEST = 0.35, 2.5


class Zoom:
    """The zoom of a canvas. At 1, natural size, the picture returns to where it was scrolled before it was zoomed, or
    to a cell that was selected since.

    arrange: places the columns anew. of_all: the zoom at which the whole network is visible.
    """

    def __init__(self, canvas: UnrolledCanvas, arrange: Callable[[], None], of_all: Callable[[], float]) -> None:
        self.value, self.shows_all = 1.0, False  # whether it was set to show the whole network
        self.before = ScrollPosition(canvas)
        self._canvas, self._arrange, self._of_all = canvas, arrange, of_all

    def set(self, value: float) -> None:
        """Zoom, as far as the picture is readable or shows everything."""
        if self.value == 1.0:
            self.before.keep()
        self.shows_all = False
        self.value = min(LARGEST, max(min(SMALLEST, self._of_all()), value))
        if self.value == 1.0:
            self.before.reset()
        self._arrange()
        selected = self._canvas.selected
        if self.value == 1.0 and selected is not None and not self.before.known:
            self._canvas.bring_into_view(selected)
        self._canvas.viewport().update()

    def to_all(self) -> None:
        """Zoom out far enough to show the whole network, however small, also where its place becomes another size."""
        self.set(self._of_all())
        self.shows_all = True
