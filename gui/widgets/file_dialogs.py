"""File dialogs. The window keeps working meanwhile, and a closed dialog is released."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QDir, QItemSelectionModel, Qt
from PySide6.QtWidgets import QFileDialog, QFileSystemModel, QHeaderView, QLineEdit, QListView, QTreeView, QWidget

_QUOTED: Final = re.compile(r'"([^"]+)"')  # each of several names
ROOMY_PX = 760, 460  # of Qt's own dialog: room for a long name beside size, kind and date


def ask_to_open(
    owner: QWidget,
    name: str,
    title: str,
    start: str,
    chosen: Callable[[Path], object],
    *,
    folder: bool = False,
    filters: Sequence[str] = (),
) -> None:
    """Ask for an existing file or folder. start: the folder shown first."""
    dialog = file_dialog(owner, name, title, start, filters)
    dialog.setFileMode(QFileDialog.FileMode.Directory if folder else QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(lambda path: chosen(Path(path)))
    dialog.open()


def ask_to_save(
    owner: QWidget,
    name: str,
    title: str,
    proposed: Path,
    chosen: Callable[[Path], object],
    *,
    ending: str,
    filters: Sequence[str] = (),
) -> None:
    """Ask for a file to write. ending: added to names without one, until another filter is chosen."""
    dialog = file_dialog(owner, name, title, str(proposed.parent), filters)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(ending)
    dialog.selectFile(proposed.name)
    if len(filters) > 1:
        dialog.filterSelected.connect(lambda kind: dialog.setDefaultSuffix(kind.rpartition("*.")[2].rstrip(")")))
    dialog.fileSelected.connect(lambda path: chosen(Path(path)))
    dialog.open()


def file_dialog(owner: QWidget, name: str, title: str, start: str, filters: Sequence[str]) -> QFileDialog:
    """A dialog that the caller configures further. start: a NUL, which no path has, is left out."""
    dialog = QFileDialog(owner, title, start.replace("\0", ""))
    dialog.setObjectName(name)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setNameFilters(list(filters) or ["All files (*)"])
    files = dialog.findChild(QTreeView, "treeView")  # there is none in a dialog of the system
    if files is not None:
        header = files.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        dialog.resize(*ROOMY_PX)
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    if field is not None:
        field.textChanged.connect(partial(_deselect_others, dialog))
    return dialog


def _deselect_others(dialog: QFileDialog, typed: str) -> None:
    """Leave selected only what is named in the field while somebody types there.

    Qt selects every file and folder whose path is written so far, and does not always deselect it afterwards. What is
    selected is opened, whatever has been typed; without a selection, Qt opens what has been typed.
    """
    field, files = dialog.findChild(QLineEdit, "fileNameEdit"), dialog.findChild(QListView, "listView")
    if field is None or files is None or not field.hasFocus():
        return
    named = {QDir.cleanPath(dialog.directory().absoluteFilePath(each)) for each in _QUOTED.findall(typed) or [typed]}
    selection = files.selectionModel()
    for index in selection.selectedIndexes():
        if index.data(QFileSystemModel.Roles.FilePathRole) not in named:
            selection.select(index, QItemSelectionModel.SelectionFlag.Deselect)
