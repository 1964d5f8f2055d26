"""Curves of all compared runs in one plot: loss or a metric, against steps or seconds of computing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal

import engine
from engine.data.examples import SideValue
from engine.models.metrics import in_percent, is_share, metric_text, metric_title
from engine.number_text import loss_text
from engine.training.baseline import Baseline
from engine.types import DoubleArray
from gui.panels.base.asking_view import offer
from gui.panels.base.curve_view import legend, nearest_index
from gui.panels.base.view import least_plot_height
from gui.panels.compare.compare_page import Entry, Page
from gui.panels.compare.figures_table import loss_figure
from gui.plots.axes import LAST
from gui.plots.axis_choice import AxisChoice
from gui.plots.curve_axis import AXES, Places, right_end
from gui.plots.line_plot import Line, LinePlot, PlotRange
from gui.plots.loss_heights import LEAST_HEIGHT, highest_held
from gui.plots.picture_export import Table
from gui.plots.plot import ZOOM_HELP
from gui.plots.ranges import stepped_range
from gui.plots.reference_levels import ReferenceLevel
from gui.session.probe import Probe
from gui.theme import Theme
from gui.widgets.box_layouts import add, side_by_side
from gui.widgets.fields import Choice
from gui.widgets.text import NO_BREAK, text_label

VALIDATION, TRAINING = "validation loss", "training loss"
NOT_YET = "No run has been validated yet. Choose training loss to see how far they are."
UNLIKE = "These runs learned from different data or for different tasks: their losses cannot be compared."
POINT_SHARE = 0.03  # of the height, left beyond the highest and lowest value: points are whole in a low plot too


class CurvesPage(Page):
    """Every curve is drawn from the same numbers in the same way; only the training loss is smoothed."""

    READS_TEXT = False
    chosen = Signal()  # the user has chosen something else to draw

    def __init__(self, theme: Theme, owner: str, losses: bool = True) -> None:
        """losses: whether losses can be drawn, or only metrics, in a view that has the choice among them in its
        head."""
        super().__init__()
        self._losses = {VALIDATION: VALIDATION, TRAINING: TRAINING} if losses else {}
        self.what = Choice(f"{owner}-what", "Curves to draw", "Loss, or one of the metrics", self._losses)
        self.what.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToContents)
        self.reading = text_label("", "small", wrap=True, name=f"{owner}-reading")
        self.reading.setTextFormat(Qt.TextFormat.RichText)
        self.plot = LinePlot(theme, f"{owner}-plot", "Curves of the compared runs")
        self.plot.explain(ZOOM_HELP)
        self.axis = AxisChoice(f"{owner}-axis", "Horizontal axis: Compare", "Quantity on the horizontal axis", AXES)
        self.plot.set_axis_title(self.axis)
        self.levels_line = text_label("", "small", wrap=True, name=f"{owner}-levels")
        first = side_by_side((self.reading, 1), self.what) if losses else self.reading
        add(self.column, first, (self.plot, 1), self.levels_line)
        self.head = None if losses else self.what
        self._entries: Sequence[Entry] = ()
        self._baselines: Sequence[Baseline] = ()
        self._theme = theme
        self._mouse: float | None = None
        self._drawn: tuple[object, ...] = ()
        for choice in (self.what, self.axis):
            choice.changed.connect(self._start_over)
        self.plot.pointed.connect(self._point_at)

    def fit(self, room: QSize) -> None:
        """Let the plot give way to the values, as it does in a view of one run."""
        self.plot.setMinimumHeight(least_plot_height(room.width()))

    def look(self, probe: Probe, truth: SideValue) -> Callable[[engine.Snapshot], Any] | None:
        """Curves need no weights."""
        return None

    def show_found(self, entries: Sequence[Entry], found: Mapping[str, Any | str], theme: Theme) -> None:
        """Draw new values, if there are any."""
        self._entries, self._theme = entries, theme
        metrics = dict.fromkeys(name for entry in entries for name in entry.run.curve.validation_metrics)
        shares_first = sorted(metrics, key=lambda name: not is_share(name))
        offer(self.what, self._losses | {name: metric_title(name) for name in shares_first})
        curves = [(entry.run.id, entry.run.curve, entry.color) for entry in entries]
        sizes = [(run, len(curve), len(curve.validation_steps), color) for run, curve, color in curves]
        drawn = (sizes, theme, self.what.value(), self.axis.value(), self._baselines)
        if drawn != self._drawn:
            self._drawn = drawn
            self._draw()

    def show_baselines(self, baselines: Sequence[Baseline]) -> None:
        """Draw what counting alone achieves."""
        self._baselines = baselines

    def _start_over(self, _: object) -> None:
        self.plot.follow()
        self._drawn = ()
        self.show_found(self._entries, {}, self._theme)

    def _curves(self) -> list[tuple[Entry, DoubleArray, DoubleArray]]:
        """Each entry with its x and y values, (n,) each."""
        what, kind = str(self.what.value()), str(self.axis.value())
        found = []
        for entry in self._entries:
            curve = entry.run.curve
            steps, evaluated = Places().follow(kind, curve, entry.run.progress)
            if what == TRAINING:
                found.append((entry, steps, curve.average_loss))
            elif what == VALIDATION:
                found.append((entry, evaluated, curve.validation_loss))
            elif what in curve.validation_metrics:
                values = curve.validation_metrics[what]
                found.append((entry, evaluated[-len(values) :], values))
        return found

    def _draw(self) -> None:
        theme, curves = self._theme, self._curves()
        dots, losses = self.what.value() != TRAINING, self.what.value() in (VALIDATION, TRAINING)
        lines = (Line(x, y, entry.color, 2.0, dots=dots, told=losses) for entry, x, y in curves)
        self.plot.show_lines(tuple(lines), theme)
        levels = self._levels()
        self.plot.set_levels(levels)
        runs = [entry.run for entry in self._entries]
        unlike = losses and not all(runs[0].has_data_of(run) for run in runs[1:])
        below = [UNLIKE] * unlike + [level.name.replace(" ", NO_BREAK) for level in levels]
        self.levels_line.setText("  ·  ".join(below))
        self.levels_line.setVisible(bool(below))
        low, high = limits([y for _, _, y in curves], [level.y for level in levels], losses)
        kind = str(self.axis.value())
        end = right_end(kind, max((float(x[-1]) for _, x, _ in curves if len(x)), default=0.0))
        shares = not losses and in_percent(str(self.what.value()))
        least = min((float(y[np.isfinite(y)].min(initial=high)) for _, _, y in curves), default=high)
        room = POINT_SHARE * (high - low)
        self.plot.set_range(PlotRange(0.0, end, low - room if least < low + room else low, high), kind, shares)
        self._tell()

    def _levels(self) -> tuple[ReferenceLevel, ...]:
        what, known = self.what.value(), list[tuple[Baseline, float, str]]()
        if what == VALIDATION:
            known = [(one, one.loss, loss_text(one.loss, 2)) for one in self._baselines]
        elif what == "accuracy":
            shares = [(one, one.accuracy) for one in self._baselines if one.accuracy is not None]
            known = [(one, share, metric_text("accuracy", share)) for one, share in shares]
        return tuple(ReferenceLevel(y, f"{one.name} {written}", one.short or one.name) for one, y, written in known)

    # ---- mouse

    def _point_at(self, x: float | None) -> None:
        self._mouse = x
        self._tell()

    def _tell(self) -> None:
        """Show the value at the end of each curve, or under the mouse, in the colour of the curve."""
        parts = []
        for entry, x, y in self._curves():
            if len(x):
                at = len(x) - 1 if self._mouse is None else nearest_index(x, self._mouse)
                parts.append(legend(entry.color, f"{entry.name} ", self._written(float(y[at]))))
        self.plot.set_cursor(self._mouse)
        waiting = self.what.value() == VALIDATION and any(len(entry.run.curve) for entry in self._entries)
        if parts and self._mouse is None:
            parts[0] = f"{LAST}{parts[0]}"  # because the table has the best values
        self.reading.setText(" &nbsp; ".join(parts) or (NOT_YET if waiting else ""))

    def _written(self, value: float) -> str:
        """A loss as in the table, or the metric as everywhere."""
        what = str(self.what.value())
        return loss_figure(value) or "–" if what in (VALIDATION, TRAINING) else metric_text(what, value)

    def table(self) -> Table:
        """A row for each evaluation of each run."""
        what = str(self.what.value())
        rows = []
        for entry, x, y in self._curves():
            rows += [(entry.run.name, float(a), float(b)) for a, b in zip(x, y, strict=True)]
        return Table(("run", AXES[str(self.axis.value())], what), rows)


def limits(curves: Sequence[DoubleArray], known: Sequence[float], losses: bool) -> tuple[float, float]:
    """Limits of the vertical axis that hold all curves, with room for points at the top. A loss that has run away, to
    twice the largest at the start, of guessing, or that has been held since, leaves the plot there. Losses of numbers
    may be below zero.

    known: the baselines, the worst first. losses: whether less is better. Curves of several points are shown with the
    best baseline alone: with all of them, they would lie too close together to be told apart.
    """
    finite = [y[np.isfinite(y)] for y in curves]
    values = np.concatenate([np.empty(0), *finite])
    if losses and len(values):
        first = max([*known[:1], *(float(y[0]) for y in finite if len(y))])
        largest = max(highest_held(y, first) for y in finite)
        values = values[values <= largest + max(abs(largest), LEAST_HEIGHT)]
    if known and max(map(len, finite), default=0) > 1:
        known = [min(known) if losses else max(known)]
    shown = [*values.tolist()[:: max(1, len(values) // 4096)], *known]
    low, high = stepped_range(shown)
    if len(values):
        low, high = stepped_range([*shown, float(values.max()) + POINT_SHARE * (high - low)])
    return max(low, 0.0) if low < 0.5 and min(shown, default=0.0) >= 0 else low, high
