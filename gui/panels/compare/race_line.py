"""The line of the race: start, progress, pause and stop."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QWidget

from engine.number_text import duration
from gui.session.run_library.race import RaceStatus
from gui.session.session import Session
from gui.widgets.box_layouts import side_by_side
from gui.widgets.controls import pressable, progress_bar
from gui.widgets.text import explain, parted_label

RESOLUTION = 1000
SWEEP_TIP = "Train many runs in the background, with each of several values for some settings"
CELLS_TIP = "Train the current network with each kind of cell: same data, same seed, the same batches in the same order"


class RaceLine(QWidget):
    """One line that shows only the controls that make sense now."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.cells = pressable(QPushButton("Compare cells"), "compare-cells", "Compare cells", CELLS_TIP)
        self.pause = pressable(
            QPushButton("Pause"), "race-pause", "Pause the race", "Pause or resume all racers (Space)"
        )
        self.stop = pressable(QPushButton("Stop"), "race-stop", "Stop the race", "End the race; all racers go to Runs")
        self.sweep = pressable(QPushButton("Sweep…"), "compare-sweep", "Sweep", SWEEP_TIP)
        self.status = parted_label("race-status")
        self.status.whole_parts = True
        self.bar = progress_bar("race-progress", "Progress of the race", 70)
        self.bar.setRange(0, RESOLUTION)
        side_by_side(self.cells, self.sweep, self.pause, self.stop, self.bar, (self.status, 1), of=self)
        self.cells.clicked.connect(session.compared.race_cells)
        self.sweep.clicked.connect(session.sweeps.wanted)
        self.pause.clicked.connect(self.toggle)
        self.stop.clicked.connect(session.race.stop)

    def toggle(self) -> None:
        """Pause or resume the race."""
        race = self._session.race
        (race.pause if race.running else race.go_on)()

    def refresh(self) -> None:
        """Show the state of the race."""
        race = self._session.race
        for button in (self.cells, self.sweep):
            button.setVisible(not race.on)
        self.cells.setEnabled(self._session.data.dataset is not None and not race.busy)
        for widget in (self.pause, self.stop, self.bar):
            widget.setVisible(race.on)
        self.pause.setText("Pause" if race.running else "Resume")
        self.bar.setValue(round(race.share * RESOLUTION))
        words, tip = self._words()
        self.status.setText(words)
        self.status.setMinimumWidth(self.status.fontMetrics().horizontalAdvance(words.partition(" · ")[0]))
        explain(self.status, tip)

    def _words(self) -> tuple[str, str]:
        """The state of the race, so short that a small window has room for it, and a sentence for its tip."""
        race = self._session.race
        racing, count = sum(not racer.through for racer in race.racers), len(race.racers)
        compared = self._session.compared.ids
        match race.status:
            case RaceStatus.NONE:
                return "", ""
            case RaceStatus.OVER if not compared or not all(map(race.find, compared)):
                return "", ""  # it is not about these runs, or not about all of them
            case RaceStatus.OVER:
                return (
                    "Stopped" if race.stopped else "Finished"
                ), "The race has ended: all racers are in Runs, with their weights"
            case RaceStatus.PAUSED:
                return "Paused", f"{racing} of {count} racers have steps left"
        left = "" if race.seconds_left is None else f" · {duration(race.seconds_left)} left"
        return f"{racing} racing{left}", f"{racing} of {count} racers have steps left"
