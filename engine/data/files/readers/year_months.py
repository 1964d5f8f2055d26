"""Tables with a year in each row and a month in each of twelve columns: one series, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import isfinite, nan
from typing import Final

import numpy as np

from engine.data.bulk.row_batch import RowBatch
from engine.data.codec import Kind
from engine.data.data_config import AUTO, DataConfig
from engine.data.files.header import header_cells
from engine.data.files.number_cells import cells_of, is_row
from engine.data.files.reader import Reader
from engine.data.files.readers.number_table import NumberTableReader
from engine.data.files.recognition import Recognition
from engine.data.files.textfile import Excerpt, TextFile
from engine.data.files.totals import are_few
from engine.data.numbers.column_notes import ColumnNote, Noted
from engine.data.numbers.decimal_marks import WrittenIn, decimal_marks
from engine.data.numbers.gap_marks import is_gap
from engine.data.numbers.gaps import MOST_MISSING, filled
from engine.data.numbers.month_names import month_of
from engine.data.numbers.number_rows import VALUE, NumberRows
from engine.data.numbers.parse import number_of
from engine.data.numbers.placeholders import clear_placeholders
from engine.data.numbers.recipes import table_recipe
from engine.data.numbers.series_times import TimedSeries, in_order_of_time
from engine.errors import DataError, quoted

FORM: Final = "year-months"
MONTHS: Final = 12
_DELIMITERS: Final = ("\t", ";", ",", " ")
_YEAR: Final = re.compile(r"([12]\d{3})(\.0)?")
_SAMPLE_ROWS: Final = 500
_TITLES: Final = 20  # rows above the header
_TITLE_CELLS: Final = 2  # that are filled in such a row
_FEWEST_ROWS: Final = 2
_FEWEST_WITHOUT_NAMES: Final = 3  # the same, where nothing but the years tells that the columns are months
_MOSTLY: Final = 0.98  # of the months hold a number, or say that it is missing
_PREVIEW: Final = 8


class YearMonthsReader(Reader):
    """A number for each month; the first and the last year may be incomplete."""

    kinds: tuple[Kind, ...] = (Kind.SERIES,)

    def recognise(self, excerpt: Excerpt, config: DataConfig) -> Recognition | None:
        if config.kind not in (AUTO, Kind.SERIES):
            return None
        lines = [(place, line) for place, line in enumerate(excerpt.head[:_SAMPLE_ROWS]) if is_row(line)]
        for delimiter in _DELIMITERS if config.delimiter == AUTO else (config.delimiter,):
            placed = [(place, row) for place, line in lines if any(row := cells_of(line, delimiter))]
            placed = placed[_titles([row for _, row in placed], config.header) :]
            rows = [row for _, row in placed]
            named = bool(rows) and _names_months(rows[0]) if config.header == AUTO else config.header == "yes"
            if not rows or not _are_years_by_months(rows[named:], named):
                continue
            if config.source_column not in ("", VALUE):  # single months were asked for
                return NumberTableReader().recognise(excerpt, config)
            others = header_cells(rows[0])[1 + MONTHS :] if named else []
            why = "the columns are named after the months" if named else "twelve numbers follow each of the years"
            reason = f"one series, month after month: {why}, a year in each row"
            names = ", ".join(f"“{name}”" for name in others)
            reason += f"; {names} {'are' if len(others) > 1 else 'is'} left out" if others else ""
            first = [cell for row in rows[named:] for cell in row[1 : 1 + MONTHS]][:_PREVIEW]
            return Recognition(
                FORM, Kind.SERIES, reason, (VALUE,), (tuple(first),), VALUE, "", delimiter, has_header=named,
                above=placed[0][0],
            )  # fmt: skip
        return None

    def expected(self) -> str:
        return "a year and twelve numbers, one for each month, in each row"

    def read(self, files: Sequence[TextFile], recognition: Recognition, config: DataConfig) -> Iterator[RowBatch]:
        for line, _, cells in _rows(files[0], recognition, []):
            yield RowBatch([" ".join(cells)], lines=np.array([line]))

    def numbers(self, file: TextFile, recognition: Recognition) -> NumberRows:
        """The one series. DataError for a cell that is not a number, a year that occurs twice, or too many gaps."""
        years: dict[int, list[float]] = {}
        lines: dict[int, int] = {}
        remarks = list[str]()
        rows = list(_rows(file, recognition, remarks))
        whole = [cell for _, _, cells in rows for cell in cells]
        written = WrittenIn(recognition.delimiter, known=recognition.decimal, has_years=True)
        marks = decimal_marks(("",), (whole,), written)
        remarks += [marks.remark] if marks.remark else []
        for line, year, cells in rows:
            if year in years:
                raise DataError(f"The year {year} occurs twice.", path=file.path, line=line)
            cells += [""] * (MONTHS - len(cells))
            years[year] = [number_of(cell, marks.marks[0]) for cell in cells]
            lines[year] = line
            for month, cell in enumerate(cells, 1):
                if is_gap(cell):
                    years[year][month - 1] = nan
                elif not isfinite(years[year][month - 1]):
                    what = f"Month {month} of {year} holds {quoted(cell)}; expected a finite number."
                    raise DataError(what, path=file.path, line=line)
        order = sorted(years)
        values = np.array([years[year] for year in order]).ravel()
        notes = clear_placeholders(values[:, None], (VALUE,))
        times = [f"{year}-{month:02d}" for year in order for month in range(1, MONTHS + 1)]
        known = np.flatnonzero(~np.isnan(values))
        if not len(known):
            raise DataError("There are no numbers.", path=file.path)
        within = slice(int(known[0]), int(known[-1]) + 1)  # the series may begin and end in the middle of a year
        values, times = values[within], times[within]
        missing = int(np.isnan(values).sum())
        if missing > MOST_MISSING * len(values):
            what = f"{missing:,} of {len(values):,} months are missing; there is no series to learn from."
            raise DataError(what, path=file.path)
        if missing:
            year, month = map(int, times[int(np.isnan(values).argmax())].split("-"))
            first = f"month {month} of {year} in line {lines[year]:,}"
            notes.append(ColumnNote(VALUE, Noted.GAP, missing, first, lines[year]))
        if list(years) != order:
            remarks.append("The years were put in order.")
        (one,), about = in_order_of_time([TimedSeries(filled(values[:, None]), tuple(times))])
        return NumberRows(
            [one.table],
            names=(VALUE,),
            recipe=table_recipe((VALUE,), decimal=marks.common),
            remarks=(*remarks, *about),
            times=(one.times,),
            notes=tuple(notes),
        )


def _titles(rows: Sequence[Sequence[str]], header: str) -> int:
    """How many rows stand above the names of the months; or above the first year, or the header above it that the user
    says is there, if they have too few cells to name columns."""
    first = rows[: _TITLES + 1]
    named = next((place for place, row in enumerate(first) if _names_months(row)), -1)
    if header == AUTO and named >= 0:
        return named
    year = next((place for place, row in enumerate(first) if _YEAR.fullmatch(row[0]) and len(row) > 1), 0)
    above = max(0, year - (header == "yes"))
    return above if header != "no" and all(sum(map(bool, row)) <= _TITLE_CELLS for row in first[:above]) else 0


def _names_months(first: Sequence[str]) -> bool:
    """Whether these cells name the year and the twelve months in order, and perhaps something after them."""
    cells = header_cells(first)
    months = [[month_of(cell, croatian=croatian) for cell in cells[1 : 1 + MONTHS]] for croatian in (False, True)]
    return list(range(1, MONTHS + 1)) in months and not _YEAR.fullmatch(cells[0])


def _are_years_by_months(rows: Sequence[Sequence[str]], named: bool) -> bool:
    """Whether rows hold a year and twelve numbers; without names, in consecutive years and nothing else."""
    if len(rows) < (_FEWEST_ROWS if named else _FEWEST_WITHOUT_NAMES):
        return False
    steps = [row for place, row in enumerate(rows) if not place or not _is_total(row)]  # the first may be a header
    rows = steps if are_few(len(rows) - len(steps), len(rows)) else rows
    years = [int(year[1]) for row in rows if (year := _YEAR.fullmatch(row[0]))]
    if len(years) < min(_MOSTLY * len(rows), len(rows) - 1) or len(years) < _FEWEST_ROWS:
        return False  # one row of something else, which reading will report
    if not named:
        consecutive = {after - before for before, after in pairwise(years)} in ({1}, {-1})
        wide = all(len(row) == 1 + MONTHS for row in rows[:-1])
        if not consecutive or not wide or len(rows[-1]) > 1 + MONTHS:
            return False
    cells = [cell for row in rows for cell in row[1 : 1 + MONTHS] if not is_gap(cell)]
    return bool(cells) and sum(not np.isnan(number_of(cell)) for cell in cells) >= _MOSTLY * len(cells)


def _is_total(row: Sequence[str]) -> bool:
    """Whether a row begins with a letter and not with a year: a total or a mean."""
    return row[0][:1].isalpha()


def _rows(file: TextFile, recognition: Recognition, left_out: list[str]) -> Iterator[tuple[int, int, list[str]]]:
    """Line, year and at most twelve cells of each row below the header. left_out: gets a sentence about each total."""
    below = recognition.above + recognition.has_header
    for number, line in enumerate(file.lines(), 1):
        cells = cells_of(line, recognition.delimiter) if number > below and is_row(line) else []
        if not any(cells):
            continue
        year = _YEAR.fullmatch(cells[0])
        if year is None and _is_total(cells):
            left_out.append(f"Line {number:,} is left out: it begins with {quoted(cells[0])} instead of a year.")
            continue
        if year is None:
            raise DataError(f"The row begins with {quoted(cells[0])}; expected a year.", path=file.path, line=number)
        yield number, int(year[1]), cells[1 : 1 + MONTHS]
