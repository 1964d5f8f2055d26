"""Series in a file, as columns or rows of numbers, or as a table of years by months."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from engine.data.codec import SEPARATOR, Kind
from engine.data.data_config import DataConfig
from engine.data.files.reader import Reader
from engine.data.files.readers.number_table import NumberTableReader
from engine.data.files.readers.steps_across import StepsAcrossReader
from engine.data.files.readers.year_months import YearMonthsReader
from engine.data.files.recognition import Recognition
from engine.data.files.textfile import Excerpt, TextFile
from engine.data.numbers.number_rows import VALUE, NumberRows
from engine.errors import DataError, quoted

_READERS: Final[tuple[Reader, ...]] = (YearMonthsReader(), StepsAcrossReader(), NumberTableReader())
_MADE_UP: Final = re.compile(rf"{VALUE}|column \d+")  # a name for a column that has none


def recognise_columns(excerpt: Excerpt, config: DataConfig) -> tuple[Reader, Recognition] | None:
    """The reader for the numbers in a file, and how it reads them; None if they are something else."""
    recognised = ((reader, reader.recognise(excerpt, config)) for reader in _READERS)
    return next(((reader, found) for reader, found in recognised if found is not None), None)


def read_number_columns(file: TextFile, columns: Sequence[str], series: str = "") -> NumberRows:
    """The series in the columns of these names; or in all columns of numbers, if there are as many and either the file
    or the network has no names for them. series: the column that tells them apart, if the file has it."""
    recognised = recognise_columns(file.excerpt, DataConfig(kind=Kind.SERIES))
    if recognised is None:
        first = next((line.strip() for line in file.excerpt.lines if line.strip()), "")
        what = f"begins with {quoted(first)}" if first else "holds only white space"
        raise DataError(f"The file {what}; expected {NumberTableReader().expected()}.", path=file.path)
    reader, found = recognised
    if not set(columns) <= set(found.columns):
        named = found.has_header and not all(map(_MADE_UP.fullmatch, columns))
        if named or len(found.sources) != len(columns):
            what = "column" if len(columns) == 1 else "columns"
            raise DataError(f"Expected the {what} {', '.join(columns)}; found {', '.join(found.columns)}.",
                            path=file.path)  # fmt: skip
        columns = found.sources
    if series in found.columns and series not in columns:
        found = replace(found, sentence_column=series)
    return reader.numbers(file, replace(found, source_column=SEPARATOR.join(columns)))
