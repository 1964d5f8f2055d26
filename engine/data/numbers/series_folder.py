"""Loads a folder of series, each a table of numbers, labelled by folder, by how file names begin, or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from os.path import isdir
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.data.codec import Kind
from engine.data.data_config import AUTO, DataConfig
from engine.data.files.number_columns import read_number_columns, recognise_columns
from engine.data.files.recognition import Recognition
from engine.data.files.text_source import OnProgress
from engine.data.files.textfile import TextFile
from engine.data.numbers.file_table import SHOWN, TABLES, Named, first_rows, labelled_files, read_files
from engine.data.numbers.frame_loader import FrameLoader
from engine.data.numbers.number_rows import NumberRows
from engine.data.numbers.recipes import TABLE, table_recipe
from engine.errors import DataError
from engine.name_list import some_of

FORM: Final = "series-files"
_LOOKED_AT: Final = 5  # files, most of which must be tables of numbers with the same columns


class SeriesFolderLoader(FrameLoader):
    """Series in separate files, each with or without a label."""

    kinds: tuple[Kind, ...] = (Kind.LABELLED_SERIES, Kind.SERIES)
    recipe = TABLE
    endings = TABLES

    def recognise(self, paths: Sequence[Path], config: DataConfig) -> Recognition | None:
        if len(paths) != 1 or not isdir(paths[0]):
            return None
        named = _files(paths[0])
        if len(named) < 2:
            return None
        if not _columns_of_most(named):
            return None
        labels = list(dict.fromkeys(one.text for one in named if one.text))
        kind = Kind.LABELLED_SERIES if labels else Kind.SERIES
        if config.kind not in (AUTO, kind):
            return None
        by_label = f", by label: {some_of(labels, SHOWN)}" if labels else ""
        reason = f"{len(named):,} files, one series in each{by_label}"
        columns, previews = ("file", "label"), first_rows(named)
        if not labels:
            return Recognition(FORM, kind, reason, columns[:1], previews[:1], "file")
        return Recognition(FORM, kind, reason, columns, previews, "file", "label")

    def expected(self) -> str:
        *others, last = TABLES
        return f"a folder with a file for each series ({', '.join(others)} or {last})"

    def read(
        self, paths: Sequence[Path], recognition: Recognition, config: DataConfig, progress: OnProgress | None
    ) -> NumberRows:
        named = _files(paths[0])
        names = _columns_of_most(named)
        unlabelled = recognition.kind == Kind.SERIES
        given = [Named(one.path, one.path.name) for one in named] if unlabelled else named
        tables, labels, skipped = read_files(given, paths[0], lambda path: _read(path, names), progress)
        return NumberRows(tables, () if unlabelled else labels, names, table_recipe(names), skipped)


def _files(folder: Path) -> list[Named]:
    """The tables of a folder with their labels; "" for all where nothing tells two labels apart."""
    named = labelled_files(folder, TABLES)
    if len({one.text for one in named}) > 1:
        return named
    try:
        inside = sorted(one for one in folder.iterdir() if one.suffix.lower() in TABLES and one.name[0] != ".")
    except OSError as error:
        raise DataError(f"The folder cannot be read ({error.strerror or error}).", path=folder) from None
    return [Named(path, "") for path in inside]


def _columns_of_most(named: Sequence[Named]) -> tuple[str, ...]:
    """The columns of numbers that most of the first files share; () if there are none."""
    looked_at = [_columns(one.path) for one in named[:: max(1, len(named) // _LOOKED_AT)]]
    ((columns, count),) = Counter(looked_at).most_common(1)
    return columns if columns is not None and 2 * count > len(looked_at) else ()


def _columns(path: Path) -> tuple[str, ...] | None:
    """The columns of numbers of a table; None for a file that is something else, or holds several series."""
    try:
        with TextFile(path) as file:
            found = recognise_columns(file.excerpt, DataConfig())
    except DataError:
        return None
    return None if found is None or found[1].sentence_column else found[1].sources


def _read(path: Path, names: Sequence[str]) -> NDArray[np.float64]:
    with TextFile(path) as file:
        return read_number_columns(file, names).frames[0]
