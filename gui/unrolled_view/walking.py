"""Which cells there are in a picture, and which one lies beside another: what the arrow keys walk over."""

from __future__ import annotations

from gui.unrolled_view.diagram import Diagram

Cell = tuple[int, int]  # row and column


def exists(diagram: Diagram, cell: Cell) -> bool:
    """Whether there is such a cell."""
    row, column = cell
    return (
        row < len(diagram.rows)
        and column < len(diagram.columns)
        and diagram.row_at(column, diagram.rows[row].level) == row
    )


def neighbour(diagram: Diagram, cell: Cell | None, columns: int, levels: int) -> Cell | None:
    """The cell so many columns to the right and levels up; the first one if there is none yet, None beyond the edge."""
    if not diagram.rows:
        return None
    if cell is None:
        return 0, diagram.rows[0].first
    row, column = cell
    target = diagram.row_at(column + columns, diagram.rows[row].level + levels)
    if target is None and columns:  # the neighbouring part may have fewer rows
        target = diagram.row_at(column + columns, 0)
    return None if target is None else (target, column + columns)
