"""A whole file answered in the background, a piece at a time, so that everything else goes on."""

from __future__ import annotations

import csv
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QProgressBar, QPushButton, QWidget

import engine
from engine.data.files.columns import is_known_name
from engine.data.files.textfile import TextFile
from engine.runs.atomic_write import replacing
from gui.session.notice import Level
from gui.session.questions import Question
from gui.session.session import Session
from gui.widgets.numbers import counted

PIECE_S = 0.1  # of work before others are let through
RESOLUTION = 1000
REGULAR = 0.9  # share of the lines with the same number of tabs that makes a text file a table
Row = str | tuple[str, ...]  # a text, or the tokens of a sentence
Answering = Callable[[engine.Model, Row], str]  # one row → what is written for it


def read_rows(path: Path, column: str = "") -> list[Row]:
    """The texts of a file: lines, the text column of a table or of JSON lines, or the sentences of a CoNLL file.

    column: its name where there are several; else a name that usually means text, else the widest. DataError if the
    file cannot be read or holds no text.
    """
    with TextFile(path) as file:
        lines = "".join(file.blocks()).split("\n")
    kind = path.name.lower().removesuffix(".gz").rpartition(".")[2]
    rows: Sequence[Row]
    if kind in ("conll", "conllu", "iob", "bio"):
        rows = _sentences(lines, 1 if kind == "conllu" else 0)
    elif kind in ("jsonl", "ndjson"):
        rows = _objects(lines, column, path)
    elif kind in ("csv", "tsv", "tab"):
        rows = _column(list(csv.reader(lines, delimiter=_delimiter(lines, kind))), column)
    else:
        tabs = Counter(line.count("\t") for line in lines if line.strip())
        count, often = tabs.most_common(1)[0] if tabs else (0, 0)
        table = count > 0 and often >= REGULAR * tabs.total()
        rows = _column([line.split("\t") for line in lines], column) if table else lines
    kept = [row for row in rows if (row.strip() if isinstance(row, str) else row)]
    if not kept:
        raise engine.DataError("The file contains no text.", path=path)
    return kept


def tokens_of(row: Row, codec: engine.Codec) -> tuple[str, ...]:
    """The symbols of a row as the network reads them: in small letters where it has learned no others."""
    if isinstance(row, str):
        return codec.tokenize(row)
    return tuple(token.lower() for token in row) if codec.lowercase else row


def _delimiter(lines: Sequence[str], kind: str) -> str:
    if kind in ("tsv", "tab"):
        return "\t"
    first = next((line for line in lines if line.strip()), "")
    return max(",;|\t", key=first.count)


def _column(table: Sequence[Sequence[str]], column: str) -> list[str]:
    rows = [row for row in table if any(cell.strip() for cell in row)]
    if not rows:
        return []
    head = rows[0]
    named = column in head or any(is_known_name(name) for name in head)
    body = rows[1:] if named else rows
    widest = max(range(len(head)), key=lambda i: sum(len(row[i]) for row in body[:1000] if i < len(row)))
    place = head.index(column) if column in head else widest
    return [row[place] for row in body if place < len(row)]


def _objects(lines: Sequence[str], column: str, path: Path) -> list[str]:
    texts = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except ValueError:
            raise engine.DataError("This is not JSON.", path=path, line=number) from None
        if isinstance(value, dict):
            strings = {name: text for name, text in value.items() if isinstance(text, str)}
            value = strings.get(column) or strings.get("text") or max(strings.values(), key=len, default="")
        texts.append(value if isinstance(value, str) else "")
    return texts


def _sentences(lines: Sequence[str], column: int) -> list[Row]:
    sentences: list[Row] = []
    tokens: list[str] = []
    for line in [*lines, ""]:
        cells = line.split("\t") if "\t" in line else line.split()
        if cells and len(cells) > column and not (column and line.startswith("#")):
            tokens.append(cells[column])
        elif not cells and tokens:
            sentences.append(tuple(tokens))
            tokens = []
    return sentences


@dataclass(eq=False)
class Job:
    """One file on its way. Used by the background thread alone, a piece after the other."""

    source: Path
    goal: Path
    column: str
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
        rows = read_rows(self.source, self.column)
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
        self.job: Job | None = None
        self.button = QPushButton(label)
        self.button.setObjectName(name)
        self.button.setAccessibleName(label)
        self.button.setToolTip(f"Every text of a file, written to a {ending.lstrip('.').upper()} file")
        self.progress = QProgressBar()
        self.progress.setObjectName(f"{name}-progress")
        self.progress.setAccessibleName("Progress through the file")
        self.progress.setRange(0, RESOLUTION)
        self.progress.setTextVisible(False)
        self.cancel = QPushButton("Cancel")
        self.cancel.setObjectName(f"{name}-cancel")
        self.cancel.setAccessibleName("Cancel the file")
        self.cancel.setToolTip("Stop without saving anything")
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
        dialog.setNameFilters(["Texts (*.txt *.csv *.tsv *.tab *.jsonl *.conll *.conllu *.gz)", "All files (*)"])
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
        column = dataset.config.source_column if dataset is not None else ""
        self.job = Job(source, goal, column, self._head, self._answer)
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

    def _go_on(self, job: Job) -> None:
        self._session.ask(Question(self._place, job.go_on, partial(self._arrived, job), partial(self._failed, job)))

    def _arrived(self, job: Job, share: float) -> None:
        if self.job is not job:
            return
        self.progress.setValue(round(RESOLUTION * share))
        if share < 1.0:
            self._go_on(job)
            return
        self.stop()
        texts = counted(job.rows, f"text of {job.source.name} is", f"texts of {job.source.name} are")
        self._session.tell(f"{texts} in {job.goal.name}.")

    def _failed(self, job: Job, message: str) -> None:
        if self.job is job:
            self.stop()
            self._session.tell(message, Level.ERROR)

    def _show(self) -> None:
        working = self.job is not None
        self.button.setEnabled(not working)
        self.progress.setVisible(working)
        self.cancel.setVisible(working)
