"""Qt's own file dialog, where the system has none."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit, QListView, QTreeView, QWidget
from pytestqt.qtbot import QtBot

from gui.widgets.file_dialogs import ask_to_open, ask_to_save

NAMES = "results.csv", "sweep.json", "run-0001.unroll", "names-of-many-cultures.tsv"


@pytest.mark.parametrize("saving", [False, True])
def test_size_kind_and_date_of_a_file_are_whole_in_its_dialog(qtbot: QtBot, tmp_path: Path, saving: bool) -> None:
    for name in NAMES:
        (tmp_path / name).write_text("x" * 541, encoding="utf-8")
    owner = QWidget()
    qtbot.addWidget(owner)
    owner.show()
    if saving:
        ask_to_save(owner, "dialog", "Save", tmp_path / "new.csv", lambda path: path, ending="csv")
    else:
        ask_to_open(owner, "dialog", "Open", str(tmp_path), lambda path: path)
    dialog = owner.findChild(QFileDialog, "dialog")
    assert dialog is not None
    files = dialog.findChild(QTreeView, "treeView")
    assert files is not None
    model = files.model()

    def cells() -> list[QModelIndex]:
        rows = range(model.rowCount(files.rootIndex()))
        return [model.index(row, column, files.rootIndex()) for row in rows for column in range(model.columnCount())]

    def whole() -> bool:
        return all(files.visualRect(cell).width() >= files.sizeHintForIndex(cell).width() for cell in cells())

    qtbot.waitUntil(lambda: len(cells()) == len(NAMES) * model.columnCount() and whole())
    assert files.header().length() <= files.viewport().width(), "none is out of sight"
    dialog.close()


@pytest.mark.parametrize("what", ["a file", "a folder"])
def test_the_path_that_is_typed_is_opened_though_it_leads_through_the_folder_that_is_shown(
    qtbot: QtBot, tmp_path: Path, what: str
) -> None:
    """On the way, Qt selects each folder whose path is written so far. Two that are both the first in the folder they
    are in take it by surprise where the name of the second is one letter: it stayed selected, and was opened or not
    instead of what was typed."""
    shown = tmp_path / "data" / "d"
    (shown / "sub").mkdir(parents=True)
    (shown / "sensor.csv").write_text("1", encoding="utf-8")
    owner = QWidget()
    qtbot.addWidget(owner)
    owner.show()
    chosen: list[Path] = []
    ask_to_open(owner, "dialog", "Open", str(shown), chosen.append, folder=what == "a folder")
    dialog = owner.findChild(QFileDialog, "dialog")
    assert dialog is not None
    name, files = dialog.findChild(QLineEdit, "fileNameEdit"), dialog.findChild(QListView, "listView")
    assert name is not None
    assert files is not None
    qtbot.waitUntil(lambda: files.model().rowCount(files.rootIndex()) > 0)
    wanted = shown / ("sub" if what == "a folder" else "sensor.csv")
    qtbot.keyClicks(name, str(wanted))
    qtbot.keyClick(name, Qt.Key.Key_Return)
    assert chosen == [wanted]
