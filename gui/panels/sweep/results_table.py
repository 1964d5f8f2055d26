"""The runs of a sweep as a table that can be sorted by each of its columns."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtWidgets import QHeaderView, QTreeView

from engine.models.metrics import column_title, main_metric, metric_text
from engine.number_text import fixed, grouped, in_figures, loss_text
from engine.sweeps.one_run import OutcomeStatus, RunOutcome
from engine.sweeps.plan import PlannedRun, setting_option
from gui.widgets.controls import introduced, keep_rows_under_mouse
from gui.widgets.symbols import plain_tip, visible_text

Index = QModelIndex | QPersistentModelIndex
ItemRole = Qt.ItemDataRole
ROOT = QModelIndex()
LOSS_DIGITS = 4  # seeds often differ in the fourth only
WAITS, TRAINS = "waiting", "training"
BEST_TIP = "The lowest validation loss; the weights that a run opens with may have a higher one, as its line then says"
STEP_TIP = "The step at which the best loss was measured"
METRIC_TIP = "Of the best weights: those of the lowest loss, unless another metric decides"
RESULT = "Run", "Best loss", "At step"
LOSS, STEP, FIRST_SETTING = 1, 2, len(RESULT)  # columns
AROUND_WORDS_PX = 16  # left and right of the words in a cell
AROUND_TITLE_PX = 32  # the same for a title, with the arrow by which the rows are sorted
MOST_STATUS_PX = 240
SECONDS = 2  # the column of the seconds, from that of the status, which follows the settings


def varied(runs: Sequence[PlannedRun]) -> list[str]:
    """The settings that differ between the runs."""
    names = list(runs[0].settings) if runs else []
    return [name for name in names if len({repr(run.settings[name]) for run in runs}) > 1]


class ResultsTable(QAbstractTableModel):
    """A row for each run, in the order of the plan; a new result changes only its row."""

    def __init__(self) -> None:
        super().__init__()
        self.show_runs((), {})

    def show_runs(
        self, runs: Sequence[PlannedRun], outcomes: Mapping[int, RunOutcome], training: Set[int] = frozenset()
    ) -> None:
        """Show these runs. training: numbers of those that are being trained."""
        self.beginResetModel()
        self.runs, self.outcomes, self.settings, self.training = runs, outcomes, varied(runs), training
        names = [setting_option(name).label for name in self.settings]
        self.metric = _metric_of(outcomes)
        measured = [column_title(self.metric)] if self.metric else []
        self.titles = [*RESULT, *names, "Status", "Steps", "Seconds", *measured]
        self.tips = {LOSS: BEST_TIP, STEP: STEP_TIP, **({len(self.titles) - 1: METRIC_TIP} if measured else {})}
        self.endResetModel()

    def show_fresh(
        self, outcomes: Mapping[int, RunOutcome], numbers: Iterable[int], training: Set[int] = frozenset()
    ) -> None:
        """Show the new outcomes of these runs, and which are being trained now. The first one brings a column for its
        metric."""
        if not self.metric and _metric_of(outcomes):
            self.show_runs(self.runs, outcomes, training)
            return
        rows = sorted(number - 1 for number in {*numbers, *(self.training ^ training)})
        self.outcomes, self.training = outcomes, training
        if rows:
            self.dataChanged.emit(self.index(rows[0], 0), self.index(rows[-1], len(self.titles) - 1))

    @property
    def status(self) -> int:
        """The column of the status."""
        return FIRST_SETTING + len(self.settings)

    def rowCount(self, parent: Index = ROOT) -> int:
        """One for each run."""
        return 0 if parent.isValid() else len(self.runs)

    def columnCount(self, parent: Index = ROOT) -> int:
        """Number, settings that vary, and the result."""
        return 0 if parent.isValid() else len(self.titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = ItemRole.DisplayRole) -> Any:
        """Names of the columns, and what they mean."""
        if orientation is not Qt.Orientation.Horizontal or section >= len(self.titles):
            return None
        return {
            ItemRole.DisplayRole: self.titles[section],
            ItemRole.ToolTipRole: plain_tip(self.tips.get(section, "")),
        }.get(ItemRole(role))

    def data(self, index: Index, role: int = ItemRole.DisplayRole) -> Any:
        """What a cell shows, and what it is sorted by."""
        run = self.runs[index.row()]
        value = self.value(run, index.column())
        if role == ItemRole.DisplayRole:
            at = index.column() - FIRST_SETTING
            is_setting = 0 <= at < len(self.settings)
            if is_setting:
                return setting_option(self.settings[at]).written(value)
            if self.metric and index.column() == len(self.titles) - 1 and value is not None:
                return metric_text(self.metric, value)
            if index.column() == self.status + SECONDS and value is not None:
                return fixed(value, 1)
            return loss_text(value, LOSS_DIGITS) if index.column() == LOSS and value is not None else _written(value)
        if role == ItemRole.UserRole:
            return _sorted_by(value)
        if role == ItemRole.ToolTipRole:
            outcome = self.outcomes.get(run.number)
            return plain_tip(outcome.error) if outcome is not None and outcome.error else None
        return None

    def value(self, run: PlannedRun, column: int) -> Any:
        """The number, text or None behind a cell."""
        outcome, after = self.outcomes.get(run.number), column - self.status
        if column == 0:
            return run.number
        if column in (LOSS, STEP):
            return None if outcome is None else outcome.best if column == LOSS else outcome.best_step
        if after < 0:
            return run.settings[self.settings[column - FIRST_SETTING]]
        if after == 0 and run.number in self.training:
            return TRAINS
        if outcome is None:
            return WAITS if after == 0 else None
        status = f"{outcome.status}: {outcome.error}" if outcome.error else str(outcome.status)
        return (status, outcome.steps, round(outcome.seconds, 1), outcome.metrics.get(self.metric))[after]


def _metric_of(outcomes: Mapping[int, RunOutcome]) -> str:
    """The metric beside the loss; "" before the first result that has one."""
    return next(filter(None, (main_metric(one.metrics, "") for one in outcomes.values())), "")


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, int):
        return grouped(value)
    return in_figures(value, 5) if isinstance(value, float) else visible_text(str(value))


def _sorted_by(value: Any) -> Any:
    """A key that sorts numbers by size, and unknown ones last."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return math.inf
    return float(value) if isinstance(value, int | float) else str(value)


