"""The answers of a network compared with those in the file: figures and a confusion matrix."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QWidget

from engine.number_text import counted
from gui.panels.try_it.file_answers import Score, not_compared
from gui.plots.matrix import Grid, Matrix
from gui.session.session import Session
from gui.widgets.sheet import Sheet
from gui.widgets.text import text_label

WIDTH_PX, MATRIX_PX = 420, 320
TRUE_ANSWERS = "Compared with the true answers"
MOST_LABELS = 60  # in a matrix that is still readable


class FileResult(Sheet):
    """Figures and, for labels or tags, the confusion matrix."""

    def __init__(self, parent: QWidget, session: Session, name: str) -> None:
        super().__init__(parent, f"{name}-result", TRUE_ANSWERS, WIDTH_PX)
        self._session = session
        self.figures = text_label("", "strong", wrap=True, name=f"{name}-figures")
        self.counted = text_label("", "small", wrap=True, name=f"{name}-counted")
        self.matrix = Matrix(session.theme, f"{name}-confusion", "Confusion matrix: true label by predicted label")
        self.matrix.setFixedHeight(MATRIX_PX)
        self._score: Score | None = None
        for widget in (self.figures, self.counted, self.matrix):
            self.body.addWidget(widget)

    def show_score(self, score: Score, source: str, goal: str, texts: int) -> None:
        """Show the score of a file. source: the file of the texts; goal: the file of the answers. texts: how many were
        answered."""
        self._score = score
        self.figures.setText(f"{score.summary[:1].upper()}{score.summary[1:]}")
        rows = f"{counted(score.rows, 'row')}{not_compared(score.rows, texts)}"
        answers = f"{goal} holds the true answers beside those of the network."
        self.counted.setText(f"On {rows} of {source}.{score.remark} {answers}")
        counts = score.counts
        shown = counts is not None and len(score.labels) <= MOST_LABELS
        self.matrix.setVisible(shown)
        if counts is not None and shown:
            shares = np.sqrt(counts / np.maximum(counts.sum(axis=1, keepdims=True), 1))
            grid = Grid(shares, score.labels, score.labels, "truth", "answer", self._text)
            self.matrix.show_grid(grid, self._session.theme)
        self.fit()

    def _text(self, row: int, column: int) -> str:
        counts = None if self._score is None else self._score.counts
        return "" if counts is None or not counts[row, column] else f"{int(counts[row, column]):,}"
