"""The rows of a table of numbers that are steps of its series, and what was left out above, between and below them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from engine.data.files.merged_cells import fill_down, merged_columns
from engine.data.files.number_cells import are_words, cells_of, is_row, says_something
from engine.data.files.recognition import Recognition
from engine.data.files.table_bounds import MOST_AT_END, is_step
from engine.data.files.textfile import TextFile
from engine.data.files.time_columns import is_year
from engine.data.files.totals import are_few, names_something, says_when
from engine.data.files.two_headers import is_part_of_names
from engine.data.numbers.decimal_marks import DecimalMarks, WrittenIn, decimal_marks
from engine.name_list import joined

IN_ONE_ROW: Final = ("in one row",)  # `Recognition.values` of a series whose steps are side by side in the only row
_SAMPLE: Final = 4000  # rows that tell how numbers are written


class StepRows:
    """Line numbers and cells of the rows below the header of a file, from its first number to its last.

    Blank lines, remarks, units and repeated headers are skipped, and so are totals, and notes below the last row.
    """

    def __init__(self, file: TextFile, recognition: Recognition) -> None:
        self._file, self._recognition = file, recognition
        self._width = len(recognition.columns)
        self._left_out = list[tuple[int, str]]()  # line, and what it holds
        self._between = dict[str, list[tuple[int, str]]]()  # why rows between the steps are left out, and what they are
        shown = recognition.previews[0] if recognition.previews else ()  # a time chosen by hand may be anything
        self._timed = recognition.time_columns[:1] == recognition.columns[:1] and all(map(says_something, shown))
        self._times = [recognition.place(name) for name in recognition.time_columns]
        self._apart = [recognition.place(name) for name in recognition.apart]
        self._merged = list[int]()  # columns in which a cell stands for those below it
        first = self._first_rows()
        numbers = [row for row in first if not are_words(row)]
        self._merged += merged_columns(numbers, [*self._times, *self._apart])
        if self._merged:
            first = self._first_rows()  # with the cells that stand for those below them filled in
        # Where more rows say no time, or name no series, one cell stands for several rows, and none of them is a total.
        self._all_say_when = are_few(sum(not says_when(self._when(row)) for row in first), len(first))
        self._all_have_names = are_few(sum(not names_something(self._name(row)) for row in first), len(first))

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        self._left_out.clear()
        self._between.clear()
        waiting, begun = list[tuple[int, list[str]]](), False
        for line, row in self._all():
            has_header = self._recognition.has_header
            if not begun and len(row) == self._width and are_words(row) and (self._width > 1 or has_header):
                is_unit = self._width > 1 and has_header
                if is_unit and is_part_of_names(row, self._recognition.columns):
                    continue
                self._left_out.append((line, "units" if is_unit else f"{_text_of(row)} above the first number"))
                continue
            begun = True
            if has_header and row == list(self._recognition.columns):
                self._left_out.append((line, "the header again"))
            elif len(waiting) < MOST_AT_END and (not is_step(row, self._width, self._timed) or self._lacks(row)):
                waiting.append((line, row))
            else:
                yield from self._steps_of([*waiting, (line, row)])
                waiting.clear()
        for line, row in waiting:
            without = ", without a time" if len(row) == self._width and not names_something(self._when(row)) else ""
            self._left_out.append((line, f"{_text_of(row)} below the last step{without}"))

    def _steps_of(self, rows: Sequence[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
        """Those of the rows that are no totals; why others are left out is noted."""
        for line, row in rows:
            if lacking := self._lacks(row):
                self._between.setdefault(lacking, []).append((line, _text_of(row)))
            else:
                yield line, row

    def _lacks(self, row: Sequence[str]) -> str:
        """Why a row is a total rather than a step; "" if it may be one."""
        if self._all_say_when and not says_when(self._when(row)):
            lacking = f"{_do(self._recognition.time_columns, 'say')} no time there"
        elif self._all_have_names and not names_something(self._name(row)):
            lacking = f"{_do(self._recognition.apart, 'name')} no series there"
        else:
            return ""
        is_refused = len(row) < self._width or (are_words(row) and sum(map(bool, row)) > 1)  # by the reader
        return "" if is_refused else lacking

    def _when(self, row: Sequence[str]) -> list[str]:
        return [row[place] for place in self._times if place < len(row)]

    def _name(self, row: Sequence[str]) -> list[str]:
        return [row[place] for place in self._apart if place < len(row)]

    def decimal_marks(self, places: Sequence[int]) -> DecimalMarks:
        """What stands before the decimals in each of these columns, by the first rows."""
        found = self._recognition
        rows = [row for _, row in islice(self, _SAMPLE) if len(row) == self._width]
        columns = [[row[place] for row in rows] for place in places]
        has_dotted_dates = any(cell.count(".") == 2 for row in rows for cell in self._when(row))
        has_years = bool(self._times) and all(is_year(cell) for row in rows for cell in self._when(row)[:1])
        # A single column has no delimiter but the semicolon that a decimal comma asks for.
        delimiter = found.delimiter if self._width > 1 or found.delimiter == ";" else ""
        written = WrittenIn(delimiter, has_dotted_dates, found.decimal, has_years)
        return decimal_marks([found.columns[place] for place in places], columns, written)

    def remarks(self) -> list[str]:
        """What was left out, one sentence each."""
        unit = self._file.source.row_unit.capitalize()
        left_out = [f"{unit} {line:,} is left out: it holds {what}." for line, what in self._left_out]
        return [*self._about_header(), *self._about_merged(), *self._about_totals(), *left_out]

    def _about_merged(self) -> Iterator[str]:
        """In which columns empty cells were taken to be merged with the one above them."""
        for place in self._merged:
            name = self._recognition.columns[place]
            yield f"Empty cells of “{name}” are read as the one above them, as in merged cells."

    def _about_totals(self) -> Iterator[str]:
        """How many rows between the steps were left out, and why."""
        unit = self._file.source.row_unit
        for why, rows in self._between.items():
            line, text = rows[0]
            if len(rows) == 1:
                yield f"{unit.capitalize()} {line:,}, {text}, is left out: {why}."
            else:
                many = f"{len(rows):,} rows between the steps are left out, because {why}"
                yield f"{many}; the first: {unit} {line:,}, {text}."

    def _about_header(self) -> Iterator[str]:
        """The last line above the first row, if it has more cells than the rows: no title, but no header either."""
        found = self._recognition
        above = [
            (number, line) for number, line in enumerate(self._file.excerpt.head[: found.above], 1) if is_row(line)
        ]
        if not above or found.has_header or found.delimiter == " ":
            return
        number, line = above[-1]
        cells = len(cells_of(line, found.delimiter))
        if cells > self._width:
            yield (
                f"Line {number:,}, “{line.strip()}”, has {cells} cells and the rows have {self._width}, so it does not "
                "name their columns."
            )

    def _all(self) -> Iterator[tuple[int, list[str]]]:
        """Every row below the header, with its number in the file."""
        return self._rows_in(self._file.lines())

    def _first_rows(self) -> list[list[str]]:
        """The first of them that have as many cells as there are columns."""
        rows = (row for _, row in self._rows_in(self._file.excerpt.head))
        return list(islice((row for row in rows if len(row) == self._width), _SAMPLE))

    def _rows_in(self, lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
        added = self._file.source.lines_added
        below, last = self._recognition.above + self._recognition.has_header, list[str]()
        for number, text in enumerate(lines, 1):
            if number > below and is_row(text):
                cells = cells_of(text, self._recognition.delimiter)
                if self._recognition.values == IN_ONE_ROW:
                    yield from ((number - added, [cell]) for cell in cells)
                elif any(cells):  # spreadsheets write empty rows below the last one
                    if self._merged and len(cells) == self._width and not are_words(cells):
                        whole = fill_down(cells, last, self._merged)
                        if says_when(self._when(whole)):  # a total stays as it is
                            cells = last = whole
                    yield number - added, cells


def _text_of(row: Sequence[str]) -> str:
    """What a row holds, in quotation marks."""
    return f"“{' '.join(filter(None, row))}”"


def _do(columns: Sequence[str], verb: str) -> str:
    """Columns and what they do: “Datum” says, “Jahr” and “Monat” say."""
    return f"{joined(f'“{name}”' for name in columns)} {verb if len(columns) > 1 else f'{verb}s'}"
