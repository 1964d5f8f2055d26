"""A test file that is named in the form: nothing that is trained depends on it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QWidget

import engine
from gui.widgets.fields import Choice
from tests.gui.conftest import Person
from tests.gui.panels.opening import open_file, put, show_reading, table
from tests.gui.panels.trying import choose_path, notices
from tests.gui.saving.saving import write_sides

pytestmark = [pytest.mark.qt_log_ignore("This plugin does not support"), pytest.mark.sample("")]


def name_it(person: Person, path: Path | None) -> None:
    """Choose a file in the form, or none."""
    show_reading(person)
    field = person.find(Choice, "data-test_file")
    at = field.count() - 1 if path else 0
    field.setCurrentIndex(at)
    field.activated.emit(at)
    if path:
        choose_path(person, "data-test_file-dialog", path)


def copied(person: Person) -> engine.Run:
    """The run as it would be saved."""
    found: list[engine.Run | None] = []
    person.session.run.capture(found.append)
    person.wait_until(lambda: len(found) == 1)
    assert found[0] is not None
    return found[0]


def test_the_network_goes_on_and_the_run_names_the_file(person: Person, tmp_path: Path) -> None:
    before = open_file(person, put(tmp_path / "a.csv", table()))
    person.click("step")
    person.wait_steps(1)
    own = put(tmp_path / "test.csv", "text,label,note\nanna likes emma,yes,x\nemma likes anna,no,y\n")
    number, posted = person.session.run.number, notices(person)
    name_it(person, own)
    dataset = person.session.data.dataset
    assert dataset is not None
    assert (dataset.config.test_file, dataset.fingerprint) == (str(own), before.fingerprint)
    assert (person.session.run.number, person.session.run.progress.step) == (number, 1)
    assert copied(person).data.config.test_file == str(own)
    person.click("data-test")  # without a question
    person.wait_until(lambda: any(text.startswith("Test on test.csv (step 1): loss") for text in posted))
    person.click("step")
    person.wait_steps(2)

    name_it(person, None)
    assert copied(person).data.config.test_file == ""
    assert person.session.run.number == number
    person.qtbot.keyClick(person.find(QWidget, "reading"), Qt.Key.Key_Escape)
    person.activate()
    person.qtbot.keyClick(person.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert copied(person).data.config.test_file == str(own)
    show_reading(person)
    assert person.find(Choice, "data-test_file").currentText() == "test.csv"


def test_another_setting_leaves_the_test_file_where_it_is(person: Person, tmp_path: Path) -> None:
    open_file(person, put(tmp_path / "a.csv", table()))
    own = put(tmp_path / "test.csv", "text,label,note\nanna likes emma,yes,x\n")
    name_it(person, own)
    before = person.session.run.number
    show_reading(person)
    person.click("data-lowercase")
    person.wait_until(lambda: person.session.run.number != before)
    person.wait_ready()
    dataset = person.session.data.dataset
    assert dataset is not None
    assert (dataset.config.lowercase, dataset.config.test_file) == (True, str(own))


def test_one_that_is_gone_can_be_chosen_again_and_takes_its_place(person: Person, tmp_path: Path) -> None:
    open_file(person, put(tmp_path / "a.csv", table()))
    rows = "text,label,note\nanna likes emma,yes,x\nemma likes anna,no,y\n"
    name_it(person, own := put(tmp_path / "test.csv", rows))
    moved = own.rename(tmp_path / "away.csv")
    person.click("data-test")
    notice = person.find(QLabel, "notice")
    person.wait_until(lambda: notice.text() == f"{own}: There is no such file.")
    assert person.find(QPushButton, "notice-action").text() == "Open test file…"
    person.click("notice-action")
    assert person.find(QFileDialog, "test-dialog").windowTitle() == "Open the test file “test.csv”"
    choose_path(person, "test-dialog", moved)
    person.wait_until(lambda: notice.text().startswith("Test on away.csv: loss"))
    dataset = person.session.data.dataset
    assert dataset is not None
    assert dataset.config.test_file == str(moved)


def test_that_one_is_gone_is_no_longer_said_when_another_is_named(person: Person, tmp_path: Path) -> None:
    open_file(person, put(tmp_path / "a.csv", table()))
    name_it(person, own := put(tmp_path / "test.csv", "text,label,note\nanna likes emma,yes,x\n"))
    moved = own.rename(tmp_path / "away.csv")
    person.click("data-test")
    notice = person.find(QLabel, "notice")
    person.wait_until(lambda: "There is no such file" in notice.text())
    name_it(person, moved)
    person.wait_until(lambda: "There is no such file" not in notice.text())


def test_of_two_sides_that_are_gone_the_one_that_was_named_is_missed(person: Person, tmp_path: Path) -> None:
    open_file(person, write_sides(tmp_path, "train"))
    test = write_sides(tmp_path, "test", 30)
    name_it(person, test[1])
    for file in test:
        file.unlink()
    person.click("data-test")
    person.wait_until(lambda: "There is no such file" in person.find(QLabel, "notice").text())
    assert person.find(QLabel, "notice").text() == f"{test[1]}: There is no such file."
