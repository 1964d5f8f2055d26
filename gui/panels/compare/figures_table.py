"""The compared runs as a table: the settings in which they differ, and how good each became."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from textwrap import wrap

import numpy as np
from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QTreeWidget, QTreeWidgetItem

import engine
from engine.models.metrics import column_title, metric_text
from engine.number_text import NARROW, fixed, grouped, loss_text, short, size
from engine.runs.differences import Difference, RunOrigin, differences
from engine.training.baseline import Baseline
from gui.panels.compare.compare_page import Entry
from gui.plots.picture_export import Table
from gui.session.found_columns import FOUND, with_found
from gui.session.run_library.listed_run import ListedRun
from gui.widgets.controls import introduced
from gui.widgets.symbols import plain_tip, visible_text
from gui.widgets.text import parted_label

CHIP_PX, ROW_PX, FRAME_PX = 9, 22, 6
STEADY = 3  # rows that are in sight in any case; where there is no room for more, they scroll
HEADER_LINES, WIDEST_TITLE = 3, 8  # letters in a line, more where a title would have four
COLUMN_GAP_PX, LEAST_NAME_PX = 12, 110  # names are cut down to the second where there is little room
BEATS, NEVER = "Beats ", "not yet"
BEATS_NOTE = "Beats …: the first step with a lower validation loss, and its computing time up to that step"
BEATS_TIP = "The step at which its validation loss was first lower than that of counting alone ({}), and when that was"
WEIGHTS, WEIGHTS_TIP = "Weights", "What is learned; counts of words are left out"
EPOCHS, EPOCHS_SET = engine.TrainingConfig.options()["epochs"].label, "Epochs set"  # a lengthened run has more
SPEED_TIP = (
    "The mean over the whole run, without validation; the top of the window has that of the last seconds, with it"
)
BEST_LOSS, BEST_TIP = "Best loss", "The lowest validation loss; the curves below end at the last one"
METRIC_TIP = "At the best evaluation: the lowest loss, unless another metric decides which weights are best"
MOST_DECIMALS = 3  # of seconds
HIDDEN = "Hover over a run for {} more: {}"
OF = " of "  # steps of a run that is at work: "0 of 3,240"
# What most figures are as wide as: in a race they have that room from the start, and no column moves when they come.
TYPICAL_STEP, TYPICAL_LOSS, TYPICAL_METRIC, TYPICAL_SPEED = f"step 100 · 0.1{NARROW}s", "0.0000", "00.0", "100,000"


def chip(color: str) -> QIcon:
    """A square in the colour of a run."""
    square = QPixmap(CHIP_PX, CHIP_PX)
    square.fill(QColor(color))
    return QIcon(square)


@dataclass(frozen=True)
class Expected:
    """What is known of runs that have just begun: the metric that will stand beside the loss, and what the speed is
    counted in; "" for what is not known. soon: whether all figures will come within a moment, as in a race."""

    metric: str = ""
    read_name: str = ""
    soon: bool = False


UNKNOWN = Expected()


class FiguresTable(QTreeWidget):
    """A row for each run, as high as its rows. Only changed cells are updated: a race has 30 frames a second.

    Where the columns do not fit, speed and size are hidden, then the last figures, and then settings: `note` names
    them, and the tooltip of each run has their values. Elsewhere the note explains the figures. It has its line even
    when it says nothing. While the runs stay the same no column becomes narrower, so that none is hidden or shown when
    a number becomes longer or shorter. `open_wanted` carries the id of a run that is double-clicked.
    """

    open_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        introduced(self, "compare-figures", "Settings and figures of the compared runs", role="table")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.itemActivated.connect(lambda item: self.open_wanted.emit(item.data(0, Qt.ItemDataRole.UserRole)))
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QTreeWidget.SelectionMode.NoSelection)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.note = parted_label("compare-hidden", "small", (", ",))
        self._names: list[str] = []  # of the runs, in full
        self._spare: list[int] = []  # columns that may be hidden, the most dispensable first
        self._ids: list[str] = []
        self._widest: dict[str, int] = {}  # what a column has needed for these runs, by its title
        self._typical: dict[str, str] = {}  # a text for which a column has room in any case, by its title
        self.titles: list[str] = []
        self.rows: list[list[str]] = []
        self.numbers = Table()  # the same as programs read them

    def show_runs(
        self,
        entries: Sequence[Entry],
        baselines: Sequence[Baseline],
        snapshots: Mapping[str, engine.Snapshot],
        states: Mapping[str, str],
        expected: Expected = UNKNOWN,
    ) -> None:
        """snapshots: those that are known, by id. states: the progress of each run in words, by id."""
        runs = [entry.run for entry in entries]
        unlike = differences(origins(runs))
        measured = [run.headline for run in runs]
        metric = next((found[0] for found in measured if found is not None), expected.metric)
        titles = ["Run", *(EPOCHS_SET if each.label == EPOCHS else each.label for each in unlike), "Steps", BEST_LOSS]
        least = len(titles)
        titles += [column_title(metric)] if metric else []
        reads = {snapshot.codec.read_name for snapshot in snapshots.values()} or {expected.read_name}
        speed = f"Mean {(reads.pop() if len(reads) == 1 else '') or 'symbol'}s/s"
        others, titles = [WEIGHTS, speed], [*titles, WEIGHTS, speed, *(f"{BEATS}{one.name}" for one in baselines)]
        spare = sorted(range(least, len(titles)), key=lambda at: (titles[at] not in others, -at))
        self._spare = [*spare, *range(len(unlike), 0, -1)]
        self._typical = {}
        if expected.soon:
            ends = [state.split(OF)[1] for state in states.values() if OF in state]
            self._typical = dict.fromkeys((f"{BEATS}{one.name}" for one in baselines), TYPICAL_STEP)
            self._typical |= {"Steps": max((f"{end}{OF}{end}" for end in ends), key=len, default="")}
            self._typical |= {BEST_LOSS: TYPICAL_LOSS, column_title(metric): TYPICAL_METRIC, speed: TYPICAL_SPEED}
        beaten = [[first_below(run, one.loss) for one in baselines] for run in runs]
        decimals = decimals_of(found[1] for row in beaten for found in row if found is not None)
        rows = []
        for at, (run, found) in enumerate(zip(runs, measured, strict=True)):
            row = [visible_text(entries[at].name), *(visible_text(each.values[at]) for each in unlike)]
            row.append(states.get(run.id, grouped(run.step)))
            row.append(loss_figure(run.best_loss))
            if metric:
                row.append(metric_text(*found) if found is not None and found[0] == metric else "")
            snapshot = snapshots.get(run.id)
            row += ["" if snapshot is None else size(snapshot.learned), short(run.speed) if run.speed else ""]
            rows.append([*row, *map(partial(passed, decimals=decimals), beaten[at])])
        self._write(entries, titles, rows)
        self.numbers = _numbers(entries, unlike, metric, titles, baselines, snapshots)

    def _write(self, entries: Sequence[Entry], titles: list[str], rows: list[list[str]]) -> None:
        before, named, names = self.rows, self._names, [entry.run.name for entry in entries]
        if (ids := [entry.run.id for entry in entries]) != self._ids:
            self._ids, self._widest = ids, {}
        anew = titles != self.titles or len(rows) != len(before)
        if anew:
            self._names, self.titles, self.rows = [], [], []  # it may be resized while it is filled
            self.clear()
            self.setColumnCount(len(titles))
            self.setHeaderLabels(["\n".join(title_lines(title)) for title in titles])
            for column, title in enumerate(titles):
                if title.startswith(BEATS):
                    self.headerItem().setToolTip(column, plain_tip(BEATS_TIP.format(title.removeprefix(BEATS))))
                elif title == WEIGHTS:
                    self.headerItem().setToolTip(column, plain_tip(WEIGHTS_TIP))
                    self.headerItem().setToolTip(column + 1, plain_tip(SPEED_TIP))
                elif title == BEST_LOSS:
                    self.headerItem().setToolTip(column, plain_tip(BEST_TIP))
                    beside = METRIC_TIP if titles[column + 1] != WEIGHTS else WEIGHTS_TIP
                    self.headerItem().setToolTip(column + 1, plain_tip(beside))
            self.addTopLevelItems([QTreeWidgetItem(row) for row in rows])
        self._names, self.titles, self.rows = names, titles, rows
        if anew:
            self.updateGeometry()
        for at, (entry, row) in enumerate(zip(entries, rows, strict=True)):
            item = self.topLevelItem(at)
            assert item is not None
            for column, text in enumerate(row):
                if anew or text != before[at][column]:
                    item.setText(column, text)
            item.setIcon(0, chip(entry.color))
            item.setData(0, Qt.ItemDataRole.UserRole, entry.run.id)
        if anew or [len(text) for row in rows for text in row] != [len(text) for row in before for text in row]:
            self._set_widths()
        if anew or rows != before or names != named:
            self._tell_hidden()

    def run_at(self, place: QPoint) -> str:
        """The id of the run in the row at a place of the viewport; "" below the rows."""
        item = self.itemAt(place)
        return "" if item is None else item.data(0, Qt.ItemDataRole.UserRole)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room between the columns again."""
        super().resizeEvent(event)
        self._set_widths()
        self._tell_hidden()

    def _set_widths(self) -> None:
        """Columns as wide as their texts; Qt would leave much more room in the header."""
        width_of = self.fontMetrics().horizontalAdvance
        titles = [max(map(width_of, title_lines(title))) + COLUMN_GAP_PX for title in self.titles]
        widths = [max(title, self.sizeHintForColumn(column)) for column, title in enumerate(titles)]
        if not widths:
            return
        for column, title in enumerate(self.titles[1:], 1):
            typical = width_of(self._typical[title]) + COLUMN_GAP_PX + 2 if title in self._typical else 0
            widths[column] = self._widest[title] = max(widths[column], typical, self._widest.get(title, 0))
        name = widths[0]
        widths[0] = min(name, LEAST_NAME_PX)
        left = self.viewport().width() - sum(width for at, width in enumerate(widths) if at not in self._spare)
        hidden = set()
        for column in reversed(self._spare):
            if widths[column] <= left:
                left -= widths[column]
            else:
                hidden.add(column)
        widths[0] = min(name, widths[0] + max(left, 0))
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)
            self.setColumnHidden(column, column in hidden)
        self._reserve_header(max(len(title_lines(self.titles[at])) for at in range(len(widths)) if at not in hidden))

    def _reserve_header(self, lines: int) -> None:
        """Keep the header as high as with three lines, so that nothing below moves when a longer title comes."""
        header = self.header()
        spare = (HEADER_LINES - lines) * header.fontMetrics().lineSpacing()
        if header.minimumHeight() != header.sizeHint().height() + spare:
            header.setMinimumHeight(header.sizeHint().height() + spare)
            self.updateGeometry()

    def _tell_hidden(self) -> None:
        """Name the hidden columns, and put what is in them into the tooltips of the rows."""
        hidden = [column for column in range(len(self.titles)) if self.isColumnHidden(column)]
        for at, (name, row) in enumerate(zip(self._names, self.rows, strict=True)):
            item = self.topLevelItem(at)
            assert item is not None
            lines = [name, *(f"{self.titles[each]}: {row[each]}" for each in hidden)]
            for column, title in enumerate(self.titles):  # "step 108 · 1.9 s" needs words
                words = [BEATS_TIP.format(title.removeprefix(BEATS))] if title.startswith(BEATS) else []
                item.setToolTip(column, plain_tip("\n".join([*lines, *words])))
        explained = BEATS_NOTE if any(title.startswith(BEATS) for title in self.titles) else ""
        titles = ", ".join(self.titles[each] for each in hidden)
        self.note.setText(HIDDEN.format(len(hidden), titles) if hidden else explained)

    def row_height(self, row: int = 0) -> int:
        """The height of the row of a run, also of one that is not there yet."""
        return self.sizeHintForRow(row) if self.topLevelItem(row) else ROW_PX

    def sizeHint(self) -> QSize:
        """As high as the rows."""
        return QSize(300, self._height(len(self.rows)))

    def minimumSizeHint(self) -> QSize:
        """High enough for some rows, so that a view with many is no higher; columns without room are hidden."""
        return QSize(120, self._height(min(len(self.rows), STEADY)))

    def _height(self, rows: int) -> int:
        header = max(self.header().minimumHeight(), self.header().sizeHint().height())
        return header + sum(map(self.row_height, range(rows))) + FRAME_PX


