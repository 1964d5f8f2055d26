"""Which series is forecast: one of the data, or one in a file that the user opens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from engine.data.numbers.number_scaling import NumberScaling, SeriesInFile, SeriesOfFile
from gui.panels.try_it.chosen_file import read_chosen
from gui.session.questions import Question
from gui.session.session import Session
from gui.widgets.box_layouts import side_by_side, stacked
from gui.widgets.controls import introduced, pressable
from gui.widgets.fields import Choice
from gui.widgets.file_dialogs import ask_to_open
from gui.widgets.text import text_label


@dataclass(frozen=True, eq=False)
class OpenedSeries:
    """One of the series of a file that was opened. file: its name. place: of the series among those in it."""

    file: str
    found: SeriesOfFile
    place: int = 0

    @property
    def series(self) -> SeriesInFile:
        """The numbers and times of the series."""
        return self.found.series[self.place]


class SeriesRow(QWidget):
    """Where the series is from, and buttons for one from a file and for going back to those of the data; a choice where
    there are several."""

    read = Signal(object)  # an OpenedSeries that is to be forecast
    chosen = Signal(object)  # the place of another of several series
    refused = Signal(str)  # why a file cannot be read
    left = Signal()  # those of the data are wanted again

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session, self._reader = session, object()
        self.title = text_label("", "small", elide=True, name="forecast-series")
        help = "Undo opening the file: forecast the series of the data again"
        self.back = introduced(QPushButton("Back"), "forecast-back", "Back to the series of the data", help, "flat")
        help = "Forecast the series in a file; its columns need the names of those that the network was trained on"
        self.open = pressable(QPushButton("Open…"), "forecast-open", "Open a series", help)
        self.which = Choice("forecast-which", "Series", "Series to forecast", {})
        self.which.hide()
        stacked(side_by_side((self.title, 1), self.back, self.open), self.which, of=self)
        self.which.changed.connect(self.chosen)
        self.back.clicked.connect(self.left)
        self.open.clicked.connect(self._choose)

    def show_series(self, title: str, names: Sequence[str], place: int, numbers: NumberScaling) -> None:
        """Name the series of the data, with the one at `place` chosen. numbers: how the network reads them."""
        self._show(title, names, place)
        self.back.hide()
        self.open.setVisible(bool(numbers.recipe))  # numbers from Python have no columns to look for in a file

    def show_opened(self, opened: OpenedSeries, *, can_go_back: bool) -> None:
        """Name a series from a file. can_go_back: whether the data has a series too."""
        self._show(opened.file, [one.name for one in opened.found.series], opened.place)
        self.back.setVisible(can_go_back)

    def _show(self, title: str, names: Sequence[str], place: int) -> None:
        self.title.setText(title)
        self.which.clear()
        for at, name in enumerate(names):
            self.which.add(name, at)
        self.which.setCurrentIndex(place)
        self.which.setVisible(len(names) > 1)

    def _choose(self) -> None:
        start = self._session.folders.opened
        ask_to_open(self, "forecast-open-dialog", "Open a series to forecast", start, self._read)

    def _read(self, path: Path) -> None:
        self._session.folders.use(opened=str(path.parent))
        work = read_chosen(path, NumberScaling.read_series)

        def found(series: SeriesOfFile) -> None:
            self.read.emit(OpenedSeries(path.name, series))

        self._session.ask(Question(self._reader, work, found, self.refused.emit, urgent=True))
