"""Tables that name files: a column of sound or picture files, and a column with the text of each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from os.path import abspath, isdir, isfile, lexists, normpath
from pathlib import Path
from typing import Any, Final
from unicodedata import normalize

from numpy.typing import NDArray

from engine.data.codec import Kind
from engine.data.data_config import AUTO, KEEP, DataConfig
from engine.data.files.readers import READERS
from engine.data.files.recognition import Recognition
from engine.data.files.text_source import OnProgress
from engine.data.files.textfile import TextFile
from engine.data.numbers.number_rows import NumberRows
from engine.data.report import Skipped
from engine.errors import ConfigError, DataError

TABLES: Final = (".csv", ".tsv", ".txt", ".tab")
_TABLE: Final = "table"
_BEFORE_LABEL_ENDS: Final = re.compile(r"([^_\-.]+)[_\-.]")  # yes_anna_3.wav, 7-theo.wav
_LOOKED_AT: Final = 1 << 14  # a table of files names one of them in this many bytes
_MOST_LISTED: Final = 10_000  # files in a folder that tell what it holds
_MOST_LISTED_BESIDE: Final = 1_000_000  # files among which one that a table names is looked for
SHOWN: Final = 6  # labels in a sentence, rows in a preview
_MOSTLY: Final = 0.8  # share of a column's first cells that must look like names of such files
_TEXTS: Final = ("caption", "transcript", "transcription", "sentence", "text", "label", "class", "word", "category")


@dataclass(frozen=True)
class Named:
    """A file that a table names, with its text and its line in the table."""

    path: Path
    text: str
    line: int | None = None


def first_rows(named: Sequence[Named]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names and texts of the first files, for a preview."""
    first = named[:SHOWN]
    return tuple(one.path.name for one in first), tuple(one.text for one in first)


def names_files(path: Path, endings: Sequence[str]) -> bool:
    """Whether the beginning of a file mentions the name of a file with such an ending; quick, for any file."""
    try:
        if path.suffix.lower() not in TABLES or not isfile(path):
            return False
        with path.open("rb") as file:
            begin = file.read(_LOOKED_AT).replace(b"\0", b"").lower()  # UTF-16 too
    except OSError:
        return False
    return any(ending.encode() in begin for ending in endings)


def table_of(path: Path, endings: Sequence[str]) -> Path | None:
    """The table that names the files: the file itself, or the only one of a folder; None where there is none."""
    if not isdir(path):
        return path if path.suffix.lower() in TABLES else None
    try:
        tables = sorted(one for one in path.iterdir() if one.suffix.lower() in TABLES and not one.name.startswith("."))
    except OSError:
        return None
    tables = [one for one in tables if recognise_table(one, DataConfig(), endings) is not None]
    if len(tables) > 1:
        raise DataError(
            f"The folder has {len(tables)} tables that name its files, {tables[0].name} and {tables[1].name}; open one "
            "of them, and choose the other as the validation or test file.",
            path=path,
        )
    return tables[0] if tables else None


def recognise_table(path: Path, config: DataConfig, endings: Sequence[str]) -> Recognition | None:
    """The columns of a table that names such files; None for any other table. ConfigError if a chosen column is
    missing."""
    if not names_files(path, endings):
        return None
    as_table = replace(config, form=_TABLE, kind=AUTO, source_column="", target_column="")
    found = _columns(path, as_table)
    files = _columns_of_files(found, endings)
    if found is None or not files:
        return None
    if config.header == AUTO and not found.has_header and not _are_names([next(iter(files.values()))[0]], endings):
        found = _columns(path, replace(as_table, header="yes"))  # the first cell names no file, so it names the column
        files = _columns_of_files(found, endings)
        assert found is not None, "read with any header"
    # A table of texts may also name a picture for each. It counts as a table of files if the files exist or it has
    # nothing else.
    chosen = config.form != AUTO or config.kind != AUTO or len(found.columns) == 2
    if not chosen and not any(isfile(_place(path, cell)) for cells in files.values() for cell in cells):
        return None
    source = config.source_column or next(iter(files))
    others = [name for name in found.columns if name not in files]
    target = config.target_column or next((n for n in _TEXTS for name in others if name.lower() == n), "")
    target = next((name for name in others if name.lower() == target), target) or (others[0] if others else "")
    for column in (source, target):
        if column and column not in found.columns:
            raise ConfigError(f"There is no column {column!r}; the table has {', '.join(map(repr, found.columns))}.")
    if not target:
        raise DataError(
            f"The table names files ({source}) but has no text for them; expected a second column.", path=path
        )
    return replace(found, kind=Kind.PAIRS, source_column=source, target_column=target)


def _columns(path: Path, config: DataConfig) -> Recognition | None:
    try:
        with TextFile(path, config.encoding, None, config.normal_form != KEEP, config.sheet) as file:
            found = READERS[_TABLE].recognise(file.excerpt, config)
    except DataError:
        return None  # reading it as text will report the problem
    if found is None:
        return None
    guess = file.encoding_is_guess
    return replace(found, encoding=file.encoding_name, encoding_is_guess=guess, line_ends=file.line_ends)


