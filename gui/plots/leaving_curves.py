"""An arrow and a number at the top of a plot, where a curve rises out of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from engine.number_text import run_loss
from engine.types import DoubleArray
from gui.plots.plot import Overlay

PADDING_PX = 3.0


@dataclass(frozen=True)
class LeavingCurve:
    """Where in the box the number stands, and that number: the highest one of the curve."""

    box: QRectF
    text: str
    color: str


class LeavingCurves(Overlay):
    """Says how high the curves are that leave the plot at the top, each in its colour."""

    shown: tuple[LeavingCurve, ...] = ()

    def follow(
        self, curves: list[tuple[DoubleArray, DoubleArray, str]], left: float, right: float, high: float
    ) -> None:
        """Say it of these curves, x, ascending, and y, both (n,), with their colour. left, right, high: ends of the
        axes."""
        found: list[LeavingCurve] = []
        for x, y, color in curves:
            visible = slice(int(np.searchsorted(x, left)), int(np.searchsorted(x, right, side="right")))
            x, y = x[visible], np.where(np.isfinite(y[visible]), y[visible], -np.inf)
            at = int(y.argmax()) if len(y) else 0
            if not len(y) or y[at] <= high:
                continue
            text = f"↑ {run_loss(float(y[at]))}"
            width, height = self.plot.text_width(text) + 2 * PADDING_PX, self.plot.line_height()
            begin = self.plot.box.pixels_of(float(x[at]), 0.0).x() - width / 2
            box = QRectF(max(0.0, min(begin, self.plot.box.width() - width)), 0.0, width, height)
            while any(box.intersects(other.box) for other in found):
                box.translate(0.0, height)
            found.append(LeavingCurve(box, text, color))
        if tuple(found) != self.shown:
            self.shown = tuple(found)
            self.update()

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw the numbers on the ground of the plot, clear of the curves."""
        for one in self.shown:
            painter.fillRect(one.box, QColor(self.plot.theme.surface))
            painter.setPen(QColor(one.color))
            painter.drawText(one.box, Qt.AlignmentFlag.AlignCenter, one.text)
