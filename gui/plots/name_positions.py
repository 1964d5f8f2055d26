"""Where the names of points in a plane are written, so that they can be read."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF

CELL_PX = (6.0, 7.0)  # of the grid that keeps names from overlapping
GAP_PX, RINGED_GAP_PX = 5.0, 9.0  # from the middle of a point to its name, and from that of one with a ring around it
FARTHER_PX = 9.0  # by which a name that is always written gives way to dots
CLEAR_PX, RINGED_CLEAR_PX = (3.0, 1.0), (8.0, 6.0)  # from a name to the middle of a dot, and of one with a ring
Place = Sequence[float]  # x and y in pixels; NaN for a point without a place


def name_positions(
    area: QRectF, points: Sequence[Place], sizes: Mapping[int, QSizeF], *,
    always: Collection[int] = (), dots: Sequence[Place] = (), path: Sequence[Place] = (), ringed: int = -1,
) -> dict[int, QRectF]:  # fmt: skip
    """The boxes of the names beside their points; a name without room is left out.

    sizes: of the names, by the number of the point; the first ones choose first. always: points whose names may cover
    dots if there is no other place. path: the corners of a line, which names avoid where they can; those of the points
    are its last ones. ringed: the number of a point with a ring around it, which no name touches.
    """
    ring = [points[ringed]] if 0 <= ringed < len(points) else []
    taken: set[tuple[int, int]] = set()
    found: dict[int, QRectF] = {}
    for number, size in sizes.items():
        x, y = points[number]
        if not math.isfinite(x):
            continue
        gap = RINGED_GAP_PX if number == ringed else GAP_PX
        boxes = [box for box in _beside(QPointF(x, y), size, gap) if area.contains(box) and not _cells(box) & taken]
        free = [box for box in boxes if not _held(box, dots, ring)]
        if number in always and not free:
            farther = _farther(QPointF(x, y), size, gap)
            boxes += [box for box in farther if area.contains(box) and not _cells(box) & taken]
            held = [_held(box, dots, ring) for box in boxes]
            free = [box for box, count in zip(boxes, held, strict=True) if count == min(held)]
        if free:
            at = len(path) - len(points) + number
            lines = [(path[i], path[i + 1]) for i in (at - 1, at) if 0 <= i < len(path) - 1]
            found[number] = min(free, key=lambda box: sum(_crossed(box, a, b) for a, b in lines))
            taken |= _cells(found[number])
    return found


def _beside(point: QPointF, size: QSizeF, gap: float) -> Iterator[QRectF]:
    """The places for a point's name: above or below it, to its right or left."""
    for top in (point.y() - size.height(), point.y() + 2):
        for left in (point.x() + gap, point.x() - gap - size.width()):
            yield QRectF(QPointF(left, top), size)


def _farther(point: QPointF, size: QSizeF, gap: float) -> Iterator[QRectF]:
    """More places: straight above or below, and the same as those beside it but farther away."""
    for away in (gap, gap + FARTHER_PX):
        for top in (point.y() - away - size.height(), point.y() + away):
            yield QRectF(QPointF(point.x() - size.width() / 2, top), size)
    for top in (point.y() - size.height() - FARTHER_PX, point.y() - size.height() / 2, point.y() + FARTHER_PX):
        for left in (point.x() + gap + FARTHER_PX, point.x() - gap - FARTHER_PX - size.width()):
            yield QRectF(QPointF(left, top), size)


def _cells(box: QRectF) -> set[tuple[int, int]]:
    """The cells of a coarse grid that a box lies in."""
    columns = range(int(box.left() // CELL_PX[0]), int(box.right() // CELL_PX[0]) + 1)
    rows = range(int(box.top() // CELL_PX[1]), int(box.bottom() // CELL_PX[1]) + 1)
    return {(i, j) for i in columns for j in rows}


def _held(box: QRectF, dots: Sequence[Place], ring: Sequence[Place]) -> int:
    """How many dots lie under a name; one with a ring needs more room."""
    clear = ((dots, *CLEAR_PX), (ring, *RINGED_CLEAR_PX))
    return sum(
        box.left() - across < dot[0] < box.right() + across and box.top() - down < dot[1] < box.bottom() + down
        for places, across, down in clear
        for dot in places
    )


def _crossed(box: QRectF, a: Place, b: Place) -> bool:
    """Whether a line from a to b goes through a box: it reaches the box, and its corners are not all on one side."""
    if max(a[0], b[0]) < box.left() or min(a[0], b[0]) > box.right():
        return False
    if max(a[1], b[1]) < box.top() or min(a[1], b[1]) > box.bottom():
        return False
    corners = ((x, y) for x in (box.left(), box.right()) for y in (box.top(), box.bottom()))
    sides = {(b[0] - a[0]) * (y - a[1]) > (b[1] - a[1]) * (x - a[0]) for x, y in corners}
    return len(sides) == 2