class ResultsView(QTreeView):
    """The table on the screen; a click on a column's title sorts by it."""

    def __init__(self, table: ResultsTable) -> None:
        super().__init__()
        self.table = table
        self.sorted = QSortFilterProxyModel(self)
        self.sorted.setSourceModel(table)
        self.sorted.setSortRole(ItemRole.UserRole)
        self.setModel(self.sorted)
        keep_rows_under_mouse(self)
        introduced(self, "sweep-results", "Runs of the sweep", role="table")
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setFrameShape(QTreeView.Shape.NoFrame)
        self.setAllColumnsShowFocus(True)
        self.setSortingEnabled(True)
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.sorted.modelReset.connect(self._fit)  # after the base's own answer to it

    def _fit(self) -> None:
        """Give each column the room for what it holds; the status has it for all that may come, except for long
        errors, which a tip tells."""
        advance = self.fontMetrics().horizontalAdvance
        status = max(map(advance, (*OutcomeStatus, WAITS, TRAINS))) + AROUND_WORDS_PX
        for column, title in enumerate(self.table.titles):
            # Qt would add room for an arrow twice as large
            width = max(advance(title) + AROUND_TITLE_PX, self.sizeHintForColumn(column))
            is_status = column == self.table.status
            self.setColumnWidth(column, min(max(width, status), MOST_STATUS_PX) if is_status else width)

    def selected(self) -> PlannedRun | None:
        """The run that is selected."""
        rows = self.selectionModel().selectedRows()
        return self.table.runs[self.sorted.mapToSource(rows[0]).row()] if rows else None
