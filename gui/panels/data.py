"""1 · Data: which data, how they were read, and what they look like."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QMenu, QPushButton, QToolButton, QVBoxLayout

import engine
from engine.data.config import KIND_CHOICES, UNIT_CHOICES
from gui.panels.panel import Panel
from gui.session import Session
from gui.widgets.numbers import counted, grouped, percent
from gui.widgets.rows import Rows
from gui.widgets.text import text_label

PREVIEW_ROWS = 4
PREVIEW_TOKENS = 60  # of one row; more is never visible
ITEMS = {  # kind → what its rows are called
    "sequences": ("item", "items"),
    "stream": ("text", "texts"),
    "labelled": ("text", "texts"),
    "tagged": ("sentence", "sentences"),
    "pairs": ("pair", "pairs"),
}
READ_AS = {
    "sequences": "one item a line",
    "stream": "running text",
    "labelled": "text, label",
    "tagged": "words with tags",
    "pairs": "source, target",
}


class DataPanel(Panel):
    """Samples, Open…, what was recognised and why, preview rows, vocabulary and split."""

    CARD = False
    open_requested = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session, "1 · Data")
        self._samples = QComboBox()
        self._samples.setObjectName("sample")
        self._samples.setAccessibleName("Data")
        self._samples.setToolTip("Data that ship with the program")
        self._samples.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._samples.setMinimumContentsLength(8)
        self._samples.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for name, sample in engine.SAMPLES.items():
            self._samples.addItem(f"{sample.title} (sample)", name)
            self._samples.setItemData(self._samples.count() - 1, sample.description, Qt.ItemDataRole.ToolTipRole)
        self._samples.activated.connect(self._choose)
        self._open = QPushButton("Open…")
        self._open.setObjectName("open")
        self._open.setAccessibleName("Open a file")
        self._open.setToolTip("Open a text file (Ctrl+O), or drop one on the window")
        self._open.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._open.clicked.connect(self.open_requested)
        source = QHBoxLayout()
        source.setSpacing(8)
        source.addWidget(self._samples, 1)
        source.addWidget(self._open)
        self._rows = Rows(PREVIEW_ROWS, "preview", "First rows of the data")
        self.body.addLayout(source)
        self.body.addWidget(self._make_facts())
        self.body.addWidget(self._rows)

    def _make_facts(self) -> QFrame:
        self._content = text_label("", "secondary", elide=True, name="data-content")
        self._vocabulary = text_label("", "secondary", elide=True, name="data-vocabulary")
        self._split = text_label("", "secondary", elide=True, name="data-split")
        self._read_as = text_label("", "secondary", elide=True, name="data-read-as")
        self._reason = text_label("", "small", elide=True, name="data-reason")
        self._change = QToolButton()
        self._change.setObjectName("data-change")
        self._change.setText("change ▾")
        self._change.setAccessibleName("Change how the data are read")
        self._change.setToolTip("Read the same data in another way")
        self._change.setProperty("role", "flat")
        self._change.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._change.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self._change)
        self._menu.aboutToShow.connect(self._fill_menu)
        self._change.setMenu(self._menu)
        facts = QFrame()
        facts.setProperty("role", "facts")
        layout = QVBoxLayout(facts)
        layout.setContentsMargins(9, 7, 9, 7)
        layout.setSpacing(3)
        read = QHBoxLayout()
        read.addWidget(self._read_as, 1)
        read.addWidget(self._change)
        layout.addWidget(self._content)
        layout.addWidget(self._vocabulary)
        layout.addWidget(self._split)
        layout.addLayout(read)
        layout.addWidget(self._reason)
        return facts

    def watches(self) -> tuple[SignalInstance, ...]:
        """Other data, or data on their way."""
        session = self.session
        return session.dataset_changed, session.status_changed, session.theme_changed

    def refresh(self) -> None:
        """Show the facts of the data at hand."""
        session, dataset = self.session, self.session.dataset
        self._rows.set_theme(session.theme)
        self.subtitle.setText(f"reading {session.loading}…" if session.loading else "")
        self._change.setEnabled(dataset is not None)
        if dataset is None:
            return
        self._show_source()
        train, validation = len(dataset.train), len(dataset.validation)
        vocabulary, unit = len(dataset.codec.source) - 2, dataset.codec.unit
        parts = [counted(train + validation, *ITEMS[dataset.kind])]
        if dataset.labels:
            what = ("tag", "tags") if dataset.kind == "tagged" else ("label", "labels")
            parts.append(counted(len(dataset.labels), *what))
        if dataset.kind == "stream":
            train, validation = (int(part.source.lengths.sum()) for part in (dataset.train, dataset.validation))
            parts = [f"{grouped(train + validation)} {unit}s of running text"]
            self._split.setText(f"first {percent(train / (train + validation))} train · rest validation")
        else:
            repeated = dataset.report.duplicates
            self._split.setText(
                f"{grouped(train)} train · {grouped(validation)} validation"
                + (f" · {counted(repeated, 'repeat', 'repeats')}" if repeated else "")
            )
        self._content.setText(" · ".join(parts))
        longest = "" if dataset.kind == "stream" else f" · longest {grouped(dataset.longest)}"
        self._vocabulary.setText(counted(vocabulary, unit, f"{unit}s") + longest)
        self._read_as.setText(f"read as {READ_AS[dataset.kind]}")
        reason = session.sample.description if session.sample is not None else dataset.recognition.reason
        self._reason.setText(reason)
        self._rows.set_rows([self._row(engine_row) for engine_row in self._first_rows(dataset)])

    def _show_source(self) -> None:
        """The combo box names the sample, or the file that was opened."""
        session, dataset = self.session, self.session.dataset
        if session.sample is None and dataset is not None:
            at = self._samples.findData("")
            if at < 0:
                self._samples.addItem(dataset.name, "")
                at = self._samples.count() - 1
            self._samples.setItemText(at, dataset.name)
            self._samples.setItemData(at, str(dataset.path or ""), Qt.ItemDataRole.ToolTipRole)
        else:
            at = next(
                (
                    i
                    for i in range(self._samples.count())
                    if engine.SAMPLES.get(self._samples.itemData(i)) is session.sample
                ),
                0,
            )
        self._samples.setCurrentIndex(at)

    @staticmethod
    def _first_rows(dataset: engine.Dataset) -> list[engine.Example]:
        if dataset.kind == "stream":
            tokens = dataset.codec.source.decode(dataset.train.source[0][: PREVIEW_ROWS * PREVIEW_TOKENS])
            return [
                engine.Example(tokens[i * PREVIEW_TOKENS : (i + 1) * PREVIEW_TOKENS], ()) for i in range(PREVIEW_ROWS)
            ]
        # The first rows of a file are known to its owner; those of a sample are often sorted, so they are spread.
        count = min(PREVIEW_ROWS, len(dataset.train))
        stride = len(dataset.train) // count if dataset.path is None else 1
        return [dataset.train[i * stride + stride // 2] for i in range(count)]

    def _row(self, example: engine.Example) -> tuple[str, str]:
        dataset = self.session.dataset
        assert dataset is not None
        left = dataset.codec.join(example.source[:PREVIEW_TOKENS])
        if dataset.kind == "labelled":
            return left, example.target[0]
        if dataset.kind == "tagged":
            return left, " ".join(example.target[:PREVIEW_TOKENS])
        if dataset.kind == "pairs":
            return left, dataset.codec.join(example.target[:PREVIEW_TOKENS], "target")
        return left, ""

    def _choose(self, index: int) -> None:
        name = self._samples.itemData(index)
        if name:
            self.session.load_sample(name)
        self.refresh()  # the box names what is loaded until the new data are there

    def _fill_menu(self) -> None:
        """Kinds and units, with a mark at those in use."""
        self._menu.clear()
        dataset = self.session.dataset
        if dataset is None:
            return
        options = (
            ("kind", "Read as", KIND_CHOICES, dataset.config.kind),
            ("unit", "One symbol is", UNIT_CHOICES, dataset.config.unit),
        )
        for setting, title, choices, now in options:
            self._menu.addSection(title)
            group = QActionGroup(self._menu)
            for value, label in choices.items():
                action = group.addAction(label)
                action.setCheckable(True)
                action.setChecked(value == now)
                action.triggered.connect(partial(self._set, setting, value))
                self._menu.addAction(action)

    def _set(self, setting: str, value: str, _checked: bool = False) -> None:
        self.session.set_data(**{setting: value})
