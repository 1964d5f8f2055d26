"""A folder of tunes in ABC notation, or several files of them, as one tune book."""

from __future__ import annotations

from collections.abc import Sequence
from os.path import isdir
from pathlib import Path
from typing import Final

from engine.data.files.text_source import OnProgress, OpenedText, TextOf, TextSource, unpacking

_ENDING: Final = ".abc"
_ABOUT: Final = ("readme", "license", "licence", "copying")


class TuneFolder(TextSource):
    """What its files hold, with an empty line after each, which ends a tune."""

    encoding = "utf-8"

    def __init__(self, files: Sequence[Path] = ()) -> None:
        """files: those that were opened together; () for all of a folder."""
        self._files = files

    def fits(self, path: Path, start: bytes) -> bool:
        return bool(tune_files(path))

    def open(self, path: Path, text_of: TextOf, progress: OnProgress, sheet: str = "") -> OpenedText:
        with unpacking() as out:
            for one in self._files or tune_files(path):
                text = text_of(one) if one.stat().st_size else ""
                out.write(f"{text}\n\n".encode("utf-8", "replace"))
                progress(0.0, f"Reading {one.name}")
        return OpenedText(out)


def tune_files(folder: Path) -> Sequence[Path]:
    """The .abc files of a folder that holds no others; () if it does, or is no folder that can be read."""
    try:
        files = sorted(one for one in folder.iterdir() if not one.name.startswith(".")) if isdir(folder) else []
    except OSError:  # whoever opens it will report why
        return ()
    files = [one for one in files if not one.name.lower().startswith(_ABOUT)]
    return files if are_tunes(files) else ()


def are_tunes(files: Sequence[Path]) -> bool:
    """Whether all are files of tunes, judged by their names."""
    return all(one.suffix.lower() == _ENDING and one.is_file() for one in files)
