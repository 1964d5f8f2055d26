"""The folders in which file dialogs begin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal

from gui.session.notice import Level, Notices


class Folders(QObject):
    """Where the user last opened a file, and where the last one was saved, which is seldom the folder of the data."""

    changed = Signal()

    def __init__(self, notices: Notices, is_data: Callable[[Path], bool]) -> None:
        """is_data: whether the network learns from what is at a path."""
        super().__init__()
        self._notices, self._is_data = notices, is_data
        self.opened = ""
        self.saved = ""

    def use(self, *, opened: str = "", saved: str = "") -> None:
        """Remember a folder; "" leaves the one before."""
        self.opened, self.saved = opened or self.opened, saved or self.saved
        self.changed.emit()

    def beside(self, paths: Sequence[str]) -> str:
        """The folder of the first of these files; where there are none, that of the file the user opened last."""
        return str(Path(paths[0]).parent) if paths else self.opened

    def goal(self, name: str) -> Path:
        """Where a file is proposed to be saved: where the last one was, else in the user's documents."""
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        places = map(Path, filter(None, (self.saved, documents)))
        return next((place for place in places if place.is_dir()), Path.home()) / name

    def told(self, path: Path, usual: str = "") -> str:
        """How a saved file is told of: by its name, and with its folder where that is not the usual one, the one in
        which the user last opened a file."""
        usual = usual or self.opened
        return path.name if not usual or path.parent == Path(usual) else str(path)

    def noting(self, save: Callable[[Path], object], own: Path | None = None) -> Callable[[Path], object]:
        """A function that saves to a path, and remembers its folder; data are never replaced. own: a folder that was
        proposed for this file alone, so that one left there says nothing about where others go."""

        def noted(path: Path) -> object:
            if self._is_data(path):
                text = f"“{path.name}” holds data of this network and is not replaced; choose another name."
                self._notices.tell(text, Level.ERROR)
                return None
            if path.parent != own:
                self.use(saved=str(path.parent))
            return save(path)

        return noted
