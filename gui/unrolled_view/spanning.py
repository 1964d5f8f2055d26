"""Drawings that span several columns: the pooling of all states, and the hidden layer of a padded network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from gui.unrolled_view.gradient_texts import gradient_text
from gui.unrolled_view.row_heights import STEM_BELOW

if TYPE_CHECKING:
    from gui.unrolled_view.painter import DiagramPainter

LEFT_MIDDLE = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHT_MIDDLE = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class SpanningPainter:
    """Draws the pooling over the cells, or the hidden layer of a network without cells."""

    def __init__(self, base: DiagramPainter) -> None:
        self.base, self.layout, self.theme, self.diagram = base, base.layout, base.theme, base.diagram

    def pool(self, painter: QPainter, column: int) -> None:
        """Draw a step's contribution to the pooled state: a line up, and tiles for the units that win here."""
        layout, box = self.layout, self.layout.pool
        row = self.diagram.row_at(column, self.diagram.levels - 1)
        if row is None:
            return
        x = layout.column_x(column)
        foot = layout.cells_top - layout.rows.level_gap / 2 * self.diagram.both_ways
        painter.setPen(self.base.error_pen if self.base.handed_back else self.base.flow_pen(row, column))
        painter.drawLine(QPointF(x, foot), QPointF(x, box.bottom()))
        count = self.won(column)
        if count is None or not self.base.gathered:
            return
        tiles = QRectF(x - layout.cell_width / 2 + 8, box.top() + 3, layout.cell_width - 16, box.height() - 6)
        images, (rows, columns) = self.base.pictures.winners, self.base.pictures.grid
        each = tiles.height() / len(images)
        for i, image in enumerate(images):
            part = QRectF(tiles.left(), tiles.top() + i * each, tiles.width(), each - 1)
            painter.drawImage(part, image, QRectF(column * columns, 0, columns, rows))

    def won(self, column: int) -> int | None:
        """How many units have their largest value at a step; None if the pooling does not take the maximum."""
        winners = self.diagram.winners
        return None if winners is None else int(np.count_nonzero(winners == column))

    def _frame(self, painter: QPainter, box: QRectF, fill: str) -> None:
        """Draw a box of this colour, with a stronger edge while Play shows all steps becoming one in it; where the
        gradient has been, the edge keeps its colour."""
        now, been = self.base.now_gathering, self.base.handed_back
        edge = now or (self.base.gradient_color if been else self.theme.border)
        painter.setPen(self.base.pen(edge, 2.0 if now else 1.2))
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(box, 8, 8)

    def pool_box(self, painter: QPainter) -> None:
        """Draw the box that all states go to, with its name in the visible part of it."""
        theme, box = self.theme, self.layout.pool
        self._frame(painter, box, theme.sunken)
        painter.setFont(self.base.fonts[10])
        painter.setPen(QColor(theme.secondary))
        words, metrics = self.diagram.pooling, QFontMetricsF(self.base.fonts[10])
        if self.diagram.winners is None:
            area = painter.combinedTransform().inverted()[0].mapRect(QRectF(painter.viewport()))
            seen = self.layout.pool_seen(area.left(), area.right())
            self.base.write(painter, seen, words, 10, theme.secondary, seen.width())
        else:  # beside the box: the units that win are in it
            first, _, rest = words.partition(" ")
            for i, line in enumerate((first, rest)):
                wide = metrics.horizontalAdvance(line)
                painter.drawText(QPointF(box.left() - wide - 5, box.center().y() - 2 + i * 12), line)

    def hidden_layer(self, painter: QPainter) -> None:
        """Draw the padded network: one layer over all places, each with weights of its own."""
        theme, box = self.theme, self.layout.hidden_layer
        self._frame(painter, box, theme.surface)
        title = QRectF(box.left() + 10, box.top() + 3, box.width() - 20, 15)
        title.setRight(title.right() - self._gradient(painter, title))
        painter.setFont(self.base.fonts[11])
        painter.setPen(QColor(theme.secondary))
        label = f"hidden layer · {self.diagram.units:,} units · tanh of the sum over all positions"
        metrics = QFontMetricsF(self.base.fonts[11])
        if metrics.horizontalAdvance(label) > title.width():
            label = metrics.elidedText("hidden layer", Qt.TextElideMode.ElideRight, title.width())
        painter.drawText(title, LEFT_MIDDLE, label)
        image, (rows, columns) = self.base.pictures.hidden, self.base.pictures.hidden_grid
        if image is not None and self.base.gathered:
            wide = min(box.width() - 20, (box.height() - 24) * 2.2 * max(1.0, columns / rows / 2.2))
            tiles = QRectF(box.left() + 10, box.top() + 20, wide, box.height() - 26)
            painter.drawImage(tiles, image, QRectF(0, 0, columns, rows))

    def _gradient(self, painter: QPainter, line: QRectF) -> float:
        """Write the gradient that every place gets, at the end of this line; returns its width with what is free before
        it, or 0 before it is known."""
        playing = self.base.playing
        size = None if playing is None else playing.step.sum_gradient
        if size is None or not self.base.handed_back:
            return 0.0
        metrics = QFontMetricsF(self.base.fonts[10])
        text = gradient_text(size, lambda text: metrics.horizontalAdvance(text) <= line.width(), signed=True)
        painter.setFont(self.base.fonts[10])
        painter.setPen(QColor(self.base.gradient_color))
        painter.drawText(line, RIGHT_MIDDLE, text)
        return metrics.horizontalAdvance(text) + 8

    def place(self, painter: QPainter, column: int) -> None:
        """Draw one place of the padded text: its own weights lead to the hidden layer; padding leads nowhere."""
        item, theme, layout = self.diagram.columns[column], self.theme, self.layout
        box, x = layout.hidden_layer, layout.column_x(column)
        foot, name = layout.cells_bottom + STEM_BELOW, f"W{item.step}"
        empty = bool(item.padding) or item.cut
        back = self.base.handed_back and not empty
        style = Qt.PenStyle.DotLine if empty else Qt.PenStyle.SolidLine
        color = self.base.gradient_color if back else theme.disabled if empty else theme.muted
        painter.setPen(self.base.pen(color, 2.4 if back else 1.4, style))
        painter.drawLine(QPointF(x, box.bottom()), QPointF(x, foot))
        line = QRectF(x - layout.column_width / 2, box.bottom() + 6, layout.column_width, 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.surface))
        shown = "not read" if item.cut else "zeros" if item.padding else name
        wide = QFontMetricsF(self.base.fonts[10]).horizontalAdvance(shown) + 4
        painter.drawRect(QRectF(x - wide / 2, line.top(), wide, line.height()))
        self.base.write(painter, line, shown, 10, color)
