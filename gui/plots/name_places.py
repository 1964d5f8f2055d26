"""Where the names of points in a plane are written, so that they can be read."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF

CELL_PX = (6.0, 7.0)  # of the grid that keeps names from overlapping
Place = Sequence[float]  # x and y in pixels; NaN for a point without a place


def name_places(
    area: QRectF, points: Sequence[Place], sizes: Mapping[int, QSizeF], *,
    always: Collection[int] = (), dots: Sequence[Place] = (), path: Sequence[Place] = (),
) -> dict[int, QRectF]:  # fmt: skip
    """The boxes of the names beside their points; a name without room is left out.

    sizes: of the names, by the number of the point; the first ones choose first. always: points whose names may cover
    dots if there is no other place. path: the corners of a line, which names avoid where they can; those of the points
    are its last ones.
    """
    taken: set[tuple[int, int]] = set()
    found: dict[int, QRectF] = {}
    for number, size in sizes.items():
        x, y = points[number]
        if not math.isfinite(x):
            continue
        boxes = [box for box in _beside(QPointF(x, y), size) if area.contains(box) and not _cells(box) & taken]
        free = [box for box in boxes if not any(_holds(box, dot) for dot in dots)]
        if number in always and not free:
            free = boxes
        if free:
            at = len(path) - len(points) + number
            lines = [(path[i], path[i + 1]) for i in (at - 1, at) if 0 <= i < len(path) - 1]
            found[number] = min(free, key=lambda box: sum(_crossed(box, a, b) for a, b in lines))
            taken |= _cells(found[number])
    return found


def _beside(point: QPointF, size: QSizeF) -> Iterator[QRectF]:
    """The places for a point's name: above or below it, to its right or left."""
    for top in (point.y() - size.height(), point.y() + 2):
        for left in (point.x() + 5, point.x() - 5 - size.width()):
            yield QRectF(QPointF(left, top), size)


def _cells(box: QRectF) -> set[tuple[int, int]]:
    """The cells of a coarse grid that a box lies in."""
    columns = range(int(box.left() // CELL_PX[0]), int(box.right() // CELL_PX[0]) + 1)
    rows = range(int(box.top() // CELL_PX[1]), int(box.bottom() // CELL_PX[1]) + 1)
    return {(i, j) for i in columns for j in rows}


def _holds(box: QRectF, dot: Place) -> bool:
    """Whether a dot lies under a name."""
    return box.left() - 3 < dot[0] < box.right() + 3 and box.top() - 1 < dot[1] < box.bottom() + 1


def _crossed(box: QRectF, a: Place, b: Place) -> bool:
    """Whether a line from a to b goes through a box: it reaches the box, and its corners are not all on one side."""
    if max(a[0], b[0]) < box.left() or min(a[0], b[0]) > box.right():
        return False
    if max(a[1], b[1]) < box.top() or min(a[1], b[1]) > box.bottom():
        return False
    corners = ((x, y) for x in (box.left(), box.right()) for y in (box.top(), box.bottom()))
    sides = {(b[0] - a[0]) * (y - a[1]) > (b[1] - a[1]) * (x - a[0]) for x, y in corners}
    return len(sides) == 2
