"""Which labels are mistaken for which on the validation examples, and the examples behind each cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidgetItem, QSplitter

import engine
from engine.data.examples import Examples
from engine.inspection.mistakes import Confusion, confusion, evenly_chosen
from engine.number_text import grouped
from engine.training.defaults import given_in, name_in
from gui.panels.base.asking_view import AskingView
from gui.plots.matrix import EMPTY, Grid, Matrix
from gui.plots.picture_export import Table
from gui.session.session import Session
from gui.widgets.result_list import ROW_PX, Result, ResultList

MOST_EXAMPLES = 1000  # evenly chosen; enough for shares to a few percent
NO_LABELS = "There is no confusion matrix: this network predicts neither labels nor tags."
SUBTITLE = "validation examples; click a cell to read them"


@dataclass(frozen=True, eq=False)
class Confused:
    """Counts, and the validation examples. behind: for each (row, column) the places of some of its examples."""

    counts: Confusion
    examples: Examples
    behind: dict[tuple[int, int], list[int]]


class ConfusionPanel(AskingView[Confused]):
    """Rows are the truth, columns the answers; each row is coloured by its own shares."""

    HELP = (
        "Each validation example (or each word, if words are tagged) is counted in the row of its true label and the "
        "column of the label the network predicted. The numbers are counts. Colours show shares of the row (their "
        "square roots), so that rare labels and rare errors remain visible. Where there is no room for all names, the "
        "row and the column under the mouse have theirs. Right answers lie on the diagonal. A dark cell off the "
        "diagonal marks two labels that the network mixes up: click it to read the examples, and click an example to "
        "look inside."
    )

    def __init__(self, session: Session, title: str) -> None:
        super().__init__(session, title, SUBTITLE)
        self.matrix = Matrix(session.theme, "confusion", "Confusion matrix: true label by predicted label")
        self.matrix.tip_of = self._tip
        self.matrix.chosen.connect(lambda row, column: self._list())
        self.examples = ResultList(session.theme, "confusion-examples", "Examples in the selected cell")
        self.examples.setMinimumHeight(ROW_PX)
        self.examples.itemClicked.connect(self._open)
        self.examples.itemActivated.connect(self._open)
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.matrix)
        self.split.addWidget(self.examples)
        self.split.setSizes([700, 300])
        self.content.addWidget(self.split, 1)
        self._least_matrix_px = self.matrix.minimumHeight()  # without a list
        self._unlist()
        self._places: list[int] = []  # of the listed examples
        self._examples: Examples | None = None  # those in which a cell has been chosen

    def about(self) -> tuple[object, ...]:
        """Nothing: this view does not depend on the probe."""
        return ()

    def nothing(self) -> str:
        """Say why there is no picture."""
        return NO_LABELS

    def work(self) -> Callable[[engine.Snapshot], Confused | None]:
        """Count the answers to the validation examples."""
        dataset = self.session.data.dataset
        return partial(confused_on, examples=dataset.validation if dataset is not None else None)

    def draw(self) -> None:
        """Draw one cell for each pair of labels."""
        found = self.found
        if found is None:
            self.matrix.show_grid(EMPTY, self.session.theme)
            self.matrix.current = None
            self._unlist()
            return
        if found.examples is not self._examples:  # other data: its cells mean something else
            self._examples, self.matrix.current = found.examples, None
        counts = found.counts.counts
        # square roots, so that one error among hundreds can be seen
        shares = np.sqrt(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1))
        labels = found.counts.labels
        self.matrix.show_grid(Grid(shares, labels, labels, "truth", "answer", self._text), self.session.theme)
        self._list()

    def _text(self, row: int, column: int) -> str:
        count = int(self.found.counts.counts[row, column]) if self.found is not None else 0
        return grouped(count) if count else ""

    def _tip(self, row: int, column: int) -> str:
        if self.found is None:
            return ""
        labels, count = self.found.counts.labels, int(self.found.counts.counts[row, column])
        return f"{labels[row]}, answered {labels[column]}: {grouped(count)}"

    def _list(self) -> None:
        """List the examples behind the selected cell."""
        found, at = self.found, self.matrix.current
        if found is None or at is None:
            self._unlist()
            return
        # the list takes its room from the matrix, so that the views around stay where they are
        self.matrix.setMinimumHeight(self._least_matrix_px - ROW_PX - self.split.handleWidth())
        self.examples.show()
        self._places = found.behind.get(at, [])
        truth, answer = (found.counts.labels[place] for place in at)
        count = int(found.counts.counts[at])
        said = f"{grouped(count)} × {truth}, answered {answer}"
        shown = f"{said}; {grouped(len(self._places))} of them listed below" if count else said
        briefer = [said, f"{grouped(count)} × {truth} → {answer}", f"{truth} → {answer}"]
        self.subtitle.setText(shown, *briefer)
        names = [name_in(found.examples, place) for place in self._places]
        self.examples.show_results([Result(name) for name in names], self.session.theme)

    def _unlist(self) -> None:
        self.examples.hide()
        self.matrix.setMinimumHeight(self._least_matrix_px)
        self.subtitle.setText(SUBTITLE)

    def _open(self, item: QListWidgetItem) -> None:
        if self.found is not None:
            given = given_in(self.found.examples, self._places[self.examples.row(item)])
            self.session.probe.set(given, is_example=True)

    def table(self) -> Table:
        """One row for each true label."""
        if self.found is None:
            return Table(("truth",))
        counts = self.found.counts
        rows = ((label, *line.tolist()) for label, line in zip(counts.labels, counts.counts, strict=True))
        return Table(("truth", *counts.labels), rows)


def confused_on(snapshot: engine.Snapshot, examples: Examples | None) -> Confused | None:
    """Count the answers to a part of the examples; runs in the background. None for networks without labels."""
    if examples is None or not snapshot.model_class.predicts.is_class or not len(examples):
        return None
    places = evenly_chosen(len(examples), MOST_EXAMPLES)
    counts = confusion(snapshot.model(), examples.take(places))
    behind = {cell: places[list(numbers)].tolist() for cell, numbers in counts.examples.items()}
    return Confused(counts, examples, behind)
