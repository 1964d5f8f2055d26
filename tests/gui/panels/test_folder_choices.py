"""Where the data are a folder, validation and test data are chosen as folders too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QFileDialog

from engine.data.sound.wav import wav_bytes
from gui.widgets.fields import Choice
from tests.engine.data.music.test_tune_loader import put as put_tunes
from tests.engine.data.numbers.test_series_folder import write
from tests.gui.conftest import Person
from tests.gui.panels.opening import open_file, show_reading
from tests.gui.panels.trying import choose_path, notices

# What the offscreen platform says to sheets is no fault of the program.
pytestmark = [pytest.mark.qt_log_ignore("This plugin does not support"), pytest.mark.sample("")]


def sounds(folder: Path) -> Path:
    for pitch, label in ((300, "yes"), (900, "no")):
        (folder / label).mkdir(parents=True)
        for n in range(3):
            sound = np.sin(2 * np.pi * (pitch + 10 * n) * np.arange(2_000) / 8_000).astype(np.float32)
            (folder / label / f"{n}.wav").write_bytes(wav_bytes(sound, 8_000))
    return folder


def tunes(folder: Path) -> Path:
    return put_tunes(folder, "C4:1/4 E4:1/4 G4:1/2", "D4:1/8 A4:1/4", "C5:1/2 C4:1/2")


def series(folder: Path) -> Path:
    folder.mkdir()
    for n in range(12):
        write(folder / ("walk", "run")[n % 2] / f"{n}.csv", n)
    return folder


@pytest.mark.parametrize("make", [sounds, tunes, series])
def test_validation_and_test_data_of_folders_are_folders(
    person: Person, tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    trained, other = make(tmp_path / "trained"), make(tmp_path / "other")
    open_file(person, trained)
    posted = notices(person)
    person.click("data-test")
    test = person.find(QFileDialog, "test-dialog")
    assert (test.fileMode(), test.windowTitle()) == (QFileDialog.FileMode.Directory, "Test folder")
    choose_path(person, "test-dialog", other)
    person.wait_until(lambda: any(text.startswith("Test on other: ") for text in posted))

    show_reading(person)
    field = person.find(Choice, "data-validation_file")
    last = field.count() - 1
    assert field.itemText(last) == "Choose a folder…"
    field.setCurrentIndex(last)
    field.activated.emit(last)
    dialog = person.find(QFileDialog, "data-validation_file-dialog")
    assert (dialog.fileMode(), dialog.windowTitle()) == (QFileDialog.FileMode.Directory, "Validation folder")
    choose_path(person, "data-validation_file-dialog", other)
    person.wait_until(
        lambda: person.session.data.dataset is not None and bool(person.session.data.dataset.config.validation_file)
    )
    person.wait_ready()


def test_a_file_is_asked_for_again_after_a_folder(person: Person, tmp_path: Path) -> None:
    open_file(person, sounds(tmp_path / "sounds"))
    show_reading(person)
    person.choose_sample("names")
    show_reading(person)
    field = person.find(Choice, "data-test_file")
    assert field.itemText(field.count() - 1) == "Choose a file…"


def test_the_form_that_says_how_melodies_are_read_opens(person: Person, tmp_path: Path) -> None:
    open_file(person, tunes(tmp_path / "tunes"))
    show_reading(person)
    assert person.find(Choice, "data-form").currentText() == "automatic"
