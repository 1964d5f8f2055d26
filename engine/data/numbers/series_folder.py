"""Loads a folder of series, each a table of numbers, labelled by folder, by how file names begin, or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
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
from engine.data.numbers.known_mark import KnownMark
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
        alike = _alike(named, config.encoding)
        if not alike:
            return None
        encodings = ", ".join(dict.fromkeys(one.encoding for one in alike))
        guess = any(one.encoding_is_guess for one in alike)
        labels = list(dict.fromkeys(one.text for one in named if one.text))
        kind = Kind.LABELLED_SERIES if labels else Kind.SERIES
        if config.kind not in (AUTO, kind):
            return None
        by_label = f", by label: {some_of(labels, SHOWN)}" if labels else ""
        reason = f"{len(named):,} files, one series in each{by_label}"
        columns: tuple[str, ...] = ("file", "label")
        previews: tuple[tuple[str, ...], ...] = first_rows(named)
        label = columns[1]
        if not labels:
            columns, previews, label = columns[:1], previews[:1], ""
        return Recognition(
            FORM, kind, reason, columns, previews, "file", label, encoding=encodings, encoding_is_guess=guess
        )

    def expected(self) -> str:
        *others, last = TABLES
        return f"a folder with a file for each series ({', '.join(others)} or {last})"

    def read(
        self, paths: Sequence[Path], recognition: Recognition, config: DataConfig, progress: OnProgress | None
    ) -> NumberRows:
        named = _files(paths[0])
        names = _alike(named, config.encoding)[0].sources
        unlabelled = recognition.kind == Kind.SERIES
        given = [Named(one.path, one.path.name) for one in named] if unlabelled else named

        def read(path: Path) -> NDArray[np.float64]:
            with TextFile(path, config.encoding) as file:
                return read_number_columns(file, names, {}, KnownMark.of(config)).frames[0]

        rows = read_files(given, paths[0], read, progress)
        return replace(
            rows,
            targets=() if unlabelled else rows.targets,
            names=names,
            recipe=table_recipe(names, decimal=KnownMark.of(config).mark),
        )


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


def _alike(named: Sequence[Named], encoding: str) -> list[Recognition]:
    """What was recognised of the first files, as far as they have the columns of numbers that most of them share; []
    if there are none."""
    looked_at = [_recognised(one.path, encoding) for one in named[:: max(1, len(named) // _LOOKED_AT)]]
    found = [one for one in looked_at if one is not None]
    columns, count = Counter(one.sources for one in found).most_common(1)[0] if found else ((), 0)
    return [one for one in found if one.sources == columns] if 2 * count > len(looked_at) else []


def _recognised(path: Path, encoding: str) -> Recognition | None:
    """How a table of numbers is read; None for a file that is something else, or holds several series."""
    try:
        with TextFile(path, encoding) as file:
            found = recognise_columns(file.excerpt, DataConfig())
    except DataError:
        return None
    if found is None or found[1].sentence_column:
        return None
    return replace(found[1], encoding=file.encoding_name, encoding_is_guess=file.encoding_is_guess)
