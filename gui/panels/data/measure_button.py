"""A test file: measured when the user asks, by the network as it is now, and used for nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QToolButton

import engine
from engine.models.snapshot import weights_in_words
from engine.number_text import grouped
from engine.runs.data_source import file_name
from gui.session.notice import Level
from gui.session.questions import Question
from gui.session.session import Session
from gui.session.test_file_choice import name_test_file
from gui.widgets.controls import pressable
from gui.widgets.file_dialogs import ask_to_open
from gui.widgets.symbols import plain_tip

if TYPE_CHECKING:
    from engine.runs.measured import Measured

HELP = "Measure the network once on a file that was not used to train it"


class MeasureButton(QToolButton):
    """Asks for a test file, unless the data settings name one, and reports how well the network does on it."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._place = object()
        self.setText("test…")
        pressable(self, "data-test", "Test on a file", HELP, "flat")
        self.clicked.connect(self._start)
        self._tested = -1  # number of the run whose result the tooltip tells
        self._refused = self._complaint = ""  # the test file that cannot be used, and what was said of it

    def forget_other_runs(self) -> None:
        """Keep a result in the tooltip only as long as its run is the current one, and a complaint only as long as the
        settings name that file."""
        dataset = self._session.data.dataset
        if self._complaint and (dataset is None or dataset.config.test_file != self._refused):
            self._session.notices.withdraw(self._complaint)
            self._complaint = ""
        if self._session.run.number != self._tested:
            tested = self._session.run.tested  # of a run that has been opened again
            self.setToolTip(plain_tip(HELP if tested is None else f"{HELP}\n\n{tested.in_words}."))

    def _start(self) -> None:
        dataset = self._session.data.dataset
        if dataset is None:
            return
        if dataset.config.test_file:
            self._measure(dataset, Path(dataset.config.test_file))
            return
        self._ask("Test " + ("folder" if dataset.is_folder else "file"))

    def _ask(self, title: str) -> None:
        """Let the user choose the file, which takes the place of the one in the settings if they name one."""
        dataset = self._session.data.dataset
        if dataset is None:
            return

        def chosen(path: Path) -> None:
            now = self._session.data.dataset
            if now is not None and now.config.test_file:
                name_test_file(self._session, str(path))
            self._measure(self._session.data.dataset or dataset, path)

        start = self._session.folders.beside(self._session.data.paths)
        ask_to_open(self.window(), "test-dialog", title, start, chosen, folder=dataset.is_folder)

    def _measure(self, dataset: engine.Dataset, path: Path) -> None:
        self.setEnabled(False)
        work = partial(measure, dataset=dataset, path=path)
        self._session.ask(Question(self._place, work, self._show, self._refuse, urgent=True))

    def _show(self, tested: Tested) -> None:
        self.setEnabled(True)
        run, measured = self._session.run, tested.measured
        step = run.weights_step(measured.step)
        first = run.note_test(replace(measured, step=step))
        self._tested = self._session.run.number
        # To be read again when another notice has come, and other weights.
        self.setToolTip(plain_tip(f"{HELP}\n\nMeasured {weights_in_words(step)}. {tested.summary}"))
        summary = tested.summary_at(step)
        self._session.tell(summary if first else f"{summary} The run keeps the results of its first test.")

    def _refuse(self, message: str) -> None:
        self.setEnabled(True)
        dataset = self._session.data.dataset
        self._refused = "" if dataset is None else dataset.config.test_file
        self._complaint = message
        title = f"Open the test file “{file_name(self._refused)}”" if self._refused else "Test file"
        self._session.tell(message, Level.ERROR, ("Open test file…", partial(self._ask, title)))


@dataclass(frozen=True)
class Tested:
    """How well a network does on a file: in numbers and in words. figures: after the name of the file."""

    measured: Measured
    figures: str

    @property
    def summary(self) -> str:
        """The figures, with the file."""
        return self.summary_at(0)

    def summary_at(self, step: int) -> str:
        """The same with the step of the weights, which may be those of a moment in training; 0 leaves it out."""
        at = f" (step {grouped(step)})" if step else ""
        return f"Test on {Path(self.measured.file).name}{at}: {self.figures}"


def measure(snapshot: engine.Snapshot, dataset: engine.Dataset, path: Path) -> Tested:
    """How well the network does on a file; runs in the background."""
    from engine.data.examples_file import load_examples
    from engine.inspection.membership import rows_in_training
    from engine.models.metrics import told
    from engine.runs.measured import Measured
    from gui.headless.use_command import metrics_in_words, remarks_on_test

    found = load_examples(path, snapshot.codec, dataset.config, dataset.recognition)
    metrics, classes = engine.evaluate(snapshot.model(), found.examples), snapshot.model_class.predicts.is_class
    known = rows_in_training(found.examples, dataset)
    words = " ".join([f"{metrics_in_words(metrics, classes)}.", *remarks_on_test(found, known, metrics)])
    figures = told(metrics.values, classes)
    measured = Measured(str(path), snapshot.step, metrics.examples, metrics.loss, figures, known, metrics.predictions)
    return Tested(measured, words)
