"""Tables of numbers over time: a row for each step, columns of numbers, and perhaps a column of times. A single row of
numbers is read as a series of one column, with a step in each cell."""

from __future__ import annotations

import csv
import re
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import isfinite, nan
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.data.bulk.dataset_builder import RowBatch
from engine.data.codec import SEPARATOR, Kind
from engine.data.data_config import AUTO, DataConfig
from engine.data.files.column_names import LABEL_NAMES, mentions
from engine.data.files.header import are_numbered, header_cells, header_names
from engine.data.files.reader import Reader
from engine.data.files.recognition import Recognition
from engine.data.files.several_columns import columns_meant
from engine.data.files.textfile import Excerpt, TextFile
from engine.data.numbers.number_rows import VALUE, NumberRows
from engine.data.numbers.parse import is_gap, number_of
from engine.data.numbers.recipes import table_recipe
from engine.data.numbers.times import TIME_NAMES, about_times, is_time, runs_backwards
from engine.errors import ConfigError, DataError
from engine.number_text import counted

FORM: Final = "numbers"
_DELIMITERS: Final = ("\t", ";", ",", "|", " ")
_REGULAR: Final = 0.97  # of the rows have the same number of columns
_MOSTLY: Final = 0.98  # of the cells of a column of numbers are numbers, or say that one is missing
_SOME: Final = 0.5  # the same, if the user says that these are numbers
_NOTES: Final = 0.3  # at most this share of the cells is filled in a column of notes beside dated numbers
_FEWEST_ROWS: Final = 10
_SAMPLE_ROWS: Final = 4000
_WIDEST: Final = 1000
_APART: Final = frozenset({str(Kind.SERIES), "series_id", "series id"})  # the column that names each of several series
_REMARKS: Final = ("#", "%", "//")
MOST_MISSING: Final = 0.5  # of the numbers of a series
_PREVIEW: Final = 8
_FEWEST_STEPS: Final = 10  # of a series in a single row
_IN_ONE_ROW: Final = ("in one row",)  # `Recognition.values` of such a series
_DECIMAL: Final = re.compile(r"[-+]?\d*[.,]\d+([eE][-+]?\d+)?|[-+]\d+.*")


@dataclass(frozen=True)
class _NumberTableLayout:
    """How a table is written, and what its columns hold: the places of the numbers; and of the time, the name of
    each series and its label, or -1."""

    delimiter: str
    above: int
    has_header: bool
    names: tuple[str, ...]
    body: list[list[str]]
    numbers: tuple[int, ...]
    time: int
    apart: int = -1
    label: int = -1

    @property
    def notes(self) -> tuple[str, ...]:
        """The columns that hold neither."""
        used = {*self.numbers, self.time, self.apart, self.label}
        return tuple(name for place, name in enumerate(self.names) if place not in used)


