"""The compared runs as a table: the settings in which they differ, and how good each became."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QFrame, QSizePolicy, QTreeWidget, QTreeWidgetItem

import engine
from engine.models.metrics import metric_text, metric_title
from engine.number_text import grouped, short, size
from engine.runs.differences import differences
from engine.training.baseline import Baseline
from gui.panels.compare.compare_page import Entry
from gui.session.run_library.listed_run import ListedRun
from gui.widgets.controls import introduced
from gui.widgets.symbols import plain_tip, visible_text

CHIP_PX, ROW_PX, FRAME_PX = 9, 22, 6
NEVER = "not yet"
SMALL = 0.001  # losses


def chip(color: str) -> QIcon:
    """A square in the colour of a run."""
    square = QPixmap(CHIP_PX, CHIP_PX)
    square.fill(QColor(color))
    return QIcon(square)


class FiguresTable(QTreeWidget):
    """A row for each run, as high as its rows. Only changed cells are updated: a race has 30 frames a second."""

    def __init__(self) -> None:
        super().__init__()
        introduced(self, "compare-figures", "Settings and figures of the compared runs", role="table")
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QTreeWidget.SelectionMode.NoSelection)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.titles: list[str] = []
        self.rows: list[list[str]] = []

    def show_runs(
        self,
        entries: Sequence[Entry],
        baselines: Sequence[Baseline],
        snapshots: Mapping[str, engine.Snapshot],
        states: Mapping[str, str],
    ) -> None:
        """snapshots: those that are known, by id. states: the progress of each run in words, by id."""
        runs = [entry.run for entry in entries]
        unlike = differences([run.settings.made for run in runs])
        metric = next((run.headline[0] for run in runs if run.headline is not None), "")
        titles = ["Run", *(each.label for each in unlike), "Steps", "Best loss"]
        titles += [metric_title(metric).capitalize()] if metric else []
        titles += ["Weights", "Speed", *(f"Beats {one.name}" for one in baselines)]
        rows = []
        for at, run in enumerate(runs):
            row = [visible_text(entries[at].name), *(visible_text(each.values[at]) for each in unlike)]
            row.append(states.get(run.id, grouped(run.step)))
            row.append(loss_figure(run.best_loss))
            if metric:
                row.append(metric_text(*run.headline) if run.headline is not None and run.headline[0] == metric else "")
            snapshot = snapshots.get(run.id)
            row += ["", ""] if snapshot is None else [size(snapshot.weights.size), _speed(run, snapshot)]
            rows.append([*row, *(passed(run, one.loss) for one in baselines)])
        self._write(entries, titles, rows)

    def _write(self, entries: Sequence[Entry], titles: list[str], rows: list[list[str]]) -> None:
        before = self.rows
        anew = titles != self.titles or len(rows) != len(before)
        self.titles, self.rows = titles, rows
        if anew:
            self.clear()
            self.setColumnCount(len(titles))
            self.setHeaderLabels(titles)
            self.addTopLevelItems([QTreeWidgetItem(row) for row in rows])
            self.updateGeometry()
        for at, (entry, row) in enumerate(zip(entries, rows, strict=True)):
            item = self.topLevelItem(at)
            assert item is not None
            for column, text in enumerate(row):
                if anew or text != before[at][column]:
                    item.setText(column, text)
                    item.setToolTip(column, plain_tip(entry.run.name if column == 0 else text))
            item.setIcon(0, chip(entry.color))
        if anew or [len(text) for row in rows for text in row] != [len(text) for row in before for text in row]:
            for column in range(len(titles)):
                self.resizeColumnToContents(column)

    def sizeHint(self) -> QSize:
        """As high as the rows."""
        rows = sum(self.sizeHintForRow(row) if self.topLevelItem(row) else ROW_PX for row in range(len(self.rows)))
        return QSize(300, self.header().sizeHint().height() + rows + FRAME_PX)

    def minimumSizeHint(self) -> QSize:
        """High enough for all rows; columns scroll."""
        return QSize(120, self.sizeHint().height())


def _speed(run: ListedRun, snapshot: engine.Snapshot) -> str:
    """ "27,500 tokens/s"; "" if it is not known."""
    return f"{short(run.speed)} {snapshot.codec.read_name}s/s" if run.speed else ""


def loss_figure(loss: float) -> str:
    """A loss with four decimals, or as a power of ten if it is smaller; "" if nothing was measured."""
    if not math.isfinite(loss):
        return ""
    return f"{loss:.1e}" if 0 < loss < SMALL else f"{loss:.4f}"


def passed(run: ListedRun, loss: float) -> str:
    """ "step 120 · 3.4 s": when the run's validation loss was first below `loss`."""
    curve = run.curve
    better = np.flatnonzero(curve.validation_loss < loss)
    if not len(better):
        return NEVER
    at = int(better[0])
    return f"step {grouped(int(curve.validation_steps[at]))} · {curve.validation_seconds[at]:.1f} s"
