"""What differs: the settings in which the chosen runs are not alike, side by side."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from gui.session.listed_run import ListedRun, short_name
from gui.session.run_differences import differences
from gui.theme import Theme, run_color
from gui.widgets.numbers import counted
from gui.widgets.symbols import plain_tip, visible_text
from gui.widgets.text import text_label

NOTHING = "These runs have the same settings."
CHIP_PX = 9


class DifferencesTable(QWidget):
    """A row for each such setting, a column for each run, and the way back to the list."""

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._back = QPushButton("‹ Runs")
        self._back.setObjectName("run-differences-back")
        self._back.setAccessibleName("Back to the list of runs")
        self._back.setProperty("role", "flat")
        self._back.clicked.connect(self.closed)
        self._summary = text_label("", "secondary", elide=True, name="run-differences-summary")
        self._tree = QTreeWidget()
        self._tree.setObjectName("run-differences-table")
        self._tree.setAccessibleName("Settings in which the runs differ")
        self._tree.setProperty("role", "table")
        self._tree.setRootIsDecorated(False)
        self._tree.setFrameShape(QTreeWidget.Shape.NoFrame)
        head = QHBoxLayout()
        head.addWidget(self._back)
        head.addWidget(self._summary, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self._tree, 1)

    def show_runs(self, runs: Sequence[ListedRun], theme: Theme) -> None:
        """Compare these."""
        found, tree = differences(runs), self._tree
        self._summary.setText(f"{counted(len(found), 'setting differs', 'settings differ')}" if found else NOTHING)
        tree.clear()
        tree.setColumnCount(1 + len(runs))
        header = QTreeWidgetItem(["Setting", *(visible_text(short_name(run, runs[0])) for run in runs)])
        for column, run in enumerate(runs, start=1):
            chip = QPixmap(CHIP_PX, CHIP_PX)
            chip.fill(QColor(run_color(theme, run.identity.color)))
            header.setIcon(column, chip)
            header.setData(column, Qt.ItemDataRole.ToolTipRole, plain_tip(run.name))
        tree.setHeaderItem(header)
        for each in found:
            item = QTreeWidgetItem([each.label, *map(visible_text, each.values)])
            for column, value in enumerate(each.values, start=1):
                item.setData(column, Qt.ItemDataRole.ToolTipRole, plain_tip(value))
            item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            tree.addTopLevelItem(item)
        for column in range(1 + len(runs)):
            tree.resizeColumnToContents(column)
