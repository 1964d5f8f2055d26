"""Parallel coordinates: an axis for each setting, the result on the last one, a line for each run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF

from gui.plots.picture import Picture
from gui.theme import Theme, mix
from gui.widgets.symbols import visible_text

MARGIN_PX, HEAD_PX, FOOT_PX = 58.0, 26.0, 16.0
MOST_NAMES = 8  # beside an axis of choices
FAINTEST = 0.7  # how much of its colour the worst line loses
SMOOTH_UP_TO = 120  # lines; if there are more, they are drawn without antialiasing


@dataclass(frozen=True)
class Axis:
    """One setting, or the result. names: tick labels and their positions, 0 (bottom) to 1 (top)."""

    title: str
    names: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class RunLine:
    """One run: its position on each axis, 0 to 1, or NaN if it has none. rank: 0 for the best run, 1 for the worst."""

    places: tuple[float, ...]
    rank: float


class ParallelCoordinates(Picture):
    """Draws RunLines; the best runs come last, in the strongest colour."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("sweep-parallel", "Settings and results of all runs", (220, 140))
        self.theme = theme
        self.axes: tuple[Axis, ...] = ()
        self.lines: tuple[RunLine, ...] = ()

    def show_lines(self, axes: Sequence[Axis], lines: Sequence[RunLine], theme: Theme) -> None:
        """Draw these axes and lines."""
        shown = tuple(axes), tuple(sorted(lines, key=lambda one: -one.rank))
        if (*shown, theme) != (self.axes, self.lines, self.theme):
            (self.axes, self.lines), self.theme = shown, theme
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines, then axes and names over them."""
        self.painted += 1
        painter = QPainter(self)
        painter.setFont(self._font)
        box = QRectF(self.rect()).adjusted(MARGIN_PX, HEAD_PX, -MARGIN_PX, -FOOT_PX)
        if len(self.axes) < 2 or box.width() <= 0:
            return
        across = [box.left() + box.width() * at / (len(self.axes) - 1) for at in range(len(self.axes))]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self.exact or len(self.lines) <= SMOOTH_UP_TO)
        for line in self.lines:
            color = mix(self.theme.validation, self.theme.border, FAINTEST * math.sqrt(line.rank))
            painter.setPen(QPen(QColor(color), 2.0 if line.rank == 0 else 1.0))
            points = [
                QPointF(x, box.bottom() - place * box.height())
                for x, place in zip(across, line.places, strict=True)
                if math.isfinite(place)
            ]
            painter.drawPolyline(QPolygonF(points))
        for x, axis in zip(across, self.axes, strict=True):
            self._draw_axis(painter, x, axis, box)

    def _draw_axis(self, painter: QPainter, x: float, axis: Axis, box: QRectF) -> None:
        painter.setPen(QColor(self.theme.muted))
        painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
        wide = QRectF(x - 80, 0, 160, HEAD_PX - 8)
        wide.moveLeft(min(max(wide.left(), 0.0), self.width() - wide.width()))
        center = int(Qt.AlignmentFlag.AlignCenter)
        side = center if 80 <= x <= self.width() - 80 else int(Qt.AlignmentFlag.AlignVCenter) | (
            int(Qt.AlignmentFlag.AlignLeft) if x < 80 else int(Qt.AlignmentFlag.AlignRight)
        )  # fmt: skip
        painter.setPen(QColor(self.theme.text))
        painter.drawText(wide, side, axis.title)
        metrics, last = painter.fontMetrics(), axis is self.axes[-1]
        for place, name in axis.names[:MOST_NAMES]:
            y, text = box.bottom() - place * box.height(), visible_text(name)
            width = metrics.horizontalAdvance(text) + 4.0
            beside = QRectF(x + 3 if last else x - 3 - width, y - 8, width, 16)
            painter.fillRect(beside, QColor(self.theme.surface))  # covers the lines behind it
            painter.setPen(QColor(self.theme.secondary))
            painter.drawText(beside, int(Qt.AlignmentFlag.AlignCenter), text)
