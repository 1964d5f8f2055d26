"""A button over a long picture that leads back to the selected cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.unrolled_view.picture_button import PictureButton
from gui.unrolled_view.visible_columns import side_from_sight

if TYPE_CHECKING:
    from gui.unrolled_view.canvas import UnrolledCanvas


class SelectedButton(PictureButton):
    """Names the step of the selected cell while that is out of sight, at the side where it is, and leads there."""

    def __init__(self, canvas: UnrolledCanvas) -> None:
        super().__init__(canvas, "unrolled-to-selected", canvas.horizontalScrollBar())
        self.setToolTip("Back to the selected cell, whose numbers are shown (arrow keys)")
        self.setAccessibleName("Back to the selected cell")
        canvas.selection_changed.connect(self.offer)

    def offer(self) -> None:
        """Show it if the selected cell is out of sight."""
        canvas, side = self._canvas, self._side()
        self.setVisible(side != 0)
        if canvas.selected is None or side == 0:
            return
        item = canvas.diagram.columns[canvas.selected[1]]
        step = f"back to {item.part} step {item.step}".replace("  ", " ")
        self.setText(f"← {step}" if side < 0 else f"{step} →")
        self.adjustSize()
        self._move_to(right=side > 0, beside=[canvas.to_end, canvas.to_top])

    def _side(self) -> int:
        """Where the selected cell is: −1 out of sight at the left, 1 at the right, 0 in sight, or none is selected."""
        chosen = self._canvas.selected
        return 0 if chosen is None else side_from_sight(self._canvas, chosen[1])

    def _go(self) -> None:
        if self._canvas.selected is not None:
            self._canvas.bring_into_view(self._canvas.selected)
