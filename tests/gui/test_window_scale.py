"""The size of everything in the window: chosen in the menu of views, in force from the next start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton

from gui.window_scale import VARIABLE, saved_scale, scale_in_force
from tests.gui.conftest import Person

START = """
import os, sys
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from gui.window_scale import scale_in_force
with scale_in_force(QSettings(sys.argv[1], QSettings.Format.IniFormat)):
    app = QApplication([])
print(app.devicePixelRatio(), "QT_SCALE_FACTOR" in os.environ)
"""


def scale_menu(person: Person) -> QMenu:
    """The menu, opened as a person does."""
    views = person.find(QToolButton, "views").menu()
    assert views is not None
    views.aboutToShow.emit()
    menu = person.find(QMenu, "scale-menu")
    assert menu.menuAction() in views.actions()
    menu.aboutToShow.emit()
    return menu


def line(menu: QMenu, name: str) -> QAction:
    action = menu.findChild(QAction, name)
    assert action is not None
    return action


def test_a_chosen_size_is_kept_and_said_to_come_with_the_next_start(person: Person, settings: QSettings) -> None:
    menu = scale_menu(person)
    assert line(menu, "scale-1").isChecked()
    line(menu, "scale-1.25").trigger()
    assert saved_scale(settings) == 1.25
    said = person.window.notice_bar.text()
    assert "125 %" in said.replace("\u202f", " ").replace("\u00a0", " ")
    assert "Restart Unroll" in said
    assert not line(menu, "scale-1").isChecked()


def test_a_size_at_which_the_window_would_be_larger_than_the_screen_is_not_offered(
    person: Person, settings: QSettings
) -> None:
    free = person.window.screen().availableSize()
    person.window.setMinimumSize(int(free.width() / 1.4), 500)
    menu = scale_menu(person)
    assert line(menu, "scale-1.25").isEnabled()
    assert not line(menu, "scale-1.5").isEnabled()
    assert "too large" in line(menu, "scale-1.5").text()


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_the_next_start_has_the_chosen_size_and_hands_it_to_no_other_program(tmp_path: Path, scale: float) -> None:
    file = tmp_path / "settings.ini"
    QSettings(str(file), QSettings.Format.IniFormat).setValue("window/scale", str(scale))
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
    environment["QT_QPA_PLATFORM"] = "offscreen"
    start = [sys.executable, "-c", START, str(file)]
    shown = subprocess.run(start, capture_output=True, text=True, check=True, env=environment, timeout=60).stdout
    assert shown.split() == [str(scale), "False"]


@pytest.mark.parametrize("saved", ["7", "nan", "large", "", "-1.5"])
def test_a_size_that_is_not_offered_is_not_used(settings: QSettings, saved: str) -> None:
    settings.setValue("window/scale", saved)
    assert saved_scale(settings) == 1.0


def test_a_scale_of_the_environment_is_left_alone(settings: QSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.setValue("window/scale", "1.5")
    monkeypatch.setenv(VARIABLE, "2")
    with scale_in_force(settings):
        assert os.environ[VARIABLE] == "2"
    assert os.environ[VARIABLE] == "2"
