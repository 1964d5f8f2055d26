"""Asking for a file. The window goes on meanwhile; a dialog that has been closed is released."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget


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
    """Have a file, or a folder, chosen that is there. start: the folder that is shown first."""
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
    """Have a file named that is to be written. ending: what a name without one gets, until another filter is chosen."""
    dialog = file_dialog(owner, name, title, str(proposed.parent), filters)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(ending)
    dialog.selectFile(proposed.name)
    if len(filters) > 1:
        dialog.filterSelected.connect(lambda kind: dialog.setDefaultSuffix(kind.rpartition("*.")[2].rstrip(")")))
    dialog.fileSelected.connect(lambda path: chosen(Path(path)))
    dialog.open()


def file_dialog(owner: QWidget, name: str, title: str, start: str, filters: Sequence[str]) -> QFileDialog:
    """A dialog that is still to be told what is asked for."""
    dialog = QFileDialog(owner, title, start)
    dialog.setObjectName(name)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setNameFilters(list(filters) or ["All files (*)"])
    return dialog
