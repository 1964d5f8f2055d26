"""Data that the user has found for an opened run are not asked for again while the program is open."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

import engine
from tests.gui.conftest import Person
from tests.gui.saving.saving import choose, files_read, open_run, said, saved_on, settled, trained, write_names

pytestmark = pytest.mark.sample("")

VALIDATION = "text,label\nanna,b\nnora,a\n"


def find(person: Person, file: Path, what: str = "data") -> None:
    """Open what the run lacks, as its notice offers."""
    person.press(Qt.Key.Key_Space)
    person.click("notice-action")
    choose(person, f"find-{what}-dialog", file)
    person.wait_until(lambda: said(person).startswith(f"{file.name} holds the "))
    person.wait_ready()
    settled(person)


def back_to(person: Person, run_id: str) -> None:
    """Open a run of the list again."""
    before = person.session.run.number
    person.session.switch.open(run_id)
    person.wait_until(lambda: person.session.run.number != before)
    person.wait_ready()
    settled(person)
    assert person.session.runs.current == run_id


def away(person: Person) -> str:
    """Another run; the id of the one before."""
    own = person.session.runs.current
    person.choose_sample("alphabet")
    settled(person)
    return own


def found_elsewhere(person: Person, folder: Path) -> tuple[Path, Path]:
    """A run that was opened, and its data, which were moved and found by the user."""
    data = write_names(folder / "names.csv")
    run, moved = saved_on(data), data.rename(folder / "moved.csv")
    open_run(person, run)
    find(person, moved)
    return run, moved


@pytest.mark.parametrize("steps", [0, 2])
def test_they_are_there_when_one_comes_back_to_the_run(person: Person, tmp_path: Path, steps: int) -> None:
    data = write_names(tmp_path / "names.csv")
    run, moved = saved_on(data), data.rename(tmp_path / "moved.csv")
    open_run(person, run)
    back_to(person, away(person))
    find(person, moved)
    trained(person, steps)
    back_to(person, away(person))
    assert person.session.data.paths == (str(moved),)
    trained(person, 1)


def test_they_are_there_when_the_file_of_the_run_is_opened_again(person: Person, tmp_path: Path) -> None:
    run, moved = found_elsewhere(person, tmp_path)
    away(person)
    open_run(person, run)
    assert said(person).startswith("Opened “run.unroll” at step 1")
    assert person.session.data.paths == (str(moved),)
    trained(person, 1)


def test_other_runs_on_the_same_data_have_them_too(person: Person, tmp_path: Path) -> None:
    data = write_names(tmp_path / "names.csv")
    first = saved_on(data).rename(tmp_path / "first.unroll")
    second = saved_on(data)
    moved = data.rename(tmp_path / "moved.csv")
    open_run(person, first)
    own = person.session.runs.current
    open_run(person, second)
    find(person, moved)
    back_to(person, own)
    assert person.session.data.paths == (str(moved),)
    trained(person, 1)


def test_they_are_there_while_the_validation_file_is_still_missing(person: Person, tmp_path: Path) -> None:
    data, validation = write_names(tmp_path / "train.csv"), tmp_path / "val.csv"
    validation.write_text(VALIDATION, "utf-8")
    run = saved_on(data, validation)
    data, validation = data.rename(tmp_path / "one.csv"), validation.rename(tmp_path / "two.csv")
    open_run(person, run)
    find(person, data)
    back_to(person, away(person))
    assert "needs its validation data, 'val.csv'" in said(person)
    assert person.find(QLabel, "data-content").text().startswith("validation data missing · ")
    find(person, validation, "validation")
    away(person)
    open_run(person, run)
    assert files_read(person) == (str(data), str(validation))
    trained(person, 1)


def test_they_are_asked_for_again_when_they_are_gone_from_there_too(person: Person, tmp_path: Path) -> None:
    run, moved = found_elsewhere(person, tmp_path)
    away(person)
    moved.unlink()
    open_run(person, run)
    assert isinstance(person.session.run.opened, engine.Run)
    assert "names.csv is not there" in said(person)
