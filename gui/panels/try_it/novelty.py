"""How many of a generator's texts are new, and how many are distinct, during training."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QWidget

from engine.number_text import percent
from gui.panels.try_it.writing import Rates
from gui.plots.line_plot import Line, LinePlot, PlotRange
from gui.theme import Theme
from gui.widgets.box_layouts import stacked
from gui.widgets.text import text_label

MOST_POINTS = 2000
PLOT_PX = 100  # with its lines of text as high as the bars that it shares its place with
MEMORIZED, LITTLE_NEW, FEW_DISTINCT = 0.02, 0.2, 0.5  # shares of new and of distinct texts


class NoveltyPlot(QWidget):
    """Two curves between 0 and 1, with a point for each time that texts were drawn with the present settings."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.plot = LinePlot(theme, "try-rates", "Share of new and of distinct texts during training")
        self.now = text_label("", "small", wrap=True, name="try-rates-now")
        self.rates: list[Rates] = []
        self._of: dict[str, list[Rates]] = {}  # the points of each run, by its id
        self._run = ""
        self._theme, self._steps_total = theme, 0
        column = stacked(self.now, of=self, gap=4)
        for part in (self.plot, self.now):
            part.setToolTip("Measured on at least 50 texts with the settings above; when they change, it starts again")
        self.plot.setFixedHeight(PLOT_PX)
        column.addWidget(self.plot)
        self.meaning = text_label("", "small", wrap=True, name="try-rates-meaning")
        column.addWidget(self.meaning)
        column.addStretch(1)

    def show_run(self, run: str, step: int) -> None:
        """Show the points of this run up to a step; none if it is a new one."""
        self._of[self._run], self._run = self.rates, run
        self.rates = [point for point in self._of.get(run, ()) if point.step <= step]
        self.draw(self._theme)

    def add(self, rates: Rates, steps_total: int, theme: Theme) -> None:
        """Add a point; it replaces the last one if that is not from an earlier step, and all of other settings."""
        self.rates = [point for point in self.rates if point.request == rates.request]
        if self.rates and self.rates[-1].step >= rates.step:
            self.rates.pop()
        self.rates.append(rates)
        if len(self.rates) > MOST_POINTS:
            self.rates = self.rates[::2]
        self._steps_total = steps_total
        self.draw(theme)

    def draw(self, theme: Theme) -> None:
        """Draw all points in these colours."""
        self._theme = theme
        if not self.rates:
            self.plot.show_lines((), theme)
            self.now.setText("")
            self.meaning.setText("")
            return
        steps = np.array([point.step for point in self.rates], np.float64)
        compared = [(step, point.new) for step, point in zip(steps, self.rates, strict=True) if point.new is not None]
        new = np.array(compared, np.float64).reshape(-1, 2).T
        distinct = np.array([point.distinct for point in self.rates])
        few = len(steps) < 3  # a curve of one or two points would be invisible
        self.plot.set_range(PlotRange(0.0, float(max(self._steps_total, steps[-1], 1)), 0.0, 1.05))
        curves = ((steps, distinct, theme.second), (new[0], new[1], theme.accent))
        self.plot.show_lines(tuple(Line(x, y, color, 1.8, dots=few) for x, y, color in curves if len(x)), theme)
        rates = self.rates[-1]
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
