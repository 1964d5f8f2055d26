"""What all pyqtgraph plots share: colours, quiet axes, and ranges that grow in steps.

Painting axes is what a plot costs: their pictures are cached as long as the range stays. So a range changes rarely, by
a good piece at a time, and never because one more point has come.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPen

from gui.theme import Theme

AXIS_FONT_PX = 11
ROUND_STEPS = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0)
LARGEST_DRAWN = 1e12  # beyond this a value is drawn here, so that screen coordinates stay finite


def stepped_up(value: float) -> float:
    """The smallest round number (1, 1.5, 2, 3, 4, 6, 8 times a power of ten) that is not below `value` > 0."""
    if not math.isfinite(value) or value <= 0.0:
        return 1.0
    unit = 10.0 ** math.floor(math.log10(value))
    return next(step * unit for step in ROUND_STEPS if step * unit >= value * (1 - 1e-12))


def stepped_range(values: Iterable[float], parts: int = 8) -> tuple[float, float]:
    """Round limits around all finite values; they move only by whole steps of about a `parts`-th of the span."""
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return 0.0, 1.0
    low, high = min(finite), max(finite)
    step = stepped_up(max(high - low, abs(high) * 1e-3, 1e-9) / parts)
    return math.floor(low / step - 0.02) * step, math.ceil(high / step + 0.02) * step


def make_plot(name: str, title: str, theme: Theme) -> pg.PlotWidget:
    """An empty plot without menu and buttons; the wheel zooms and a drag moves. `dress` gives it its colours."""
    plot = pg.PlotWidget(background=None)
    plot.setObjectName(name)
    plot.setAccessibleName(title)
    plot.setFrameShape(pg.QtWidgets.QFrame.Shape.NoFrame)
    plot.setMinimumHeight(150)
    item = plot.getPlotItem()
    item.hideButtons()
    item.setMenuEnabled(False)
    item.setDownsampling(auto=True, mode="peak")
    item.setClipToView(True)
    item.disableAutoRange()
    dress(plot, theme)
    return plot


def dress(plot: pg.PlotWidget, theme: Theme) -> None:
    """Colours of the theme: quiet axes, faint horizontal lines."""
    font = QFont(plot.font())
    font.setPixelSize(AXIS_FONT_PX)
    plot.setBackground(theme.surface)
    item = plot.getPlotItem()
    for side in ("left", "bottom"):
        axis = item.getAxis(side)
        axis.setPen(pg.mkPen(theme.grid))
        axis.setTextPen(pg.mkPen(theme.muted))
        axis.setTickFont(font)
        axis.setStyle(tickLength=0, tickTextOffset=6)
    item.getAxis("bottom").label.setFont(font)
    item.showGrid(x=False, y=True, alpha=1.0)


def pen(color: str, width: float = 1.0, dashed: bool = False) -> QPen:
    """A line for a curve. Width 1 is by far the cheapest to paint."""
    return pg.mkPen(color, width=width, style=Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine)
