"""How many of a generator's texts are new, and how many are distinct, during training."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QWidget

from engine.number_text import percent
from gui.panels.try_it.writing import Rates, WritingRequest
from gui.plots.line_plot import Line, LinePlot, PlotRange
from gui.theme import Theme
from gui.widgets.box_layouts import stacked
from gui.widgets.symbols import plain_tip
from gui.widgets.text import text_label

MOST_POINTS, MOST_CURVES = 2000, 100
FEW_POINTS = 3  # a line through fewer would be invisible
PLOT_PX = 100  # with its lines of text as high as the bars that it shares its place with
MEASURED = "Measured on at least 50 texts with the settings above; other settings have curves of their own"
MEMORIZED, LITTLE_NEW, FEW_DISTINCT = 0.02, 0.2, 0.5  # shares of new and of distinct texts

_Points = dict[int, Rates]  # by step, in the order in which they were measured


class NoveltyPlot(QWidget):
    """Two curves between 0 and 1, with a point for each time that texts were drawn with the present settings.

    Those of other settings and of other runs are kept: they are there again when a setting is put back.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.plot = LinePlot(theme, "try-rates", "Share of new and of distinct texts during training")
        self.now = text_label("", "small", wrap=True, name="try-rates-now")
        self._curves: dict[tuple[str, WritingRequest | None], _Points] = {}  # of a run and settings, newest last
        self._shown: _Points = {}
        self._run = ""
        self._wanted: WritingRequest | None = None
        self._theme, self._steps_total = theme, 0
        column = stacked(self.now, of=self, gap=4)
        for part in (self.plot, self.now):
            part.setToolTip(plain_tip(MEASURED))
        self.plot.setFixedHeight(PLOT_PX)
        column.addWidget(self.plot)
        self.meaning = text_label("", "small", wrap=True, name="try-rates-meaning")
        column.addWidget(self.meaning)
        column.addStretch(1)

    @property
    def rates(self) -> list[Rates]:
        """The points that are drawn, from left to right."""
        return [self._shown[step] for step in sorted(self._shown)]

    def show_run(self, run: str, step: int, settings: WritingRequest) -> None:
        """Show the points of this run and these settings up to a step; none if it is a new run."""
        self._run = run
        for key, curve in self._curves.items():
            if key[0] == run:
                self._curves[key] = {at: point for at, point in curve.items() if at <= step}
        self._shown = {}
        self.show_settings(settings)
        self.draw(self._theme)

    def show_settings(self, settings: WritingRequest) -> None:
        """Show the points of other settings if there are any; otherwise with the first that is added."""
        self._wanted = settings
        known = self._curves.get((self._run, settings))
        if known and known is not self._shown:
            self._shown = known
            self.draw(self._theme)

    def add(self, rates: Rates, steps_total: int, theme: Theme) -> None:
        """Add a point to the curve of its settings, in place of an older one of the same step."""
        key = self._run, rates.request
        curve = self._curves.pop(key, {})
        curve.pop(rates.step, None)
        curve[rates.step] = rates
        if len(curve) > MOST_POINTS:
            kept = {*sorted(curve)[::2], rates.step}
            curve = {step: point for step, point in curve.items() if step in kept}
        self._forget_one()
        self._curves[key], self._steps_total = curve, steps_total
        if rates.request == self._wanted:
            self._shown = curve
            self.draw(theme)

    def _forget_one(self) -> None:
        """Make room for a curve: first go those of a few points, such as of beginnings while they were typed."""
        if len(self._curves) >= MOST_CURVES:
            del self._curves[min(self._curves, key=lambda key: len(self._curves[key]) >= FEW_POINTS)]

    def draw(self, theme: Theme) -> None:
        """Draw all points in these colours."""
        self._theme = theme
        points = self.rates
        if not points:
            self.plot.show_lines((), theme)
            self.now.setText("")
            self.meaning.setText("")
            return
        steps = np.array([point.step for point in points], np.float64)
        compared = [(step, point.new) for step, point in zip(steps, points, strict=True) if point.new is not None]
        new = np.array(compared, np.float64).reshape(-1, 2).T
        distinct = np.array([point.distinct for point in points])
        few = len(steps) < FEW_POINTS
        self.plot.set_range(PlotRange(0.0, float(max(self._steps_total, steps[-1], 1)), 0.0, 1.05), shares=True)
        curves = ((steps, distinct, theme.second), (new[0], new[1], theme.accent))
        self.plot.show_lines(tuple(Line(x, y, color, 1.8, dots=few) for x, y, color in curves if len(x)), theme)
        rates = next(reversed(self._shown.values()))
        new_now = "" if rates.new is None else f"{percent(rates.new)} new (blue), "
        self.now.setText(f"{new_now}{percent(rates.distinct)} distinct (green)")
        self.meaning.setText(meaning(rates))


def meaning(rates: Rates) -> str:
    """What the current shares say about the network."""
    if rates.distinct < FEW_DISTINCT:
        return "Many texts keep coming up: a higher temperature gives more variety."
    if rates.new is None:
        return "How many are new is not known: the training data is not at hand."
    if rates.new <= MEMORIZED:
        return "Almost nothing is new: the network has memorized the data."
    if rates.new < LITTLE_NEW:
        return "Little is new: the network has memorized much of the data."
    if rates.new == 1:
        return "All texts are new: none is in the data."
    return "Most texts are new." if rates.new > 0.5 else "Some texts are new, others are in the data."
