"""Tables with a step in each column and a series in each row, as statistical offices publish them: the years are in
the header."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from math import isfinite, nan
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.data.bulk.row_batch import RowBatch
from engine.data.codec import SEPARATOR, Kind
from engine.data.data_config import AUTO, DataConfig
from engine.data.files.header import header_names
from engine.data.files.number_cells import are_words, cells_of, is_number, is_row
from engine.data.files.number_layout import MOSTLY, SOME
from engine.data.files.reader import Reader
from engine.data.files.recognition import Recognition
from engine.data.files.several_columns import columns_meant
from engine.data.files.textfile import Excerpt, TextFile
from engine.data.files.time_columns import is_year
from engine.data.numbers.column_notes import ColumnNote, Noted
from engine.data.numbers.decimal_marks import WrittenIn, decimal_marks
from engine.data.numbers.gap_marks import is_gap
from engine.data.numbers.gaps import MOST_MISSING, at_start, filled
from engine.data.numbers.number_rows import VALUE, NumberRows
from engine.data.numbers.parse import number_of
from engine.data.numbers.placeholders import clear_placeholders
from engine.data.numbers.recipes import table_recipe
from engine.data.numbers.series_times import TimedSeries, in_order_of_time
from engine.data.numbers.times import are_dates
from engine.data.report import Skipped
from engine.errors import ConfigError, DataError, quoted
from engine.number_text import counted

FORM: Final = "steps-across"
_DELIMITERS: Final = ("\t", ";", ",", "|")
_YEAR: Final = re.compile(r"\D{0,3}((1[5-9]|20)\d\d)(\D.*)?")  # also X1960 and 1960 [YR1960]
_FEWEST_STEPS: Final = 10
_MOST_NAMES: Final = 8  # columns before the first step
_SIDE_BY_SIDE: Final = 8  # up to as many rows are read together; more are series of their own
_TITLES: Final = 20
_MOST_TOTALS: Final = 3  # columns after the last step
_SAMPLE_ROWS: Final = 2000
_PREVIEW: Final = 8


class StepsAcrossReader(Reader):
    """A few rows are read side by side, as the columns of one series; many are several series."""

    kinds: tuple[Kind, ...] = (Kind.SERIES,)

    def recognise(self, excerpt: Excerpt, config: DataConfig) -> Recognition | None:
        if config.kind not in (AUTO, Kind.SERIES) or config.header == "no":
            return None
        share = SOME if config.form == FORM or config.kind == Kind.SERIES else MOSTLY
        lines = list(islice(((place, line) for place, line in enumerate(excerpt.head) if is_row(line)), _SAMPLE_ROWS))
        for delimiter in _DELIMITERS if config.delimiter == AUTO else (config.delimiter,):
            if not any(_steps(cells_of(line, delimiter)) for _, line in lines[:_TITLES]):
                continue
            rows = [cells_of(line, delimiter) for _, line in lines]
            while len(rows) > 2 and len(rows[-1]) == 1:  # notes below the table
                rows.pop()
            head = next((k for k, row in enumerate(rows[:_TITLES]) if _steps(row)), -1)
            if head < 0 or not _are_series(rows[head + 1 :], rows[head], share):
                continue
            body = [row for row in rows[head + 1 :] if len(row) == len(rows[head])]
            places = _steps(rows[head])
            body = [row for row in body if not _is_empty(row[places.start : places.stop])] or body
            names = _names(body, places.start)
            together = len(body) <= _SIDE_BY_SIDE and excerpt.complete
            columns = tuple(header_names(names, len(names))) if together else (VALUE,)
            sources = columns
            if config.source_column:
                sources = columns_meant(config.source_column, columns)
                if missing := [name for name in sources if name not in columns]:
                    known = ", ".join(map(repr, columns))
                    raise ConfigError(f"There is no row {missing[0]!r}; the rows are {known}.")
            how = f"a column for each of {len(places):,} steps"
            totals = [f"“{name}”" for name in rows[head][places.stop :] if name]
            how += f"; {', '.join(totals)} {'are' if len(totals) > 1 else 'is'} left out" if totals else ""
            first = [row[places.start : places.start + _PREVIEW] for row in body]
            return Recognition(
                FORM, Kind.SERIES, how if together else f"a series in each row, {how}", columns,
                tuple(map(tuple, first)) if together else (tuple(first[0]),), SEPARATOR.join(sources), "", delimiter,
                has_header=True, above=lines[head][0], series_in="row" if together else "",
            )  # fmt: skip
        return None

    def expected(self) -> str:
        return f"at least {_FEWEST_STEPS} times in the header, and a name and as many numbers in each row"

    def read(self, files: Sequence[TextFile], recognition: Recognition, config: DataConfig) -> Iterator[RowBatch]:
        for line, _, cells in _rows(files[0], recognition)[1]:
            yield RowBatch([" ".join(cells)], lines=np.array([line]))

    def numbers(self, file: TextFile, recognition: Recognition) -> NumberRows:
        """The series. DataError for a cell that is not a number, and if more than half of the numbers are missing."""
        times, rows = _rows(file, recognition)
        together = recognition.columns != (VALUE,)
        found, series, notes, skipped = [], list[tuple[int, str]](), list[ColumnNote](), list[Skipped]()
        if together:
            skipped += (Skipped(line, f"“{name}”: no numbers") for line, name, cells in rows if _is_empty(cells))
            rows = [row for row in rows if not _is_empty(row[2])]
            if len(rows) != len(recognition.columns):
                what = f"There are {counted(len(rows), 'row')} of numbers; expected {len(recognition.columns)}."
                raise DataError(what, path=file.path)
            rows = [rows[recognition.place(name)] for name in recognition.sources]
        written = WrittenIn(
            recognition.delimiter,
            any(time.count(".") == 2 for time in times),
            recognition.decimal,
            has_years=all(map(is_year, times)),
        )
        marks = decimal_marks([name for _, name, _ in rows], [cells for _, _, cells in rows], written)
        for (line, name, cells), mark in zip(rows, marks.marks, strict=True):
            values = _values(cells, mark, file, line)
            notes += clear_placeholders(values[:, None], (name if together else VALUE,))
            missing = int(np.isnan(values).sum())
            if missing > MOST_MISSING * len(values):
                if together:
                    what = f"{missing:,} of {len(values):,} numbers of “{name}” are missing; leave the row out."
                    raise DataError(what, path=file.path, line=line)
                skipped.append(Skipped(line, f"{missing:,} of {len(values):,} numbers are missing"))
                continue
            found.append(values)
            series.append((line, name))
        if not found:
            raise DataError("There are no rows of numbers.", path=file.path)
        # All series have the same times.
        (one,), about = in_order_of_time([TimedSeries(np.stack(found, axis=1), tuple(times))], "columns")
        gaps = zip(np.isnan(one.table).sum(axis=0).tolist(), at_start([one.table]).tolist(), strict=True)
        for (line, name), (missing, first) in zip(series, gaps, strict=True):
            if missing:
                where = f"“{name}” in line {line:,}"
                notes.append(ColumnNote(name if together else VALUE, Noted.GAP, missing, where, line, first))
        table = filled(one.table)
        names = recognition.sources
        frames = [table] if together else [column[:, None] for column in table.T]
        return NumberRows(
            frames, names=names, recipe=table_recipe(names, decimal=marks.common), skipped=skipped,
            remarks=(*([marks.remark] if marks.remark else []), *about), notes=tuple(notes),
            times=(one.times,) * len(frames), row_names=() if together else tuple(name for _, name in series),
        )  # fmt: skip


def _steps(header: Sequence[str]) -> range:
    """The places of at least ten times, or years one after the other, in a row: below names, and before totals, of
    which there may be a few at its end; empty if there are no such times, or if no name stands before them."""
    cells = list(header)
    while cells and not cells[-1]:  # a comma at the end of each line
        cells.pop()
    end = len(cells)
    while end > len(cells) - _MOST_TOTALS and are_words(cells[end - 1 : end]) and not _YEAR.fullmatch(cells[end - 1]):
        end -= 1
    for place in range(1, min(_MOST_NAMES, end - _FEWEST_STEPS) + 1):
        steps = cells[place:end]
        years = [int(year[1]) for cell in steps if (year := _YEAR.fullmatch(cell))]
        consecutive = len(years) == len(steps) and {b - a for a, b in pairwise(years)} in ({1}, {-1}, {5}, {10})
        dated = all(steps) and are_dates(steps[:1]) and are_dates(steps)
        if (consecutive or dated) and not any(map(is_number, cells[:place])):
            return range(place, end)
    return range(0)


def _are_series(rows: Sequence[Sequence[str]], header: Sequence[str], share: float) -> bool:
    """Whether each row names a series, no two the same, and a share of the cells below the steps are numbers."""
    body = [row for row in rows if len(row) == len(header)]
    if not body or len(body) < share * len(rows):
        return False
    places = _steps(header)
    cells = [cell for row in body for cell in row[places.start :] if not is_gap(cell)]  # the totals are numbers too
    names = _names(body, places.start)
    return (
        len(set(names)) == len(names)
        and not any(map(is_number, names))
        and sum(map(is_number, cells)) >= max(1, share * len(cells))
    )


def _names(body: Sequence[Sequence[str]], first: int) -> list[str]:
    """The names of the rows: the first column of words that tells them apart, or all of them together."""
    for place in range(first):
        names = [row[place] for row in body]
        if len(set(names)) == len(names) and all(names):
            return names
    return [" ".join(filter(None, row[:first])) for row in body]


def _rows(file: TextFile, recognition: Recognition) -> tuple[list[str], list[tuple[int, str, list[str]]]]:
    """The times in the header; and of each row the line, the name and the cells below the times."""
    found = [
        (number, cells_of(line, recognition.delimiter))
        for number, line in enumerate(file.lines(), 1)
        if number > recognition.above and is_row(line)
    ]
    _, header = found[0]
    places, body = _steps(header), [row for row in found[1:] if any(row[1])]
    while body and len(body[-1][1]) == 1:  # notes below the table
        body.pop()
    steps = header[places.start : places.stop]
    for line, row in body:
        if len(row) < places.stop:
            columns = counted(len(row), "column")
            raise DataError(f"The row has {columns}; expected {len(header)}.", path=file.path, line=line)
    names = _names([row for _, row in body], places.start)
    times = steps if are_dates(steps) else [year[1] for step in steps if (year := _YEAR.fullmatch(step))]
    return times, [(line, name, row[places.start : places.stop]) for (line, row), name in zip(body, names, strict=True)]


def _is_empty(cells: Sequence[str]) -> bool:
    """Whether a row has no numbers, such as a note below the table."""
    return all(map(is_gap, cells))


def _values(cells: Sequence[str], mark: str, file: TextFile, line: int) -> NDArray[np.float64]:
    """(T,) the numbers of a row, NaN for gaps. mark: what stands before their decimals."""
    values = np.array([nan if is_gap(cell) else number_of(cell, mark) for cell in cells])
    for step, (cell, value) in enumerate(zip(cells, values.tolist(), strict=True), 1):
        if not isfinite(value) and not is_gap(cell):
            what = f"The row holds {quoted(cell)} at step {step:,}; expected a finite number."
            raise DataError(what, path=file.path, line=line)
    return values
