"""The plan of a sweep as a form: settings with their values, seeds, and where to train."""

from __future__ import annotations

import os
from collections.abc import Mapping
from itertools import count
from typing import Any

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from engine.options import Option
from gui.panels.sweep.values import example_values, options, whole_numbers
from gui.widgets.box_layouts import side_by_side, stacked
from gui.widgets.controls import introduced, tool_button
from gui.widgets.fields import Choice, Whole
from gui.widgets.text import text_label

FIRST = (
    ("model.cell", example_values("model.cell")),
    ("model.hidden_size", "32, 64"),
    ("training.learning_rate", "0.001, 0.003"),
)
SCHEDULER_TIP = "Address of a Dask scheduler, such as tcp://192.168.0.7:8786, or local; empty for processes here"
MOST_IN_ROW, ROOMY_PX = 2, 600  # of the fields below the settings to try, and how wide the form is then at least
MOST_RANDOM, MOST_HALVING, MOST_PROCESSES = 100_000, 10, 256


class _SettingRow(QWidget):
    """A setting and the values to try."""

    changed = Signal()

    def __init__(self, number: int, key: str, text: str) -> None:
        super().__init__()
        self.key = Choice(f"sweep-setting-{number}", "Setting", "Setting to try", options())
        self.text = introduced(QLineEdit(text), f"sweep-values-{number}", "Values", "Values, or a range")
        self.remove = tool_button(f"sweep-remove-{number}", "✕", "Remove", "Do not try this setting")
        self.key.set_value(key)
        self.key.changed.connect(self._explain)
        self.text.textEdited.connect(lambda _: self.changed.emit())
        side_by_side((self.key, 1), (self.text, 1), self.remove, of=self)
        self._explain(None)

    def _explain(self, chosen: object) -> None:
        if chosen is not None:
            self.text.clear()
        self.text.setPlaceholderText(f"such as {example_values(str(self.key.value()))}")
        self.changed.emit()


class PlanForm(QScrollArea):
    """Everything a sweep's TOML file can hold, except the data, which is the current data."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sweep-plan")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QWidget()
        self.setWidget(inner)
        inner.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self._rows: list[_SettingRow] = []
        self._made = 0
        self._tried = QVBoxLayout()
        self._tried.setSpacing(4)
        self._add_button = tool_button("sweep-add", "+ setting", "Add a setting", "Try another setting too")
        self._add_button.clicked.connect(lambda: self.add("training.batch_size", ""))
        self.seeds = introduced(
            QLineEdit("0"), "sweep-seeds", "Seeds", "Each combination is trained with each of these"
        )
        self.random = _whole(
            "sweep-random", "Random draws", "Number of random combinations; 0 takes all", 0, MOST_RANDOM
        )
        self.random.setSpecialValueText("0: all combinations")
        help = "Only one in this many runs goes on after a ninth and again after a third of the steps; 0: all go on"
        self.halving = _whole("sweep-halving", "Stop early", help, 0, MOST_HALVING)
        self.halving.setSpecialValueText("0: never")
        self.processes = _whole(
            "sweep-processes", "Processes", "Number of runs trained at the same time here", 1, MOST_PROCESSES
        )
        self.processes.setValue(os.cpu_count() or 1)
        self.scheduler = introduced(QLineEdit(), "sweep-scheduler", "Scheduler", SCHEDULER_TIP)
        self.scheduler.setPlaceholderText("this machine")
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        folder = QLineEdit(_new_folder(documents))
        self.folder = introduced(folder, "sweep-folder", "Folder", "Folder for the results")
        column = stacked(of=inner, gap=6, margins=(0, 0, 6, 0))
        note = "Every combination of these is trained once with each seed."
        column.addWidget(text_label(note, "small", wrap=True))
        column.addLayout(self._tried)
        column.addWidget(self._add_button, 0, Qt.AlignmentFlag.AlignLeft)
        fields: tuple[tuple[str, QWidget], ...] = (
            ("Seeds, such as 0, 1", self.seeds), ("Random draws", self.random), ("Stop early", self.halving),
            ("Processes", self.processes), ("Scheduler", self.scheduler), ("Folder", self.folder),
        )  # fmt: skip
        self._others = [(text_label(name, "secondary", buddy=field), field) for name, field in fields]
        self._lower, self._in_row = QGridLayout(), 0
        self._lower.setHorizontalSpacing(8)
        self._lower.setVerticalSpacing(4)
        self._arrange(1)
        column.addLayout(self._lower)
        column.addStretch(1)
        for key, text in FIRST:
            self.add(key, text)
        for edit in (self.seeds, self.scheduler, self.folder):
            edit.textEdited.connect(lambda _: self.changed.emit())
        for spin in (self.random, self.halving, self.processes):
            spin.valueChanged.connect(lambda _: self.changed.emit())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put two fields in a row where there is room for their words."""
        self._arrange(MOST_IN_ROW if event.size().width() >= ROOMY_PX else 1)
        super().resizeEvent(event)

    def _arrange(self, in_row: int) -> None:
        """Place the fields below the settings to try."""
        if in_row == self._in_row:
            return
        self._in_row = in_row
        for place, (name, field) in enumerate(self._others):
            row, column = divmod(place, in_row)
            self._lower.addWidget(name, row, 2 * column)
            self._lower.addWidget(field, row, 2 * column + 1)
        for column in range(MOST_IN_ROW):
            self._lower.setColumnStretch(2 * column + 1, int(column < in_row))

    def add(self, key: str, text: str) -> None:
        """Try one more setting."""
        self._made += 1
        row = _SettingRow(self._made, key, text)
        row.changed.connect(self.changed)
        row.remove.clicked.connect(lambda: self._remove(row))
        self._rows.append(row)
        self._tried.addWidget(row)
        self.changed.emit()

    def _remove(self, row: _SettingRow) -> None:
        self._rows.remove(row)
        row.hide()  # at once: a second click must not find it
        self._tried.removeWidget(row)
        row.deleteLater()
        self.changed.emit()

    def tried(self) -> list[tuple[str, str]]:
        """Key and text of each setting."""
        return [(str(row.key.value()), row.text.text()) for row in self._rows]

    def top(self) -> Mapping[str, Any]:
        """The settings at the top of the file. ConfigError for seeds that are not numbers."""
        numbers = {"random": self.random.value(), "halving": self.halving.value()}
        return {"seeds": whole_numbers(self.seeds.text()), **numbers}


def _new_folder(documents: str) -> str:
    """A folder that is not there yet, for the results of one sweep: unroll-sweep, unroll-sweep-2, …"""
    names = (f"unroll-sweep-{number}" if number > 1 else "unroll-sweep" for number in count(1))
    return next(path for path in (os.path.join(documents, name) for name in names) if not os.path.lexists(path))


def _whole(name: str, title: str, help: str, least: int, most: int) -> Whole:
    """A field for a whole number."""
    return Whole(name, Option(title, help, least, most))
