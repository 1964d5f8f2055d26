"""Settings travel as text from window to window."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

import engine
from gui.main_window import MainWindow
from gui.session.session import Session
from tests.gui.conftest import Person, dispose
from tests.gui.saving.saving import (
    BOTH,
    keys,
    said,
    same,
    trained,
)

pytestmark = pytest.mark.one_window


@pytest.mark.sample("alphabet")
def test_settings_are_copied_as_text_and_make_the_same_run_in_another_window(
    person: Person, qtbot: QtBot, tmp_path: Path
) -> None:
    person.type("hidden_size-number", "24")
    person.type("seed", "5")
    person.wait_ready()
    kept = trained(person, 2)
    keys(person, Qt.Key.Key_C, BOTH)
    text = QGuiApplication.clipboard().text()
    assert json.loads(text)["model"]["hidden_size"] == 24

    window = MainWindow(Session(), QSettings(str(tmp_path / "other.ini"), QSettings.Format.IniFormat))
    window.show()
    other = Person(qtbot, window)
    other.activate()
    window.session.data.load_first()
    other.wait_ready()
    keys(other, Qt.Key.Key_V, BOTH)
    other.wait_until(lambda: window.session.data.sample is engine.SAMPLES["alphabet"])
    other.wait_ready()
    assert window.session.run.model_config == person.session.run.model_config
    assert window.session.run.training_config == person.session.run.training_config
    assert same(trained(other, 2), kept)
    window.close()
    dispose(window)


BAD = {
    "nothing": "",
    "prose": "Dear Anna, how are you?",
    "JSON of something else": '{"a": 1}',
    "an unknown setting": '{"format": "unroll-settings", "model": {"size": 3}, "training": {}}',
    "a wrong value": '{"format": "unroll-settings", "model": {"hidden_size": -1}, "training": {}}',
    "no such sample": '{"format": "unroll-settings", "sample": "x", "model": {}, "training": {}}',
    "a shape that the data cannot train": '{"format": "unroll-settings", "model": {"architecture": "many-to-many"}, '
    '"training": {}}',
}


def test_text_that_holds_no_settings_gives_a_notice_and_nothing_changes(person: Person) -> None:
    session = person.session
    kept = trained(person, 1)
    before = session.run.model_config, session.run.training_config
    for what, text in BAD.items():
        person.window.notice_bar.clear()
        assert person.window.notice_bar.level != "error"
        QGuiApplication.clipboard().setText(text)
        keys(person, Qt.Key.Key_V, BOTH)
        assert person.window.notice_bar.level == "error", what
        assert said(person), what
        assert (session.run.model_config, session.run.training_config) == before, what
        assert session.run.snapshot is kept, what
