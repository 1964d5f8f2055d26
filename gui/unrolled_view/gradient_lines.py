"""The pens of the lines along which the gradient has come back from what read a state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QPen

if TYPE_CHECKING:
    from gui.unrolled_view.painter import DiagramPainter


def back_from_cells(base: DiagramPainter, column: int, *levels: int) -> QPen | None:
    """The pen of a line that leads to the cells of a column at these levels; None before the gradient has come back
    from any of them."""
    places = [(row, column) for level in levels if (row := base.diagram.row_at(column, level)) is not None]
    return max((base.back_pen(place) for place in places if base.reached(place)), key=QPen.widthF, default=None)


def back_from_above(base: DiagramPainter, column: int, level: int) -> QPen | None:
    """The pen of the lines on which states go up from a layer, whose highest cell is at this level; None before the
    gradient has come back along them."""
    diagram = base.diagram
    if diagram.row_at(column, level + 1) is not None:
        return back_from_cells(base, column, *diagram.levels_of_layer(column, level + 1))
    if diagram.hands_over(diagram.columns[column].part):  # weaker lines of attention are drawn when they reach cells
        back = base.attention.came_back(column) or back_from_cells(base, column, level - 1, level) is not None
    elif diagram.pools:
        back = base.handed_back
    else:
        back = base.returned(diagram.answer if diagram.answers_once else column)
    return base.error_pen if back else None
