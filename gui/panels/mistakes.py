"""The validation examples that the network gets most wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QHeaderView, QTreeView

import engine
from engine.data.codec import Codec
from engine.data.examples import Examples
from engine.inspection import Mistake, mistakes
from gui.exporting import Table
from gui.panels.asking_view import AskingView
from gui.session import Session

MOST_EXAMPLES = 1000  # looked at, evenly chosen
MOST_SHOWN = 100
SORT_ROLE = Qt.ItemDataRole.UserRole
COLUMNS = ("loss", "right", "text", "truth")
TIPS = (
    "mean nats per predicted symbol",
    "share of this example's predictions that are right",
    "what the network reads",
    "what it should have answered",
)


@dataclass(frozen=True)
class Wrong:
    """One row: the text as it can be typed, and its label where a generator needs one."""

    text: str
    truth: str
    loss: float
    right: float
    label: str | None


class MistakesPanel(AskingView[tuple[Wrong, ...]]):
    """A table that can be sorted; a click makes the text the one that all panels look at."""

    HELP = (
        "The validation examples with the highest loss per predicted symbol, the worst first: those whose truth the "
        "network held for least likely. Often they show wrong labels in the data, rare symbols, or a rule it has not "
        "learned. Click a heading to sort by it, and a row to look at its text in all other panels."
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session, "Mistakes", "the worst validation examples, click to look inside", "mistakes")
        self.rows = QStandardItemModel(0, len(COLUMNS), self)
        self.rows.setHorizontalHeaderLabels(list(COLUMNS))
        self.rows.setSortRole(SORT_ROLE)
        for column, tip in enumerate(TIPS):
            self.rows.setHeaderData(column, Qt.Orientation.Horizontal, tip, Qt.ItemDataRole.ToolTipRole)
        self.list = QTreeView()
        self.list.setObjectName("mistakes")
        self.list.setAccessibleName("Worst validation examples")
        self.list.setProperty("role", "table")
        self.list.setModel(self.rows)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.list.setFrameShape(QTreeView.Shape.NoFrame)
        self.list.setSortingEnabled(True)
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSortIndicator(0, Qt.SortOrder.DescendingOrder)
        for column in (0, 1):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        for column in (2, 3):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self.list.clicked.connect(self._open)
        self.list.activated.connect(self._open)
        self.content.addWidget(self.list, 1)

    def subject(self) -> tuple[object, ...]:
        """Not the probe."""
        return (self.session.run,)

    def nothing(self) -> str:
        """Why there is no list."""
        return "There are no validation examples."

    def question(self) -> Callable[[engine.Snapshot], tuple[Wrong, ...] | None]:
        """The worst of the validation examples."""
        dataset = self.session.dataset
        return partial(worst_of, examples=dataset.validation if dataset is not None else None)

    def draw(self) -> None:
        """Fill the table; the order that the user chose stays, and so does the chosen row."""
        found = self.found or ()
        chosen = self._chosen_text()
        self.list.setColumnHidden(3, not any(wrong.truth for wrong in found))
        self.list.setSortingEnabled(False)
        self.rows.setRowCount(len(found))
        for row, wrong in enumerate(found):
            right = f"{round(100 * wrong.right)} %"
            cells = ((f"{wrong.loss:.2f}", wrong.loss), (right, wrong.right), (wrong.text,) * 2, (wrong.truth,) * 2)
            for column, (text, key) in enumerate(cells):
                item = self.rows.item(row, column) or QStandardItem()
                item.setText(text)
                item.setData(key, SORT_ROLE)
                if column < 2:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                else:
                    item.setToolTip(text)
                item.setData(wrong, SORT_ROLE + 1)
                self.rows.setItem(row, column, item)
        self.list.setSortingEnabled(True)
        self._choose_text(chosen)

    def _chosen_text(self) -> str:
        index = self.list.currentIndex()
        return str(index.siblingAtColumn(2).data()) if index.isValid() else ""

    def _choose_text(self, text: str) -> None:
        for row in range(self.rows.rowCount()):
            if text and self.rows.item(row, 2).text() == text:
                self.list.setCurrentIndex(self.rows.index(row, 0))
                return
        self.list.setCurrentIndex(QModelIndex())

    def _open(self, index: QModelIndex) -> None:
        wrong = index.data(SORT_ROLE + 1)
        if isinstance(wrong, Wrong):
            self.session.set_probe(wrong.text, wrong.label)

    def table(self) -> Table:
        """As it is sorted now."""
        wrongs = [self.rows.item(row, 0).data(SORT_ROLE + 1) for row in range(self.rows.rowCount())]
        rows = [(wrong.loss, wrong.right, wrong.text, wrong.truth) for wrong in wrongs]
        return Table(("loss in nats per symbol", "share of predictions right", "text", "truth"), rows)


def worst_of(snapshot: engine.Snapshot, examples: Examples | None) -> tuple[Wrong, ...] | None:
    """The worst examples of a part of them; runs in the background. ConfigError on running text."""
    if examples is None or not len(examples):
        return None
    if len(examples) > MOST_EXAMPLES:
        examples = examples.take(np.linspace(0, len(examples) - 1, MOST_EXAMPLES).astype(np.int64))
    generates = snapshot.config.architecture == "one-to-many"
    found = mistakes(snapshot.model(), examples, MOST_SHOWN)
    return tuple(_row(mistake, examples.codec, generates) for mistake in found)


def _row(mistake: Mistake, codec: Codec, generates: bool) -> Wrong:
    source, target = mistake.example.source, mistake.example.target
    labelled = codec.kind == "labelled"
    truth = " ".join(target) if labelled or codec.kind == "tagged" else codec.join(target, "target") if target else ""
    label = target[0] if generates and labelled and target else None
    return Wrong(codec.join(source), truth, mistake.loss, mistake.accuracy, label)
