"""Tables of numbers over time: a row for each step, columns of numbers, and perhaps one that says when."""

from __future__ import annotations

import csv
import re
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.data.bulk.dataset_builder import RowBatch
from engine.data.codec import SEPARATOR, Kind
from engine.data.config import AUTO, DataConfig
from engine.data.files.header import header_cells, header_names
from engine.data.files.reader import Reader, Recognition
from engine.data.files.textfile import Excerpt, TextFile
from engine.data.numbers.number_rows import NumberRows
from engine.data.numbers.parse import is_gap, number_of
from engine.data.numbers.times import TIME_NAMES, about_times, is_time, runs_backwards
from engine.data.report import counted
from engine.errors import ConfigError, DataError

FORM: Final = "numbers"
_DELIMITERS: Final = ("\t", ";", ",", "|", " ")
_REGULAR: Final = 0.97  # of the rows have the same number of columns
_MOSTLY: Final = 0.98  # of the cells of a column of numbers are numbers, or say that one is missing
_SOME: Final = 0.5  # the same, where the user says that these are numbers
_FEWEST_ROWS: Final = 10
_SAMPLE_ROWS: Final = 4000
_WIDEST: Final = 1000
_REMARKS: Final = ("#", "%", "//")
_MOST_MISSING: Final = 0.5
_PREVIEW: Final = 8
_DECIMAL: Final = re.compile(r"[-+]?\d*[.,]\d+([eE][-+]?\d+)?|[-+]\d+.*")


@dataclass(frozen=True)
class _Layout:
    """How a table is written, and what its columns hold: the places of the numbers, and of the time or -1."""

    delimiter: str
    above: int
    has_header: bool
    names: tuple[str, ...]
    body: list[list[str]]
    numbers: tuple[int, ...]
    time: int


class NumberTableReader(Reader):
    """Series of numbers as CSV, TSV, or columns between spaces."""

    kinds = (Kind.SERIES,)

    def recognise(self, excerpt: Excerpt, config: DataConfig) -> Recognition | None:
        wanted = config.kind == Kind.SERIES or config.form == FORM
        found = _layout(excerpt, config, _SOME if wanted else _MOSTLY)
        if found is None or (not wanted and not _is_clear(found)):
            return None
        columns = {name: place for place, name in enumerate(found.names)}
        sources = [found.names[place] for place in found.numbers]
        if config.source_column:
            sources = config.source_column.split(SEPARATOR)
            if missing := [name for name in sources if name not in columns]:
                known = ", ".join(map(repr, found.names))
                raise ConfigError(f"There is no column {missing[0]!r}; the columns are {known}.")
        time = found.names[found.time] if found.time >= 0 else ""
        many = (
            counted(len(sources), "column") + " of numbers" + (", a row for each step" if len(found.names) > 1 else "")
        )
        reason = f"{many}; “{time}” says when" if time else many
        previews = tuple(tuple(row[place] for row in found.body[:_PREVIEW]) for place in range(len(found.names)))
        return Recognition(
            FORM, Kind.SERIES, reason, found.names, previews, SEPARATOR.join(sources), time,
            found.delimiter, has_header=found.has_header, above=found.above,
        )  # fmt: skip

    def expected(self) -> str:
        return "rows of numbers, with the same number of columns in each"

    def read(self, files: Sequence[TextFile], recognition: Recognition, config: DataConfig) -> Iterator[RowBatch]:
        """The rows as they are written, one text for each step."""
        for line, row in _rows(files[0], recognition):
            texts = [row[recognition.place(name)] for name in recognition.sources if len(row) > recognition.place(name)]
            yield RowBatch([" ".join(texts)], lines=np.array([line]))

    def numbers(self, file: TextFile, recognition: Recognition) -> NumberRows:
        """The series that the file holds."""
        places = [recognition.place(name) for name in recognition.sources]
        when = recognition.place(recognition.target_column) if recognition.target_column else -1
        names, width = recognition.sources, len(recognition.columns)
        values, times = array("d"), list[str]()
        missing, first_missing = 0, ""
        for line, row in _rows(file, recognition):
            if len(row) != width:
                raise DataError(
                    f"The row has {counted(len(row), 'column')}; expected {width}.", path=file.path, line=line
                )
            for name, place in zip(names, places, strict=True):
                value = number_of(row[place])
                if not np.isfinite(value):
                    if not is_gap(row[place]):
                        raise DataError(
                            f"“{name}” holds {row[place]!r}; expected a finite number.", path=file.path, line=line
                        )
                    missing += 1
                    first_missing = first_missing or f"“{name}” in line {line:,}"
                    value = np.nan
                values.append(value)
            if when >= 0:
                times.append(row[when].strip())
        table = np.array(values).reshape(-1, len(places))
        if len(table) == 0:
            raise DataError("There are no rows of numbers.", path=file.path)
        if missing > _MOST_MISSING * table.size:
            raise DataError(f"{missing:,} of {table.size:,} numbers are missing; there is no series to learn from.",
                            path=file.path)  # fmt: skip
        remarks = []
        if runs_backwards(times):
            table, times = table[::-1], times[::-1]
            remarks.append("The rows run backwards in time; they were turned round.")
        if missing:
            remarks.append(
                f"{counted(missing, 'number')} missing, the first: {first_missing}. Each gap is filled with the number "
                "before it."
            )
        remarks += about_times(times)
        return NumberRows(
            [_filled(table)], (), names, {"name": FORM, "columns": list(names)}, remarks=tuple(remarks)
        )  # fmt: skip


