"""The files that the user has opened here: only these are read again because a run names them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QSettings

MOST_KNOWN = 200


class KnownFiles:
    """Absolute paths, kept with the settings, newest first. Whether they still exist is not checked."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    def paths(self) -> tuple[str, ...]:
        """The paths of all known files."""
        stored = self._settings.value("known-files", [])
        names = [stored] if isinstance(stored, str) else stored if isinstance(stored, list) else []
        return tuple(map(str, names))

    def add(self, paths: Iterable[str | Path]) -> None:
        """Add files that the user has opened."""
        new = [os.path.abspath(path) for path in paths if str(path)]
        old = [path for path in self.paths() if path not in new]
        self._settings.setValue("known-files", [*new, *old][:MOST_KNOWN])
