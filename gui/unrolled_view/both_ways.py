"""The lines between the two cells of a layer that reads the text in both directions."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from gui.unrolled_view.layout import LEVEL_GAP, DiagramLayout

ASIDE = 8.0  # from the middle, where two lines meet a cell


def draw_both_ways(painter: QPainter, layout: DiagramLayout, column: int, level: int) -> None:
    """Draw the lines of two cells that both read what is below and pass on upwards, each around the other. level: that
    of the upper one.

    If only the last states are read, that of the upper cell, which reads backwards, comes from the first column.
    """
    diagram = layout.diagram
    lower, upper = layout.cell(column, level - 1), layout.cell(column, level)
    x, above = upper.center().x(), above_both(layout, column, level)
    below, between = lower.bottom() + LEVEL_GAP / 2, upper.bottom() + LEVEL_GAP / 2
    left, right = upper.left() - layout.aside, upper.right() + layout.aside
    reads = [(x, below), (left, below), (left, between), (x - ASIDE, between), (x - ASIDE, upper.bottom())]
    passes = [(x + ASIDE, lower.top()), (x + ASIDE, between), (right, between), (right, above), (x, above)]
    painter.drawPolyline([QPointF(*corner) for corner in reads])
    row = next(s for s in diagram.rows if s.level == level and s.first <= column < s.first + s.steps)
    last = row.first + row.steps - 1
    highest = all(s.level <= level for s in diagram.rows if s.part == row.part)
    if highest and diagram.hands_over(row.part) and not diagram.attends:
        return  # nothing else looks at these states
    folded = layout.fold is not None and column in layout.fold.staying.values()
    ends = highest and diagram.reads_ends and not folded
    if column == last or not ends:
        painter.drawPolyline([QPointF(*corner) for corner in passes])
    if column == row.first or not ends:
        painter.drawLine(QPointF(x, upper.top()), QPointF(x, above))
    if ends and column < last:
        painter.drawLine(QPointF(x, above), QPointF(layout.column_x(column + 1), above))


def above_both(layout: DiagramLayout, column: int, level: int) -> float:
    """The height at which the lines of both cells meet over the upper one."""
    return layout.cell(column, level).top() - LEVEL_GAP / 2
