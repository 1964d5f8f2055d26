"""A series up to now, and how it may go on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Signal
from PySide6.QtGui import QColor

from engine.types import FloatArray
from gui.plots.line_plot import Line, LinePlot, PlotRange
from gui.theme import Theme

HEADROOM = 0.06  # of the height, above and below what is drawn
MOST_DRAWS = 20
MOST_DRAWN = 1e100  # beyond it there is no axis


@dataclass(frozen=True, eq=False)
class ForecastCurves:
    """One column of a series: what is known, what came afterwards, and the forecast; x counts steps.

    x, values (T,): all of it. now: how many of these the network has read. mean, lower, upper (steps,): from `now` on;
    lower and upper are NaN where no spread is learned. draws (n, steps).
    """

    x: FloatArray
    values: FloatArray
    now: int
    mean: FloatArray
    lower: FloatArray
    upper: FloatArray
    draws: FloatArray


class ForecastPlot(LinePlot):
    """A click says where now is."""

    WIDEST_NUMBER = "−00.00 k"  # in the units of the series, which may be far from zero
    now_chosen = Signal(float)

    def __init__(self, theme: Theme, name: str, title: str) -> None:
        super().__init__(theme, name, title)
        self._edges = pg.PlotCurveItem(), pg.PlotCurveItem()
        self._band = pg.FillBetweenItem(*self._edges)
        for item in (*self._edges, self._band):
            self.box.addItem(item, ignoreBounds=True)
        self._band.setZValue(-10)
        self.box.clicked.connect(self._choose)

    def show_forecast(self, curves: ForecastCurves, theme: Theme) -> None:
        """Known values and what followed, the drawn futures, the mean, and the band in which 90 % of futures lie."""
        known = curves.x < curves.x[0] + curves.now
        # Both begin where the known values end, so that there is no gap.
        last = slice(curves.now - 1, curves.now)
        after = curves.x[curves.now - 1 :]
        ahead = curves.x[last][0] + np.arange(len(curves.mean) + 1)
        lines = [Line(curves.x[known], curves.values[known], theme.secondary, 1.5)]
        if len(after) > 1:
            lines.append(Line(after, curves.values[curves.now - 1 :], theme.muted, 1.0))
        for draw in curves.draws[:MOST_DRAWS]:
            lines.append(Line(ahead, np.concatenate([curves.values[last], draw]), theme.train, 1.0))
        lines.append(Line(ahead, np.concatenate([curves.values[last], curves.mean]), theme.accent, 2.0))
        fill = QColor(theme.accent)
        fill.setAlphaF(0.16)
        banded = bool(np.isfinite(curves.lower).all())
        self._band.setVisible(banded)
        if banded:
            for edge, values in zip(self._edges, (curves.lower, curves.upper), strict=True):
                edge.setData(ahead, np.concatenate([curves.values[last], values]), pen=None)
            self._band.setBrush(fill)
        drawn = np.concatenate([line.y for line in lines] + ([curves.lower, curves.upper] if banded else []))
        finite = drawn[np.isfinite(drawn)]  # a network that has diverged foretells anything
        seen = np.clip(finite, -MOST_DRAWN, MOST_DRAWN)
        low, high = (float(seen.min()), float(seen.max())) if len(seen) else (0.0, 1.0)
        margin = HEADROOM * (high - low) or max(1.0, HEADROOM * abs(high))
        right = max(float(curves.x[-1]), float(ahead[-1]))
        self.set_range(PlotRange(float(curves.x[0]), right, low - margin, high + margin))
        self.set_mark(float(ahead[0]))
        self.show_lines(tuple(lines), theme)

    def _choose(self, at: QPointF) -> None:
        self.now_chosen.emit(self.box.mapToView(at).x())
