"""A run's file as this window last saw it, so that it notices when somebody else has saved there since."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True)
class SavedFile:
    """The file of a run. state: its identity in the file system; None if there was no file."""

    path: Path
    state: tuple[int, int, int] | None

    @classmethod
    def seen(cls, path: Path) -> Self:
        """The file at a path, as it is now."""
        return cls(path, _state(path))

    def has_changed(self) -> bool:
        """Whether there is another file now. A removed file cannot be overwritten, so it does not count."""
        now = _state(self.path)
        return now is not None and now != self.state


def _state(path: Path) -> tuple[int, int, int] | None:
    """The identity of a file. Each save makes a new one, whose number differs even if size and time are the same."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


class ChangedFileError(Exception):
    """Saving would overwrite a file whose contents this window does not know."""