def _filled(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each missing number replaced by the one before it; at the beginning, by the first there is."""
    known = ~np.isnan(table)
    rows = np.arange(len(table))[:, None]
    last = np.maximum.accumulate(np.where(known, rows, -1), axis=0)
    last = np.where(last < 0, known.argmax(axis=0), last)
    return np.take_along_axis(table, last, axis=0)


def _rows(file: TextFile, recognition: Recognition) -> Iterator[tuple[int, list[str]]]:
    """Line numbers and cells of all rows below the header; blank lines and remarks are passed over."""

    def lines() -> Iterator[str]:
        carried = ""
        for block in file.blocks():
            *whole, carried = (carried + block).split("\n")
            yield from whole
        if carried:
            yield carried

    below = recognition.above + recognition.has_header
    for number, text in enumerate(lines(), 1):
        if number > below and text.strip() and not text.startswith(_REMARKS):
            yield number, _cells(text, recognition.delimiter)


def _cells(line: str, delimiter: str) -> list[str]:
    if delimiter == " ":
        return line.split()
    if '"' in line:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter or ","))]
    return [cell.strip() for cell in line.split(delimiter)] if delimiter else [line.strip()]


def _layout(excerpt: Excerpt, config: DataConfig, share: float) -> _Layout | None:
    """The delimiter under which most columns hold numbers; None if there is none."""
    head = excerpt.head
    above = next((i for i, line in enumerate(head) if line.strip() and not line.startswith(_REMARKS)), 0)
    lines = [line for line in head[above : above + _SAMPLE_ROWS] if line.strip() and not line.startswith(_REMARKS)]
    best: _Layout | None = None
    for delimiter in _DELIMITERS if config.delimiter == AUTO else (config.delimiter,):
        rows = [_cells(line, delimiter) for line in lines]
        width, often = Counter(map(len, rows)).most_common(1)[0]
        if width > _WIDEST or (often < _REGULAR * len(rows) and share == _MOSTLY):
            continue
        found = _columns([row for row in rows if len(row) == width], delimiter, above, config, share)
        if found is not None and (best is None or len(found.names) > len(best.names)):
            best = found
    return best


def _columns(rows: list[list[str]], delimiter: str, above: int, config: DataConfig, share: float) -> _Layout | None:
    """What the columns hold; None if they hold no numbers, or something besides numbers and a time."""
    width = len(rows[0])
    if width == 1 and delimiter != ",":  # a single column has no delimiter
        return None
    first = header_cells(rows[0])
    named = any(cell and not _says_something(cell) for cell in first)
    has_header = named if config.header == AUTO else config.header == "yes"
    body = rows[1:] if has_header else rows
    names = header_names(rows[0] if has_header else [], width)
    if not body:
        return None
    numbers, times = list[int](), list[int]()
    for place, name in enumerate(names):
        cells = [row[place] for row in body if not is_gap(row[place])]
        if cells and sum(map(is_time, cells)) >= _MOSTLY * len(cells):
            times.append(place)
        elif cells and sum(map(_is_number, cells)) >= share * len(cells):
            (times if _counts(name, cells) and width > 1 and not times else numbers).append(place)
        elif share == _MOSTLY:
            return None
    if not numbers or len(times) > 1:
        return None
    return _Layout(delimiter, above, has_header, tuple(names), body, tuple(numbers), times[0] if times else -1)


def _is_number(cell: str) -> bool:
    """Infinite ones count, and what says that it is none: reading them will say what is wrong."""
    return cell.lower().lstrip("+-") in ("nan", "inf", "infinity") or not np.isnan(number_of(cell))


def _says_something(cell: str) -> bool:
    return is_gap(cell) or is_time(cell) or not np.isnan(number_of(cell))


def _counts(name: str, cells: Sequence[str]) -> bool:
    """Whether numbers say when: a column called year or t whose numbers rise, or the numbers 1, 2, 3, …"""
    values = np.array([number_of(cell) for cell in cells])
    steps = np.diff(values)
    if len(steps) == 0 or not (steps > 0).all():
        return False
    return name.strip().lower() in TIME_NAMES or bool((steps == 1).all() and values[0] in (0, 1))


def _is_clear(found: _Layout) -> bool:
    """Whether nobody would take this for anything but numbers over time."""
    if len(found.body) < _FEWEST_ROWS:
        return False
    cells = [row[place] for row in found.body for place in found.numbers if not is_gap(row[place])]
    decimals = sum(_DECIMAL.fullmatch(cell) is not None for cell in cells) > _SOME * len(cells)
    return decimals or (found.has_header and (found.time >= 0 or len(found.names) == 1))


def read_columns(file: TextFile, columns: Sequence[str]) -> NDArray[np.float64]:
    """(T, D) the columns of these names, or all columns of numbers where a file without names has as many."""
    reader = NumberTableReader()
    found = reader.recognise(file.excerpt, DataConfig(kind=Kind.SERIES))
    if found is None:
        raise DataError(f"Expected {reader.expected()}.", path=file.path)
    if not set(columns) <= set(found.columns):
        if found.has_header or len(found.sources) != len(columns):
            raise DataError(f"Expected the columns {', '.join(columns)}; found {', '.join(found.columns)}.",
                            path=file.path)  # fmt: skip
        columns = found.sources
    return reader.numbers(file, replace(found, source_column=SEPARATOR.join(columns))).frames[0]
