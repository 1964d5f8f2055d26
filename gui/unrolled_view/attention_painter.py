"""Lines of attention: from the encoder's states to the steps of the decoder that look at them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from gui.unrolled_view.flow import arrow_head
from gui.unrolled_view.playing import Phase

if TYPE_CHECKING:
    from gui.unrolled_view.painter import DiagramPainter

LEAST_ALONE = 0.02  # the least attention that is drawn of one column alone
ARCH, LANES = 58.0, 4  # how high a line rises over the encoder; heights at which lines pass the decoder


class AttentionPainter:
    """Draws the lines with a DiagramPainter; each step of the decoder has its own colour and height."""

    def __init__(self, base: DiagramPainter) -> None:
        self.base, self.layout, self.diagram = base, base.layout, base.diagram
        columns = self.diagram.columns
        self.first = next((i for i, c in enumerate(columns) if self.diagram.takes_over(c.part)), len(columns))

    def color(self, step: int) -> str:
        """The colour of a step of the decoder; none of them is that of the gradient."""
        return self.base.theme.series[(2, 5, 7, 1, 4, 6)[step % 6]]

    def paint(self, painter: QPainter, pointed: int | None) -> None:
        """pointed: a column of which all lines are drawn, those that lead to it or away from it; None: the strongest
        line of every step and, while the gradient reaches cells of the encoder, those along which it comes to them."""
        attention = self.diagram.attention
        if attention is None:
            return
        known = [k for k in range(len(attention)) if self.base.answered(self.first + k)]
        if pointed is not None and pointed >= self.first:
            step = pointed - self.first
            for source in np.flatnonzero(attention[step] > LEAST_ALONE).tolist() if step in known else []:
                self.line(painter, step, source, float(attention[step, source]), alone=True)
        elif pointed is not None:
            for step in known:
                weight = float(attention[step, pointed]) if pointed < attention.shape[1] else 0.0
                if weight > LEAST_ALONE:
                    self.line(painter, step, pointed, weight, alone=True)
        else:
            for step in known:
                for source in self.diagram.looked_at[step]:
                    self.line(painter, step, source, float(attention[step, source]), alone=False)
            for source in self._reached_now():
                looks = attention[:, source]
                for step in {*np.flatnonzero(looks > LEAST_ALONE).tolist(), int(np.argmax(looks))}:
                    self.line(painter, step, source, float(looks[step]), alone=True)

    @cached_property
    def _came_back(self) -> frozenset[int]:
        looked = enumerate(self.diagram.looked_at)
        return frozenset(source for step, most in looked if self.base.returned(self.first + step) for source in most)

    def came_back(self, source: int) -> bool:
        """Whether the gradient has come back along one of the strongest lines to a column of the encoder."""
        return source in self._came_back

    def _reached_now(self) -> list[int]:
        """The columns of the encoder that the gradient reaches at this moment of a played example."""
        playing = self.base.playing
        if playing is None or playing.moment.phase is not Phase.BACKWARDS:
            return []
        return sorted({column for _, column in playing.moment.cells if column < self.first})

    def line(self, painter: QPainter, step: int, source: int, weight: float, *, alone: bool) -> None:
        """Draw one line, as strong as the attention, with an arrowhead at its end; where the gradient has gone back
        along it, in the gradient's colour and with the arrowhead at its beginning."""
        path = self.path(step, source)
        back = self.base.returned(self.first + step)
        color = QColor(self.base.gradient_color if back else self.color(step))
        color.setAlphaF((0.35 + 0.65 * min(1.0, weight)) if alone else 0.30 + 0.35 * min(1.0, weight))
        pen = QPen(color, 1.0 + (3.0 if alone else 1.2) * min(1.0, weight))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        if not back:
            arrow_head(painter, path.currentPosition(), 1.0)
            return
        end = path.pointAtPercent(0.0)
        painter.drawLine(end, end + QPointF(-3, -4))
        painter.drawLine(end, end + QPointF(3, -4))

    def path(self, step: int, source: int) -> QPainterPath:
        """The path of a line: up from the encoder's cell, over the others, and to the stem above the decoder's, where
        what is found joins the state."""
        layout, top = self.layout, self.layout.cells_top
        begin = QPointF(layout.column_x(source), top - layout.lift(source))
        lane = top - 4 - (step % LANES) * (layout.rows.lanes - 2) / (LANES - 1)
        bend = QPointF(layout.column_x(self.first) - layout.slot_width / 2 - 4, lane)
        path = QPainterPath(begin)
        rise = ARCH * (0.45 + 0.55 * (bend.x() - begin.x()) / max(1.0, bend.x() - layout.column_x(0)))
        path.cubicTo(begin - QPointF(0, rise), bend - QPointF((bend.x() - begin.x()) / 2, 0), bend)
        path.lineTo(QPointF(layout.column_x(self.first + step), lane))
        return path
