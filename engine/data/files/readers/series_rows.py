"""Tables with a series in each row, one number for each step. Its label comes first or last; or, where the columns are
numbered, its name comes first, as forecasting competitions publish them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import dropwhile
from math import isfinite, isnan, nan
from typing import Final

import numpy as np

from engine.data.bulk.row_batch import RowBatch
from engine.data.codec import Kind
from engine.data.data_config import AUTO, DataConfig
from engine.data.files.column_names import is_plain_label
from engine.data.files.header import are_numbered, header_cells, header_names
from engine.data.files.number_cells import cells_of
from engine.data.files.reader import Reader
from engine.data.files.recognition import Recognition
from engine.data.files.textfile import Excerpt, TextFile
from engine.data.numbers.gap_marks import is_gap
from engine.data.numbers.number_rows import VALUE, NumberRows
from engine.data.numbers.parse import number_of
from engine.data.numbers.recipes import table_recipe
from engine.data.report import Skipped
from engine.errors import DataError, quoted
from engine.name_list import some_of

FORM: Final = "series-rows"
_DELIMITERS: Final = ("\t", ";", ",", " ")
_AS_FLOAT: Final = re.compile(r"\d+\.\d*(?:e[-+]?\d+)?")
_FEWEST_STEPS: Final = 8
_TITLE_CELLS: Final = 2
_SAMPLE_ROWS: Final = 500
_REPEATED: Final = 2  # how often a label occurs, on average
_MOSTLY: Final = 0.98  # of the rows hold nothing but numbers beside the label
_SOME: Final = 0.5  # the same, where the user says that these are series
_PREVIEW: Final = 8


class SeriesRowsReader(Reader):
    """A label or a name and the numbers of its series, row by row; cells may be empty at the end of a short series."""

    kinds: tuple[Kind, ...] = (Kind.LABELLED_SERIES, Kind.SERIES)

    def recognise(self, excerpt: Excerpt, config: DataConfig) -> Recognition | None:
        if config.kind not in (AUTO, *self.kinds):
            return None
        lines = [(place, line) for place, line in enumerate(excerpt.head[:_SAMPLE_ROWS]) if line.strip()]
        requested = config.form == FORM or config.kind == Kind.LABELLED_SERIES
        for delimiter in _DELIMITERS if config.delimiter == AUTO else (config.delimiter,):
            placed = [(place, cells_of(line, delimiter)) for place, line in lines]
            placed = list(dropwhile(lambda one: _is_title(one[1]), placed))
            found = _recognised([row for _, row in placed], delimiter, config, requested)
            if found is not None:
                return replace(found, above=placed[0][0])
        return None

    def expected(self) -> str:
        return f"a label or a name and at least {_FEWEST_STEPS} numbers in each row"

    def read(self, files: Sequence[TextFile], recognition: Recognition, config: DataConfig) -> Iterator[RowBatch]:
        for number, label, cells in _rows(files[0], recognition):
            yield RowBatch([" ".join(cells)], [label], lines=np.array([number]))

    def numbers(self, file: TextFile, recognition: Recognition) -> NumberRows:
        """The series of all rows. DataError for a cell that is not a number, and for a gap between two numbers."""
        series, labels, skipped = [], [], []
        for number, label, cells in _rows(file, recognition):
            values = [number_of(cell, recognition.decimal.mark) for cell in cells]
            for step, (cell, value) in enumerate(zip(cells, values, strict=True), 1):
                if not isfinite(value):
                    what = f"The series holds {quoted(cell)} at step {step:,}; expected a finite number."
                    raise DataError(what, path=file.path, line=number)
            if not values or not label:
                skipped.append(Skipped(number, "no numbers" if label else "no label"))
                continue
            series.append(np.array(values)[:, None])
            labels.append(label)
        found = NumberRows(series, (), (VALUE,), table_recipe((VALUE,), decimal=recognition.decimal.mark), skipped)
        is_named = recognition.kind == Kind.SERIES
        return replace(found, row_names=tuple(labels)) if is_named else replace(found, targets=labels)


def _recognised(rows: list[list[str]], delimiter: str, config: DataConfig, requested: bool) -> Recognition | None:
    """What rows of cells are; None if they hold no label beside numbers."""
    if len(rows) < 2 or len(rows[0]) <= _FEWEST_STEPS or len({len(row) for row in rows}) > 1:
        return None
    first = header_cells(rows[0])
    named = (
        all(cell and isnan(number_of(cell)) for cell in first) or are_numbered(first[1:]) or are_numbered(first[:-1])
    )
    has_header = named if config.header == AUTO else config.header == "yes"
    body = rows[1:] if has_header else rows
    if config.kind != Kind.LABELLED_SERIES and has_header and are_numbered(first[1:]) and _are_named(body):
        reason = f"a named series of up to {len(first) - 1:,} numbers in each row"
        return Recognition(
            FORM, Kind.SERIES, reason, (VALUE,), (tuple(body[0][1 : _PREVIEW + 1]),), VALUE, "", delimiter,
            has_header=True, values=("first",),
        )  # fmt: skip
    for place in (0, len(first) - 1) if config.kind != Kind.SERIES else ():
        labels = [_named(row[place]) for row in body]
        others = [row[:place] + row[place + 1 :] for row in body]
        if len(set(labels)) < 2 or len(labels) < _REPEATED * len(set(labels)):
            continue
        if sum(map(_are_numbers, others)) < (_SOME if requested else _MOSTLY) * len(others):
            continue
        names = header_names(first if has_header else [], len(first))
        called = has_header and is_plain_label(names[place])  # as in tables of pictures: label, pixel0, pixel1, …
        if all(not isnan(number_of(label)) for label in labels) and not requested and not called:
            continue  # numbers too: a table of numbers
        if has_header and not requested and not are_numbered(names[:place] + names[place + 1 :]):
            continue  # columns of different meaning
        kinds = Counter(labels)
        shown = some_of((label for label, _ in kinds.most_common()), 4)
        reason = f"a series of up to {len(first) - 1:,} numbers in each row, by label: {shown}"
        texts = tuple(" ".join(cells[:_PREVIEW]) for cells in others[:_PREVIEW])
        return Recognition(
            FORM, Kind.LABELLED_SERIES, reason, (VALUE, names[place]), (texts, tuple(labels[:_PREVIEW])), VALUE,
            names[place], delimiter, has_header=has_header, values=("first" if place == 0 else "last",),
        )  # fmt: skip
    return None


def _are_named(rows: Sequence[Sequence[str]]) -> bool:
    """Whether each row has a name of its own, and nothing but numbers beside it."""
    names = {row[0] for row in rows}
    named = len(names) == len(rows) and all(isnan(number_of(name)) and not is_gap(name) for name in names)
    return named and sum(_are_numbers(row[1:]) for row in rows) >= _MOSTLY * len(rows)


def _is_title(row: Sequence[str]) -> bool:
    """Whether a row has a cell or two, none of them a number: it stands above the table."""
    filled = [cell for cell in row if cell]
    return len(filled) <= _TITLE_CELLS and all(isnan(number_of(cell)) for cell in filled)


def _are_numbers(cells: Sequence[str]) -> bool:
    """Whether cells are numbers, and perhaps gaps."""
    return all(is_gap(cell) or not isnan(number_of(cell)) for cell in cells) and not is_gap(cells[0])


def _rows(file: TextFile, recognition: Recognition) -> Iterator[tuple[int, str, list[str]]]:
    """Line, label and cells of each row, without the gaps at its end."""
    is_last = recognition.values == ("last",)
    for number, line in enumerate(file.lines(), 1):
        if not line.strip() or number <= recognition.above + recognition.has_header:
            continue
        cells = cells_of(line, recognition.delimiter)
        label = cells.pop(-1 if is_last else 0)
        while cells and is_gap(cells[-1]):
            cells.pop()
        yield number, _named(label.strip()), cells


def _named(label: str) -> str:
    """A label as people write it: 2 for 2.0000000e+00, which NumPy has written."""
    number = number_of(label) if _AS_FLOAT.fullmatch(label) else nan
    return str(int(number)) if number.is_integer() else label
