"""Finds cells and their neighbours in a picture, for the arrow keys."""

from __future__ import annotations

from gui.unrolled_view.diagram import CellPlace, Diagram


def exists(diagram: Diagram, cell: CellPlace) -> bool:
    """Whether there is such a cell."""
    row, column = cell
    return (
        row < len(diagram.rows)
        and column < len(diagram.columns)
        and diagram.row_at(column, diagram.rows[row].level) == row
    )


def neighbouring_cell(diagram: Diagram, cell: CellPlace | None, columns: int, levels: int) -> CellPlace | None:
    """The cell this many columns to the right and levels up; the first cell if none is selected, None beyond the
    edge."""
    if not diagram.rows:
        return None
    if cell is None:
        return 0, diagram.rows[0].first
    row, column = cell
    target = diagram.row_at(column + columns, diagram.rows[row].level + levels)
    if target is None and columns:  # the neighbouring part may have fewer rows
        target = diagram.row_at(column + columns, 0)
    return None if target is None else (target, column + columns)
