"""What dialogs show and where they begin, and files opened together among the recent ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QWidget

from gui.main_window import MainWindow
from gui.session.session import Session
from gui.widgets.fields import FileChoice
from tests.gui.conftest import Person, dispose
from tests.gui.saving.saving import NAMES, dispose_of, settled, write_names

pytestmark = pytest.mark.sample("")


def write_sides(folder: Path) -> list[Path]:
    """Two files in which each line belongs to the same line of the other."""
    sides = [folder / "a.de", folder / "a.en"]
    for path, verb in zip(sides, ("sieht", "sees"), strict=True):
        path.write_text("".join(f"{one} {verb} {other}\n" for one in NAMES for other in NAMES[:4]), encoding="utf-8")
    return sides


def recent_entries(window: MainWindow) -> list[QAction]:
    window.files.fill_recent()
    return window.files.recent_menu.actions()


def wait_for_pairs(person: Person, name: str) -> None:
    person.wait_until(lambda: person.session.data.dataset is not None and person.session.data.dataset.name == name)
    person.wait_ready()
    settled(person)
    assert person.session.data.dataset is not None
    assert person.session.data.dataset.kind == "pairs"
    assert len(person.session.data.dataset.train) > 40


def test_the_dialog_shows_files_of_any_name_at_first(person: Person, tmp_path: Path) -> None:
    write_sides(tmp_path)
    person.find(QAction, "file-open").trigger()
    dialog = person.find(QFileDialog, "open-dialog")
    assert dialog.selectedNameFilter() == "All files (*)"
    assert any("*.csv" in kind for kind in dialog.nameFilters())
    dialog.reject()


def test_two_files_opened_together_are_one_recent_entry_that_opens_both(
    person: Person, settings: QSettings, tmp_path: Path
) -> None:
    sides = write_sides(tmp_path)
    person.find(QAction, "file-open").trigger()
    dialog = person.find(QFileDialog, "open-dialog")
    dialog.filesSelected.emit(list(map(str, sides)))
    dialog.close()
    dispose_of(dialog)
    person.activate()
    wait_for_pairs(person, "a")
    (entry,) = recent_entries(person.window)
    assert entry.text() == "a.de + a.en"
    tip = entry.toolTip().replace("\n", "")  # a long path is broken
    assert all(str(path) in tip for path in sides)
    person.choose_sample("names")
    entry.trigger()
    wait_for_pairs(person, "a")
    settings.sync()
    again = MainWindow(Session(), QSettings(settings.fileName(), QSettings.Format.IniFormat))
    assert [one.text() for one in recent_entries(again)] == ["a.de + a.en"]
    again.close()
    dispose(again)


def test_an_entry_of_two_files_goes_when_one_of_them_is_gone(person: Person, tmp_path: Path) -> None:
    sides = write_sides(tmp_path)
    person.window.files.open_paths(list(map(str, sides)))
    wait_for_pairs(person, "a")
    sides[1].unlink()
    recent_entries(person.window)[0].trigger()
    person.wait_until(lambda: "There is no such file" in person.window.notice_bar.text())
    assert [one.text() for one in recent_entries(person.window)] == ["No recent files"]


@pytest.mark.parametrize("together", [False, True])
def test_files_beside_the_data_are_looked_for_where_the_data_is(person: Person, tmp_path: Path, together: bool) -> None:
    """Wherever the program was started, and wherever another file was opened since."""
    data, other = tmp_path / "data", tmp_path / "other"
    data.mkdir()
    other.mkdir()
    if together:
        person.window.files.open_paths(list(map(str, write_sides(data))))
        wait_for_pairs(person, "a")
    else:
        person.window.files.open_path(str(write_names(data / "names.csv")))
        person.wait_until(lambda: person.session.data.paths == (str(data / "names.csv"),))
        person.wait_ready()
    person.session.folders.use(opened=str(other))
    person.click("data-change")
    person.wait_until(lambda: person.window.findChild(QWidget, "data-validation_file") is not None)
    person.click("more-architecture")
    for name in ("data-validation_file", "data-test_file", "vectors"):
        field = person.find(FileChoice, name)
        field.setCurrentIndex(field.count() - 1)  # "Choose a file…"
        field.activated.emit(field.count() - 1)
        dialog = person.find(QFileDialog, f"{name}-dialog")
        assert Path(dialog.directory().absolutePath()) == data, name
        dialog.reject()
        dispose_of(dialog)
