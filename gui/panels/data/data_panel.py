"""1 · Data: its source, how it was read, and a preview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QPushButton,
)

import engine
from engine.data.codec import Kind
from engine.number_text import counted, grouped, percent
from engine.types import FloatArray
from gui.panels.base.panel import Panel
from gui.panels.data.data_summary import symbols_in_words
from gui.panels.data.measure_button import MeasureButton
from gui.session.run_library.run_data import AbsentData
from gui.session.session import Session
from gui.widgets.box_layouts import add, side_by_side, stacked
from gui.widgets.controls import introduced, pressable, progress_bar, tool_button
from gui.widgets.example_rows import ExampleRows, MakePicture
from gui.widgets.fields import ElidingComboBox
from gui.widgets.frames_image import frames_image
from gui.widgets.paint_timing import in_turns
from gui.widgets.symbols import plain_tip, visible_text
from gui.widgets.text import ElidedLabel, WrappedLabel, text_label

if TYPE_CHECKING:  # the sheets are imported when they are first opened
    from gui.panels.data.data_report import DataReport
    from gui.panels.data.raw_rows import RawRows
    from gui.panels.data.reading_form import ReadingForm

PREVIEW_ROWS = 4
PREVIEW_STEPS = 120  # of a series, in one row
SOUNDS = ("sound", "sounds")
DOCTOR_TIP = "Data report: {}, with plots of lengths, symbols and labels"
PREVIEW_TOKENS = 60  # of one row; more is never visible
ITEMS = {  # kind → what its rows are called
    Kind.SEQUENCES: ("item", "items"),
    Kind.STREAM: ("text", "texts"),
    Kind.LABELLED: ("text", "texts"),
    Kind.TAGGED: ("sentence", "sentences"),
    Kind.PAIRS: ("pair", Kind.PAIRS),
    Kind.RATED: ("text", "texts"),
    Kind.SERIES: ("time series", "time series"),
    Kind.LABELLED_SERIES: ("time series", "time series"),
    Kind.SPEECH: ("sound", "sounds"),
    Kind.PICTURES: ("picture", Kind.PICTURES),
}
READ_AS = {
    Kind.SEQUENCES: "one item per line",
    Kind.STREAM: "running text",
    Kind.LABELLED: "text and label",
    Kind.TAGGED: "words and tags",
    Kind.PAIRS: "source and target",
    Kind.RATED: "text and number",
    Kind.SERIES: "numbers over time",
    Kind.LABELLED_SERIES: "numbers over time and label",
    Kind.SPEECH: "sound and text",
    Kind.PICTURES: "picture and caption",
}


class DataPanel(Panel):
    """Samples, Open…, what was recognised and why, preview rows, vocabulary and split.

    The reading settings and the data report are in sheets that open beside the column.
    """

    CARD = False
    open_requested = Signal()

    def __init__(self, session: Session, title: str) -> None:
        super().__init__(session, title)
        self._shown: tuple[object, ...] = ()  # what the widgets show
        self._samples = introduced(ElidingComboBox(), "sample", "Data", "Sample data that comes with the program")
        self._samples.setMinimumContentsLength(8)
        self._samples.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for name, sample in engine.SAMPLES.items():
            self._samples.addItem(sample.title, name)
            self._samples.setItemData(
                self._samples.count() - 1, plain_tip(sample.description), Qt.ItemDataRole.ToolTipRole
            )
        self._samples.activated.connect(self._choose)
        help = "Open a file (Ctrl+O), or drop one on the window"
        self._open = pressable(QPushButton("Open…"), "open", "Open a file", help)
        self._open.clicked.connect(self.open_requested)
        source = side_by_side((self._samples, 1), self._open, gap=8)
        self._reading: ReadingForm | None = None  # sheets are made when they are first opened
        self._data_report: DataReport | None = None
        self._raw: RawRows | None = None
        self._add_progress()
        self._rows = ExampleRows(PREVIEW_ROWS, "preview", "First rows of the data")
        add(self.body, source, self._make_facts(), self._rows)

    def _add_progress(self) -> None:
        """Add the progress bar to the head, and a button to stop reading; both are visible while data is read."""
        self._cancel = tool_button("cancel-loading", "Cancel", "Stop reading", "Stop reading and keep the current data")
        self._cancel.clicked.connect(self.session.data.cancel)
        self._cancel.hide()
        self._bar = progress_bar("loading", "Reading progress", 54)
        self._bar.hide()
        self.subtitle.setObjectName("loading-text")
        assert isinstance(self.subtitle, ElidedLabel)
        self.subtitle.whole_parts = False  # the beginning of a long name says enough
        self.header.addWidget(self._bar)
        self.header.addWidget(self._cancel)

    def _make_facts(self) -> QFrame:
        self._content, self._vocabulary, self._split, self._read_as = (
            introduced(WrappedLabel(), f"data-{name}", "", role="secondary")
            for name in ("content", "vocabulary", "split", "read-as")
        )
        self._reason = text_label("", "small", wrap=True, name="data-reason")
        self._path = text_label("", "small", elide=True, name="data-path")  # of missing data; a path cannot be wrapped
        self._change = tool_button(
            "data-change",
            "change",
            "Change how the data is read",
            "See or change how the data is read",
        )
        self._change.clicked.connect(self._show_reading)
        self._as_written = tool_button(
            "data-rows",
            "rows",
            "First rows of the file",
            "The first rows as they are in the file, and how they were read",
        )
        self._as_written.clicked.connect(self._show_raw)
        self._diagnosis = tool_button(
            "show-data-report",
            "report",
            "Data report",
            DOCTOR_TIP.format("what was found while reading"),
        )
        self._diagnosis.clicked.connect(self._show_data_report)
        self._test = MeasureButton(self.session)
        facts = QFrame()
        facts.setProperty("role", "facts")
        vocabulary = side_by_side((self._vocabulary, 1), self._diagnosis)
        split = side_by_side((self._split, 1), self._test)
        content = side_by_side((self._content, 1), self._as_written)
        read = side_by_side((self._read_as, 1), self._change)
        stacked(content, vocabulary, split, read, self._reason, self._path, of=facts, gap=3, margins=(9, 7, 9, 7))
        return facts

    def watches(self) -> tuple[SignalInstance, ...]:
        """The signals of the data, and of its loading."""
        session = self.session
        data = session.data
        run = session.run
        return (
            data.changed,
            data.loading_changed,
            data.loading_moved,
            run.began,
            run.model_changed,
            session.theme_changed,
        )

    def refresh(self) -> None:
        """Show the facts of the current data."""
        session, dataset = self.session, self.session.data.dataset
        self._test.forget_other_runs()
        self._show_progress()
        self._rows.set_theme(session.theme)
        for button in (self._change, self._diagnosis):
            button.setEnabled(dataset is not None and session.run.opened is None)
        self._as_written.setVisible(dataset is not None and bool(dataset.recognition.previews))
        if dataset is None:
            self._show_source()
            return
        shown = dataset, session.theme, session.data.loading, session.data.refusal
        if shown == self._shown:  # only the progress has moved
            return
        self._shown = shown
        self._show_source()
        if isinstance(dataset, AbsentData):
            self._show_absence(dataset)
            return
        train, validation = len(dataset.train), len(dataset.validation)
        unit = dataset.codec.symbol_name
        parts = [counted(train + validation, *(SOUNDS if _are_sounds(dataset) else ITEMS[dataset.kind]))]
        if dataset.labels:
            what = ("tag", "tags") if dataset.kind == Kind.TAGGED else ("label", "labels")
            parts.append(counted(len(dataset.labels), *what))
        if dataset.kind.is_running:
            train, validation = dataset.running_lengths
            piece = (
                "running text"
                if dataset.kind == Kind.STREAM
                else counted(len(dataset.train), "time series", "time series")
            )
            parts = [f"{grouped(train + validation)} {unit}s of {piece}"]
        if dataset.kind.is_running and not dataset.config.validation_file:
            self._split.setText(f"first {percent(train / (train + validation))} train, rest validation")
        else:
            self._split.setText(f"{grouped(train)} train · {grouped(validation)} validation")
        self._content.setText(" · ".join(parts))
        longest = "" if dataset.kind.is_running else f" · longest {grouped(dataset.longest)}"
        self._vocabulary.setText(symbols_in_words(dataset.codec) + longest)
        self._read_as.setText(f"read as {READ_AS[dataset.kind]}")
        reason = session.data.sample.description if session.data.sample is not None else dataset.recognition.reason
        self._say_last(reason, "")
        rows, written = self._first_rows(dataset), _as_written(dataset)
        self._rows.set_rows([self._row(row, written) for row in rows], self._pictures(dataset, rows))
        findings = len(dataset.report.findings)
        self._diagnosis.setText(f"report · {findings}" if findings else "report ✓")
        found = f"{counted(findings, 'thing')} to know before training" if findings else "no problems were found"
        self._diagnosis.setToolTip(plain_tip(DOCTOR_TIP.format(found)))
        self._diagnosis.setAccessibleName(f"Data report, {counted(findings, 'finding')}")
        if self._reading is not None and self._reading.isVisible():
            self._reading.show_settings()
        if self._data_report is not None and self._data_report.isVisible():
            self._data_report.examine(dataset, session.theme, session.run.about_vectors)
        if self._raw is not None and self._raw.isVisible():
            self._raw.show_rows(dataset)

    def _say_last(self, reason: str, path: str) -> None:
        """Fill the last line: why the data is read as it is, or where it should be."""
        for label, text in ((self._reason, reason), (self._path, path)):
            label.setText(text)
            label.setVisible(bool(text))

    def _show_absence(self, dataset: AbsentData) -> None:
        """For an opened run without its data, show what the run remembers of it."""
        self._content.setText(f"{dataset.state} · the network can be used but not trained")
        self._vocabulary.setText(symbols_in_words(dataset.codec))
        self._split.setText(dataset.state.remedy)
        self._read_as.setText(f"read as {READ_AS[dataset.kind]}")
        self._say_last("", dataset.missing)
        self._diagnosis.setText("report")
        self._rows.set_rows([])

    def _show_progress(self) -> None:
        session = self.session
        percent = round(session.data.share * 100) if session.data.loading else 0
        self.subtitle.setText(f"reading {session.data.loading}…" if session.data.loading else "")
        self._bar.setVisible(percent > 0)
        self._bar.setValue(percent)
        self._cancel.setVisible(percent > 0)
        if self._reading is not None:
            self._reading.show_progress()

    def _show_reading(self) -> None:
        """Open the form; it has so many fields that making it gets a turn of its own."""
        if self._reading is None:
            in_turns(self.window(), self._make_reading, self._open_reading)
        else:
            self._open_reading()

    def _make_reading(self) -> None:
        from gui.panels.data.reading_form import ReadingForm

        self._reading = self._reading or ReadingForm(self, self.session)

    def _open_reading(self) -> None:
        assert self._reading is not None
        self.session.data.forget_refusal()  # of what was chosen when it was last open, or elsewhere
        self._reading.show_settings()
        self._reading.show_beside(self, self._change.mapTo(self, QPoint()).y())

    def _show_raw(self) -> None:
        from gui.panels.data.raw_rows import RawRows

        if self.session.data.dataset is not None:
            self._raw = self._raw or RawRows(self, self.session)
            self._raw.show_rows(self.session.data.dataset)
            self._raw.show_beside(self, self._as_written.mapTo(self, QPoint()).y())
            self._raw.scroll_to_used(self.session.data.dataset.recognition)

    def _show_data_report(self) -> None:
        from gui.panels.data.data_report import DataReport

        if self.session.data.dataset is not None:
            self._data_report = self._data_report or DataReport(self, self.session)
            self._data_report.examine(self.session.data.dataset, self.session.theme, self.session.run.about_vectors)
            self._data_report.show_beside(self, self._diagnosis.mapTo(self, QPoint()).y())

    def _show_source(self) -> None:
        """The combo box names the sample or file that is being read or, if none is, the current one."""
        session, dataset, reading = self.session, self.session.data.dataset, self.session.data.reading
        sample = session.data.sample if reading is None else reading.sample
        at = self._samples.findData("")
        if sample is not None:
            self._samples.removeItem(at)  # of a file
            at = self._samples.findData(sample.name)
        elif reading is not None or dataset is not None:
            if at < 0:
                at = self._samples.count()
                self._samples.addItem("", "")
            path = dataset.path if reading is None and dataset is not None else None
            name = reading.name if reading is not None else dataset.name if dataset is not None else ""
            self._samples.setItemText(at, visible_text(name))
            self._samples.setItemData(at, plain_tip(str(path or "")), Qt.ItemDataRole.ToolTipRole)
        self._samples.setCurrentIndex(at)

    @staticmethod
    def _first_rows(dataset: engine.Dataset) -> list[engine.Example]:
        if dataset.kind == Kind.STREAM:
            tokens = dataset.codec.source.decode(dataset.train.source.part(0, PREVIEW_ROWS * PREVIEW_TOKENS))
            return [
                engine.Example(tokens[i * PREVIEW_TOKENS : (i + 1) * PREVIEW_TOKENS], ()) for i in range(PREVIEW_ROWS)
            ]
        if dataset.kind == Kind.SERIES:
            numbers = dataset.train[0].source
            long = min(PREVIEW_STEPS, -(-len(numbers) // PREVIEW_ROWS))
            stretches = (numbers[i : i + long] for i in range(0, len(numbers), long))
            return [engine.Example(stretch, ()) for stretch in islice(stretches, PREVIEW_ROWS)]
        # People recognise the first rows of their own file; a sample is often sorted, so its rows are taken from all
        # over.
        count = min(PREVIEW_ROWS, len(dataset.train))
        stride = len(dataset.train) // count if dataset.path is None else 1
        return [dataset.train[i * stride + stride // 2] for i in range(count)]

    def _row(self, example: engine.Example, written: Mapping[str, str]) -> tuple[str, str]:
        dataset = self.session.data.dataset
        assert dataset is not None
        codec = dataset.codec
        left = codec.join(example.source[:PREVIEW_TOKENS])
        left = written.get(_letters(left), left)
        if dataset.kind.answers_once:
            return left, codec.join(example.target, "target")
        if dataset.kind == Kind.TAGGED:
            return left, " ".join(example.target[:PREVIEW_TOKENS])
        if dataset.kind.writes_text:
            right = codec.join(example.target[:PREVIEW_TOKENS], "target")
            return left, written.get(_letters(right), right)
        return left, ""

    def _pictures(self, dataset: engine.Dataset, rows: Sequence[engine.Example]) -> list[MakePicture]:
        """Pictures for rows of numbers."""
        numbers, theme = dataset.codec.frames, self.session.theme
        if numbers is None:
            return []

        def draw(values: FloatArray, size: QSize, ratio: float) -> QImage:
            return frames_image(values, numbers, size, ratio, theme)

        return [partial(draw, row.source) for row in rows]

    def _choose(self, index: int) -> None:
        """Load another sample. The one that is there already stays, with the network that was trained on it."""
        name, data = self._samples.itemData(index), self.session.data
        there = data.sample if data.reading is None else data.reading.sample
        if name and (there is None or there.name != name):
            data.load_sample(name)


def _are_sounds(dataset: engine.Dataset) -> bool:
    """Whether each step of the data is a frame of a sound."""
    return dataset.codec.frames is not None and dataset.codec.frames.is_sound


def _as_written(dataset: engine.Dataset) -> dict[str, str]:
    """Letters → a text of the file with these letters, of the first rows: what was split into symbols cannot always be
    put together again with the spaces that the file has."""
    found, written = dataset.recognition, list(dataset.recognition.sentences)
    for name, values in zip(found.columns, found.previews, strict=False):
        if name in found.read and not dataset.kind.reads_numbers and dataset.kind != Kind.STREAM:
            written += values
    return {_letters(text): text for text in written}


def _letters(text: str) -> str:
    return "".join(text.split())
