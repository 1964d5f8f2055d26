"""Loss while training: each batch, smoothed, and on the validation examples."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QLabel

from engine.baselines import Baseline, baselines
from gui.asking import Asker
from gui.curve_axis import AXES, placed, right_end
from gui.panels.view import View
from gui.plotting import stepped_range
from gui.progress import Curve, Numbers
from gui.session import Session
from gui.smoothing import Smoothed
from gui.theme import Theme, mix
from gui.widgets.fields import Choice
from gui.widgets.line_plot import Level, Line, LinePlot, Range

FIRST_STEPS = 20  # whose loss says how high the picture must at least reach
NEAR_ZERO = 1.0  # nats: a loss that comes this low is drawn above a true zero
LARGEST_DRAWN = 1e12
NARROW_PX = 480  # a panel narrower than this has no room for a step beside the names of the curves


class LossPanel(View):
    """Training and validation loss against steps, epochs or seconds; the values under the mouse in words."""

    HELP = (
        "Loss is how surprised the network is: the mean of −ln p, where p is the probability it gave to what really "
        "came. ln of the number of possible answers is a blind guess, 0 is certainty. The pale line is each batch of "
        "training examples, the thicker one its average, the dark one the validation examples that are never trained "
        "on: where it turns upwards while the other still falls, the network learns by heart.\n\nThe dashed lines are "
        "what can be had without a network, from counts alone; they tell when they were passed.\n\nCtrl and the wheel "
        "zoom, a drag moves, a double click shows all."
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session, "Loss", "nats")
        self.subtitle.setToolTip("nats per predicted symbol: −ln of the probability that the right one was given")
        self.plot = LinePlot(session.theme, "loss-plot", "Training and validation loss")
        self.plot.setToolTip("Ctrl and the wheel zoom, a drag moves, a double click shows all")
        self.reading = QLabel()
        self.reading.setObjectName("loss-reading")
        self.reading.setTextFormat(Qt.TextFormat.RichText)
        self.reading.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.axis = Choice("loss-axis", "Horizontal axis of the loss plot", "What the loss is drawn against", AXES)
        self.axis.setMinimumContentsLength(6)
        self.header.addWidget(self.reading, 1)
        self.header.addWidget(self.axis)
        self.body.addWidget(self.plot, 1)
        self._curve: Curve | None = None
        self._smoothed = Smoothed()
        self._drawn: tuple[object, ...] = ()
        self._follows = True  # whether the range follows the curve; not after the user has zoomed
        self._mouse: float | None = None
        self._baselines: list[Baseline] = []
        self._baselines_of: tuple[object, str] | None = None
        self._asker = Asker(session, "loss-baselines")
        self.axis.changed.connect(self._change_axis)
        self.plot.pointed.connect(self._point_at)
        self.plot.zoomed.connect(self._zoom)

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
        self._ask_baselines()
        drawn = (curve, len(curve), len(curve.validation_steps), session.theme, self.axis.value())
        if drawn == self._drawn:
            return
        self._drawn = drawn
        x, validation_x = self._x(curve)
        smooth = self._smoothed.follow(curve.train_loss)
        self.plot.show_lines(
            lines_of(x, curve.train_loss, smooth, validation_x, curve.validation_loss, session.theme), session.theme
        )
        if self._follows:
            self._set_range(x, smooth, curve.validation_loss)
        self.plot.set_levels(levels_of(self._baselines, curve))
        self._tell()

    def _ask_baselines(self) -> None:
        """What can be had without a network, when the data or what is predicted from them are others."""
        dataset, shape = self.session.dataset, self.session.model_config.architecture
        if dataset is None or self._baselines_of == (dataset, shape):
            return
        self._baselines_of, self._baselines = (dataset, shape), []
        if len(dataset.validation):
            self._asker.ask(lambda snapshot: baselines(dataset, shape), self._take_baselines)

    def _take_baselines(self, found: list[Baseline]) -> None:
        self._baselines = found
        self._drawn = ()
        self.refresh()

    def table(self) -> Iterator[tuple[object, ...]]:
        """Every step, with the validation loss where it was measured."""
        curve = self.session.curve
        validation = dict(zip(curve.validation_steps.tolist(), curve.validation_loss.tolist(), strict=True))
        yield "step", "seconds", "train loss", "validation loss"
        columns = (curve.steps.tolist(), curve.seconds.tolist(), curve.train_loss.tolist())
        for step, seconds, loss in zip(*columns, strict=True):
            yield int(step), seconds, loss, validation.get(step, "")

    def _x(self, curve: Curve) -> tuple[Numbers, Numbers]:
        return placed(str(self.axis.value()), curve, self.session.progress)

    def _set_range(self, x: Numbers, smooth: Numbers, validation: Numbers) -> None:
        last = float(x[-1]) if len(x) else 0.0
        kind = str(self.axis.value())
        self.plot.set_range(Range(0.0, right_end(kind, last), *heights(smooth, validation)), logarithmic=kind == "log")

    def _change_axis(self, _: object) -> None:
        self._follows = True
        self.refresh()

    def _zoom(self, by_user: bool) -> None:
        self._follows = not by_user
        if not by_user:
            self._drawn = ()
            self.refresh()

    def _point_at(self, x: float | None) -> None:
        self._mouse = x
        self._tell()

    def _tell(self) -> None:
        """Legend with the newest values, or those under the mouse."""
        curve, theme = self.session.curve, self.session.theme
        if not len(curve):
            self.plot.set_cursor(None)
            self.reading.setText("")
            return
        x, validation_x = self._x(curve)
        at = len(x) - 1 if self._mouse is None else int(np.clip(np.searchsorted(x, self._mouse), 0, len(x) - 1))
        self.plot.set_cursor(None if self._mouse is None else float(x[at]))
        smooth = self._smoothed.follow(curve.train_loss)
        named = self._mouse is None or self.width() >= NARROW_PX
        train, validation = ("train ", "validation ") if named else ("", "")
        parts = [f"<span style='color:{theme.train}'>━</span> {train}<b>{_number(smooth[at])}</b>"]
        before = int(np.searchsorted(validation_x, x[at], side="right")) - 1
        if before >= 0:
            value = _number(curve.validation_loss[before])
            parts.append(f"<span style='color:{theme.validation}'>━</span> {validation}<b>{value}</b>")
        if self._mouse is not None:
            parts.insert(0, f"step {int(curve.steps[at]):,}")
        self.reading.setText("&nbsp; ".join(parts))


def lines_of(
    x: Numbers, raw: Numbers, smooth: Numbers, validation_x: Numbers, validation: Numbers, theme: Theme
) -> tuple[Line, ...]:
    """The three curves, the important one last, on top."""
    return (
        Line(x, raw, mix(theme.surface, theme.train, 0.45)),
        Line(x, smooth, theme.train, 2.0),
        Line(validation_x, validation, theme.validation, 2.0, dots=True),
    )


def levels_of(found: list[Baseline], curve: Curve) -> tuple[Level, ...]:
    """A line for each baseline; it tells from which step on the validation loss was better."""
    levels = []
    for baseline in found:
        better = np.flatnonzero(curve.validation_loss < baseline.loss)
        passed = f", passed at step {int(curve.validation_steps[better[0]]):,}" if len(better) else ""
        short = f"{baseline.name} {baseline.loss:.2f}"
        levels.append(Level(baseline.loss, f"{short}{passed}", short))
    return tuple(levels)


def heights(smooth: Numbers, validation: Numbers) -> tuple[float, float]:
    """Limits that hold the curves, but not a loss that has run away: that one leaves at the top."""
    start = smooth[:FIRST_STEPS]
    start = start[np.isfinite(start)]
    values = np.concatenate([_thinned(smooth), _thinned(validation)])
    values = values[np.isfinite(values)]
    if not len(values):
        return 0.0, 1.0
    highest, bottom = float(values.max()), float(max(values.min(), -LARGEST_DRAWN))
    top = min(highest, 2.0 * float(start.max()) if len(start) and start.max() > 0 else math.inf, LARGEST_DRAWN)
    low, high = stepped_range([0.0 if 0.0 <= bottom < NEAR_ZERO else min(bottom, top), top])
    return max(low, -0.02 * high) if bottom >= 0.0 else low, high


def _thinned(values: Numbers, most: int = 4096) -> Numbers:
    """At most about `most` of the values, evenly chosen: enough to know their limits."""
    return values[:: max(1, len(values) // most)]


def _number(value: float) -> str:
    """Three figures after the point, or what there is to say instead."""
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else "infinite"
    return f"{value:.3f}" if abs(value) < 1000 else f"{value:.2e}"
