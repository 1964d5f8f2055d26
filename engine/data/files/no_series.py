"""Why a table that was asked for as numbers over time cannot be read so: the column and the cell in the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from engine.data.codec import Kind
from engine.data.data_config import DataConfig
from engine.data.files.number_cells import cells_of, is_number, is_row
from engine.data.files.readers.table import TableReader
from engine.data.files.textfile import Excerpt
from engine.data.numbers.gap_marks import is_gap
from engine.data.numbers.times import are_dates, is_time
from engine.errors import quoted

_SOME: Final = 0.5  # of the cells of a column of numbers are numbers
_FEWEST: Final = 2  # columns


def what_hinders(excerpt: Excerpt, config: DataConfig) -> str:
    """Which column is no time, or holds no numbers; "" if this is no table of columns, or something else is wrong."""
    asked = DataConfig(form="table", kind=Kind.SEQUENCES, delimiter=config.delimiter, header=config.header)
    found = TableReader().recognise(excerpt, asked)
    if found is None or len(found.columns) < _FEWEST or found.has_row_names:
        return ""
    lines = [line for line in excerpt.lines[found.above :] if is_row(line)]
    rows = [cells_of(line, found.delimiter) for line in lines[found.has_header :]]
    rows = [row for row in rows if len(row) == len(found.columns)]
    columns = {
        name: cells
        for place, name in enumerate(found.columns)
        if (cells := [row[place] for row in rows if not is_gap(row[place])])
    }
    others = [name for name, cells in columns.items() if sum(map(is_number, cells)) < _SOME * len(cells)]
    if not others:
        return ""
    if len(others) == len(columns):
        name = next((name for name in others if not are_dates(columns[name])), others[0])
        return f"No column holds numbers: “{name}” holds {quoted(columns[name][0])}."
    if any(are_dates(columns[name]) for name in others):
        return ""
    name = max(others, key=lambda name: _with_digits(columns[name]))
    cell = next((cell for cell in columns[name] if not is_time(cell)), columns[name][0])
    return (
        f"No column says when: “{name}” holds {quoted(cell)}, which is not a date in a known format. If it says "
        "when, choose it as the time (target column), to read the rows in their order."
    )


def _with_digits(cells: Sequence[str]) -> int:
    """How many cells hold a digit, as nearly all dates do."""
    return sum(any(map(str.isdigit, cell)) for cell in cells)
