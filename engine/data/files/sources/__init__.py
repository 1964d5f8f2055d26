"""What can be read like a text file, one kind per file."""

from __future__ import annotations

from os.path import isdir
from pathlib import Path
from typing import Final

from engine.data.data_config import AUTO
from engine.data.files.sources.anki_notes import AnkiNotes
from engine.data.files.sources.class_folders import ClassFolders
from engine.data.files.sources.fasta import Fasta
from engine.data.files.sources.gzipped import GzippedFile
from engine.data.files.sources.json_series import JsonSeries
from engine.data.files.sources.plain import PlainFile, open_file
from engine.data.files.sources.subtitles import Subtitles
from engine.data.files.sources.tune_folder import TuneFolder
from engine.data.files.sources.workbook import Workbook
from engine.data.files.text_source import TextSource

# In the order in which they are asked; the last one fits any file.
SOURCES: Final[dict[str, TextSource]] = {
    "tune-folder": TuneFolder(),
    "class-folders": ClassFolders(),
    "gzip": GzippedFile(),
    "workbook": Workbook(),
    "json-series": JsonSeries(),
    "anki-notes": AnkiNotes(),
    "subtitles": Subtitles(),
    "fasta": Fasta(),
    "plain": PlainFile(),
}
_START_BYTES: Final = 1 << 12


def source_of(path: Path, form: str = AUTO, kind: str = AUTO) -> TextSource:
    """How a file or folder is read. form, kind: those that were asked for. DataError if it cannot be opened."""
    start = b""
    if not isdir(path):
        with open_file(path) as file:
            start = file.read(_START_BYTES)
    found = (
        one.asked_for(path, start) if kind in one.kinds else one.made_for(path, start)
        for one in SOURCES.values() if form not in one.instead_of or kind in one.kinds
    )  # fmt: skip
    return next(source for source in found if source is not None)
