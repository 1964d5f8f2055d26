"""The norm of the gradient at each training step, with the line above which it is clipped."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Signal

from engine.number_text import grouped, in_figures
from engine.types import DoubleArray
from gui.plots.curve_axis import right_end
from gui.plots.line_plot import Line, LinePlot, PlotRange
from gui.plots.ranges import stepped_range
from gui.plots.reference_levels import ReferenceLevel
from gui.session.progress import Curve
from gui.session.series import Series
from gui.session.smoothing import Smoothed
from gui.theme import Theme, mix

THINNED = 4096  # at most this many values decide the limits
HIGHEST_SHARE = 0.98  # this share of the steps must lie within the picture; single spikes leave it at the top


class NormPlot(LinePlot):
    """The norm of each step, pale; clipped steps green; its average thick; the clipping threshold dashed."""

    read = Signal(str)  # the newest step in words, or the one under the mouse

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "gradient-norm", "Gradient norm during training")
        self._curve: Curve | None = None
        self._smoothed = Smoothed()
        self._clipped = Series()  # norms of clipped steps, NaN between
        self._drawn: tuple[object, ...] = ()
        self._clip = 0.0
        self._mouse: float | None = None
        self.pointed.connect(self._point_at)

    def show_curve(self, curve: Curve, clip: float, theme: Theme) -> None:
        """Draw new steps, if there are any. clip: the threshold, 0 if nothing is clipped."""
        if curve is not self._curve:
            self._curve, self._smoothed, self._clipped = curve, Smoothed(), Series()
            self.follow()
        if (curve, len(curve), clip, theme) == self._drawn:
            return
        self._drawn, self._clip = (curve, len(curve), clip, theme), clip
        norm, new = curve.gradient_norm, slice(len(self._clipped.view()), None)
        self._clipped.extend(np.where(curve.clipped[new] > 0, norm[new], np.nan))
        smooth = self._smoothed.follow(norm)
        self.show_lines(
            (
                Line(curve.steps, norm, mix(theme.surface, theme.train, 0.45)),
                Line(curve.steps, self._clipped.view(), mix(theme.surface, theme.second, 0.75), dots=True),
                Line(curve.steps, smooth, theme.train, 2.0),
            ),
            theme,
        )
        self.set_levels((ReferenceLevel(clip, f"clipped to norm {in_figures(clip)}", "clip"),) if clip > 0 else ())
        last = float(curve.steps[-1]) if len(curve) else 0.0
        average = float(smooth[-1]) if len(smooth) else 0.0
        self.set_range(PlotRange(0.0, right_end("steps", last), 0.0, highest(norm, average, clip)))
        self._tell()

    def _point_at(self, x: float | None) -> None:
        self._mouse = x
        self._tell()

    def _tell(self) -> None:
        curve = self._curve
        if curve is None or not len(curve):
            self.set_cursor(None)
            self.read.emit("")
            return
        at = len(curve) - 1
        if self._mouse is not None:
            at = int(np.clip(np.searchsorted(curve.steps, self._mouse), 0, at))
        self.set_cursor(None if self._mouse is None else float(curve.steps[at]))
        clipped = ", clipped" if curve.clipped[at] else ""
        if clipped and self._mouse is None:  # an earlier step may have had another limit
            clipped += f" to norm {in_figures(self._clip)}"
        norm = in_figures(float(curve.gradient_norm[at]))
        self.read.emit(f"step {grouped(int(curve.steps[at]))}: norm {norm}{clipped}")


def highest(norm: DoubleArray, average: float, clip: float) -> float:
    """The upper end of the axis: above the average, nearly all steps, and the threshold unless that is far above."""
    thinned = norm[:: max(1, len(norm) // THINNED)]
    finite = thinned[np.isfinite(thinned)]
    if not len(finite):
        return 1.0
    top = max(float(np.quantile(finite, HIGHEST_SHARE)), average if math.isfinite(average) else 0.0)
    if 0 < clip <= 4.0 * top:
        top = max(top, 1.25 * clip)
    high = stepped_range([0.0, top])[1]
    return high if high > 0 and math.isfinite(high) else 1.0
