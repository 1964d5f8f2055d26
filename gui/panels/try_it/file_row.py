"""A whole file answered in the background, a piece at a time, so that everything else goes on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QPushButton, QSizePolicy, QToolButton, QWidget

import engine
from engine.export.csv_writer import JSON_LINES, json_line
from engine.inspection.unknown_symbols import UnknownSymbols
from engine.models.snapshot import weights_in_words
from engine.number_text import counted
from engine.runs.atomic_write import replacing
from gui.panels.try_it.file_answers import FileVerb, Score, not_compared
from gui.panels.try_it.file_result import TRUE_ANSWERS, FileResult
from gui.session.notice import Level
from gui.session.questions import Question
from gui.session.session import Session
from gui.widgets.box_layouts import side_by_side
from gui.widgets.controls import hold_texts, pressable, progress_bar
from gui.widgets.file_dialogs import ask_to_open, ask_to_save
from gui.widgets.symbols import plain_tip

PIECE_S = 0.1  # of work before other jobs get their turn
RESOLUTION = 1000
CANCEL = "Cancel"


@dataclass(eq=False)
class FileJob:
    """One file being answered. Used by the background thread alone, piece by piece.

    dataset: what the network learns from.
    """

    source: Path
    goal: Path
    dataset: engine.Dataset | None
    verb: FileVerb
    _work: Iterator[float] | None = field(default=None, init=False)
    rows: int = field(default=0, init=False)  # that hold a text
    empty: int = field(default=0, init=False)  # rows that hold none
    unknown: UnknownSymbols = field(default_factory=UnknownSymbols, init=False)
    score: Score | None = field(default=None, init=False)  # if the file has true answers
    not_compared: str = field(default="", init=False)  # why its answers are none that the network could have given
    remark: str = field(default="", init=False)  # which sheet of a workbook is answered
    step: int = field(default=0, init=False)  # of the weights that answer

    def go_on(self, snapshot: engine.Snapshot) -> float:
        """Work for a moment, with the weights of the beginning; returns the share done, 1 when the file is written."""
        if self._work is None:
            self._work, self.step = self._pieces(snapshot.model()), snapshot.step
        until = time.perf_counter() + PIECE_S
        for share in self._work:
            if time.perf_counter() >= until:
                return share
        return 1.0

    def _pieces(self, model: engine.Model) -> Iterator[float]:
        # These take long to import.
        from engine.inspection.membership import rows_in_training
        from gui.panels.try_it.question_file import read_rows

        data = self.dataset
        like, config = (None, None) if data is None else (data.recognition, data.config)
        found = read_rows(self.source, model.codec, like, config, self.verb.columns(model))
        self.not_compared, self.remark = found.not_compared, found.remark
        style = self.verb.style_for(found.style, self.source, self.goal)
        as_json = self.goal.suffix.lower() == JSON_LINES and not self.verb.writes_tags
        names = self.verb.names(model, found.columns)
        written = [] if as_json else [self.verb.head(model, found.columns, style)]
        compared, answers = list[engine.Example](), []
        for done, row in enumerate(found.rows):
            answered = self.verb.answer_row(model, row, style)
            written.append(json_line(names, answered.cells) if as_json else answered.written)
            self.rows += bool(row.text)
            self.empty += not row.text
            self.unknown.note(len(answered.tokens), answered.unknown)
            if row.truth is not None:
                compared.append(engine.Example(answered.tokens, row.truth))
                answers.append(answered.answer)
            yield done / len(found.rows)
        if compared:
            known = "" if data is None else rows_in_training(engine.Examples.of(model.codec, compared), data)
            self.score = replace(self.verb.score(model.codec, compared, answers), known=known)
        with replacing(self.goal) as temporary:
            encoding = "utf-8-sig" if style.has_mark and not as_json else "utf-8"
            temporary.write_text("".join(written), encoding=encoding, errors="backslashreplace", newline="")


class FileRow(QWidget):
    """A button that asks for a file and where to save the answers; then progress, and the same button stops it, so that
    the focus stays where it is. If the file has true answers, the two are compared; the result stays beside the button
    as long as it is that of the last file and of the weights at hand, and opens as a sheet."""

    def __init__(self, session: Session, name: str, label: str, verb: FileVerb) -> None:
        super().__init__()
        self._session, self._name = session, name
        self.verb = verb  # how the next file is answered
        self.result = FileResult(self, session, name)
        self._place = object()
        self._result_of: tuple[str, int] | None = None  # the run whose answers were compared, and the step
        self.job: FileJob | None = None
        self._label, form = label, verb.ending.lstrip(".").upper()
        self._help = (
            f"Run the network on every text in a file and save the answers as a new {form} file. Right answers in the "
            "file are compared with the network’s."
        )
        self.button = pressable(QPushButton(label), name, label, self._help)
        hold_texts(self.button, label, CANCEL)
        self.progress = progress_bar(f"{name}-progress", "Progress through the file")
        self.progress.setRange(0, RESOLUTION)
        policy = QSizePolicy.Policy
        self.progress.setSizePolicy(policy.Ignored, policy.Fixed)  # keeps the column from widening when work begins
        help = "How the network’s answers differ from those in the file"
        self.open_result = pressable(QToolButton(), f"{name}-show-result", TRUE_ANSWERS, help, "flat")
        self.open_result.hide()
        side_by_side(self.button, self.open_result, (self.progress, 1), 0, of=self)
        self._show()
        self.button.clicked.connect(self._press)
        self.open_result.clicked.connect(self._show_result)

    def _press(self) -> None:
        if self.job is None:
            self._choose_source()
        else:
            self.stop()

    def _choose_source(self) -> None:
        title, start = self._label.rstrip("…"), self._session.folders.opened
        ask_to_open(self, f"{self._name}-open", title, start, self._choose_goal)

    def _choose_goal(self, source: Path) -> None:
        folders = self._session.folders
        folders.use(opened=str(source.parent))
        stem = source.name.removesuffix(".gz").rpartition(".")[0] or source.name
        ending = self.verb.ending_for(source)
        goal = source.with_name(f"{stem}-answers{ending}")
        start = folders.noting(partial(self.start, source), own=source.parent)
        ask_to_save(self, f"{self._name}-save", "Save answers as", goal, start, ending=ending.lstrip("."))

    def start(self, source: Path, goal: Path) -> None:
        """Answer all texts of one file into another, which must not be the same."""
        if goal.exists() and goal.samefile(source):
            text = f"{goal.name} is the file to be answered; its answers need a file of their own."
            self._session.tell(text, Level.ERROR)
            return
        self.job = FileJob(source, goal, self._session.data.dataset, self.verb)
        self.progress.setValue(0)
        self._show()
        self._go_on(self.job)

    def stop(self) -> None:
        """Stop; nothing is written."""
        self.job = None
        self._show()

    def abandon(self) -> None:
        """Stop because the network has changed: half a file from the old one is no use."""
        self.follow()
        if self.job is not None:
            text = f"{self.job.source.name} was not finished, because the network has changed."
            self._session.tell(text, Level.WARNING)
            self.stop()

    def follow(self) -> None:
        """Show the result only beside the weights that it is of: it is out of sight until they are back."""
        self.open_result.setVisible(self._result_of is not None and self._result_of == self._weights())

    def _weights(self, step: int | None = None) -> tuple[str, int]:
        """Which weights are meant: the run, and the step at which they were here; None for the newest."""
        newest = self._session.run.snapshot
        step = step if step is not None else -1 if newest is None else newest.step
        return self._session.runs.current, self._session.run.weights_step(step)

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
        answered_by = self._weights(job.step)
        earlier = "" if answered_by == self._weights() else f" {weights_in_words(answered_by[1])}"
        texts = counted(job.rows, f"text of {job.source.name} is", f"texts of {job.source.name} are")
        score = job.score
        judged = "." if score is None else f": {score.summary}{not_compared(score.rows, job.rows)}.{score.remark}"
        judged += f" They are not compared with those in the file. {job.not_compared}" if job.not_compared else ""
        empty = counted(job.empty, "row holds no text and has", "rows hold no text and have")
        left_out = f" {empty} no answer." if job.empty else ""
        left_out += f" {job.remark}" if job.remark else ""
        goal = self._session.folders.told(job.goal, str(job.source.parent))
        told = f"{texts} answered{job.verb.how}{earlier} in {goal}{judged}{left_out}"
        self._session.tell(f"{told} {job.unknown.in_words(self._session.data.symbol_name)}")
        self._result_of = None if score is None else answered_by
        if score is not None:
            self.result.show_score(score, job.source.name, job.goal.name, job.rows)
            self.open_result.setText(score.headline)
        self.follow()

    def _show_result(self) -> None:
        self.result.show_beside(self, self.height())

    def _failed(self, job: FileJob, message: str) -> None:
        if self.job is job:
            self.stop()
            self._session.tell(message, Level.ERROR)

    def _show(self) -> None:
        """Let the button ask for a file or cancel, in the same place, and with the focus if it has that."""
        working = self.job is not None
        self.button.setText(CANCEL if working else self._label)
        self.button.setAccessibleName("Cancel the file" if working else self._label)
        self.button.setToolTip(plain_tip("Stop without saving anything" if working else self._help))
        self.progress.setVisible(working)