def origins(runs: Sequence[ListedRun]) -> list[RunOrigin]:
    """What the runs were made from. Where other columns were chosen for some, those that were found automatically have
    their names as well."""
    made = [run.settings.made for run in runs]
    unlike = [name for name in FOUND if len({getattr(data.config, name) for _, _, data, _ in made}) > 1]
    return [(model, training, with_found(data, unlike), kind) for model, training, data, kind in made]


def title_lines(title: str) -> list[str]:
    """The lines of a title."""
    width, lines = WIDEST_TITLE, wrap(title, WIDEST_TITLE, break_long_words=False)
    while len(lines) > HEADER_LINES:
        width += 1
        lines = wrap(title, width, break_long_words=False)
    return lines


def loss_figure(loss: float) -> str:
    """A loss as it is written in the whole view, with four decimals; "" if nothing was measured."""
    return loss_text(loss, 4) if math.isfinite(loss) else ""


def decimals_of(seconds: Iterable[float]) -> int:
    """How many digits after the point all times of a table have, so that the shortest has a figure."""
    shortest = min(seconds, default=1.0)
    return next((digits for digits in range(1, MOST_DECIMALS) if shortest >= 10.0**-digits), MOST_DECIMALS)


def passed(found: tuple[int, float] | None, decimals: int) -> str:
    """ "step 120 · 3.4 s": step and seconds at which a run's validation loss was first below another."""
    if found is None:
        return NEVER
    return f"step {grouped(found[0])} · {fixed(found[1], decimals)}{NARROW}s"


