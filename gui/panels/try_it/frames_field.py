"""The input of a network that reads numbers: an example from the data, or a file."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QPushButton, QWidget

import engine
from engine.data.numbers.number_scaling import NumberScaling
from engine.data.numbers.recording import Recording
from engine.number_text import grouped_within
from gui.panels.base.curve_view import legend_of
from gui.panels.try_it.brushes import Brushes
from gui.panels.try_it.chosen_file import read_chosen
from gui.session.questions import Question
from gui.session.session import Session
from gui.widgets.box_layouts import add, side_by_side, stacked
from gui.widgets.controls import introduced, pressable
from gui.widgets.drop_frame import TAKES_A_FILE, dragged_files, take_copy
from gui.widgets.file_dialogs import ask_to_open
from gui.widgets.frames_image import curve_colors
from gui.widgets.frames_picture import FramesPicture
from gui.widgets.text import WrappedLabel, text_label

DRAWN = "drawn by hand"
DROP = "drop to read it"


class FramesField(QWidget):
    """The probe as a picture, with buttons for another example and for a file, which can also be dropped here."""

    refused = Signal()  # the message below the buttons has changed

    def __init__(self, session: Session, play: QWidget, below: QWidget | None = None) -> None:
        """play: the button that shows the answer growing. below: a widget under the picture, on the same scale."""
        super().__init__()
        self._session = session
        self._reader = object()
        self.setProperty(TAKES_A_FILE, True)
        self.picture = FramesPicture("try-frames", "What the network reads")
        self.title = text_label("", "small", elide=True, name="try-frames-name")
        self.legend = text_label("", "small", wrap=True, name="try-frames-legend")
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        self.message = introduced(WrappedLabel(), "try-frames-message", "", role="warning")
        self.message.hide()
        self.brushes = Brushes()
        self.brushes.hide()
        self.brushes.cleared.connect(self._fill)
        self.picture.drawn.connect(self._draw)
        self.another = pressable(QPushButton("Another"), "try-another", "Another example", "The next held-out example")
        help = "Read a file of your own, or drop it here"
        self.open = pressable(QPushButton("Open…"), "try-open", "Open a file", help)
        self.another.clicked.connect(session.examples.show_next)
        self.open.clicked.connect(self._choose)
        buttons = side_by_side((self.title, 1), play, self.another, self.open)
        column = stacked(self.picture, of=self, gap=6)
        if below is not None:
            column.addWidget(below)
            column.setSpacing(2)
        add(column, self.legend, self.brushes, buttons, self.message)

    def show_probe(self) -> None:
        """Draw the probe, if it is numbers."""
        dataset, given = self._session.data.dataset, self._session.probe.given
        numbers = None if dataset is None else dataset.codec.frames
        if numbers is None:
            return
        self.open.setVisible(bool(numbers.recipe))
        self.setAcceptDrops(bool(numbers.recipe))
        self.brushes.setVisible(bool(numbers.shape))
        self.title.setText(given.name if isinstance(given, Recording) else "")
        try:
            values = numbers.read(given)
        except engine.DataError as error:
            self._refuse(str(error))
            return
        self._refuse("")
        curves = curve_colors(numbers, self._session.theme)
        self.legend.setText(legend_of(curves) if curves else _bands_named(numbers))
        self.legend.setVisible(bool(self.legend.text()))
        self.picture.show_frames(values, numbers, self._session.theme)

    def _refuse(self, message: str) -> None:
        if message != self.message.text():
            self.message.setText(message)
            self.message.setVisible(bool(message))
            self.refused.emit()

    def _fill(self) -> None:
        dataset = self._session.data.dataset
        if dataset is not None and dataset.codec.frames is not None:
            shape = dataset.codec.frames.shape
            self._session.probe.set(Recording(DRAWN, np.broadcast_to(self.brushes.color(shape[2]), shape).copy()))

    def _draw(self, places: Sequence[tuple[int, int]]) -> None:
        """places: row and column of pixels."""
        given = self._session.probe.given
        if isinstance(given, Recording):
            pixels = given.values.copy()
            pixels[tuple(np.transpose(places))] = self.brushes.color(pixels.shape[2])
            self._session.probe.set(Recording(DRAWN, pixels))

    # ---- files

    def _choose(self) -> None:
        ask_to_open(
            self, "try-open-dialog", "Open a file for the network to read", self._session.folders.opened, self.read
        )

    def read(self, path: Path) -> None:
        """Read a file in the background and make it the probe."""

        def read(numbers: NumberScaling, path: Path) -> Recording:
            return Recording(path.name, numbers.read(path))

        take = self._session.probe.set
        self._session.ask(Question(self._reader, read_chosen(path, read), take, self._refuse, urgent=True))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept a file that is dragged over the field."""
        if _file_in(event) is not None:
            take_copy(event)
            self.title.setText(DROP)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Take the invitation back when the file leaves the field."""
        self.show_probe()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read the file that was dropped."""
        path = _file_in(event)
        if path is not None:
            take_copy(event)
            self.show_probe()
            self.read(path)


def _bands_named(numbers: NumberScaling) -> str:
    """What the rows of a picture of a sound, or of many columns, are; "" where that needs no words."""
    if numbers.shape or numbers.size == 1:
        return ""
    low, high = map(grouped_within, (numbers.names[0], numbers.names[-1]))
    return escape(f"From {low} at the bottom to {high} at the top; the stronger the colour, the larger the number.")


def _file_in(event: QDropEvent) -> Path | None:
    """The one file that is dragged."""
    paths = dragged_files(event)
    return Path(paths[0]) if len(paths) == 1 else None
