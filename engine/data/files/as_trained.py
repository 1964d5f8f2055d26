"""A file for a trained network, read in the layout of the network's training data although on its own it would be taken
for something else."""

from __future__ import annotations

import csv
from contextlib import suppress
from dataclasses import replace
from typing import Final

from engine.data.codec import SEPARATOR, Kind
from engine.data.data_config import AUTO, DataConfig
from engine.data.files.readers import READERS
from engine.data.files.recognise import ONE_FILE, recognise
from engine.data.files.recognition import Recognition
from engine.data.files.textfile import TextFile
from engine.errors import ConfigError, DataError

_REGULAR: Final = 0.97  # of the rows have as many columns as the training data


def as_trained(file: TextFile, config: DataConfig, like: Recognition) -> Recognition | None:
    """The file in the form of the training data, with the columns that the network reads: by their names or, where
    neither file has a header, by their number. None if it does not have them.

    config: with the header that was chosen by hand for the training data.
    """
    if like.form not in ONE_FILE or Kind.SEQUENCES not in READERS[like.form].kinds or not like.columns:
        return None
    form = replace(config, form=like.form, kind=like.kind)
    if like.has_names:
        return _with_columns(file, form, like, like.source_column, like.target_column)
    if not _is_as_wide(file, like):
        return None
    found = _read_as(file, replace(form, delimiter=like.delimiter, kind=Kind.SEQUENCES))
    if found is None or found.has_header or len(found.columns) != len(like.columns):
        return None
    source = SEPARATOR.join(found.columns[like.place(column)] for column in like.sources)
    target = found.columns[like.place(like.target_column)] if like.target_column else ""
    return _with_columns(file, form, like, source, target)


def _with_columns(
    file: TextFile, config: DataConfig, like: Recognition, source: str, target: str
) -> Recognition | None:  # fmt: skip
    """The file read from these columns, the answers only if it has them; None if it does not have the source."""
    with_answers = replace(config, source_column=source, target_column=target)
    without = replace(config, source_column=source, kind=Kind.SEQUENCES)
    for asked in (with_answers, without):
        for delimiter in dict.fromkeys((like.delimiter or AUTO, AUTO)):
            found = _read_as(file, replace(asked, delimiter=delimiter))
            if found is not None and found.has_names == like.has_names and len(found.columns) > 1:
                return found
    delimiter = like.delimiter or ","
    if like.has_names and _is_one_column(file, source, delimiter):
        return _read_as(file, replace(without, delimiter=delimiter, header="yes"))
    return None


def _is_one_column(file: TextFile, name: str, delimiter: str) -> bool:
    """Whether the file is a table of one column of this name, whose cells are quoted where they need it."""
    rows = _rows(file, delimiter, strict=True)
    return rows[:1] == [[name]] and {*map(len, rows)} == {1}


def _rows(file: TextFile, delimiter: str, *, strict: bool = False) -> list[list[str]]:
    """The rows of the beginning of the file; none if they cannot be read so."""
    lines = [line + "\n" for line in file.excerpt.lines if line.strip()]
    try:
        return list(csv.reader(lines, delimiter=delimiter, strict=strict))
    except csv.Error:
        return []


def _read_as(file: TextFile, config: DataConfig) -> Recognition | None:
    with suppress(DataError, ConfigError):
        return recognise(file.excerpt, config, file.path)
    return None


def _is_as_wide(file: TextFile, like: Recognition) -> bool:
    """Whether nearly all rows have as many columns as the training data, which are separated in the same way."""
    rows = _rows(file, like.delimiter) if like.delimiter else []
    alike = sum(len(row) == len(like.columns) for row in rows)
    return bool(rows) and alike >= _REGULAR * len(rows)
