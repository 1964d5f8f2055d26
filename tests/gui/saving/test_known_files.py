"""The files that a person has opened, which a run may ask for again."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from gui.saving.known_files import KnownFiles


def test_a_file_is_known_by_whichever_way_it_was_named(
    settings: QSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "program").mkdir()
    monkeypatch.chdir(tmp_path / "program")
    known = KnownFiles(settings)
    known.add(["../names.txt", "", tmp_path / "other.csv"])
    assert known.paths() == (str(tmp_path / "names.txt"), str(tmp_path / "other.csv"))