def _columns_of_files(found: Recognition | None, endings: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The columns that name files, and their first cells."""
    sides = zip(found.columns, found.previews, strict=True) if found is not None else ()
    return {name: cells for name, cells in sides if _are_names(cells, endings)}


def _are_names(cells: Sequence[str], endings: Sequence[str]) -> bool:
    cells = [cell for cell in cells if cell.strip() and "://" not in cell]
    return sum(cell.strip().lower().endswith(tuple(endings)) for cell in cells) >= max(1, _MOSTLY * len(cells))


def read_table(path: Path, found: Recognition, config: DataConfig) -> tuple[list[Named], list[Skipped]]:
    """The files named by a table, recognised as above, and its rows that were left out; paths are relative to its
    folder."""
    named, skipped, folders = list[Named](), list[Skipped](), dict[Path, dict[str, Path]]()
    with TextFile(path, config.encoding, None, config.normal_form != KEEP, config.sheet) as file:
        for batch in READERS[_TABLE].read([file], found, config):
            skipped += batch.skipped
            for i, (name, text) in enumerate(zip(batch.source, batch.target, strict=True)):
                named.append(Named(_there(_place(path, name), folders), text.strip(), batch.line(i)))
    return named, skipped


def _place(table: Path, name: str) -> Path:
    """A file relative to the table's folder. A path to another machine is treated as a local one, so it is not
    found."""
    name = name.strip().replace("\\", "/")
    return Path(normpath(table.parent / (name.lstrip("/") if name.startswith("//") else name)))


def _there(wanted: Path, folders: dict[Path, dict[str, Path]]) -> Path:
    """The file of this name or, if there is none, the only one in its folder whose name differs in capitals or in how
    accents are written, as names do that were written on another system; or else the only one of that name in the
    folders beside it, such as Images beside captions.txt. folders: those listed so far; the files in each by
    `_alike`."""
    if isfile(wanted):
        return wanted
    folder, name = wanted.parent, _alike(wanted.name)
    for inside in ("*", "*/*"):
        if (listed := folder / inside) not in folders:
            with suppress(OSError):
                files = sorted(islice(folder.glob(inside), _MOST_LISTED_BESIDE))
                counts = Counter(_alike(file.name) for file in files)
                folders[listed] = {_alike(file.name): file for file in files if counts[_alike(file.name)] == 1}
        if (found := folders.get(listed, {}).get(name)) is not None:
            return found
    return wanted


def _alike(name: str) -> str:
    return normalize("NFC", name).casefold()


def mostly_holds(folder: Path, endings: Sequence[str]) -> bool:
    """Whether most files in a folder, and in the folders in it down to the second level, have such an ending."""
    files = list[Path]()
    with suppress(OSError):
        for level in ("*", "*/*", "*/*/*"):
            files += (one for one in islice(folder.glob(level), _MOST_LISTED) if one.is_file())
    files = [one for one in files if not one.name.startswith(".")]
    return bool(files) and 2 * sum(one.suffix.lower() in endings for one in files) > len(files)


def labelled_files(folder: Path, endings: Sequence[str]) -> list[Named]:
    """The files of a folder with these endings, labelled by the folders they are in, or by how their names begin."""
    try:
        inside = sorted(one for one in folder.iterdir() if not one.name.startswith("."))
        found = [
            Named(file, one.name)
            for one in inside
            if isdir(one)
            for file in sorted(one.iterdir())
            if file.suffix.lower() in endings
        ]
    except OSError as error:
        raise DataError(f"The folder cannot be read ({error.strerror or error}).", path=folder) from None
    if found:
        return found
    files = [file for file in inside if file.suffix.lower() in endings]
    begins = [_BEFORE_LABEL_ENDS.match(file.name) for file in files]
    named = [Named(file, begin[1]) for file, begin in zip(files, begins, strict=True) if begin]
    return named if len(named) == len(files) and 2 * len({one.text for one in named}) <= len(named) else []


def read_files(
    named: Sequence[Named],
    folder: Path,
    read: Callable[[Path], NDArray[Any]],
    progress: OnProgress | None,
) -> NumberRows:
    """The contents of the files, (T, D) or (height, width, channels), their texts and names, and the rows left out.
    DataError if none can be read.

    A file outside `folder` is left out, so that a table from a stranger cannot read other files on this machine.
    """
    inside = abspath(folder)
    arrays, texts, names, skipped = [], [], [], []
    first: DataError | None = None
    for i, one in enumerate(named):
        if progress is not None:
            progress(i / len(named), f"Reading {one.path.name}")
        if not one.text:
            skipped.append(Skipped(one.line, f"{one.path.name}: it has no text"))
            continue
        try:
            if not Path(abspath(one.path)).is_relative_to(inside):
                raise DataError(f"The file is outside the folder of the table, {inside}.", path=one.path)
            if not lexists(one.path):
                raise DataError("There is no such file.", path=one.path)
            arrays.append(read(one.path))
        except DataError as error:
            first = first or error
            skipped.append(Skipped(one.line, str(error)))
            continue
        texts.append(one.text)
        names.append(one.path.relative_to(folder).as_posix() if one.path.is_relative_to(folder) else one.path.name)
    if first is not None and not arrays:
        raise first
    return NumberRows(arrays, texts, skipped=skipped, row_names=tuple(names))
