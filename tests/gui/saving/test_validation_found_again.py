"""Opened runs with validation data of their own: these are found again too, or asked for by their name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from engine.data.sound.wav import wav_bytes
from tests.gui.conftest import Person
from tests.gui.saving.saving import (
    CONTROL,
    ROWS,
    answer,
    choose,
    files_read,
    keys,
    open_run,
    said,
    saved_on,
    settled,
    two_files,
)

pytestmark = pytest.mark.sample("")


def sounds(folder: Path, times: int) -> Path:
    for pitch, label in ((300, "yes"), (900, "no")):
        (folder / label).mkdir(parents=True)
        for n in range(times):
            sound = np.sin(2 * np.pi * (pitch + 10 * n) * np.arange(2_000) / 8_000).astype(np.float32)
            (folder / label / f"{n}.wav").write_bytes(wav_bytes(sound, 8_000))
    return folder


def trains(person: Person, text: str) -> None:
    """Wait until the run has its data; it says so, and a step can be trained."""
    person.wait_until(lambda: person.session.run.opened is None)
    person.wait_ready()
    settled(person)
    assert said(person) == text
    person.click("step")
    person.wait_steps(2)


@pytest.mark.parametrize("relative", [False, True], ids=["absolute", "relative"])
def test_a_file_is_taken_for_the_data_of_a_run_whose_validation_file_is_where_it_was(
    person: Person, tmp_path: Path, relative: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, validation = two_files(tmp_path / "data")
    monkeypatch.chdir(tmp_path / "data")
    run = saved_on(data, validation.name if relative else validation)
    monkeypatch.chdir(tmp_path)
    moved = data.rename(data.with_name("away.csv"))
    open_run(person, run)
    person.click("notice-action")
    choose(person, "find-data-dialog", moved)
    trains(person, "away.csv holds the data of this run, so training can continue.")
    dataset = person.session.data.dataset
    assert dataset is not None
    assert dataset.config.validation_file == str(validation)


def test_what_a_run_from_elsewhere_names_besides_is_read_after_a_click(person: Person, tmp_path: Path) -> None:
    data, validation = two_files(tmp_path / "data")
    run = saved_on(data, validation)
    received = tmp_path / "received" / "run.unroll"
    received.parent.mkdir()
    run.rename(received)
    open_run(person, received)
    assert person.find(QPushButton, "notice-action").text() == "Read these files"
    person.session.run.ask_for_data("Training needs its data.")
    person.click("notice-action")
    choose(person, "find-data-dialog", data)
    person.wait_until(lambda: said(person).startswith("This run also reads "))
    assert said(person) == f"This run also reads {validation}, which you have not opened here."
    assert person.session.run.opened is not None
    assert person.find(QPushButton, "notice-action").text() == "Read “val.csv”"
    person.click("notice-action")
    trains(person, "train.csv holds the data of this run, so training can continue.")


def test_files_that_are_gone_are_missing_at_once_and_not_first_to_be_agreed_to(person: Person, tmp_path: Path) -> None:
    data, validation = two_files(tmp_path / "data")
    run = saved_on(data, validation)
    received = tmp_path / "received" / "run.unroll"
    received.parent.mkdir()
    run.rename(received)
    moved = [file.rename(tmp_path / f"away-{file.name}") for file in (data, validation)]
    open_run(person, received)
    assert f"Continuing this run needs the data 'train' ({data} is not there); open it to continue" in said(person)
    assert person.find(QPushButton, "notice-action").text() == "Open data…"
    person.click("notice-action")
    choose(person, "find-data-dialog", moved[0])
    person.wait_until(lambda: "needs its validation data, 'val.csv'" in said(person))
    person.click("notice-action")
    choose(person, "find-validation-dialog", moved[1])
    trains(person, "away-val.csv holds the validation data of this run, so training can continue.")


def continues_with(person: Person, moved: Path) -> None:
    """Choose the validation file, which is called away.csv now, and train."""
    person.click("notice-action")
    answer(person, "find-validation-dialog", "Open the validation file “val.csv”", moved)
    trains(person, "away.csv holds the validation data of this run, so training can continue.")


def test_a_validation_file_that_is_gone_is_named_and_asked_for(person: Person, tmp_path: Path) -> None:
    data, validation = two_files(tmp_path / "data")
    run = saved_on(data, validation)
    moved = validation.rename(tmp_path / "away.csv")
    open_run(person, run)
    assert f"needs its validation data, 'val.csv' ({validation} is not there); open it to" in said(person)
    assert person.find(QLabel, "data-content").text().startswith("validation data missing · the network can be used")
    continues_with(person, moved)
    dataset = person.session.data.dataset
    assert dataset is not None
    assert (dataset.path, dataset.config.validation_file) == (str(data), str(moved))


def test_a_folder_of_validation_data_that_is_gone_too_is_asked_for_after_the_data(
    person: Person, tmp_path: Path
) -> None:
    data, validation = sounds(tmp_path / "words", 4), sounds(tmp_path / "more", 1)
    run = saved_on(data, validation)
    data, validation = data.rename(tmp_path / "words away"), validation.rename(tmp_path / "more away")
    open_run(person, run)
    person.click("notice-action")
    answer(person, "find-data-dialog", "Open the data folder “words”", data)
    person.wait_until(lambda: "needs its validation data, 'more'" in said(person))
    assert person.find(QPushButton, "notice-action").text() == "Open validation data…"
    person.click("notice-action")
    answer(person, "find-validation-dialog", "Open the validation folder “more”", validation)
    trains(person, "more away holds the validation data of this run, so training can continue.")


def test_a_wrong_validation_file_is_refused(person: Person, tmp_path: Path) -> None:
    data, validation = two_files(tmp_path / "data")
    run = saved_on(data, validation)
    validation.unlink()
    (other := tmp_path / "other.csv").write_text(ROWS.replace("nora", "otto"), "utf-8")
    open_run(person, run)
    person.click("notice-action")
    choose(person, "find-validation-dialog", other)
    person.wait_until(lambda: "is not that of this run" in said(person))
    assert person.session.run.opened is not None


def test_everything_that_was_moved_together_with_the_run_is_found_beside_it(person: Person, tmp_path: Path) -> None:
    data, validation = two_files(tmp_path / "data")
    run = saved_on(data, validation)
    moved = data.parent.rename(tmp_path / "away")
    open_run(person, moved / run.name)
    if person.session.run.opened is not None:  # the run names files outside its folder
        person.click("notice-action")
    person.wait_until(lambda: person.session.run.opened is None)
    assert files_read(person) == (str(moved / "train.csv"), str(moved / "val.csv"))


def test_a_wrong_data_file_is_refused_before_the_validation_file_is_asked_for(person: Person, tmp_path: Path) -> None:
    data, validation = two_files(tmp_path / "data")
    run = saved_on(data, validation)
    for file in (data, validation):
        file.unlink()
    (other := tmp_path / "other.csv").write_text(ROWS * 4, "utf-8")
    open_run(person, run)
    person.click("notice-action")
    choose(person, "find-data-dialog", other)
    person.wait_until(lambda: "'other' is not that of this run" in said(person))
    assert person.find(QLabel, "data-content").text().startswith("data missing · ")


def test_data_that_were_found_are_remembered_while_the_validation_file_is_missing(
    person: Person, tmp_path: Path
) -> None:
    data, validation = two_files(tmp_path / "data")
    run = saved_on(data, validation)
    data, validation = data.rename(tmp_path / "one.csv"), validation.rename(tmp_path / "two.csv")
    open_run(person, run)
    person.click("notice-action")
    choose(person, "find-data-dialog", data)
    person.wait_until(lambda: said(person).startswith("one.csv holds the data of this run. Continuing this run needs"))
    assert person.find(QPushButton, "notice-action").text() == "Open validation data…"
    person.click("notice-close")
    assert person.find(QLabel, "data-content").text().startswith("validation data missing · ")
    person.click("train")
    assert person.find(QPushButton, "notice-action").text() == "Open validation data…"
    person.click("notice-action")
    answer(person, "find-validation-dialog", "Open the validation file “val.csv”", validation)
    trains(person, "two.csv holds the validation data of this run, so training can continue.")
    assert files_read(person) == (str(data), str(validation))


@pytest.mark.parametrize("moved_too", [False, True], ids=["data where they were", "data moved too"])
def test_opening_what_a_run_lacks_is_recognised_without_being_asked_for(
    person: Person, tmp_path: Path, moved_too: bool
) -> None:
    data, validation = two_files(tmp_path / "data")
    run = saved_on(data, validation)
    validation = validation.rename(tmp_path / "two.csv")
    if moved_too:
        data = data.rename(tmp_path / "one.csv")
    open_run(person, run)
    if moved_too:
        keys(person, Qt.Key.Key_O, CONTROL)
        choose(person, "open-dialog", data)
        person.wait_until(lambda: said(person).startswith("one.csv holds the data of this run. "))
    keys(person, Qt.Key.Key_O, CONTROL)
    choose(person, "open-dialog", validation)
    trains(person, "two.csv holds the validation data of this run, so training can continue.")


def test_a_validation_file_that_is_opened_before_the_data_waits_for_them(person: Person, tmp_path: Path) -> None:
    data, validation = two_files(tmp_path / "data")
    run = saved_on(data, validation)
    (tmp_path / "away").mkdir()
    data, validation = data.rename(tmp_path / "away" / "one.csv"), validation.rename(tmp_path / "away" / "val.csv")
    open_run(person, run)
    keys(person, Qt.Key.Key_O, CONTROL)
    choose(person, "open-dialog", validation)
    kept = "val.csv has the name of the validation data of this run and is kept for it. Continuing this run needs"
    person.wait_until(lambda: said(person).startswith(f"{kept} the data 'train' ("))
    assert person.session.run.opened is not None
    person.click("notice-action")
    answer(person, "find-data-dialog", "Open the data file “train”", data)
    trains(person, "one.csv holds the data of this run, so training can continue.")
    assert files_read(person) == (str(data), str(validation))


def test_a_file_that_only_has_the_name_of_the_validation_file_is_not_taken_for_it(
    person: Person, tmp_path: Path
) -> None:
    data, validation = two_files(tmp_path / "data")
    run = saved_on(data, validation)
    (tmp_path / "away").mkdir()
    data, validation = data.rename(tmp_path / "one.csv"), validation.rename(tmp_path / "two.csv")
    (other := tmp_path / "away" / "val.csv").write_text("text,label\n" + "otto,a\nhugo,b\n" * 10, "utf-8")
    open_run(person, run)
    for opened, begins in ((other, "val.csv has the name"), (data, "one.csv holds the data of this run. Continuing")):
        keys(person, Qt.Key.Key_O, CONTROL)
        choose(person, "open-dialog", opened)
        person.wait_until(lambda begins=begins: said(person).startswith(begins))
    keys(person, Qt.Key.Key_O, CONTROL)
    choose(person, "open-dialog", validation)
    trains(person, "two.csv holds the validation data of this run, so training can continue.")


def test_a_file_with_the_name_of_the_validation_file_can_be_opened_as_new_data(person: Person, tmp_path: Path) -> None:
    data, validation = two_files(tmp_path / "data")
    run = saved_on(data, validation)
    data.unlink()
    validation.unlink()
    (tmp_path / "away").mkdir()
    (other := tmp_path / "away" / "val.csv").write_text("text,label\n" + "otto,a\nhugo,b\n" * 10, "utf-8")
    open_run(person, run)
    keys(person, Qt.Key.Key_O, CONTROL)
    choose(person, "open-dialog", other)
    person.wait_until(lambda: said(person).startswith("val.csv has the name"))
    assert person.find(QPushButton, "notice-other-action").text() == "Open as new data"
    person.click("notice-other-action")
    person.wait_until(lambda: person.session.data.paths == (str(other),))
    person.wait_ready()
    assert person.session.run.opened is None


@pytest.mark.parametrize("name", ["other.csv", "val.csv"])
def test_other_data_can_still_be_opened_while_the_validation_file_is_missing(
    person: Person, tmp_path: Path, name: str
) -> None:
    data, validation = two_files(tmp_path / "data")
    run = saved_on(data, validation)
    validation.unlink()
    (other := tmp_path / name).write_text("text,label\n" + "otto,a\nhugo,b\n" * 10, "utf-8")
    open_run(person, run)
    keys(person, Qt.Key.Key_O, CONTROL)
    choose(person, "open-dialog", other)
    person.wait_until(lambda: person.session.data.paths == (str(other),))
    person.wait_ready()
    assert person.session.run.opened is None


def test_a_validation_file_on_another_machine_is_missing_and_not_changed(person: Person, tmp_path: Path) -> None:
    data, validation = two_files(tmp_path / "data")
    there = f"/{validation}"  # two slashes name another machine
    run = saved_on(data, there)
    person.window.files.open_path(str(data))
    person.wait_until(lambda: person.session.data.paths == (str(data),))
    person.wait_ready()
    person.session.data.change(validation_file=there)  # so that the run does not name files that are unknown here
    person.wait_until(lambda: person.session.data.dataset.config.validation_file == there)
    person.wait_ready()
    person.choose_sample("alphabet")
    moved = validation.rename(tmp_path / "away.csv")
    open_run(person, run)
    assert f"({there} is on another machine and is not read automatically)" in said(person)
    assert person.find(QLabel, "data-content").text().startswith("validation data missing · ")
    continues_with(person, moved)


def moved_together(folder: Path) -> tuple[Path, Path, Path]:
    """A run, and its data and validation file, which lie together in another folder now."""
    data, validation = two_files(folder / "data")
    run = saved_on(data, validation)
    (there := folder / "there").mkdir()
    return run, data.rename(there / data.name), validation.rename(there / validation.name)


def test_a_validation_file_that_lies_beside_the_chosen_data_is_found(person: Person, tmp_path: Path) -> None:
    run, data, validation = moved_together(tmp_path)
    open_run(person, run)
    person.click("notice-action")
    choose(person, "find-data-dialog", data)
    trains(person, "train.csv holds the data of this run, so training can continue.")
    assert files_read(person) == (str(data), str(validation))


def test_another_file_of_its_name_beside_the_data_is_not_taken_for_the_validation_file(
    person: Person, tmp_path: Path
) -> None:
    run, data, validation = moved_together(tmp_path)
    validation = validation.rename(tmp_path / "two.csv")
    data.with_name("val.csv").write_text(ROWS.replace("nora", "otto"), "utf-8")
    open_run(person, run)
    person.click("notice-action")
    choose(person, "find-data-dialog", data)
    person.wait_until(
        lambda: said(person).startswith("train.csv holds the data of this run. Continuing this run needs")
    )
    assert person.find(QPushButton, "notice-action").text() == "Open validation data…"
    person.click("notice-action")
    answer(person, "find-validation-dialog", "Open the validation file “val.csv”", validation)
    trains(person, "two.csv holds the validation data of this run, so training can continue.")
