"""File dialogs. The window keeps working meanwhile, and a closed dialog is released."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHeaderView, QTreeView, QWidget

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
    return dialog
