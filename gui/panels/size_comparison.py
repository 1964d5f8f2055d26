"""Why not a feed-forward network: weights plotted against the length of the text and against the vocabulary."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.models.comparison import EXAMPLES, Comparison
from engine.number_text import grouped, size
from gui.panels.base.curve_view import legend
from gui.plots.line_plot import Line, LinePlot, PlotRange
from gui.theme import Theme
from gui.widgets.box_layouts import add
from gui.widgets.sheet import Sheet
from gui.widgets.text import text_label

WIDTH_PX, PLOT_PX, POINTS = 560, 190, 120
EXAMPLES_TOLD = (
    "examples from articles (dots): 10 words × vocabulary of 10,000 × 10 units = 1 million; "
    "20 × 20,000 × 10 = 4 million"
)
OF_TEXT, OF_NUMBERS = ("text", "{}s in the vocabulary →"), ("sequence", "numbers at each step →")
LONGEST, LARGEST = 100, 100_000  # the axes reach at least this far, so that the published examples are visible


class _SizePlot(LinePlot):
    """A line plot with room for large numbers of weights."""

    def area(self) -> QRectF:
        """The rectangle of the curves."""
        return self.area_beside(self.text_width("1000 M") + 8, 16)


class SizeComparison(Sheet):
    """Two plots with logarithmic axes: both networks, the current data, the published examples, the crossing."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent, "sizes", "Why not a feed-forward network?", WIDTH_PX)
        self.lesson_label = text_label("", wrap=True, name="sizes-lesson")
        self.names = text_label("", "small", wrap=True, name="sizes-names")
        self.names.setTextFormat(Qt.TextFormat.RichText)
        self.by_length = _SizePlot(theme, "sizes-length", "Weights by length of the sequence")
        self.by_vocabulary = _SizePlot(theme, "sizes-vocabulary", "Weights by number of inputs")
        self._unit, self._inputs = text_label("", "small"), text_label("", "small")
        plots = QHBoxLayout()
        for plot, name in ((self.by_length, self._unit), (self.by_vocabulary, self._inputs)):
            plot.setFixedHeight(PLOT_PX)
            plot.set_log(True)
            column = QVBoxLayout()
            column.addWidget(plot)
            name.setAlignment(Qt.AlignmentFlag.AlignRight)
            column.addWidget(name)
            plots.addLayout(column)
        add(self.body, self.lesson_label, plots, self.names)

    def show_sizes(self, sizes: Comparison, unit: str, theme: Theme) -> None:
        """Draw the comparison for the current data. unit: the name of a symbol."""
        self.lesson_label.setText(lesson(sizes, unit))
        whole, inputs = OF_NUMBERS if sizes.reads_numbers else OF_TEXT
        self._unit.setText(f"{unit}s in the {whole} →")
        self._inputs.setText(inputs.format(unit))
        self.names.setText(
            "&nbsp; ".join(
                (
                    legend(theme.accent, "this network ", size(sizes.weights)),
                    legend(theme.second, "feed-forward ", size(sizes.feed_forward(sizes.length, sizes.vocabulary))),
                    legend(theme.text, "your data (dots)", ""),
                    legend(theme.baseline, EXAMPLES_TOLD, ""),
                    *((legend(theme.validation, "where they cross (dotted)", ""),) if sizes.crossing > 1 else ()),
                )
            )
        )
        lengths = _spread(1, max(LONGEST, 2 * sizes.length, 2 * sizes.crossing))
        _draw(
            self.by_length,
            theme,
            lengths,
            lambda length: sizes.feed_forward(length, sizes.vocabulary),
            lambda length: sizes.weights,
            sizes.length,
            [(length, weights) for length, _, _, weights in EXAMPLES],
            sizes.crossing,
        )
        symbols = _spread(min(10, sizes.vocabulary), max(LARGEST, 2 * sizes.vocabulary))
        _draw(
            self.by_vocabulary,
            theme,
            symbols,
            lambda vocabulary: sizes.feed_forward(sizes.length, vocabulary),
            sizes.recurrent,
            sizes.vocabulary,
            [(vocabulary, weights) for _, vocabulary, _, weights in EXAMPLES],
        )
        self.fit()


def lesson(sizes: Comparison, unit: str) -> str:
    """The lesson in words, for the current data."""
    padded = sizes.feed_forward(sizes.length, sizes.vocabulary)
    double = sizes.feed_forward(2 * sizes.length, sizes.vocabulary)
    return (
        f"Padded to {grouped(sizes.length)} {unit}s, a feed-forward network with the same answers needs "
        f"{grouped(padded)} weights; for input twice as long, {grouped(double)}. This network needs "
        f"{grouped(sizes.weights)} for any length: it uses the same ones at every step. "
        f"From {grouped(sizes.crossing)} {unit}s on the feed-forward network is the larger one."
    )


def _spread(low: int, high: int) -> list[int]:
    """Whole numbers, evenly spread on a logarithmic axis."""
    return sorted({round(value) for value in np.geomspace(low, high, POINTS)})


def _draw(
    plot: LinePlot,
    theme: Theme,
    places: Sequence[int],
    feed_forward: Callable[[int], int],
    recurrent: Callable[[int], int],
    own: int,
    examples: Sequence[tuple[int, int]],
    crossing: int = 0,
) -> None:
    """Both networks, the current data as a dot on each curve, the published examples, and where the curves cross."""
    x = np.log10(np.array(places, np.float64))
    padded, own_weights = (np.array([f(p) for p in places], np.float64) for f in (feed_forward, recurrent))
    dots = [(theme.text, [own, own], [feed_forward(own), recurrent(own)])]
    dots += [(theme.baseline, [place], [weights]) for place, weights in examples]
    plot.show_lines(
        (
            Line(x, padded, theme.second, 2.0),
            Line(x, own_weights, theme.accent, 2.0),
            *(
                Line(np.log10([place]), np.array([weight], np.float64), color, 6.0, dots=True)
                for color, at, weights in dots
                for place, weight in zip(at, weights, strict=True)
            ),
        ),
        theme,
    )
    plot.set_mark(math.log10(crossing) if crossing else None)
    low = min(padded.min(), own_weights.min())
    high = max(padded.max(), own_weights.max(), *(weights for _, weights in examples))
    plot.set_range(PlotRange(math.log10(places[0]), math.log10(places[-1]), 0.7 * float(low), 1.4 * float(high)), "log")
