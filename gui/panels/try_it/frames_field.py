"""What a network that reads numbers is given: an example of the data, or a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

import engine
from engine.data.numbers.number_scaling import NumberScaling
from engine.data.numbers.recording import Recording
from engine.training.defaults import given_in
from engine.types import FloatArray
from gui.panels.base.curve_view import legend_of
from gui.panels.try_it.brushes import Brushes
from gui.session.questions import Question
from gui.session.session import Session
from gui.theme import Theme
from gui.widgets.controls import pressable
from gui.widgets.frames_image import curve_colors, frames_image
from gui.widgets.text import text_label

HEIGHT_PX = 96
DRAWN = "drawn by hand"


class FramesPicture(QWidget):
    """The numbers as curves, as a spectrogram, or as the picture that they are, in which the mouse may draw."""

    drawn = Signal(int, int)  # row and column of a pixel under the pressed mouse

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setFixedHeight(HEIGHT_PX)
        self._shown: tuple[FloatArray, NumberScaling, Theme] | None = None

    def show_frames(self, values: FloatArray, numbers: NumberScaling, theme: Theme) -> None:
        """(T, D), or (height, width, channels), in their own units."""
        self._shown = values, numbers, theme
        self.setAccessibleDescription(numbers.written(values))
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Draw."""
        self._draw(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw on; the mouse is followed while it is pressed."""
        self._draw(event)

    def _draw(self, event: QMouseEvent) -> None:
        if self._shown is None or not self._shown[1].shape:
            return
        height, width, _ = self._shown[1].shape
        pixel = self.height() / height
        row, column = int(event.position().y() // pixel), int(event.position().x() // pixel)
        if 0 <= row < height and 0 <= column < width:
            self.drawn.emit(row, column)

    def paintEvent(self, event: QPaintEvent) -> None:
        """As wide as there is room."""
        if self._shown is not None:
            values, numbers, theme = self._shown
            size = QSize(self.width(), self.height())
            image = frames_image(values, numbers, size, self.devicePixelRatioF(), theme)
            QPainter(self).drawImage(0, 0, image)


class FramesField(QWidget):
    """The probe as a picture, with buttons for another example and for a file."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._reader = object()
        self._example = -1
        self.picture = FramesPicture("try-frames", "What the network reads")
        self.title = text_label("", "small", elide=True, name="try-frames-name")
        self.legend = text_label("", "small", wrap=True, name="try-frames-legend")
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        self.message = text_label("", "warning", wrap=True, name="try-frames-message")
        self.message.hide()
        self.brushes = Brushes()
        self.brushes.hide()
        self.brushes.cleared.connect(self._fill)
        self.picture.drawn.connect(self._draw)
        self.another = pressable(QPushButton("Another"), "try-another", "Another example", "The next held-out example")
        self.open = pressable(QPushButton("Open…"), "try-open", "Open a file", "Read a file of your own")
        self.another.clicked.connect(self._next)
        self.open.clicked.connect(self._choose)
        buttons = QHBoxLayout()
        buttons.addWidget(self.title, 1)
        buttons.addWidget(self.another)
        buttons.addWidget(self.open)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.picture)
        column.addWidget(self.legend)
        column.addWidget(self.brushes)
        column.addLayout(buttons)
        column.addWidget(self.message)

    def show_probe(self) -> None:
        """Draw what all views look at, where it is numbers."""
        dataset, given = self._session.data.dataset, self._session.probe.given
        numbers = None if dataset is None else dataset.codec.frames
        if numbers is None:
            return
        self.open.setVisible(bool(numbers.recipe))
        self.brushes.setVisible(bool(numbers.shape))
        self.title.setText(given.name if isinstance(given, Recording) else "")
        try:
            values = numbers.read(given)
        except engine.DataError as error:
            self._refuse(str(error))
            return
        self._refuse("")
        curves = curve_colors(numbers, self._session.theme)
        self.legend.setText(legend_of(curves))
        self.legend.setVisible(bool(curves))
        self.picture.show_frames(values, numbers, self._session.theme)

    def _refuse(self, message: str) -> None:
        self.message.setText(message)
        self.message.setVisible(bool(message))

    def _next(self) -> None:
        dataset = self._session.data.dataset
        if dataset is None or not len(dataset.validation):
            return
        self._example = (self._example + 1) % len(dataset.validation)
        self._session.probe.set(given_in(dataset.validation, self._example))

    def _fill(self) -> None:
        dataset = self._session.data.dataset
        if dataset is not None and dataset.codec.frames is not None:
            shape = dataset.codec.frames.shape
            self._session.probe.set(Recording(DRAWN, np.broadcast_to(self.brushes.color(shape[2]), shape).copy()))

    def _draw(self, row: int, column: int) -> None:
        given = self._session.probe.given
        if isinstance(given, Recording):
            pixels = given.values.copy()
            pixels[row, column] = self.brushes.color(pixels.shape[2])
            self._session.probe.set(Recording(DRAWN, pixels))

    def _choose(self) -> None:
        dialog = QFileDialog(self, "Open a file for the network to read")
        dialog.setObjectName("try-open-dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self.read(Path(path)))
        dialog.open()

    def read(self, path: Path) -> None:
        """Look at a file, once it has been read in the background."""

        def work(snapshot: engine.Snapshot) -> Recording:
            numbers = snapshot.codec.frames
            assert numbers is not None, "only a network that reads numbers has this field"
            return Recording(path.name, numbers.read(path))

        self._session.ask(Question(self._reader, work, self._session.probe.set, self._refuse, urgent=True))
