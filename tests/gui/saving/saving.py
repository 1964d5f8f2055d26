"""What a person does with runs: save them, open them, train a few steps between."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

import engine
from gui.main_window import MainWindow
from gui.session.session import Session
from tests.gui.conftest import Person

CONTROL = Qt.KeyboardModifier.ControlModifier
BOTH = CONTROL | Qt.KeyboardModifier.ShiftModifier
NAMES = ["anna", "bella", "carla", "dora", "emma", "fiona", "greta", "hanna", "ida", "jana", "klara", "lena"]
ROWS = "text,label\nanna,b\nnora,a\n"


def said(person: Person) -> str:
    return person.find(QLabel, "notice").text()


def settled(person: Person) -> None:
    """Wait until nothing is on its way any more."""
    person.wait_until(lambda: not person.session.busy and not person.window.run_files.busy)


def started(qtbot: QtBot, session: Session, settings: QSettings, state: Path) -> Person:
    """A window with the first sample, which keeps its runs in this folder; whoever opens it closes it."""
    person = Person(qtbot, MainWindow(session, settings, state))
    person.window.show()
    person.activate()
    session.data.load_first()
    person.wait_ready()
    settled(person)
    return person


def keys(person: Person, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
    person.qtbot.keyClick(person.window, key, modifier)


def trained(person: Person, steps: int = 6) -> engine.Snapshot:
    """Train so many steps by hand; what the network is then."""
    target = person.session.run.progress.step + steps
    for step in range(person.session.run.progress.step + 1, target + 1):
        person.press(Qt.Key.Key_S)
        person.wait_steps(step)
    settled(person)
    assert person.session.run.snapshot is not None
    assert person.session.run.snapshot.step == target
    return person.session.run.snapshot


def choose(person: Person, dialog: str, path: Path) -> None:
    """Answer a file dialog."""
    found = person.find(QFileDialog, dialog)
    found.fileSelected.emit(str(path))
    found.close()
    dispose_of(found)
    person.activate()


def dispose_of(dialog: QFileDialog) -> None:
    dialog.setObjectName("answered")
    dialog.deleteLater()


def save(person: Person, path: Path) -> None:
    keys(person, Qt.Key.Key_S, BOTH)
    choose(person, "save-dialog", path)
    person.wait_until(lambda: "Saved “" in said(person))
    settled(person)


def open_run(person: Person, path: Path) -> None:
    before = person.session.run.number
    keys(person, Qt.Key.Key_O, CONTROL)
    choose(person, "open-dialog", path)
    person.wait_until(lambda: person.session.run.number != before)
    person.wait_ready()
    settled(person)


def same(first: engine.Snapshot, second: engine.Snapshot) -> bool:
    return first.step == second.step and bool((first.weights == second.weights).all())


def write_names(path: Path) -> Path:
    rows = [f"{name},{'ab'[len(name) % 2]}" for name in NAMES]
    path.write_text("text,label\n" + "\n".join(rows), encoding="utf-8")
    return path


def two_files(folder: Path) -> tuple[Path, Path]:
    """Data and their validation file, train.csv and val.csv."""
    folder.mkdir(exist_ok=True)
    (validation := folder / "val.csv").write_text(ROWS, "utf-8")
    return write_names(folder / "train.csv"), validation


def write_sides(folder: Path, name: str, first: int = 0) -> list[Path]:
    """Two parallel files, name.en and name.de."""
    folder.mkdir(exist_ok=True)
    for side, line in (("en", "the house {}"), ("de", "das Haus {}")):
        rows = (line.format(number) for number in range(first, first + 60))
        (folder / f"{name}.{side}").write_text("\n".join(rows), encoding="utf-8")
    return [folder / f"{name}.en", folder / f"{name}.de"]


def saved_on(
    data: Path | Sequence[Path],
    validation: Path | str | None = None,
    architecture: str = "many-to-one",
    test: Path | None = None,
) -> Path:
    """A run that has learned from a file or folder, or from several files, beside it."""
    first = data if isinstance(data, Path) else data[0]
    dataset, path = engine.load_dataset(data, validation=validation, test=test), first.with_name("run.unroll")
    config = engine.ModelConfig(architecture=architecture, hidden_size=4)
    trainer = engine.Trainer(engine.build_model(config, dataset), dataset)
    next(trainer)
    engine.save_run(path, trainer)
    return path


def files_read(person: Person) -> tuple[str, ...]:
    """The files that the current data were read from."""
    dataset = person.session.data.dataset
    assert dataset is not None
    return dataset.files


def answer(person: Person, name: str, title: str, path: Path) -> None:
    """Answer a file dialog as a person does, who types the name."""
    dialog = person.find(QFileDialog, name)
    assert dialog.windowTitle() == title
    field, buttons = dialog.findChild(QLineEdit, "fileNameEdit"), dialog.findChild(QDialogButtonBox, "buttonBox")
    assert field is not None
    assert buttons is not None
    field.setText(str(path))
    person.qtbot.mouseClick(buttons.buttons()[0], Qt.MouseButton.LeftButton)
    person.wait_until(lambda: not dialog.isVisible())
    person.activate()
