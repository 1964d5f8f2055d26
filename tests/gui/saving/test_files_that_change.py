"""Files of data that change while the program is open, or between two windows: whoever opens their run is told."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gui.session.session import Session
from tests.gui.conftest import Person, dispose
from tests.gui.saving.saving import (
    NAMES,
    open_run,
    said,
    save,
    saved_on,
    settled,
    started,
    trained,
    two_files,
    write_names,
)
from tests.gui.saving.test_found_data_remembered import away, back_to
from tests.gui.saving.test_new_run_on_changed_data import NEW_RUN, add_row, offers

pytestmark = pytest.mark.sample("")

CHANGED = (
    "names.csv has changed since it was read. This run goes on with the data as it was, as long as this window is "
    "open. To train on it as it is now, start a new run."
)


def trained_on(person: Person, data: Path) -> None:
    """Train a run on a file."""
    person.session.data.open(data)
    person.wait_until(lambda: person.session.data.paths == (str(data),))
    person.wait_ready()
    person.session.set_model(hidden_size=4)
    person.wait_ready()
    trained(person, 2)


def from_the_list(person: Person, file: Path) -> None:
    back_to(person, away(person))


def from_its_file(person: Person, file: Path) -> None:
    open_run(person, file)


def from_its_file_among_others(person: Person, file: Path) -> None:
    person.click("reset")
    open_run(person, file)


@pytest.mark.parametrize("opened_again", [from_the_list, from_its_file, from_its_file_among_others])
def test_a_run_whose_file_has_changed_goes_on_with_what_was_read_and_a_new_one_is_offered(
    person: Person, tmp_path: Path, opened_again: Callable[[Person, Path], None]
) -> None:
    data, file = write_names(tmp_path / "names.csv"), tmp_path / "run.unroll"
    trained_on(person, data)
    save(person, file)
    add_row(data)
    opened_again(person, file)
    person.wait_until(lambda: said(person) == CHANGED)
    assert offers(person) == [NEW_RUN]
    assert trained(person, 1).step == 3, "the data is still there as it was"
    before = person.session.data.dataset
    person.click("notice-action")
    person.wait_until(lambda: person.session.data.dataset is not before)
    person.wait_ready()
    settled(person)
    dataset = person.session.data.dataset
    assert dataset is not None
    assert len(dataset.train) + len(dataset.validation) == len(NAMES) + 1
    assert (person.session.run.model_config.hidden_size, person.session.run.progress.step) == (4, 0)


def only_touched(data: Path) -> None:
    os.utime(data, (1, 1))


def gone(data: Path) -> None:
    data.unlink()


@pytest.mark.parametrize("happened", [only_touched, gone])
def test_nothing_is_said_of_a_file_that_holds_the_same_or_is_gone(
    person: Person, tmp_path: Path, happened: Callable[[Path], None]
) -> None:
    data = write_names(tmp_path / "names.csv")
    trained_on(person, data)
    run_id = away(person)
    happened(data)
    back_to(person, run_id)
    assert "is now the current run, at step 2" in said(person)
    assert trained(person, 1).step == 3


def test_undo_says_nothing_of_files(person: Person, tmp_path: Path) -> None:
    data = write_names(tmp_path / "names.csv")
    trained_on(person, data)
    away(person)
    add_row(data)
    person.session.undo.undo()
    person.wait_until(lambda: person.session.run.progress.step == 2)
    settled(person)
    assert "changed since" not in said(person)


@pytest.fixture
def window(qtbot: QtBot, settings: QSettings, tmp_path: Path) -> Iterator[Callable[[], Person]]:
    """Makes windows one after the other, each of which knows the runs of the last."""
    people: list[Person] = []

    def close() -> None:
        if people:
            people[-1].window.close()
            dispose(people.pop().window)

    def make() -> Person:
        close()
        people.append(started(qtbot, Session(), settings, tmp_path / "state"))
        return people[-1]

    yield make
    close()


def as_it_was(data: Path, validation: Path) -> None:
    data.write_text(data.read_text("utf-8").removesuffix("\nzora,b"), "utf-8")


def changed_once_more(data: Path, validation: Path) -> None:
    add_row(data)


def both_gone(data: Path, validation: Path) -> None:
    data.unlink()
    validation.unlink()


@pytest.mark.parametrize(
    ("then", "state"),
    [
        (changed_once_more, "data changed"),
        (both_gone, "data missing"),
        (as_it_was, ""),
    ],
)
def test_the_next_window_looks_again_at_the_data_of_a_run_that_had_changed(
    window: Callable[[], Person], tmp_path: Path, then: Callable[[Path, Path], None], state: str
) -> None:
    data, validation = two_files(tmp_path / "data")
    run = saved_on(data, validation)
    add_row(data)
    first = window()
    open_run(first, run)
    assert first.find(QLabel, "progress-left").text() == "data changed"
    name = first.session.runs.identity(first.session.runs.current).name
    away(first)
    second = window()
    then(data, validation)
    (run_id,) = [each.id for each in second.session.runs.others() if each.name == name]
    back_to(second, run_id)
    assert (second.session.run.opened is None) == (state == "")
    if state:
        assert second.find(QLabel, "progress-left").text() == state
        assert (NEW_RUN in offers(second)) == (state == "data changed")
    else:
        assert trained(second, 1).step == 2
