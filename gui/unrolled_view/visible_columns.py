"""Where a column of the picture is, seen from what is in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

if TYPE_CHECKING:
    from gui.unrolled_view.canvas import UnrolledCanvas


def side_from_sight(canvas: UnrolledCanvas, column: int) -> int:
    """−1 if the middle of a column is out of sight at the left, 1 at the right, 0 if it is in sight. Of a picture that
    is folded, all of it is."""
    if canvas.share > 0.0:
        return 0
    layout = canvas.placed()
    middle, left = layout.column_x(column), max(layout.left, canvas.picture_point(QPointF(0, 0)).x())
    right = layout.answer_left if layout.pinned else layout.right or layout.width
    return -1 if middle < left else 1 if middle > right else 0