class NumberTableReader(Reader):
    """Series of numbers as CSV, TSV, or columns between spaces."""

    kinds = (Kind.SERIES, Kind.LABELLED_SERIES)

    def recognise(self, excerpt: Excerpt, config: DataConfig) -> Recognition | None:
        wanted = config.kind in self.kinds or config.form == FORM
        row = _single_row(excerpt, config, wanted)
        if row is not None:
            return row
        found = _layout(excerpt, config, _SOME if wanted else _MOSTLY)
        if found is None or (not wanted and not _is_clear(found)):
            return None
        columns = {name: place for place, name in enumerate(found.names)}
        sources = [found.names[place] for place in found.numbers]
        if config.source_column:
            sources = list(columns_meant(config.source_column, found.names))
            if missing := [name for name in sources if name not in columns]:
                known = ", ".join(map(repr, found.names))
                raise ConfigError(f"There is no column {missing[0]!r}; the columns are {known}.")
        kind = Kind.SERIES if found.label < 0 else Kind.LABELLED_SERIES
        if config.kind not in (AUTO, kind):
            return None
        time, label, apart = (found.names[k] if k >= 0 else "" for k in (found.time, found.label, found.apart))
        reason = f"{counted(len(sources), 'column')} of numbers, a row for each step"
        reason += f"; “{time}” says when" if time and not label else ""
        reason += f"; “{apart}” tells the series apart" if apart else ""
        reason += f", “{label}” is their label" if label else ""
        notes = ", ".join(f"“{name}”" for name in found.notes)
        reason += f"; {notes} {'hold' if len(found.notes) > 1 else 'holds'} no numbers" if notes else ""
        previews = tuple(tuple(row[place] for row in found.body[:_PREVIEW]) for place in range(len(found.names)))
        return Recognition(
            FORM, kind, reason, found.names, previews, SEPARATOR.join(sources), label or time, found.delimiter,
            has_header=found.has_header, above=found.above, sentence_column=apart,
        )  # fmt: skip

    def expected(self) -> str:
        return "rows of numbers, with the same number of columns in each"

    def read(self, files: Sequence[TextFile], recognition: Recognition, config: DataConfig) -> Iterator[RowBatch]:
        """The rows as they are written, one text for each step."""
        for line, row in _rows(files[0], recognition):
            texts = [row[recognition.place(name)] for name in recognition.sources if len(row) > recognition.place(name)]
            yield RowBatch([" ".join(texts)], lines=np.array([line]))

    def numbers(self, file: TextFile, recognition: Recognition) -> NumberRows:
        """The series that the file holds, each with its label where there are labels."""
        places = [recognition.place(name) for name in recognition.sources]
        names, width = recognition.sources, len(recognition.columns)
        labelled = recognition.kind == Kind.LABELLED_SERIES
        beside = recognition.place(recognition.target_column) if recognition.target_column else -1
        apart = recognition.place(recognition.sentence_column) if recognition.sentence_column else -1
        found: dict[str, _Growing] = {}
        missing, first_missing, total = 0, "", 0
        strange: tuple[int, str] | None = None  # line and text of the one word among the numbers
        for line, row in _rows(file, recognition):
            if len(row) != width:
                columns = counted(len(row), "column")
                raise DataError(f"The row has {columns}; expected {width}.", path=file.path, line=line)
            one = found.setdefault(row[apart] if apart >= 0 else "", _Growing())
            for name, place in zip(names, places, strict=True):
                value, total = number_of(row[place]), total + 1
                if not isfinite(value):
                    if not is_gap(row[place]):
                        if strange is not None or width > 1 or not _is_word(row[place]):
                            what = f"“{name}” holds {row[place]!r}; expected a finite number."
                            raise DataError(what, path=file.path, line=line)
                        strange = line, row[place]
                    missing, value = missing + 1, nan
                    first_missing = first_missing or f"“{name}” in line {line:,}"
                one.values.append(value)
            if labelled and one.beside and one.beside[-1] != row[beside]:
                two = f"{one.beside[-1]!r} and {row[beside]!r}"
                raise DataError(f"The series {row[apart]!r} has two labels, {two}.", path=file.path, line=line)
            if beside >= 0:
                one.beside.append(row[beside])
        if not found:
            raise DataError("There are no rows of numbers.", path=file.path)
        if missing > MOST_MISSING * total:
            what = f"{missing:,} of {total:,} numbers are missing; there is no series to learn from."
            raise DataError(what, path=file.path)
        remarks = []
        if missing:
            remarks.append(gap_remark(missing, first_missing))
        if strange is not None:
            remarks.append(f"Line {strange[0]:,} holds {strange[1]!r} among the numbers; it is read as a gap.")
        tables = [np.array(one.values).reshape(-1, len(places)) for one in found.values()]
        times: list[str] = []
        if not labelled and len(tables) == 1:
            times = next(iter(found.values())).beside
            if runs_backwards(times):
                tables, times = [tables[0][::-1]], times[::-1]
                remarks.append("The rows run backwards in time; they were reversed.")
            remarks += about_times(times)
        labels = [one.beside[0] for one in found.values()] if labelled else ()
        frames = [filled(table) for table in tables]
        return NumberRows(frames, labels, names, table_recipe(names), remarks=tuple(remarks), times=tuple(times))


@dataclass(frozen=True)
class _Growing:
    """One series while it is read: its numbers, row after row, with its label or times."""

    values: array[float] = field(default_factory=lambda: array("d"))
    beside: list[str] = field(default_factory=list)


