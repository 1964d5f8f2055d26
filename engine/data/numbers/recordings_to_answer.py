"""The sounds, pictures or series of a file or folder for a trained network to answer, one after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from os.path import abspath, isdir
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from engine.data.codec import Kind
from engine.data.data_config import DataConfig
from engine.data.files.number_columns import recognise_columns
from engine.data.files.readers import READERS
from engine.data.files.recognise import recognise
from engine.data.files.textfile import TextFile
from engine.data.numbers.file_table import read_table, recognise_table, table_of
from engine.data.numbers.frame_loader import FrameLoader
from engine.data.numbers.known_mark import KnownMark
from engine.data.numbers.loaders import LOADERS
from engine.data.numbers.number_scaling import NumberScaling
from engine.data.numbers.recipes import DECIMAL, SHEET, TABLE
from engine.errors import ConfigError, DataError


@dataclass(frozen=True)
class AskedRecording:
    """A name that tells one of them from the others, and the file that it is in, or its numbers (T, D)."""

    name: str
    given: Path | NDArray[Any]


def recordings_in(path: Path, numbers: NumberScaling) -> Sequence[AskedRecording]:
    """All that is to be answered: the files of a folder, or of the folders in it; those that a table names; the series
    in a table of numbers; or else the file itself.

    Files are read when they are answered. DataError for a folder without any, and for a table that cannot be read.
    """
    loader = next((one for one in LOADERS.values() if one.recipe == numbers.recipe.get("name")), None)
    if loader is None:
        return [AskedRecording(path.name, path)]
    if loader.recipe == TABLE:
        return _files(path, loader) if isdir(path) else _series(path, numbers)
    table = table_of(path, loader.endings)
    named = [] if table is None else _named(table, loader)
    if named or not isdir(path):
        return named or [AskedRecording(path.name, path)]
    return _files(path, loader)


def _files(folder: Path, loader: FrameLoader) -> list[AskedRecording]:
    """The files of a folder and of those in it, in the order of their names."""
    try:
        found = sorted(one for one in folder.rglob("*") if one.suffix.lower() in loader.endings and one.is_file())
    except OSError as error:
        raise DataError(f"The folder cannot be read ({error.strerror or error}).", path=folder) from None
    names = [(one.relative_to(folder), one) for one in found]
    shown = [AskedRecording(name.as_posix(), one) for name, one in names if not any(p[0] == "." for p in name.parts)]
    if not shown:
        raise DataError(f"The folder holds nothing to answer; expected {loader.expected()}.", path=folder)
    return shown


def _named(table: Path, loader: FrameLoader) -> list[AskedRecording]:
    """The files that a table names; [] if it names none."""
    config = DataConfig()
    found = recognise_table(table, config, loader.endings)
    if found is None:
        return []
    files, inside = [one.path for one in read_table(table, found, config)[0]], abspath(table.parent)
    if far := [file for file in files if not Path(abspath(file)).is_relative_to(inside)]:
        raise DataError(f"The table names a file outside its folder, {far[0]}.", path=table)
    return [AskedRecording(file.relative_to(table.parent).as_posix(), file) for file in files]


def _series(path: Path, numbers: NumberScaling) -> list[AskedRecording]:
    """Each series of a table, whether or not it has labels; the file itself if it holds one."""
    decimal = KnownMark(str(numbers.recipe.get(DECIMAL, "")))
    with TextFile(path, sheet=str(numbers.recipe.get(SHEET, ""))) as file:
        try:
            found = recognise(file.excerpt, DataConfig(kind=Kind.LABELLED_SERIES), path)
            rows = READERS[found.form].numbers(file, replace(found, decimal=decimal))
        except (DataError, ConfigError):
            recognised = recognise_columns(file.excerpt, DataConfig(kind=Kind.SERIES))
            if recognised is None or not recognised[1].sentence_column:
                return [AskedRecording(path.name, path)]
            reader, found = recognised
            rows = reader.numbers(file, replace(found, decimal=decimal))
    if len(rows.names) != numbers.size:
        return [AskedRecording(path.name, path)]
    names = rows.row_names or tuple(map(str, range(1, len(rows.frames) + 1)))
    what = found.sentence_column or str(Kind.SERIES)
    return [AskedRecording(f"{path.name}, {what} {name}", one) for name, one in zip(names, rows.frames, strict=True)]
