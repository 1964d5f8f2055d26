"""A test file that is named in the form: nothing that is trained depends on it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

import engine
from gui.widgets.fields import Choice
from tests.gui.conftest import Person
from tests.gui.panels.opening import open_file, put, show_reading, table
from tests.gui.panels.trying import choose_path, notices

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


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
    person.wait_until(lambda: any(text.startswith("Test on test.csv: loss") for text in posted))
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
