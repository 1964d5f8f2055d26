"""Loss while training: each batch, smoothed, and on the validation examples."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, SignalInstance
from PySide6.QtWidgets import QComboBox, QLabel

from gui.panels.panel import Panel
from gui.plotting import LARGEST_DRAWN, dress, make_plot, pen, stepped_range, stepped_up
from gui.progress import Curve, Numbers
from gui.session import Session
from gui.smoothing import Smoothed
from gui.theme import mix

AXES = {"steps": "steps", "log": "log of steps", "seconds": "seconds"}
FIRST_STEPS = 20  # whose loss says how high the picture must at least reach
LEAST_STEPS, LEAST_SECONDS = 20.0, 1.0
LOG_GROWTH = 0.25  # in powers of ten: how much the logarithmic axis grows at a time


class LossPanel(Panel):
    """Training and validation loss against steps, their logarithm, or seconds; the values under the mouse in words."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "Loss", "nats")
        self.subtitle.setToolTip("nats per predicted symbol, −ln of the probability that the right one was given")
        self.plot = make_plot("loss-plot", "Training and validation loss", session.theme)
        self.raw = self.plot.plot(connect="finite")
        self.smooth = self.plot.plot(connect="finite")
        self.validation = self.plot.plot(connect="finite", symbol="o", symbolSize=5)
        self.cursor = pg.InfiniteLine(angle=90, movable=False)
        self.cursor.hide()
        self.plot.addItem(self.cursor, ignoreBounds=True)
        self.reading = QLabel()
        self.reading.setObjectName("loss-reading")
        self.reading.setTextFormat(Qt.TextFormat.RichText)
        self.reading.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.axis = QComboBox()
        self.axis.setObjectName("loss-axis")
        self.axis.setAccessibleName("Horizontal axis of the loss plot")
        self.axis.setToolTip("What the loss is drawn against")
        for key, title in AXES.items():
            self.axis.addItem(title, key)
        self.header.addWidget(self.reading)
        self.header.addWidget(self.axis)
        self.body.addWidget(self.plot, 1)
        self._curve: Curve | None = None
        self._smoothed = Smoothed()
        self._drawn: tuple[object, ...] = ()
        self._range: tuple[float, ...] = ()
        self._follows = True  # whether the range follows the curve; not after the user has zoomed
        self._mouse: float | None = None
        self._connect()
        self._dress()

    def _connect(self) -> None:
        self.axis.currentIndexChanged.connect(self._change_axis)
        scene = self.plot.scene()
        scene.sigMouseMoved.connect(self._point_at)
        scene.sigMouseClicked.connect(self._clicked)
        self.plot.getViewBox().sigRangeChangedManually.connect(self._zoomed)

    def watches(self) -> tuple[SignalInstance, ...]:
        """The curve grows with each frame."""
        session = self.session
        return session.frame, session.model_changed, session.status_changed, session.theme_changed

    def refresh(self) -> None:
        """Draw what has come, if anything has."""
        session = self.session
        curve = session.curve
        if curve is not self._curve:
            self._curve, self._smoothed, self._follows = curve, Smoothed(), True
            self._range = ()
        drawn = (id(curve), len(curve), len(curve.validation_steps), session.theme.name, self.axis.currentData())
        if drawn == self._drawn:
            return
        if self._drawn and self._drawn[3] != session.theme.name:
            self._dress()
        self._drawn = drawn
        x, validation_x = self._x(curve)
        smooth = self._smoothed.follow(curve.train_loss)
        self.raw.setData(x, _drawable(curve.train_loss))
        self.smooth.setData(x, _drawable(smooth))
        self.validation.setData(validation_x, _drawable(curve.validation_loss))
        if self._follows:
            self._set_range(x, smooth, curve.validation_loss)
        self._tell()

    def _x(self, curve: Curve) -> tuple[Numbers, Numbers]:
        kind = self.axis.currentData()
        if kind == "seconds":
            return curve.seconds, curve.validation_seconds
        if kind == "log":
            return np.log10(np.maximum(curve.steps, 1.0)), np.log10(np.maximum(curve.validation_steps, 1.0))
        return curve.steps, curve.validation_steps

    def _set_range(self, x: Numbers, smooth: Numbers, validation: Numbers) -> None:
        last = float(x[-1]) if len(x) else 0.0
        kind = self.axis.currentData()
        if kind == "log":
            right = max(2.0, math.ceil((last + 0.02) / LOG_GROWTH) * LOG_GROWTH)
        else:
            right = stepped_up(max(last, LEAST_SECONDS if kind == "seconds" else LEAST_STEPS))
        low, high = self._heights(smooth, validation)
        wanted = (0.0, right, low, high)
        if wanted != self._range:
            self._range = wanted
            view = self.plot.getViewBox()
            view.setRange(xRange=(0.0, right), yRange=(low, high), padding=0.0, disableAutoRange=True)

    def _heights(self, smooth: Numbers, validation: Numbers) -> tuple[float, float]:
        """Limits that hold the curves, but not a loss that has run away: that one leaves at the top."""
        start = smooth[:FIRST_STEPS]
        start = start[np.isfinite(start)]
        values = np.concatenate([_thinned(smooth), _thinned(validation)])
        values = values[np.isfinite(values)]
        if not len(values):
            return 0.0, 1.0
        top = min(float(values.max()), 2.0 * float(start.max()) if len(start) else math.inf, LARGEST_DRAWN)
        low, high = stepped_range([min(0.0, float(values.min())) if values.min() < 1.0 else float(values.min()), top])
        return max(low, -LARGEST_DRAWN), high

    def _change_axis(self) -> None:
        self._follows, self._range = True, ()
        self.plot.getPlotItem().getAxis("bottom").setLogMode(self.axis.currentData() == "log", False)
        self.refresh()

    def _zoomed(self) -> None:
        self._follows, self._range = False, ()

    def _clicked(self, event: pg.GraphicsScene.mouseEvents.MouseClickEvent) -> None:
        if event.double():
            self._follows, self._drawn = True, ()
            self.refresh()

    def _point_at(self, position: QPointF) -> None:
        view = self.plot.getViewBox()
        inside = view.sceneBoundingRect().contains(position) and len(self.session.curve) > 0
        self._mouse = float(view.mapSceneToView(position).x()) if inside else None
        self._tell()

    def _tell(self) -> None:
        """Legend with the newest values, or those under the mouse."""
        curve, theme = self.session.curve, self.session.theme
        if not len(curve):
            self.cursor.hide()
            self.reading.setText("")
            return
        x, validation_x = self._x(curve)
        at = len(x) - 1 if self._mouse is None else int(np.clip(np.searchsorted(x, self._mouse), 0, len(x) - 1))
        self.cursor.setVisible(self._mouse is not None)
        self.cursor.setValue(x[at])
        smooth = self._smoothed.follow(curve.train_loss)
        parts = [f"<span style='color:{theme.train}'>━</span> train <b>{_number(smooth[at])}</b>"]
        before = int(np.searchsorted(validation_x, x[at], side="right")) - 1
        if before >= 0:
            value = _number(curve.validation_loss[before])
            parts.append(f"<span style='color:{theme.validation}'>━</span> validation <b>{value}</b>")
        if self._mouse is not None:
            parts.insert(0, f"step {int(curve.steps[at]):,}")
        self.reading.setText("&nbsp; ".join(parts))

    def leaveEvent(self, event: pg.QtCore.QEvent) -> None:
        """The legend shows the newest values again."""
        super().leaveEvent(event)
        self._mouse = None
        self._tell()

    def _dress(self) -> None:
        theme = self.session.theme
        dress(self.plot, theme)
        self.raw.setPen(pen(mix(theme.surface, theme.train, 0.45)))
        self.smooth.setPen(pen(theme.train, 2.0))
        self.validation.setPen(pen(theme.validation, 2.0))
        self.validation.setSymbolBrush(theme.validation)
        self.validation.setSymbolPen(None)
        self.cursor.setPen(pen(theme.muted))


def _drawable(values: Numbers) -> Numbers:
    """The same values, kept where screen coordinates stay finite; NaN stays a gap."""
    if len(values) and not np.nanmax(np.abs(values), initial=0.0) < LARGEST_DRAWN:
        return np.clip(values, -LARGEST_DRAWN, LARGEST_DRAWN)
    return values


def _thinned(values: Numbers, most: int = 4096) -> Numbers:
    """At most about `most` of the values, evenly chosen: enough to know their limits."""
    return values[:: max(1, len(values) // most)]


def _number(value: float) -> str:
    """Three figures after the point, or what there is to say instead."""
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else "infinite"
    return f"{value:.3f}" if abs(value) < 1000 else f"{value:.2e}"