def first_below(run: ListedRun, loss: float) -> tuple[int, float] | None:
    """Step and seconds at which the run's validation loss was first below `loss`; None if it never was."""
    curve = run.curve
    better = np.flatnonzero(curve.validation_loss < loss)
    return (int(curve.validation_steps[better[0]]), float(curve.validation_seconds[better[0]])) if len(better) else None


def _numbers(
    entries: Sequence[Entry],
    unlike: Sequence[Difference],
    metric: str,
    titles: Sequence[str],
    baselines: Sequence[Baseline],
    snapshots: Mapping[str, engine.Snapshot],
) -> Table:
    """The figures under their titles as programs read them, "" for what is not known; steps and seconds apart."""
    rows = []
    for at, (run, found) in enumerate((entry.run, entry.run.headline) for entry in entries):
        row: list[object] = [run.name, *(each.plain[at] for each in unlike), run.step]
        row.append(run.best_loss if math.isfinite(run.best_loss) else "")
        if metric:
            row.append(found[1] if found is not None and found[0] == metric else "")
        row += [snapshots[run.id].learned if run.id in snapshots else "", run.speed or ""]
        rows.append((*row, *(value for one in baselines for value in first_below(run, one.loss) or ("", ""))))
    usual = titles[: len(titles) - len(baselines)]
    return Table((*usual, *(f"{BEATS}{one.name}: {what}" for one in baselines for what in ("step", "seconds"))), rows)
