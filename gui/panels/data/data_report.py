"""The data report: rows taken and left out, things to know before training, and counts as small plots."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QLabel, QWidget

import engine
from engine.data.codec import Kind
from engine.number_text import counted, grouped
from gui.panels.data.data_summary import symbols_in_words
from gui.panels.data.skipped_rows_button import SkippedRowsButton
from gui.plots.bar_plot import BarValue, ColumnChart
from gui.session.session import Session
from gui.theme import Theme
from gui.widgets.bars import ROW_PX, Bar, Bars
from gui.widgets.sheet import Sheet
from gui.widgets.symbols import visible_symbol
from gui.widgets.text import text_label

WIDTH_PX = 380
GUESS = "a guess: change → More → Encoding"  # where another one is chosen
SKIPPED_SHOWN = 6
BINS = 36
ALMOST_ALL = 0.995  # share of the rows that are shown by length; the few longer ones share the last bar
SYMBOLS_SHOWN = 26
WORDS_SHOWN = 6
LABELS_SHOWN = 6


class DataReport(Sheet):
    """Findings made while reading the data. Filled when it is shown."""

    def __init__(self, parent: QWidget, session: Session) -> None:
        super().__init__(parent, "data-report", "Data report", WIDTH_PX)
        self._rows = text_label("", "secondary", wrap=True, name="data-report-rows")
        self._findings = text_label("", wrap=True, name="data-report-findings")
        self._skipped = text_label("", "small", wrap=True, name="data-report-skipped")
        self._left_out = SkippedRowsButton(session)
        self._lengths = ColumnChart("data-report-lengths", "Rows by length")
        self._symbols = ColumnChart("data-report-symbols", "The most frequent symbols")
        self._words: Bars | None = None
        self._labels: Bars | None = None
        for label in (self._rows, self._findings, self._skipped):
            self.body.addWidget(label)
        self.body.addWidget(self._left_out)
        self._lengths_title = self._plot("Rows by length in symbols", self._lengths)
        self._symbols_title = self._plot("Most frequent symbols", self._symbols)
        self._labels_title = text_label("", "muted")
        self.body.addWidget(self._labels_title)

    def _plot(self, title: str, chart: QWidget) -> QLabel:
        label = text_label(title, "muted")
        self.body.addWidget(label)
        self.body.addWidget(chart)
        return label

    def examine(self, dataset: engine.Dataset, theme: Theme, about_vectors: str = "") -> None:
        """Show the report of a data set. about_vectors: how many of its words have one, if the network reads some."""
        report = dataset.report
        kept = grouped(report.rows) if report.skipped else "all"
        read = f"{counted(report.rows_read, 'row')} read, {kept} kept"
        if dataset.kind.is_running:
            read = f"{counted(sum(dataset.running_lengths), dataset.codec.symbol_name)} read"
        numbers = symbols_in_words(dataset.codec) if dataset.kind.reads_numbers else ""
        encoding = f"{report.encoding} ({GUESS})" if report.encoding_is_guess else report.encoding
        facts = [read, numbers, encoding, f"line endings {report.line_ends}" if report.line_ends else ""]
        self._rows.setText(" · ".join(part for part in facts if part))
        self._rows.setVisible(bool(self._rows.text()))
        lines = [f"•  {finding}" for finding in report.findings] or ["✓  No problems found."]
        vectors = [f"•  {about_vectors}"] if about_vectors else []
        self._findings.setText("\n".join((*lines, *vectors)))
        shown = report.skipped_first[:SKIPPED_SHOWN]
        lines = [s.reason if s.line is None else f"line {grouped(s.line)}: {s.reason}" for s in shown]
        if report.skipped > len(shown):
            lines.append(f"… and {grouped(report.skipped - len(shown))} more")
        self._skipped.setText("\n".join(["Skipped:", *lines]))
        self._skipped.setVisible(len(shown) > 3)  # the finding names the first three
        self._left_out.setVisible(report.skipped > 0)
        lengths = length_counts(report.lengths) if dataset.kind != Kind.STREAM else []
        for part in (self._lengths_title, self._lengths):
            part.setVisible(len(lengths) > 1)
        self._lengths_title.setText(f"Rows by length in {dataset.codec.symbol_name}s")
        self._lengths.show_counts(lengths, theme)
        self._show_symbols(dataset, theme)
        self._show_labels(dataset, theme)
        self.fit()

    def _show_symbols(self, dataset: engine.Dataset, theme: Theme) -> None:
        counts = list(dataset.report.symbol_counts.items())
        spelled = not dataset.codec.reads_words
        self._symbols.setVisible(spelled and bool(counts))
        self._symbols_title.setVisible(bool(counts))
        self._symbols_title.setText(f"Most frequent {dataset.codec.symbol_name}s in training")
        self._symbols.show_counts(
            [
                BarValue(s, n, f"{s}  {grouped(n)}")
                for s, n in ((visible_symbol(s), n) for s, n in counts[:SYMBOLS_SHOWN])
            ],
            theme,
        )
        at = self.body.indexOf(self._symbols) + 1
        self._words = self._bars(self._words, at, "data-report-words", [] if spelled else counts[:WORDS_SHOWN], theme)

    def _show_labels(self, dataset: engine.Dataset, theme: Theme) -> None:
        counts = list(dataset.report.label_counts.items())
        what = "tags" if dataset.kind == Kind.TAGGED else "labels"
        shown = "" if len(counts) <= LABELS_SHOWN else f", the {LABELS_SHOWN} most frequent of {grouped(len(counts))}"
        self._labels_title.setText(f"Rows by {what[:-1]}{shown}" if what == "labels" else f"Words by tag{shown}")
        self._labels_title.setVisible(bool(counts))
        at = self.body.indexOf(self._labels_title) + 1
        self._labels = self._bars(self._labels, at, "data-report-labels", counts[:LABELS_SHOWN], theme)

    def _bars(
        self, bars: Bars | None, at: int, name: str, counts: list[tuple[str, int]], theme: Theme
    ) -> Bars:  # fmt: skip
        """Names with bars as long as their counts; the widget is made when first needed, because bars need a theme."""
        if bars is None:
            bars = Bars(theme, name, name.removeprefix("data-report-").capitalize(), number=partial(_whole))
            self.body.insertWidget(at, bars)
        largest = max((n for _, n in counts), default=1)
        bars.show_bars([Bar(visible_symbol(symbol), float(n)) for symbol, n in counts], theme, full=float(largest))
        bars.setFixedHeight(max(1, len(counts)) * ROW_PX)
        bars.setVisible(bool(counts))
        return bars


def _whole(number: float) -> str:
    return grouped(round(number))


def length_counts(lengths: NDArray[np.int64]) -> list[BarValue]:
    """lengths (longest + 1,): the number of rows with t symbols → at most BINS bars; the longest few rows share the
    last."""
    filled = np.flatnonzero(lengths)
    if len(filled) == 0:
        return []
    first, longest = int(filled[0]), int(filled[-1])
    share = np.cumsum(lengths) / lengths.sum()
    last = max(first, min(longest, int(np.searchsorted(share, ALMOST_ALL))))
    width = -(-(last - first + 1) // BINS)
    counts = []
    for low in range(first, last + 1, width):
        high = low + width - 1
        is_rest = high >= last and longest > high
        number = int(lengths[low:].sum() if is_rest else lengths[low : high + 1].sum())
        name = f"{low}+" if is_rest else str(low)
        span = f"{low} to {longest}" if is_rest else str(low) if width == 1 else f"{low} to {high}"
        counts.append(BarValue(name, number, f"{span}: {counted(number, 'row')}"))
    return counts
