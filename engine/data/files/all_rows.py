"""All rows of a file with all their columns, empty rows included, so that answers can be written beside them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from engine.data.bulk.csv_rows import below, lines_with_ends, with_joined
from engine.data.files.json_values import as_text
from engine.data.files.readers.fasttext import split_line
from engine.data.files.readers.json_array import elements
from engine.data.files.readers.jsonl import parse_line
from engine.data.files.recognition import Recognition
from engine.data.files.textfile import TextFile

# On which line a row begins, counted from 1, or 0 if its cells may not be what their columns say; the cells.
RowCells = tuple[int, tuple[str, ...]]


def all_rows(file: TextFile, found: Recognition) -> list[RowCells] | None:
    """The rows below the header, in order, with a cell for each column, without empty ones at the end; None if files of
    this form have no columns.

    The file must be one that the reader of its form can read.
    """
    rows: list[RowCells]
    if found.form == "lines":
        rows = [(number, (line,)) for number, line in enumerate(file.lines(), 1)]
    elif found.form == "fasttext":
        split = ((number, *split_line(line)) for number, line in enumerate(file.lines(), 1))
        rows = [(number, (text, " ".join(labels))) for number, labels, text in split]
    elif found.form == "table":
        rows = list(_of_table(file, found))
    elif found.form == "jsonl":
        rows = [_of_object(number, parse_line(line)[0], found) for number, line in enumerate(file.lines(), 1)]
    elif found.form == "json":
        rows = [_of_object(line, values, found) for line, values, _ in elements(file)]
    else:
        return None
    while rows and not any(map(str.strip, rows[-1][1])):
        rows.pop()
    return rows


def names_as_written(file: TextFile, found: Recognition) -> tuple[str, ...]:
    """The names of the columns as the file gives them: some may be alike, or empty."""
    if found.form == "table" and found.has_header and not found.has_row_names:
        names = next((row for _, row in _split(file, found) if any(map(str.strip, row))), [])
        if len(names) == len(found.columns):
            return tuple(names)
    return found.columns


def _of_object(line: int, values: dict[str, Any] | None, found: Recognition) -> RowCells:
    return (line if values is not None else 0, tuple(as_text((values or {}).get(c)) for c in found.columns))


def _of_table(file: TextFile, found: Recognition) -> Iterator[RowCells]:
    below_header = not found.has_header or found.has_row_names
    for line, row in _split(file, found):
        if below_header:
            yield _fitted(line, row, found)
        else:
            below_header = any(map(str.strip, row))


def _split(file: TextFile, found: Recognition) -> Iterator[tuple[int, list[str]]]:
    """The fields of each row, and the line on which it begins."""
    lines = (line for block in below(file.blocks(), found.above) for line in lines_with_ends(block))
    first = 1 + found.above
    if not found.quoted:
        for number, line in enumerate(lines, first):
            yield number, line.removesuffix("\n").split(found.delimiter)
        return
    reader, begin = csv.reader(lines, delimiter=found.delimiter), 0
    for row in reader:
        yield first + begin, row
        begin = reader.line_num


def _fitted(line: int, row: list[str], found: Recognition) -> RowCells:
    """As many cells as there are columns: those at the end of a row may be missing. Extra ones belong to the text if
    the reader mends the row, or else to the last cell."""
    width = len(found.columns)
    extra = len(row) - width
    if extra <= 0:
        return line, (*row, *[""] * -extra)
    mended = with_joined(row, found.place(found.sources[0]), extra, found.delimiter)
    if found.values and mended[found.place(found.target_column)].strip() in found.values:
        return line, tuple(mended)
    return 0, tuple(with_joined(row, width - 1, extra, found.delimiter))
