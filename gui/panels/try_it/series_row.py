"""Which series is forecast: that of the data, or one in a file that the user opens."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from engine.data.numbers.number_scaling import NumberScaling
from gui.panels.try_it.chosen_file import read_chosen
from gui.session.questions import Question
from gui.session.session import Session
from gui.widgets.box_layouts import side_by_side
from gui.widgets.controls import introduced, pressable
from gui.widgets.file_dialogs import ask_to_open
from gui.widgets.text import text_label


class SeriesRow(QWidget):
    """The name of the series, and buttons for one from a file and for going back to that of the data."""

    read = Signal(str, object)  # the name of a file that was opened, and its SeriesInFile
    refused = Signal(str)  # why a file cannot be read
    left = Signal()  # the series of the data is wanted again

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session, self._reader = session, object()
        self.title = text_label("", "small", elide=True, name="forecast-series")
        help = "Undo opening the file: forecast the series of the data again"
        self.back = introduced(QPushButton("Back"), "forecast-back", "Back to the series of the data", help, "flat")
        help = "Forecast the series in a file; its columns need the names of those that the network was trained on"
        self.open = pressable(QPushButton("Open…"), "forecast-open", "Open a series", help)
        side_by_side((self.title, 1), self.back, self.open, of=self)
        self.back.clicked.connect(self.left)
        self.open.clicked.connect(self._choose)

    def show_series(self, name: str, numbers: NumberScaling, *, can_go_back: bool = False) -> None:
        """Name the series. numbers: how the network reads it; can_go_back: whether the data has a series too."""
        self.title.setText(name)
        self.back.setVisible(can_go_back)
        self.open.setVisible(bool(numbers.recipe))  # numbers from Python have no columns to look for in a file

    def _choose(self) -> None:
        start = self._session.folders.opened
        ask_to_open(self, "forecast-open-dialog", "Open a series to forecast", start, self._read)

    def _read(self, path: Path) -> None:
        self._session.folders.use(opened=str(path.parent))
        work = read_chosen(path, NumberScaling.read_series)
        found = partial(self.read.emit, path.name)
        self._session.ask(Question(self._reader, work, found, self.refused.emit, urgent=True))
