"""Upright bars with names below: how a gradient changes on its way back through time, how often each length occurs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QResizeEvent

from gui.plots.axes import NumberAxis
from gui.plots.bar_scale import BarScale
from gui.plots.name_axis import NameAxis
from gui.plots.plot import Plot, PlotBox
from gui.theme import LIGHT, Theme
from gui.widgets.symbols import plain_tip

BAR_SHARE = 0.72  # of the room for each bar
LEAST_BAR_PX = 1.5  # least height: anything above zero is visible
BROKEN_PX = 4.0  # height of the mark for a value that is not a number
FEWEST = 4  # bars that are always visible
LOST_SHARE = 0.01  # share of the newest bar: smaller bars are pale, which shows on either scale
LOW_PX = 90.0  # a plot lower than this has every other number of its scale


@dataclass(frozen=True)
class BarValue:
    """One bar: the name below it, its value, and its tooltip; NaN is drawn as a mark."""

    name: str
    value: float
    hint: str = ""


class BarPlot(Plot):
    """Bars into which the wheel zooms; heights are shares of the plot's height, on a scale that stays the same."""

    def __init__(
        self, theme: Theme, name: str, title: str, names: NameAxis, widest: float, least: tuple[int, int]
    ) -> None:  # fmt: skip
        """widest: the largest width of a bar, in pixels, while all are visible."""
        super().__init__(theme, name, title, PlotBox(wheel=(True, False)), least)
        self.values: tuple[BarValue, ...] = ()
        self.names = names
        self.add_axis(names)
        self.bars = pg.BarGraphItem(x0=[], width=1.0, height=[], pen=None)
        self.box.addItem(self.bars, ignoreBounds=True)
        self.view.setAntialiasing(True)
        self._widest = widest
        self.fit()

    # ---- what subclasses define

    def shares(self) -> list[float]:
        """The height of each bar, 0 to 1; NaN for a mark."""
        raise NotImplementedError

    def colors(self) -> list[str]:
        """The colour of each bar."""
        return [self.theme.accent] * len(self.values)

    # ---- drawing

    def show_values(self, values: Sequence[BarValue], theme: Theme) -> None:
        """Draw these bars. A zoom stays while there are as many."""
        self.take_theme(theme)
        others = len(values) != len(self.values)
        self.values = tuple(values)
        self.names.set_names(tuple(value.name for value in values))
        if others:
            count = max(1, len(values))
            self.box.setLimits(xMin=0, xMax=count, yMin=0, yMax=1, minXRange=min(FEWEST, count), minYRange=1)
            self.follow()
        self._draw_bars()

    def fit(self) -> None:
        """Show all bars."""
        self.box.setRange(xRange=(0, max(1, len(self.values))), yRange=(0, 1), padding=0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the limits of the bars' width and height, which are in pixels."""
        super().resizeEvent(event)
        self._draw_bars()

    def _draw_bars(self) -> None:
        self.bars.setVisible(bool(self.values))
        if not self.values:
            return
        slot, height = max(1.0, self.box.width()) / len(self.values), max(1.0, self.box.height())
        width = min(self._widest / slot, max(1.0 / slot, BAR_SHARE))
        shares = np.array(self.shares())
        least = [LEAST_BAR_PX / height if value.value > 0 else 0.0 for value in self.values]
        drawn = np.where(np.isnan(shares), BROKEN_PX / height, np.maximum(shares, least))
        brushes = [pg.mkBrush(color) for color in self.colors()]
        self.bars.setOpts(
            x0=np.arange(len(shares)) + 0.5 - width / 2, width=width, y0=0.0, height=drawn, pen=None, brushes=brushes
        )

    def bar_at(self, x: float) -> int:
        """The bar at an x position in the widget; −1 beside all bars."""
        at = math.floor(self.box.mapSceneToView(QPointF(x, 0)).x())
        return at if 0 <= at < len(self.values) and self.area().left() <= x <= self.area().right() else -1

    def point_at(self, position: QPointF | None) -> None:
        """Show the hint of the bar under the mouse in a tooltip."""
        at = self.bar_at(position.x()) if position is not None else -1
        self.setToolTip(plain_tip(self.values[at].hint if at >= 0 else ""))

    def zoom(self, factor: float) -> None:
        """Zoom into the bars."""
        self.box.zoom(factor, axes=(True, False))


class StepBars(BarPlot):
    """Bars over steps, newest on the right, with a scale in percent or powers of ten of the newest."""

    def __init__(self, theme: Theme, name: str, title: str) -> None:
        font = Plot.font_of_plots()
        names = NameAxis("bottom", font, 64.0, gap=9.0, from_end=True)
        self.shown = BarScale()
        super().__init__(theme, name, title, names, 22.0, (140, 90))
        self.scale = NumberAxis("left", font, grid=True)
        self.add_axis(self.scale)
        self._set_ticks()

    def show_steps(self, values: Sequence[BarValue], theme: Theme, *, logarithmic: bool = False) -> None:
        """Draw these bars."""
        before = self.shown.decades if len(values) == len(self.values) else 0
        reference = reference_of([value.value for value in values])
        shares = (value.value / reference for value in values)
        scale = BarScale.of(shares, logarithmic=logarithmic, before=before)
        if scale != self.shown:
            self.shown = scale
            self.arrange()
        self.scale.setVisible(bool(values))
        self.show_values(values, theme)
        self.setAccessibleDescription(", ".join(f"{v.name}: {v.value:.3g}" for v in values[-20:]))

    def shares(self) -> list[float]:
        """Each bar as a share of the height of the scale."""
        reference = reference_of([value.value for value in self.values])
        found = (value.value for value in self.values)
        return [self.shown.place(value / reference) if math.isfinite(value) else math.nan for value in found]

    @property
    def logarithmic(self) -> bool:
        """Whether the scale is."""
        return self.shown.decades > 0

    def colors(self) -> list[str]:
        """The colour of each bar: pale if almost nothing is left."""
        theme = self.theme
        kept = [theme.train if self.lost(value.value) else theme.accent for value in self.values]
        return [
            color if math.isfinite(value.value) else theme.error for color, value in zip(kept, self.values, strict=True)
        ]

    def lost(self, value: float) -> bool:
        """Whether almost nothing is left of the newest bar."""
        newest = self.values[-1].value
        return math.isfinite(newest) and value < LOST_SHARE * newest

    def area(self) -> QRectF:
        """Where the bars are."""
        numbers = self.shown.numbers()
        return self.area_beside(max(self.text_width(text) for _, text in numbers) + 8, 6)

    def arrange(self) -> None:
        """Place the numbers on the left, and the names below."""
        super().arrange()
        self.place_axes(self.scale, self.names)
        self._set_ticks()

    def _set_ticks(self) -> None:
        """Show as many numbers as fit above each other."""
        numbers = self.shown.numbers()
        self.scale.setTicks([numbers if self.area().height() >= LOW_PX else numbers[::2]])


class ColumnChart(BarPlot):
    """Counts over the whole width; the largest is as high as the plot."""

    HEIGHT_PX = 76

    def __init__(self, name: str, title: str) -> None:
        names = NameAxis("bottom", Plot.font_of_plots(), math.inf, gap=3.0, line=True)
        super().__init__(LIGHT, name, title, names, 26.0, (140, self.HEIGHT_PX))
        self.setFixedHeight(self.HEIGHT_PX)

    def show_counts(self, counts: Sequence[BarValue], theme: Theme) -> None:
        """Draw these bars."""
        self.setAccessibleDescription(", ".join(f"{count.name} {count.value:g}" for count in counts[:40]))
        self.show_values(counts, theme)

    def shares(self) -> list[float]:
        """Each bar as a share of the largest count."""
        largest = max(count.value for count in self.values) or 1
        return [count.value / largest for count in self.values]

    def sizeHint(self) -> QSize:
        """A nominal size; the plot takes any width."""
        return QSize(300, self.HEIGHT_PX)

    def area(self) -> QRectF:
        """Where the bars are."""
        return QRectF(0, 2, max(1.0, self.width()), max(1.0, self.height() - self.line_height() - 5))

    def arrange(self) -> None:
        """Place the names below."""
        super().arrange()
        area = self.area()
        self.names.place(QRectF(0, area.bottom(), area.width(), self.height() - area.bottom()))


def reference_of(values: Sequence[float]) -> float:
    """The value that counts as 100 %: the newest, or the largest if the newest is zero or not finite."""
    newest = values[-1] if values else 0.0
    if math.isfinite(newest) and newest > 0:
        return newest
    return max(filter(math.isfinite, values), default=0.0) or 1.0
