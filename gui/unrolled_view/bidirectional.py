"""The lines between the two cells of a layer that reads the text in both directions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from gui.theme import mix
from gui.unrolled_view.gradient_lines import back_from_above
from gui.unrolled_view.layout import DiagramLayout

if TYPE_CHECKING:
    from gui.unrolled_view.painter import DiagramPainter

ASIDE = 8.0  # from the middle, where two lines meet a cell


def draw_bidirectional(base: DiagramPainter, painter: QPainter, column: int, level: int) -> None:
    """Draw the lines of two cells that both read what is below and pass on upwards, each around the other. level: that
    of the upper one.

    If only the last states are read, that of the upper cell, which reads backwards, comes from the first column. In the
    backward pass the gradient comes along the lines upwards, and leaves the upper cell along its line from below.
    """
    layout, diagram = base.layout, base.diagram
    lower, upper = layout.cell(column, level - 1), layout.cell(column, level)
    x, above = upper.center().x(), above_both(layout, column, level)
    below, between = (cell.bottom() + layout.rows.level_gap / 2 for cell in (lower, upper))
    left, right = upper.left() - layout.aside, upper.right() + layout.aside
    reads = [(x, below), (left, below), (left, between), (x - ASIDE, between), (x - ASIDE, upper.bottom())]
    passes = [(x + ASIDE, lower.top()), (x + ASIDE, between), (right, between), (right, above), (x, above)]
    index = diagram.row_at(column, level) or 0
    row, grey = diagram.rows[index], base.pen(mix(base.theme.border, base.theme.muted, 0.6), 1.2)
    painter.setPen(base.back_pen((index, column)) if base.reached((index, column)) else grey)
    painter.drawPolyline([QPointF(*corner) for corner in reads])
    last = row.first + row.steps - 1
    highest = all(s.level <= level for s in diagram.rows if s.part == row.part)
    if highest and diagram.hands_over(row.part) and not diagram.attends:
        return  # nothing else looks at these states
    folded = layout.fold is not None and column in layout.fold.staying.values()
    ends = highest and diagram.reads_ends and not folded
    painter.setPen(back_from_above(base, column, level) or grey)
    if column == last or not ends:
        painter.drawPolyline([QPointF(*corner) for corner in passes])
    if column == row.first or not ends:
        painter.drawLine(QPointF(x, upper.top()), QPointF(x, above))
    if ends and column < last:
        painter.drawLine(QPointF(x, above), QPointF(layout.column_x(column + 1), above))


def above_both(layout: DiagramLayout, column: int, level: int) -> float:
    """The height at which the lines of both cells meet over the upper one."""
    return layout.cell(column, level).top() - layout.rows.level_gap / 2
