"""The last state of an encoder that reads backwards, on its way to the decoder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from gui.unrolled_view.bidirectional import above_both
from gui.unrolled_view.flow import arrow_head

if TYPE_CHECKING:
    from gui.unrolled_view.painter import DiagramPainter

RISE = 5 / 18  # of a gap, over the lines on which both states of a step go upwards
MEETING, APART = 10.0, 6.0  # before a decoder's cell, where the states of both directions meet; from layer to layer


def draw_passed_state(base: DiagramPainter, painter: QPainter, index: int, column: int) -> None:
    """Draw the piece over one column of the line that leaves the first cell of row `index`, where the way back ends.

    It goes over the encoder to the first cell of the decoder's layer of the same depth. There it meets the state of the
    forward direction, and a matrix mixes the two. In the backward pass the gradient comes along it.
    """
    layout, diagram = base.layout, base.diagram
    row = diagram.rows[index]
    if not row.backward or not diagram.hands_over(row.part) or layout.fold is not None:
        return
    following = row.first + row.steps
    taker = next((i for i, s in enumerate(diagram.rows) if s.first == following and s.depth == row.depth), None)
    if taker is None:
        return
    high = above_both(layout, column, row.level) - RISE * layout.rows.level_gap
    back = base.reached((taker, following))
    painter.setPen(base.back_pen((taker, following)) if back else base.flow_pen(index, row.first))
    corners = [QPointF(layout.column_x(column), high)]
    if column == row.first:
        cell = layout.cell(column, row.level)
        left, middle = cell.left() - layout.aside, cell.center().y()
        corners = [QPointF(cell.left(), middle), QPointF(left, middle), QPointF(left, high)]
        if back:
            arrow_head(painter, corners[0], 1.0)
    if column + 1 < following:
        corners.append(QPointF(layout.column_x(column + 1), high))
    else:
        cell = layout.cell(following, diagram.rows[taker].level)
        turn, middle = cell.left() - MEETING - APART * (_deepest(base, taker) - row.depth), cell.center().y()
        corners += [QPointF(turn, high), QPointF(turn, middle), QPointF(cell.left(), middle)]
    painter.drawPolyline(corners)


def _deepest(base: DiagramPainter, taker: int) -> int:
    """The depth of the highest layer of a part; its line turns down first, so that no line covers another."""
    rows = base.diagram.rows
    return max(row.depth for row in rows if row.part == rows[taker].part)
