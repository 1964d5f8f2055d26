"""A test file: measured when the user asks, by the network as it is now, and used for nothing else."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QToolButton

import engine
from engine.data.examples_file import load_examples
from engine.data.files.recognise import SEVERAL_FILES
from gui.headless.using import in_words, remarks
from gui.session.notice import Level
from gui.session.questions import Question
from gui.session.session import Session

NOTE = "Choose no settings by this figure: it would stop telling how good the network is on new data."


class MeasureButton(QToolButton):
    """Asks for a test file, unless the data names one, and says how well the network does on it."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._place = object()
        self.setObjectName("data-test")
        self.setText("test…")
        self.setAccessibleName("Test on a file")
        self.setToolTip("Measure the network once on a file that it has neither learned from nor been chosen by")
        self.setProperty("role", "flat")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(self._start)

    def _start(self) -> None:
        dataset = self._session.data.dataset
        if dataset is None:
            return
        if dataset.config.test_file:
            self._measure(dataset, Path(dataset.config.test_file))
            return
        dialog = QFileDialog(self.window(), "Test file", str(Path(dataset.path).parent) if dataset.path else "")
        dialog.setObjectName("test-dialog")
        several = dataset.recognition.form in SEVERAL_FILES
        dialog.setFileMode(QFileDialog.FileMode.Directory if several else QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self._measure(dataset, Path(path)))
        dialog.open()

    def _measure(self, dataset: engine.Dataset, path: Path) -> None:
        self.setEnabled(False)
        work = partial(measure, dataset=dataset, path=path)
        self._session.ask(Question(self._place, work, self._show, self._refuse, urgent=True))

    def _show(self, told: str) -> None:
        self.setEnabled(True)
        self._session.tell(told)

    def _refuse(self, message: str) -> None:
        self.setEnabled(True)
        self._session.tell(message, Level.ERROR)


def measure(snapshot: engine.Snapshot, dataset: engine.Dataset, path: Path) -> str:
    """How well the network does on a file, in words; runs in the background."""
    found = load_examples(path, snapshot.codec, dataset.config, dataset.recognition)
    figures = in_words(engine.evaluate(snapshot.model(), found.examples))
    return " ".join([f"Test on {path.name}: {figures}.", *remarks(found), NOTE])
