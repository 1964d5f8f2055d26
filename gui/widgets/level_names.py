"""Where the names of horizontal lines stand in a plot."""

from __future__ import annotations

from PySide6.QtCore import QRectF

LEVEL_ROOM_PX = 15.0  # height of a name
NAME_GAP_PX = 10.0  # between names that stand side by side


def boxes_beside(lines: list[float], widths: list[float], area: QRectF) -> list[QRectF | None]:
    """Where names of horizontal lines can stand: above their line or below, at the right or left of other names.

    No name covers another, and none its own line; that of another only when there is no other way. None: no room.
    """
    placed: list[QRectF] = []
    boxes: list[QRectF | None] = []
    for y, width in zip(lines, widths, strict=True):
        rights = [area.right(), *sorted((box.left() - NAME_GAP_PX for box in placed), reverse=True)]
        free = [
            box
            for right in rights
            for top in (y - LEVEL_ROOM_PX - 0.5, y + 1.5)
            if (box := QRectF(right - width, top, width, LEVEL_ROOM_PX - 1)).left() >= area.left()
            and box.top() >= 0
            and box.bottom() <= area.bottom()
            and not any(box.intersects(other) for other in placed)
        ]
        clear = [box for box in free if not any(box.top() < line < box.bottom() for line in lines)]
        found = next(iter(clear or free), None)
        boxes.append(found)
        if found is not None:
            placed.append(found)
    return boxes
