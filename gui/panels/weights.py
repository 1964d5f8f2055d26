"""The weights of each parameter during training, and how large their gradients are."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QScrollArea

from engine.number_text import grouped, in_figures, percent, with_minus
from engine.training.weight_history import BINS, WeightHistory
from gui.panels.base.view import View
from gui.plots.heat_map import EMPTY, Heat, HeatMap
from gui.plots.picture_export import Table
from gui.session.session import Session
from gui.session.weight_recording import EXAMPLES
from gui.unrolled_view.diagram import Floats
from gui.widgets.bars import Bar, Bars
from gui.widgets.box_layouts import side_by_side, stacked
from gui.widgets.segments import Segments
from gui.widgets.text import text_label
from gui.widgets.weight_names import weight_title

WHAT = {"weights": "weights", "gradients": "gradients"}
SEGMENTS_PX = 152
MOST_DIGITS = 4  # after the point, at the axis of the weights
BRIGHTEST = 0.9  # colour of the fullest bin of a moment


class WeightsPanel(View):
    """Left: each parameter with its gradient norm. Right: the histogram of the selected one, from step to step."""

    HELP = (
        "Right: each column is a moment of the training run, and each row a range of values. The stronger the colour, "
        "the more weights of the selected parameter lie there. At first they fill the range they were drawn from, and "
        "they spread out as the network learns. A histogram that runs away means that the learning rate is too high. "
        "The columns are evenly spaced steps; those of which nothing was recorded stay empty. "
        "Gradients shows the same for the slope of the loss along each weight: it narrows where there is nothing left "
        "to learn, or where the gradient vanishes.\n\n"
        f"Left: the gradient norm of each parameter, always on the same {EXAMPLES} training examples. A parameter "
        "whose gradient is thousands of times smaller than the others hardly learns. Click one to see its values.\n\n"
        "Recording starts with the network, even while this view is hidden."
    )

    def __init__(self, session: Session, title: str) -> None:
        super().__init__(session, title)
        self.what = Segments("weights-what", WHAT, "Numbers to draw as a histogram")
        self.what.set_value("weights")
        self.what.setMinimumWidth(SEGMENTS_PX)
        self.what.changed.connect(lambda _: self.refresh())
        self.header.addWidget(self.what)
        self.bars = Bars(
            session.theme, "weights-parameters", "Gradient norm of each parameter", clickable=True, number=weight_text
        )
        self.bars.chosen.connect(self._choose)
        self.heat_map = HeatMap(session.theme, "weights", "Weights: value by training step")
        self.heat_map.gaps = False
        self.heat_map.tip_of = self._tip
        self.across = text_label("", "small", name="weights-axes")
        scroll = QScrollArea()
        scroll.setObjectName("weights-scroll")
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.bars)
        self.bars.setAutoFillBackground(False)  # as the scroll area would have it
        left = stacked(text_label("gradient norm", "small"), (scroll, 1), gap=4)
        right = stacked(self.across, (self.heat_map, 1), gap=4)
        self.body.addLayout(side_by_side((left, 4), (right, 5), gap=12), 1)
        self.name = ""

    @property
    def history(self) -> WeightHistory:
        """What has been recorded for this run."""
        return self.session.weights.history

    @property
    def gradients(self) -> bool:
        """Whether the histograms are of the gradients."""
        return self.what.value() == "gradients"

    def watches(self) -> tuple[SignalInstance, ...]:
        """The signals to watch, without those of the probe."""
        session = self.session
        return session.run.model_changed, session.weights.recorded, session.theme_changed

    def choices(self) -> dict[str, str]:
        """Weights or gradients."""
        return {"what": self.what.value()}

    def restore(self, choices: Mapping[str, str]) -> None:
        """Restore the saved choices."""
        self.what.set_value(choices.get("what", ""))

    def refresh(self) -> None:
        """Draw the bars, and the histograms of the selected parameter."""
        theme, names = self.session.theme, self.history.names()
        if not names:
            self.subtitle.setText(self.session.weights.trouble)
            self.heat_map.show_heat(EMPTY, theme)
            self.bars.show_bars((), theme)
            return
        if self.name not in names:
            self.name = next((name for name in names if name.endswith("weight_hh")), names[0])
        norms = {name: spread.norm for name, spread in self.history.moments[-1].gradients.items()}
        largest = max((norm for norm in norms.values() if math.isfinite(norm)), default=1.0) or 1.0
        bars = [
            Bar(weight_title(name), norm, theme.accent if name == self.name else theme.train)
            for name, norm in norms.items()
        ]
        self.bars.show_bars(bars, theme, full=largest)
        self.heat_map.show_heat(heat_of(self.history, self.name, self.gradients), theme)
        self.across.setText("gradient ↑ by step →" if self.gradients else "weight ↑ by step →")
        since = f"{weight_title(self.name)} since step {self.history.moments[0].step:,}"
        self.subtitle.setText(self.session.weights.trouble or since)

    def _choose(self, title: str) -> None:
        self.name = next(name for name in self.history.names() if weight_title(name) == title)
        self.refresh()

    def _tip(self, row: int, column: int) -> str:
        if not self.history.moments:
            return ""
        steps, moments = even_columns(self.history)
        if column >= len(steps):
            return ""
        if moments[column] < 0:
            return f"nothing was recorded at step {grouped(steps[column])}"
        shares, reach = self.history.shares(self.name, self.gradients)
        row += unused_rows(shares)
        high = reach * (1 - 2 * row / BINS)
        share = percent(float(shares[row, moments[column]]), 1)
        step = self.history.moments[moments[column]].step
        what = self.what.value()
        low = in_figures(high - 2 * reach / BINS)
        return f"step {grouped(step)}: {share} of the {what} lie between {low} and {in_figures(high)}"

    def table(self) -> Table:
        """One row for each moment and parameter, with its histogram."""
        rows = (
            (moment.step, name, what, spread.norm, spread.reach, *spread.counts.tolist())
            for moment in tuple(self.history.moments)
            for what, spreads in (("weights", moment.weights), ("gradients", moment.gradients))
            for name, spread in spreads.items()
        )
        bins = tuple(f"bin {i + 1} of {BINS}" for i in range(BINS))
        return Table(("step", "parameter", "of", "length", "histogram range (±)", *bins), rows)


def heat_of(history: WeightHistory, name: str, gradients: bool = False) -> Heat:
    """The histograms of one parameter, side by side, each as bright as its fullest bin."""
    shares, reach = history.shares(name, gradients)
    fullest = np.maximum(shares.max(axis=0, keepdims=True), 1e-12)
    first = unused_rows(shares)
    edges = [reach * (1 - 2 * i / BINS) for i in range(first, BINS - first)]
    rows = tuple(edge_written(edge, reach) for edge in edges)
    steps, moments = even_columns(history)
    # square roots, so that the thin ends of a histogram are visible beside its middle
    shown = np.where(moments < 0, 0.0, BRIGHTEST * np.sqrt(shares / fullest)[first : BINS - first, moments])
    return Heat(shown.astype(np.float32), tuple(map(grouped, steps)), rows, anchor=edges.index(0.0))


def even_columns(history: WeightHistory) -> tuple[range, NDArray[np.intp]]:
    """Evenly spaced steps, one for each column; and for each the newest moment before the next column. Where there is
    none, as large networks are recorded when there is time, it is the nearest; −1 if that is further than a column."""
    recorded = np.array([moment.step for moment in history.moments])
    spacing = history.stride
    while len(recorded) > 1 and 2 * spacing <= np.median(np.diff(recorded)):
        spacing *= 2
    steps = range(recorded[0], recorded[-1] + 1, spacing)
    begins, newest_first = np.array(steps)[:, None], recorded[::-1]
    distance = np.maximum(np.maximum(begins - newest_first, newest_first - begins - spacing + 1), 0)
    nearest = len(recorded) - 1 - distance.argmin(axis=1)
    return steps, np.where(distance.min(axis=1) > spacing, -1, nearest)


def edge_written(edge: float, reach: float) -> str:
    """The edge of a bin, with two decimals, or with as many as it takes to tell bins apart, if those are few."""
    if edge == 0:
        return "0"
    digits = max(2, math.ceil(-math.log10(2 * reach / BINS)))
    return with_minus(f"{edge:+.{digits}f}" if digits <= MOST_DIGITS and reach < 1000 else f"{edge:+.2g}")


def unused_rows(shares: Floats) -> int:
    """How many bins at either end have never held a weight, less one; the picture leaves them out."""
    used = np.flatnonzero(shares.any(axis=1))
    return max(0, min(int(used[0]), BINS - 1 - int(used[-1])) - 1) if len(used) else 0


def weight_text(value: float) -> str:
    """A number short enough for the space beside the bars: "0.21", "0.20", "0.007", "3e−4"."""
    if value == 0:
        return "0"
    digits = 2 if value >= 0.01 else 1
    text = f"{value:#.{digits}g}".rstrip(".") if value >= 0.001 else f"{value:.0e}"
    return with_minus(text)