def gap_remark(missing: int, first: str) -> str:
    """What is said of gaps that were filled. first: where the first one is."""
    return f"{counted(missing, 'number')} missing, the first: {first}. Each gap is filled with the number before it."


def filled(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """(T, D) → (T, D): each missing number (NaN) replaced by the one before it; at the beginning, by the first there
    is."""
    known = ~np.isnan(table)
    rows = np.arange(len(table))[:, None]
    last = np.maximum.accumulate(np.where(known, rows, -1), axis=0)
    last = np.where(last < 0, known.argmax(axis=0), last)
    return np.take_along_axis(table, last, axis=0)


def _rows(file: TextFile, recognition: Recognition) -> Iterator[tuple[int, list[str]]]:
    """Line numbers and cells of all rows below the header; blank lines and remarks are skipped."""
    below = recognition.above + recognition.has_header
    for number, text in enumerate(file.lines(), 1):
        if number > below and is_row(text):
            cells = cells_of(text, recognition.delimiter)
            if recognition.values == _IN_ONE_ROW:
                yield from ((number, [cell]) for cell in cells)
            elif any(cells):  # spreadsheets write empty rows below the last one
                yield number, cells


def is_row(line: str) -> bool:
    """Whether a line is neither blank nor a remark."""
    return bool(line.strip()) and not line.startswith(_REMARKS)


def cells_of(line: str, delimiter: str) -> list[str]:
    """The cells of a row, without the spaces around them."""
    if delimiter == " ":
        return line.split()
    if '"' in line:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter or ","))]
    return [cell.strip() for cell in line.split(delimiter)] if delimiter else [line.strip()]


def _single_row(excerpt: Excerpt, config: DataConfig, wanted: bool) -> Recognition | None:
    """A series whose steps are side by side in the only row, perhaps below their numbers: t0, t1, …

    Whole numbers between spaces may be the symbols of a text: they are a series only if that is wanted.
    """
    lines = [line for line in excerpt.head if is_row(line)]
    if len(lines) not in (1, 2) or config.kind not in (AUTO, Kind.SERIES):
        return None
    for delimiter in _DELIMITERS if config.delimiter == AUTO else (config.delimiter,):
        *head, cells = [cells_of(line, delimiter) for line in lines]
        if len(cells) < _FEWEST_STEPS or not (all(map(are_numbered, head)) and all(map(_says_number, cells))):
            continue
        if delimiter == " " and not wanted and not _have_decimals(cells):
            continue
        return Recognition(
            FORM, Kind.SERIES, f"one row of {len(cells):,} numbers, one for each step", (VALUE,),
            (tuple(cells[:_PREVIEW]),), VALUE, "", delimiter, has_header=bool(head), values=_IN_ONE_ROW,
            above=excerpt.head.index(lines[0]),
        )  # fmt: skip
    return None


def _layout(excerpt: Excerpt, config: DataConfig, share: float) -> _NumberTableLayout | None:
    """The delimiter under which most columns hold numbers; None if there is none."""
    head = excerpt.head
    above = next((i for i, line in enumerate(head) if is_row(line)), 0)
    lines = [line for line in head[above : above + _SAMPLE_ROWS] if is_row(line)]
    if not lines:
        return None
    best: _NumberTableLayout | None = None
    for delimiter in _DELIMITERS if config.delimiter == AUTO else (config.delimiter,):
        rows = [cells_of(line, delimiter) for line in lines]
        width, often = Counter(map(len, rows)).most_common(1)[0]
        if width > _WIDEST or (often < _REGULAR * len(rows) and share == _MOSTLY):
            continue
        found = _columns([row for row in rows if len(row) == width], delimiter, above, config, share)
        if found is not None and (best is None or len(found.names) > len(best.names)):
            best = found
    return best


