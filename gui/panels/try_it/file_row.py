"""A whole file answered in the background, a piece at a time, so that everything else goes on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QWidget

import engine
from engine.data.files.inputs import Input, read_inputs
from engine.data.files.reader import Recognition
from engine.runs.atomic_write import replacing
from gui.session.notice import Level
from gui.session.questions import Question
from gui.session.session import Session
from gui.widgets.controls import introduced, progress_bar
from gui.widgets.numbers import counted

PIECE_S = 0.1  # of work before others are let through
RESOLUTION = 1000
Answering = Callable[[engine.Model, Input], str]  # one row → what is written for it


@dataclass(eq=False)
class FileJob:
    """One file on its way. Used by the background thread alone, a piece after the other.

    like: how the data were recognised that the network learns from.
    """

    source: Path
    goal: Path
    like: Recognition | None
    head: Callable[[engine.Model], str]
    answer: Answering
    _work: Iterator[float] | None = field(default=None, init=False)
    rows: int = field(default=0, init=False)

    def go_on(self, snapshot: engine.Snapshot) -> float:
        """Work for a moment with the weights of the beginning; the share that is done, 1 when the file is written."""
        if self._work is None:
            self._work = self._pieces(snapshot.model())
        until = time.perf_counter() + PIECE_S
        for share in self._work:
            if time.perf_counter() >= until:
                return share
        return 1.0

    def _pieces(self, model: engine.Model) -> Iterator[float]:
        rows = read_inputs(self.source, model.codec, self.like)
        self.rows = len(rows)
        written = [self.head(model)]
        for done, row in enumerate(rows):
            written.append(self.answer(model, row))
            yield done / len(rows)
        with replacing(self.goal) as temporary:
            temporary.write_text("".join(written), encoding="utf-8", errors="backslashreplace", newline="")


class FileRow(QWidget):
    """A button that asks for a file and where the answers shall go; then progress, and a way to stop it."""

    def __init__(
        self,
        session: Session,
        name: str,
        label: str,
        ending: str,
        head: Callable[[engine.Model], str],
        answer: Answering,
    ) -> None:
        super().__init__()
        self._session, self._name, self._ending, self._head, self._answer = session, name, ending, head, answer
        self._place = object()
        self.job: FileJob | None = None
        help = f"Every text of a file, written to a {ending.lstrip('.').upper()} file"
        self.button = introduced(QPushButton(label), name, label, help)
        self.progress = progress_bar(f"{name}-progress", "Progress through the file")
        self.progress.setRange(0, RESOLUTION)
        help = "Stop without saving anything"
        self.cancel = introduced(QPushButton("Cancel"), f"{name}-cancel", "Cancel the file", help)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.button)
        row.addWidget(self.progress, 1)
        row.addWidget(self.cancel)
        row.addStretch(0)
        self._show()
        self.button.clicked.connect(self._choose_source)
        self.cancel.clicked.connect(self.stop)

    def _choose_source(self) -> None:
        dialog = QFileDialog(self, self.button.text().rstrip("…"))
        dialog.setObjectName(f"{self._name}-open")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(["Texts (*.txt *.csv *.tsv *.tab *.json *.jsonl *.conll *.conllu *.gz)", "All files (*)"])
        dialog.fileSelected.connect(lambda path: self._choose_goal(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _choose_goal(self, source: Path) -> None:
        stem = source.name.removesuffix(".gz").rpartition(".")[0] or source.name
        dialog = QFileDialog(self, "Save answers as", str(source.with_name(f"{stem}-answers{self._ending}")))
        dialog.setObjectName(f"{self._name}-save")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(self._ending.lstrip("."))
        dialog.selectFile(f"{stem}-answers{self._ending}")
        dialog.fileSelected.connect(lambda path: self.start(source, Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def start(self, source: Path, goal: Path) -> None:
        """Answer all texts of one file into another."""
        dataset = self._session.data.dataset
        like = dataset.recognition if dataset is not None else None
        self.job = FileJob(source, goal, like, self._head, self._answer)
        self.progress.setValue(0)
        self._show()
        self._go_on(self.job)

    def stop(self) -> None:
        """Leave it; nothing is written."""
        self.job = None
        self._show()

    def abandon(self) -> None:
        """The network is another one: half a file of the old one is of no use."""
        if self.job is not None:
            text = f"{self.job.source.name} was not finished, because the network has changed."
            self._session.tell(text, Level.WARNING)
            self.stop()

    def _go_on(self, job: FileJob) -> None:
        self._session.ask(Question(self._place, job.go_on, partial(self._arrived, job), partial(self._failed, job)))

    def _arrived(self, job: FileJob, share: float) -> None:
        if self.job is not job:
            return
        self.progress.setValue(round(RESOLUTION * share))
        if share < 1.0:
            self._go_on(job)
            return
        self.stop()
        texts = counted(job.rows, f"text of {job.source.name} is", f"texts of {job.source.name} are")
        self._session.tell(f"{texts} in {job.goal.name}.")

    def _failed(self, job: FileJob, message: str) -> None:
        if self.job is job:
            self.stop()
            self._session.tell(message, Level.ERROR)

    def _show(self) -> None:
        working = self.job is not None
        self.button.setEnabled(not working)
        self.progress.setVisible(working)
        self.cancel.setVisible(working)
