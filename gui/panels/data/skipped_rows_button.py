"""Saves the rows that were left out as a table: line number, reason, and the line as it is in the file."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QPushButton

import engine
from engine.data.files.left_out import left_out_rows
from engine.export.csv_writer import write_table
from engine.number_text import counted
from gui.session.notice import Level
from gui.session.questions import Question
from gui.session.session import Session
from gui.widgets.controls import introduced
from gui.widgets.file_dialogs import ask_to_save


class SkippedRowsButton(QPushButton):
    """Asks where to save them, then reads them from the file again, in the background."""

    def __init__(self, session: Session) -> None:
        super().__init__("Save skipped rows…")
        self._session = session
        self._place = object()
        help = "Save the skipped rows as a table: line, reason, and the line itself"
        introduced(self, "save-left-out", "Save the skipped rows", help)
        self.clicked.connect(self._choose)

    def _choose(self) -> None:
        dataset = self._session.data.dataset
        if dataset is None:
            return
        name = Path(dataset.path or dataset.name).name.partition(".")[0] or "data"
        folders = self._session.folders
        goal, save = folders.goal(f"{name}-skipped.csv"), folders.noting(partial(self._save, dataset))
        ask_to_save(self.window(), "save-left-out-dialog", "Save skipped rows", goal, save, ending="csv")

    def _save(self, dataset: engine.Dataset, goal: Path) -> None:
        work = partial(save_left_out, dataset=dataset, goal=goal)
        self._session.ask(Question(self._place, work, self._session.tell, self._refuse, urgent=True))

    def _refuse(self, message: str) -> None:
        self._session.tell(message, Level.ERROR)


def save_left_out(snapshot: engine.Snapshot, dataset: engine.Dataset, goal: Path) -> str:
    """Write the table and return a message for the user; runs in the background. The network is not used."""
    rows = left_out_rows(dataset)
    write_table(goal, [("line", "reason", "text"), *(("" if line is None else line, *rest) for line, *rest in rows)])
    return f"{counted(len(rows), 'skipped row is', 'skipped rows are')} in {goal.name}."
