"""Where the names of horizontal lines stand in a plot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QRectF

LEVEL_ROOM_PX = 15.0  # height of a name
NAME_GAP_PX = 10.0  # between names that stand side by side


def boxes_beside(
    lines: Sequence[float], widths: Sequence[Sequence[float]], area: QRectF
) -> list[tuple[int, QRectF] | None]:
    """Where names of horizontal lines can stand: above their line or below, at the right or left of other names.

    widths: of each name in its longer and shorter forms; the result says which form has room. No name covers another,
    and none its own line; that of another only when there is no other way. None: no room.
    """
    found: list[tuple[int, QRectF] | None] = []
    for y, forms in zip(lines, widths, strict=True):
        placed = [each[1] for each in found if each is not None]
        boxes = [(form, box) for form, width in enumerate(forms) for box in _free(y, width, placed, area)]
        clear = [each for each in boxes if not any(each[1].top() < line < each[1].bottom() for line in lines)]
        found.append(next(iter(clear or boxes), None))
    return found


def _free(y: float, width: float, placed: list[QRectF], area: QRectF) -> Iterator[QRectF]:
    """Boxes beside a line that cover none of those that are there, the best first."""
    for right in (area.right(), *sorted((box.left() - NAME_GAP_PX for box in placed), reverse=True)):
        for top in (y - LEVEL_ROOM_PX - 0.5, y + 1.5):
            box = QRectF(right - width, top, width, LEVEL_ROOM_PX - 1)
            inside = box.left() >= area.left() and box.top() >= 0 and box.bottom() <= area.bottom()
            if inside and not any(box.intersects(other) for other in placed):
                yield box
