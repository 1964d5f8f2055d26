"""A series up to now, and how it may continue."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen

from engine.types import FloatArray
from gui.plots.axes import NumberAxis
from gui.plots.line_plot import Line, LinePlot, PlotRange
from gui.plots.plot import Overlay, PlotBox
from gui.plots.step_axis import StepAxis
from gui.theme import Theme, mix

HEADROOM = 0.06  # of the height, above and below what is drawn
DRAWING_ROOM = 0.25  # the same, while the user draws
MOST_DRAWS = 20
MOST_DRAWN = 1e100  # for larger numbers there is no axis
FAR = 100.0  # times the height of the series: beside a forecast so far from it, it would be a flat line
GRIP_PX = 7.0  # on either side of "now", where a drag moves it
NOW = "now"
PALE = 0.45  # of the forecast's colour in a drawn future
BAND_ALPHA = 0.16


@dataclass(frozen=True, eq=False)
class ForecastCurves:
    """One column of a series: what the network has read, what came afterwards, and the forecast; x counts steps from 1.

    x, values (T,): the whole series. now: how many values the network has read. mean, lower, upper (steps,): from `now`
    on; lower and upper are NaN if no spread is learned. draws (n, steps).
    """

    x: FloatArray
    values: FloatArray
    now: int
    mean: FloatArray
    lower: FloatArray
    upper: FloatArray
    draws: FloatArray


def leaves_series(values: FloatArray, forecast: FloatArray) -> NDArray[np.bool_]:
    """Which values of a forecast, of any shape, are too far from the series (T,) to be drawn with it, or no numbers."""
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (-np.inf, np.inf)
    reach = FAR * ((high - low) or max(1.0, abs(high)))
    return ~((forecast >= low - reach) & (forecast <= high + reach) & np.isfinite(forecast))


@dataclass(frozen=True)
class Stroke:
    """A stroke of the mouse, from one point of the plane to another."""

    start: QPointF
    end: QPointF


class ForecastBox(PlotBox):
    """A drag that begins at the grip moves it; while the user draws, every drag draws. Others pan, as usual."""

    gripped = Signal(float)  # x to which the grip is dragged
    drawn = Signal(object)  # Stroke
    released = Signal()

    def __init__(self) -> None:
        super().__init__(wheel=(True, False))
        self.grip: float | None = None  # x
        self.drawing = False
        self.held = False  # whether the mouse is moving the grip, or drawing

    def grips(self, at: QPointF) -> bool:
        """Whether a point, in pixels of the box, is at the grip."""
        return self.grip is not None and abs(self.pixels_of(self.grip, 0.0).x() - at.x()) <= GRIP_PX

    def mouseDragEvent(self, event: pg.GraphicsScene.mouseEvents.MouseDragEvent, axis: int | None = None) -> None:
        """Move the grip, draw, or pan."""
        if event.isStart():
            plain = event.button() is Qt.MouseButton.LeftButton and axis is None and not event.modifiers()
            self.held = plain and (self.drawing or self.grips(event.buttonDownPos()))
        if not self.held:
            super().mouseDragEvent(event, axis)
            return
        event.accept()
        here = self.mapToView(event.pos())
        if self.drawing:
            before = event.buttonDownPos() if event.isStart() else event.lastPos()
            self.drawn.emit(Stroke(self.mapToView(before), here))
        else:
            self.gripped.emit(here.x())
        if event.isFinish():
            self.held = False
            self.released.emit()


class ForecastPlot(LinePlot):
    """A click sets "now", and a drag moves it. `set_drawing` lets the mouse draw instead."""

    WIDEST_NUMBER = "−00.00 k"  # in the units of the series, which may be far from zero
    now_chosen = Signal(float)  # x
    drawn = Signal(object)  # Stroke

    def __init__(self, theme: Theme, name: str, title: str) -> None:
        self._box = ForecastBox()
        super().__init__(theme, name, title, self._box)
        self._edges = pg.PlotCurveItem(), pg.PlotCurveItem()
        self._band = pg.FillBetweenItem(*self._edges)
        for item in (*self._edges, self._band):
            self.box.addItem(item, ignoreBounds=True)
        self._band.setZValue(-10)
        self._shown: tuple[ForecastCurves, Theme] | None = None
        self.banded = False  # whether a band is drawn
        self._now = _NowLine(self)
        self._box.clicked.connect(self._click)
        self._box.gripped.connect(self.now_chosen)
        self._box.drawn.connect(self.drawn)
        self._box.released.connect(self._settle)

    def axis_below(self) -> NumberAxis:
        """Make the axis of steps or dates."""
        self.steps = StepAxis(self.small_font)
        return self.steps

    def set_drawing(self, drawing: bool) -> None:
        """Choose whether the mouse draws the series or moves the plot."""
        self._box.drawing = drawing
        self.point_at(None)
        self._settle()

    def show_forecast(self, curves: ForecastCurves, theme: Theme) -> None:
        """Draw futures, the series with what really came, the mean, and the band in which 90 % of futures lie."""
        self._shown = curves, theme
        now = curves.now
        # All begin where the known values end, so that there is no gap.
        last = curves.values[now - 1 : now]
        ahead = curves.x[now - 1] + np.arange(len(curves.mean) + 1)
        future = mix(theme.surface, theme.accent, PALE)
        futures = np.concatenate([curves.mean[None], curves.draws[:MOST_DRAWS]])
        too_far = leaves_series(curves.values, futures)
        mean, *draws = np.where(too_far, np.nan, futures)
        lines = [Line(ahead, np.concatenate([last, draw]), future) for draw in draws]
        lines.append(Line(curves.x, curves.values, theme.secondary, 1.5))
        lines.append(Line(ahead, np.concatenate([last, mean]), theme.accent, 2.0))
        fill = QColor(theme.accent)
        fill.setAlphaF(BAND_ALPHA)
        self.banded = not leaves_series(curves.values, np.concatenate([curves.lower, curves.upper])).any()
        self._band.setVisible(self.banded)
        if self.banded:
            for edge, values in zip(self._edges, (curves.lower, curves.upper), strict=True):
                edge.setData(ahead, np.concatenate([last, values]), pen=None)
            self._band.setBrush(fill)
        shown = [curves.values] if too_far.any() else [line.y for line in lines]
        drawn = np.concatenate(shown + ([curves.lower, curves.upper] if self.banded else []))
        if not self._box.held:  # the range stays while the mouse is moving something
            self.set_range(_range(drawn, float(curves.x[0]), max(float(curves.x[-1]), float(ahead[-1])), self._room()))
        self._box.grip = float(ahead[0])
        self._now.update()
        self.show_lines(tuple(lines), theme)

    def _room(self) -> float:
        return DRAWING_ROOM if self._box.drawing else HEADROOM

    def _settle(self) -> None:
        """Show everything again when the mouse is released."""
        if self._shown is not None:
            self.show_forecast(*self._shown)

    def _click(self, at: QPointF) -> None:
        here = self.box.mapToView(at)
        if self._box.drawing:
            self.drawn.emit(Stroke(here, here))
            self._settle()
        else:
            self.now_chosen.emit(here.x())

    def point_at(self, position: QPointF | None) -> None:
        """Show by the cursor what a drag does here."""
        shape = Qt.CursorShape.ArrowCursor
        if position is not None and self.area().contains(position):
            at = position - self.area().topLeft()
            shape = (
                Qt.CursorShape.CrossCursor
                if self._box.drawing
                else Qt.CursorShape.SizeHorCursor
                if self._box.grips(at)
                else shape
            )
        self.view.viewport().setCursor(shape)


def _range(drawn: FloatArray, left: float, right: float, room: float) -> PlotRange:
    """The range that shows everything, with a share of the height free above and below."""
    finite = drawn[np.isfinite(drawn)]  # a diverged network may predict anything
    seen = np.clip(finite, -MOST_DRAWN, MOST_DRAWN)
    low, high = (float(seen.min()), float(seen.max())) if len(seen) else (0.0, 1.0)
    margin = room * (high - low) or max(1.0, room * abs(high))
    return PlotRange(left, right, low - margin, high + margin)


class _NowLine(Overlay):
    """A line where the network stops reading, with a tab to drag."""

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw the line, and the tab at the top, inside the box."""
        plot = self.plot
        assert isinstance(plot, ForecastPlot)
        box = plot.box
        assert isinstance(box, ForecastBox)
        if box.grip is None:
            return
        x, height = box.pixels_of(box.grip, 0.0).x(), plot.line_height()
        if not 0 <= x <= area.right():
            return
        color = QColor(plot.theme.accent)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color, 1.0))
        painter.drawLine(QPointF(x, 0), QPointF(x, area.bottom()))
        width = plot.text_width(NOW) + 10
        tab = QRectF(min(max(0.0, x - width / 2), area.right() - width), 0, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(tab, 3, 3)
        painter.setPen(QColor(plot.theme.on_accent))
        painter.drawText(tab, int(Qt.AlignmentFlag.AlignCenter), NOW)
