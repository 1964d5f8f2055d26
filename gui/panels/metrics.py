"""How good the answers are while training: accuracy, entity F1, exact match, perplexity."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QLabel

from engine.models.metrics import about_accuracy, in_percent, is_share, metric_text, metric_title
from engine.models.number_metrics import about_columns
from engine.number_text import percent
from engine.training.baseline import Baseline
from engine.types import DoubleArray
from gui.panels.base.asking_view import offer
from gui.panels.base.curve_view import NARROW_LEAST_PX, CurveView, beaten_at, legend
from gui.panels.compare.all_runs import AllRuns
from gui.panels.compare.curves import CurvesPage
from gui.plots.line_plot import Line
from gui.plots.picture_export import Table
from gui.plots.ranges import stepped_range
from gui.plots.reference_levels import ReferenceLevel
from gui.session.data import measured_on
from gui.session.progress import Curve
from gui.session.session import Session
from gui.theme import Theme
from gui.widgets.box_layouts import add, keep_room
from gui.widgets.fields import Choice
from gui.widgets.symbols import plain_tip
from gui.widgets.text import text_label

SHARES = "shares"  # all metrics between 0 and 1, in one picture
UNDRAWN = ("entity_precision", "entity_recall")  # too close to their mean, the F1; the saved numbers have them
NOTHING = "Train to see how good the answers to the validation examples become."
ALL = "validation examples"
SHARES_HIGH = 1.02
LEAST_LETTERS = 7  # of the list of metrics
LARGEST = 1e6  # a larger perplexity says nothing more


class MetricsPanel(CurveView):
    """One curve for each metric of the validation examples."""

    HELP = (
        "Loss is what training reduces; metrics are what people care about. Accuracy: the share of right answers; "
        "where answers are written symbol by symbol, the share of symbols that are predicted right, each after the "
        "right ones before it (teacher forcing). Entity F1: how many named entities are found whole and with the right "
        "type (recall), balanced against how many of those found are real (precision). Macro F1: the same for labels, "
        "all counted equally. Exact match: the share of answers, written by the network alone, that are right from the "
        "first symbol to the last. Error rate: how many symbols would have to be inserted, deleted or replaced to make "
        "all answers right, for each symbol there should be. Perplexity: the number of equally likely symbols the "
        "network might as well be guessing among, e to the power of the loss. Bits per character: the loss in bits, "
        "for each character of the text. MAE: how far off predicted numbers are on average, in their own units. RMSE: "
        "the root of the mean squared error, in which large errors count for more. With several columns, MAE and RMSE "
        "are the means of those of the columns, even if their units differ. R²: the share of the variance of the "
        "numbers that is explained, averaged over the columns; 0 is no better than always predicting the mean, and "
        "below 0 is worse. Coverage of the 90 % band: the share of the numbers that lie inside the network’s band of "
        "uncertainty; about 90 % if it judges that well.\n\n"
        "All are measured on the validation examples, which are never trained on. Dashed lines show what counting "
        "alone achieves. The line above the plot shows the first result on a test file, if there is one (test… in the "
        "data settings); it is also saved with the run and in its report."
    )

    least_plot = NARROW_LEAST_PX  # with a line above the plot and one below, no higher than the view of the loss

    def __init__(self, session: Session, title: str) -> None:
        picture = "Metrics on the validation examples"
        super().__init__(session, title, ALL, "metrics", picture, QLabel())
        self.what = Choice("metrics-what", "Metric", "Metrics between 0 and 1 together, or perplexity", {})
        self.what.hide()
        self.hint = text_label(NOTHING, "muted", wrap=True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.reading.setWordWrap(True)
        self.header.addWidget(self.what, 1)
        self.tested = text_label("", "small", wrap=True, name="metrics-tested")
        add(self.body, self.reading, self.tested, (self.plot, 1), self.levels_line, (self.hint, 1))
        self._wanted = ""  # what the user has chosen to draw
        self.what.changed.connect(lambda value: self._choose())
        make_page = partial(CurvesPage, owner="metrics-all-runs", losses=False)
        self.all_runs = AllRuns(self, "metrics", make_page, self.what)

    def watches(self) -> tuple[SignalInstance, ...]:
        """The signals to watch, including those of compared runs, and of a test."""
        return *super().watches(), *self.all_runs.watches(), self.session.run.tested_changed

    def refresh(self) -> None:
        """Draw the curves of the compared runs, or those of the current one, and tell the result of its test."""
        tested = self.session.run.tested
        self.tested.setText("" if tested is None else tested.in_words)
        self.tested.setVisible(tested is not None)
        if not self.all_runs.refresh():
            super().refresh()

    def begin(self, curve: Curve) -> None:
        """Say on how many examples is measured."""
        dataset = self.session.data.dataset
        self.subtitle.setText(measured_on(dataset) or ALL)

    def _choose(self) -> None:
        self._wanted = str(self.what.value())
        self.reset_zoom()

    def depends_on(self, curve: Curve) -> tuple[object, ...]:
        """The number of evaluations, and which metrics are chosen."""
        choices = choices_of(curve)
        offer(self.what, choices)
        numbers = None if self.session.data.dataset is None else self.session.data.dataset.codec.values
        self.reading.setToolTip(plain_tip(about_columns(numbers) or about_accuracy(curve.validation_metrics)))
        if choices:  # back to the user's choice, which other data may not have had
            self.what.set_value(self._wanted if self._wanted in choices else next(iter(choices)))
            self.what.hold_chosen(LEAST_LETTERS)
        return len(curve.validation_steps), self.what.value()

    def lines(self, curve: Curve, theme: Theme) -> tuple[Line, ...]:
        """A line for each metric; words instead if there are none yet."""
        shown, x = self.shown(), self.places(curve)[1]
        run = self.session.run
        start = run.network.head_start(run.model_config)
        self.hint.setText(NOTHING if start is None else f"{NOTHING} {start.why}")
        self.hint.setVisible(not shown)
        self.plot.setVisible(bool(shown))
        return tuple(
            Line(x, values, color, 2.0, dots=True)
            for (values, color) in zip(shown.values(), colors(theme), strict=False)
        )

    def limits(self, curve: Curve) -> tuple[float, float]:
        """0 to 1 for shares. Other figures are all held, also where they rise; a perplexity begins at 1, the others at
        0."""
        shown, perplexity = self.shown(), self.what.value() == "perplexity"
        if all(map(is_share, shown)):
            return 0.0, SHARES_HIGH
        values, least = np.concatenate(list(shown.values())), 1.0 if perplexity else 0.0
        held = values[np.isfinite(values) & (values < (LARGEST if perplexity else math.inf))]
        return stepped_range([least, held.min(initial=least), held.max(initial=least)])

    def in_shares(self) -> bool:
        """Whether the chosen metric is written in per cent."""
        chosen = self.what.value()
        return chosen in (None, SHARES) or in_percent(str(chosen))

    def levels(self, curve: Curve) -> tuple[ReferenceLevel, ...]:
        """The accuracy of each baseline. The line below the plot keeps its room while another metric is shown."""
        known = accuracy_levels(self.baselines, curve) if "accuracy" in curve.validation_metrics else ()
        keep_room(self.levels_line, bool(known))
        return known if "accuracy" in self.shown() else ()

    def shown(self) -> dict[str, DoubleArray]:
        """The metrics that are chosen, by name."""
        metrics, chosen = self.session.run.curve.validation_metrics, self.what.value()
        if chosen == SHARES or chosen is None:
            return {name: values for name, values in metrics.items() if is_share(name) and name not in UNDRAWN}
        return {str(chosen): metrics[str(chosen)]} if chosen in metrics else {}

    def read_at(self, curve: Curve) -> DoubleArray:
        """The x value of each evaluation."""
        return self.places(curve)[1] if self.shown() else np.zeros(0)

    def steps_read(self, curve: Curve) -> DoubleArray:
        """The steps of the evaluations."""
        return curve.validation_steps

    def words(self, curve: Curve, at: int) -> list[str]:
        """The legend entry of each metric at a step."""
        parts = self.step_caption(curve, at)
        for (name, values), color in zip(self.shown().items(), colors(self.session.theme), strict=False):
            value = float(values[at]) if at < len(values) else math.nan
            parts.append(legend(color, f"{metric_title(name)} ", metric_text(name, value)))
        return parts

    def table(self) -> Table:
        """One row for each evaluation."""
        if self.all_runs.shown:
            return self.all_runs.table()
        curve = self.session.run.curve
        metrics = curve.validation_metrics
        columns = [curve.validation_steps, curve.validation_seconds, *metrics.values()]
        rows = zip(*(column.tolist() for column in columns), strict=False)
        return Table(("step", "seconds", *metrics), list(rows))


def choices_of(curve: Curve) -> dict[str, str]:
    """What can be drawn: all shares together, and each of the others by itself."""
    names = list(curve.validation_metrics)
    shares = [name for name in names if is_share(name)]
    found = {SHARES: "shares" if len(shares) > 1 else metric_title(shares[0])} if shares else {}
    return found | {name: metric_title(name) for name in names if not is_share(name)}


def accuracy_levels(found: list[Baseline], curve: Curve) -> tuple[ReferenceLevel, ...]:
    """A line for the accuracy of each baseline that has one, with the step from which the network was better."""
    accuracy = curve.validation_metrics.get("accuracy", np.zeros(0))
    known = ((each.short or each.name, each.name, each.accuracy) for each in found)
    return tuple(
        ReferenceLevel(
            share,
            f"{name} {percent(share, 1)}",
            tag,
            beaten_at(curve, accuracy >= share if share == 1 else accuracy > share),
            name,
            topmost=share == 1,
        )
        for tag, name, share in known
        if share is not None
    )


def colors(theme: Theme) -> tuple[str, ...]:
    """The validation colour first, then colours that are far from it."""
    return theme.validation, theme.second, theme.series[2], theme.series[3], theme.series[7]
