"""A button over a long picture that leads to its other end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.unrolled_view.picture_button import PictureButton
from gui.unrolled_view.visible_columns import side_from_sight

if TYPE_CHECKING:
    from gui.unrolled_view.canvas import UnrolledCanvas


class EndButton(PictureButton):
    """Leads to the end while that is out of view, and from there to the beginning. Visible if the picture scrolls. It
    names the part of the network that is there, if nothing of that is in sight yet."""

    def __init__(self, canvas: UnrolledCanvas) -> None:
        super().__init__(canvas, "unrolled-to-end", canvas.horizontalScrollBar())

    def offer(self) -> None:
        """Say where it leads, and move to that side."""
        canvas, bar = self._canvas, self._canvas.horizontalScrollBar()
        self.setVisible(bar.maximum() > 0 and canvas.viewportMargins().top() > 0)  # in a row of its own
        at_end = bar.value() == bar.maximum()
        name = self._part_at(0 if at_end else -1)
        if at_end:
            self._lead(f"⇤ {name or 'start'}", "To the first step (Home)")
        else:
            self._lead(f"{name or 'end'} ⇥", "To the last step (End)")
        self._move_to(right=not at_end, beside=[canvas.to_top])

    def _part_at(self, end: int) -> str:
        """The part of the network at the first or last column, whichever it is; "" if that is the only part, or if
        some of it is in sight."""
        columns = self._canvas.diagram.columns
        if not columns:
            return ""
        steps = [i for i, column in enumerate(columns) if column.part == columns[end].part]
        nearest = steps[-1 if end == 0 else 0]
        return columns[end].part if side_from_sight(self._canvas, nearest) else ""

    def _go(self) -> None:
        bar = self._canvas.horizontalScrollBar()
        bar.setValue(0 if bar.value() == bar.maximum() else bar.maximum())
