"""Series in a file, as columns or rows of numbers, or as a table of years by months."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import chain
from typing import Any, Final

from engine.data.codec import SEPARATOR, Kind
from engine.data.data_config import DataConfig
from engine.data.files.reader import Reader
from engine.data.files.readers.number_table import NumberTableReader
from engine.data.files.readers.steps_across import StepsAcrossReader
from engine.data.files.readers.year_months import YearMonthsReader
from engine.data.files.recognition import Recognition
from engine.data.files.several_columns import columns_meant
from engine.data.files.textfile import Excerpt, TextFile
from engine.data.numbers.known_mark import KnownMark
from engine.data.numbers.number_rows import VALUE, NumberRows
from engine.data.numbers.recipes import DECIMAL, SERIES, TIME
from engine.errors import ConfigError, DataError, quoted

_READERS: Final[tuple[Reader, ...]] = (YearMonthsReader(), StepsAcrossReader(), NumberTableReader())
_MADE_UP: Final = re.compile(rf"{VALUE}|column \d+")  # a name for a column that has none


def recognise_columns(excerpt: Excerpt, config: DataConfig) -> tuple[Reader, Recognition] | None:
    """The reader for the numbers in a file, and how it reads them; None if they are something else."""
    return next(_recognised(excerpt, config), None)


def _recognised(excerpt: Excerpt, config: DataConfig) -> Iterator[tuple[Reader, Recognition]]:
    """Each reader that can read the numbers, with how it would read them."""
    for reader in _READERS:
        found = reader.recognise(excerpt, config)
        if found is not None:
            yield reader, found


def read_number_columns(
    file: TextFile, columns: Sequence[str], recipe: Mapping[str, Any], decimal: KnownMark | None = None
) -> NumberRows:
    """The series in the columns of these names; or in all columns of numbers, if there are as many and either the file
    or the network has no names for them.

    recipe: of the training data; what tells their series apart, and says when, does the same here if the file has it.
    decimal: the mark before decimals, if it is not that of the training data.
    """
    config, time = DataConfig(kind=Kind.SERIES), str(recipe.get(TIME, ""))
    possible = list(_recognised(file.excerpt, config))
    if not possible and time:  # which may be written in a way that is not known
        with suppress(ConfigError):
            possible = list(_recognised(file.excerpt, replace(config, target_column=time)))
    if not possible:
        first = next((line.strip() for line in file.excerpt.lines if line.strip()), "")
        what = f"begins with {quoted(first)}" if first else "holds only white space"
        raise DataError(f"The file {what}; expected {NumberTableReader().expected()}.", path=file.path)
    # Years by months may have been read as twelve columns, and a first row of years as a header.
    headed = _recognised(file.excerpt, replace(config, header="yes"))
    reader, found = next((one for one in chain(possible, headed) if {*columns} <= {*one[1].columns}), possible[0])
    if not set(columns) <= set(found.columns):
        named = found.has_header and not all(map(_MADE_UP.fullmatch, columns))
        if named or len(found.sources) != len(columns):
            what = "column" if len(columns) == 1 else "columns"
            raise DataError(f"Expected the {what} {', '.join(columns)}; found {', '.join(found.columns)}.",
                            path=file.path)  # fmt: skip
        columns = found.sources
    found = replace(found, decimal=decimal or KnownMark(str(recipe.get(DECIMAL, ""))))
    if time in found.columns:
        found = replace(found, time_columns=(time,), target_column=time)
    series = str(recipe.get(SERIES, ""))
    apart = columns_meant(series, found.columns)
    if {*apart} <= {*found.columns} and not {*apart} & {*columns}:
        found = replace(found, sentence_column=series)
    elif {*found.apart} & {*columns}:  # which the network takes for measured
        found = replace(found, sentence_column="")
    return reader.numbers(file, replace(found, source_column=SEPARATOR.join(columns)))
