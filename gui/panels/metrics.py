"""How good the answers are while training: accuracy, entity F1, exact match, perplexity."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QLabel

from engine.baselines import Baseline, baselines
from gui.asking import Asker
from gui.curve_axis import AXES, placed, right_end
from gui.exporting import Table
from gui.panels.asking_view import offer
from gui.panels.view import View
from gui.plotting import stepped_range
from gui.progress import Curve, Numbers
from gui.session import Session
from gui.theme import Theme
from gui.widgets.fields import Choice
from gui.widgets.line_plot import Level, Line, LinePlot, Range
from gui.widgets.text import text_label

SHARES = "shares"  # everything that lies between 0 and 1, in one picture
UNBOUNDED = ("perplexity",)
UNDRAWN = ("entity_precision", "entity_recall")  # lie on their mean, the F1; the saved numbers have them
TITLES = {
    "accuracy": "accuracy",
    "entity_f1": "entity F1",
    "exact_match": "exact match",
    "perplexity": "perplexity",
    "macro_f1": "macro F1",
}
NOTHING = "Train to see how good the answers on the validation examples become."
SHARES_HIGH = 1.02
LARGEST = 1e6  # a perplexity beyond says nothing more


class MetricsPanel(View):
    """One curve for each metric of the validation examples."""

    HELP = (
        "Loss is what training makes smaller; these are what people ask for. Accuracy: the share of right answers. "
        "Entity F1: how many named entities are found whole and of the right type (recall), and how many of those "
        "found are real (precision). Macro F1: the same for labels, all of which count alike. Exact match: the share "
        "of answers that are right from the first symbol to the last. Perplexity: as if the network guessed among so "
        "many equally likely symbols each time, e to the power of the loss.\n\nAll are measured on the validation "
        "examples, which are never trained on. Dashed lines show what counts alone reach."
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session, "Metrics", "validation examples")
        self.plot = LinePlot(session.theme, "metrics-plot", "Metrics on the validation examples")
        self.reading = QLabel()
        self.reading.setObjectName("metrics-reading")
        self.reading.setTextFormat(Qt.TextFormat.RichText)
        self.what = Choice("metrics-what", "Metric", "Shares between 0 and 1 together, or perplexity", {})
        self.what.setMinimumContentsLength(7)
        self.axis = Choice("metrics-axis", "Horizontal axis of the metrics", "What the metrics are drawn against", AXES)
        self.axis.setMinimumContentsLength(6)
        self.hint = text_label(NOTHING, "muted", wrap=True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.what.hide()
        self.header.addWidget(self.what)
        self.header.addWidget(self.axis)
        self.reading.setWordWrap(True)
        self.body.addWidget(self.reading)
        self.body.addWidget(self.plot, 1)
        self.body.addWidget(self.hint, 1)
        self.what.changed.connect(lambda value: self._redraw())
        self.axis.changed.connect(lambda value: self._redraw())
        self.plot.pointed.connect(self._point_at)
        self.plot.zoomed.connect(self._zoom)
        self._curve: Curve | None = None
        self._drawn: tuple[object, ...] = ()
        self._follows = True
        self._mouse: float | None = None
        self._baselines: list[Baseline] = []
        self._baselines_of: tuple[object, str] | None = None
        self._asker = Asker(session, "metrics-baselines")

    def watches(self) -> tuple[SignalInstance, ...]:
        """The curve grows with each frame."""
        session = self.session
        return session.frame, session.model_changed, session.status_changed, session.theme_changed

    def refresh(self) -> None:
        """Draw what has come, if anything has."""
        curve, theme = self.session.curve, self.session.theme
        if curve is not self._curve:
            self._curve, self._follows = curve, True
        self._ask_baselines()
        drawn = (curve, len(curve.validation_steps), theme, self.axis.value(), self.what.value())
        if drawn == self._drawn:
            return
        offer(self.what, choices_of(curve))
        self._drawn = (*drawn[:-1], self.what.value())
        shown = self.shown()
        self.hint.setVisible(not shown)
        self.plot.setVisible(bool(shown))
        x = self._x()
        lines = tuple(
            Line(x, values, color, 2.0, dots=True)
            for (values, color) in zip(shown.values(), colors(theme), strict=False)
        )
        self.plot.show_lines(lines, theme)
        self.plot.set_levels(levels_of(self._baselines) if "accuracy" in shown else ())
        if self._follows and shown:
            self._set_range(x, list(shown.values()))
        self._tell()

    def _ask_baselines(self) -> None:
        """How often counts alone are right, when the data or what is predicted from them are others."""
        dataset, shape = self.session.dataset, self.session.model_config.architecture
        if dataset is None or self._baselines_of == (dataset, shape):
            return
        self._baselines_of, self._baselines = (dataset, shape), []
        if len(dataset.validation):
            self._asker.ask(lambda snapshot: baselines(dataset, shape), self._take_baselines)

    def _take_baselines(self, found: list[Baseline]) -> None:
        self._baselines, self._drawn = found, ()
        self.refresh()

    def shown(self) -> dict[str, Numbers]:
        """The metrics that are chosen, by name."""
        metrics, chosen = self.session.curve.validation_metrics, self.what.value()
        if chosen == SHARES or chosen is None:
            return {name: values for name, values in metrics.items() if name not in (*UNBOUNDED, *UNDRAWN)}
        return {str(chosen): metrics[str(chosen)]} if chosen in metrics else {}

    def _x(self) -> Numbers:
        return placed(str(self.axis.value()), self.session.curve, self.session.progress)[1]

    def _set_range(self, x: Numbers, values: list[Numbers]) -> None:
        kind = str(self.axis.value())
        low, high = 0.0, SHARES_HIGH
        if self.what.value() in UNBOUNDED:
            finite = [float(v) for v in np.concatenate(values) if math.isfinite(v) and v < LARGEST]
            start = max(finite[:1], default=2.0)
            low, high = stepped_range([1.0, *(v for v in finite if v <= 2 * start)])
        last = float(x[-1]) if len(x) else 0.0
        self.plot.set_range(Range(0.0, right_end(kind, last), low, high), logarithmic=kind == "log")

    def _redraw(self) -> None:
        self._follows, self._drawn = True, ()
        self.refresh()

    def _zoom(self, by_user: bool) -> None:
        self._follows = not by_user
        if not by_user:
            self._redraw()

    def reset_zoom(self) -> None:
        """Let the range follow the curves again."""
        self._redraw()

    def _point_at(self, x: float | None) -> None:
        self._mouse = x
        self._tell()

    def _tell(self) -> None:
        """Legend with the newest values, or those under the mouse."""
        x, shown = self._x(), self.shown()
        if not len(x) or not shown:
            self.reading.setText("")
            self.plot.set_cursor(None)
            return
        at = len(x) - 1
        if self._mouse is not None:
            at = int(np.clip(np.searchsorted(x, self._mouse, side="right") - 1, 0, len(x) - 1))
        self.plot.set_cursor(None if self._mouse is None else float(x[at]))
        parts = [] if self._mouse is None else [f"step {int(self.session.curve.validation_steps[at]):,}"]
        for (name, values), color in zip(shown.items(), colors(self.session.theme), strict=False):
            value = float(values[at]) if at < len(values) else math.nan
            parts.append(f"<span style='color:{color}'>━</span> {title_of(name)} <b>{written(name, value)}</b>")
        self.reading.setText("&nbsp; ".join(parts))

    def table(self) -> Table:
        """One row for each evaluation."""
        curve = self.session.curve
        metrics = curve.validation_metrics
        columns = [curve.validation_steps, curve.validation_seconds, *metrics.values()]
        rows = zip(*(column.tolist() for column in columns), strict=False)
        return Table(("step", "seconds", *metrics), list(rows))


def choices_of(curve: Curve) -> dict[str, str]:
    """What can be drawn: all shares together, and each of the others by itself."""
    names = list(curve.validation_metrics)
    shares = [name for name in names if name not in UNBOUNDED]
    found = {SHARES: "shares" if len(shares) > 1 else title_of(shares[0])} if shares else {}
    return found | {name: title_of(name) for name in names if name in UNBOUNDED}


def levels_of(found: list[Baseline]) -> tuple[Level, ...]:
    """A line for the accuracy of each baseline that has one."""
    return tuple(
        Level(each.accuracy, f"{each.name} {100 * each.accuracy:.1f} %") for each in found if each.accuracy is not None
    )


def title_of(name: str) -> str:
    """A metric's name as people write it."""
    return TITLES.get(name, name.replace("_", " "))


def written(name: str, value: float) -> str:
    """0.874 as 87.4 %, a perplexity as it is."""
    if not math.isfinite(value):
        return "not a number"
    return f"{value:.3g}" if name in UNBOUNDED else f"{100 * value:.1f} %"


def colors(theme: Theme) -> tuple[str, ...]:
    """The validation colour first, then such as are far from it."""
    return theme.validation, theme.orange, theme.series[5], theme.series[3], theme.series[2]