def _columns(
    rows: list[list[str]], delimiter: str, above: int, config: DataConfig, share: float
) -> _NumberTableLayout | None:
    """The roles of the columns; None if they hold no numbers, or something besides numbers and a time."""
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
    apart = next((place for place, name in enumerate(names) if name.strip().lower() in _APART), -1)
    dated = any(all(is_time(row[place]) for row in body) for place in range(width))

    def enough(cells: Sequence[str]) -> float:
        """How many of the cells must be numbers: among many all but one, where they can be nothing else."""
        lenient = (width == 1 or dated) and len(cells) >= _FEWEST_ROWS
        return min(share * len(cells), len(cells) - 1) if lenient else share * len(cells)

    numbers, times, label, has_notes = list[int](), list[int](), -1, False
    for place, name in enumerate(names):
        if place == apart:
            continue
        cells = [row[place] for row in body if not is_gap(row[place])]
        if apart >= 0 and label < 0 and _is_label(name, place, apart, body):
            label = place
        elif cells and sum(map(is_time, cells)) >= _MOSTLY * len(cells):
            times.append(place)
        elif cells and sum(map(_is_number, cells)) >= enough(cells):
            (times if _counts(name, cells) and width > 1 and not times else numbers).append(place)
        elif share == _MOSTLY:
            if len(cells) > _NOTES * len(body):
                return None
            has_notes = has_notes or bool(cells)
    if not numbers or len(times) > 1 or (has_notes and not times):
        return None
    when = times[0] if times else -1
    return _NumberTableLayout(delimiter, above, has_header, tuple(names), body, tuple(numbers), when, apart, label)


def _is_label(name: str, place: int, apart: int, body: Sequence[Sequence[str]]) -> bool:
    """Whether a column has one text for each series, or is named like a label."""
    first: dict[str, str] = {}
    same = sum(first.setdefault(row[apart], row[place]) == row[place] for row in body) >= _MOSTLY * len(body)
    words = not all(map(_is_number, first.values()))
    return same and len(set(first.values())) > 1 and (words or mentions(name, LABEL_NAMES))


def _is_number(cell: str) -> bool:
    """Infinite ones and NaN count too: reading them will report the problem."""
    return cell.lower().lstrip("+-") in ("nan", "inf", "infinity") or not np.isnan(number_of(cell))


def _says_number(cell: str) -> bool:
    return is_gap(cell) or _is_number(cell)


def _says_something(cell: str) -> bool:
    return is_gap(cell) or is_time(cell) or not np.isnan(number_of(cell))


def _counts(name: str, cells: Sequence[str]) -> bool:
    """Whether a column counts time: it is called year or t and rises, or holds 1, 2, 3, …"""
    values = np.array([number_of(cell) for cell in cells])
    with np.errstate(invalid="ignore", over="ignore"):  # infinite ones do not count
        steps = np.diff(values)
    if len(steps) == 0 or not (steps > 0).all():
        return False
    return name.strip().lower() in TIME_NAMES or bool((steps == 1).all() and values[0] in (0, 1))


def _is_clear(found: _NumberTableLayout) -> bool:
    """Whether this is clearly a table of numbers over time, perhaps one that is too short: in so few rows, nothing but
    numbers is no text with its answer."""
    if len(found.body) < _FEWEST_ROWS:
        return found.delimiter != " " and len(found.numbers) == len(found.names) > 1
    cells = [row[place] for row in found.body for place in found.numbers if not is_gap(row[place])]
    alone = len(found.names) == 1
    return (
        _have_decimals(cells)
        or found.apart >= 0
        or (found.has_header and (found.time >= 0 or alone))
        or (alone and _has_named_gap([row[0] for row in found.body]))
    )


def _has_named_gap(cells: Sequence[str]) -> bool:
    """Whether words say among whole numbers that some are missing, which texts would not; or one other word does."""
    words = [cell for cell in cells if _is_word(cell)]
    return bool(words) and sum(not is_gap(word) for word in words) <= 1


def _is_word(cell: str) -> bool:
    """Whether a cell is neither a number nor anything that looks like one, such as 12a or inf."""
    return any(map(str.isalpha, cell)) and not any(map(str.isdigit, cell)) and not _is_number(cell)


def _have_decimals(cells: Sequence[str]) -> bool:
    """Whether most numbers have decimals or a sign."""
    return sum(_DECIMAL.fullmatch(cell) is not None for cell in cells) > _SOME * len(cells)
