"""MIDI files as data: the melody of each is a text of notes."""

from __future__ import annotations

from collections.abc import Sequence
from os.path import isdir
from pathlib import Path
from typing import Final

from engine.data.music.midi import read_midi
from engine.data.music.notes import notes_to_text
from engine.data.report import Skipped
from engine.errors import DataError

_ENDINGS: Final = (".mid", ".midi")


def midi_files(given: Sequence[Path]) -> Sequence[Path]:
    """The paths if all are MIDI files, or the MIDI files of a folder; () if there is anything else."""
    files = given
    try:
        if len(given) == 1 and isdir(given[0]):  # unlike `Path.is_dir`, never raises for a name too long for a file
            files = sorted(path for path in given[0].iterdir() if not path.name.startswith("."))
    except OSError:  # opening it as text will report why it cannot be read
        return ()
    return files if files and all(path.suffix.lower() in _ENDINGS for path in files) else ()


def melodies(files: Sequence[Path]) -> tuple[list[str], list[Skipped]]:
    """The notes of each file as symbols with spaces between them, such as C4:1/4, and the files left out, which cannot
    be read or have none. DataError if that is all of them."""
    found, skipped = list[str](), list[Skipped]()
    first: DataError | None = None
    for path in files:
        try:
            found.append(notes_to_text(read_midi(path)))
        except DataError as error:
            first = first or error
            skipped.append(Skipped(None, str(error)))
    if first is not None and not found:
        raise first
    return found, skipped
