"""The data of an opened run that have moved or changed: the file that is chosen is read from then on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from engine.data.sound.wav import wav_bytes
from tests.gui.conftest import Person
from tests.gui.panels.opening import show_reading
from tests.gui.saving.saving import answer, choose, open_run, said, saved_on, settled, write_names


@pytest.mark.parametrize("changed", [False, True], ids=["gone", "changed"])
def test_the_file_that_was_chosen_is_read_when_it_is_to_be_read_otherwise(
    person: Person, tmp_path: Path, changed: bool
) -> None:
    data = write_names(tmp_path / "names.csv")
    run, moved = saved_on(data), tmp_path / "other" / "moved.csv"
    moved.parent.mkdir()
    data.rename(moved)
    if changed:
        data.write_text("text,label\n" + "otto,a\nhugo,b\n" * 10, "utf-8")
    open_run(person, run)
    state = "changed since the training" if changed else "missing"
    assert person.find(QLabel, "data-content").text().startswith(f"{state} · the network can be used but not trained")

    person.find(QPushButton, "notice-action").click()
    choose(person, "find-data-dialog", moved)
    person.wait_until(lambda: person.session.run.opened is None)
    settled(person)
    assert said(person) == "moved.csv holds the data of this run, so training can continue."
    assert person.session.data.paths == (str(moved),)

    show_reading(person)
    person.click("data-lowercase")
    person.wait_until(lambda: person.session.data.dataset is not None and person.session.data.dataset.config.lowercase)
    person.wait_ready()
    assert person.session.data.paths == (str(moved),)
    person.window.files.fill_recent()
    assert {action.text() for action in person.window.files.recent_menu.actions()} == {"moved.csv", "run.unroll"}


def test_a_folder_is_chosen_where_the_data_of_the_run_are_a_folder(person: Person, tmp_path: Path) -> None:
    data, times = tmp_path / "words", np.arange(2_000) / 8_000
    for pitch, label in ((300, "yes"), (900, "no")):
        (data / label).mkdir(parents=True)
        for n in range(4):
            sound = np.sin(2 * np.pi * (pitch + 10 * n) * times).astype(np.float32)
            (data / label / f"{n}.wav").write_bytes(wav_bytes(sound, 8_000))
    run, moved = saved_on(data), tmp_path / "moved"
    data.rename(moved)
    open_run(person, run)

    person.find(QPushButton, "notice-action").click()
    answer(person, "find-data-dialog", "Open the data folder “words”", moved)
    person.wait_until(lambda: person.session.run.opened is None)
    settled(person)
    assert said(person) == "moved holds the data of this run, so training can continue."
    assert person.session.data.paths == (str(moved),)
