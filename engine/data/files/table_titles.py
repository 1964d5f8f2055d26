"""Titles above a table of texts, as spreadsheets write them: a cell or two in rows above the names of the columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from engine.data.data_config import AUTO
from engine.data.files.header import has_header, header_cells

_TITLES: Final = 20  # rows that may stand above the header
_LOOKED_AT: Final = 500  # rows that tell how many cells are filled
_SPARSE: Final = 0.5  # at most this share of the cells of a title is filled
_RARE: Final = 0.02  # of the rows below the header are as empty
_FEWEST_ROWS: Final = 3


def titles_above(rows: Sequence[Sequence[str]], width: int, header: str) -> int:
    """How many rows stand above the names of the columns; 0 if none do.

    width: of most rows. header: the user's choice; the row below the titles has to look like one.
    """
    if header == "no" or width < 2 or not rows or not _is_sparse(rows[0], width):
        return 0
    usual = Counter(_filled(row) for row in rows[:_LOOKED_AT] if len(row) == width).most_common(1)[0][0]
    first = rows[: _TITLES + 1]
    count = next((place for place, row in enumerate(first) if len(row) == width and _filled(row) >= usual), 0)
    if not count or any("\n" in cell or len(row) > width for row in rows[:count] for cell in row):
        return 0
    below = [row for row in rows[count:] if len(row) == width]
    sparse = sum(_is_sparse(row, width) for row in below[:_LOOKED_AT])
    if len(below) <= _FEWEST_ROWS or sparse > _RARE * len(below[:_LOOKED_AT]):
        return 0
    padded = width > 2 and all(len(row) == width for row in rows[:count])
    return count if has_header(below, AUTO) or (padded and are_names(below)) else 0


def are_names(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row may name the columns: its cells are filled, differ, and occur nowhere below."""
    first = header_cells(rows[0])
    if not all(first) or len(set(first)) < len(first):
        return False
    below = [{row[place].strip() for row in rows[1:]} for place in range(len(first))]
    return not any(cell in values for cell, values in zip(first, below, strict=True))


def _is_sparse(row: Sequence[str], width: int) -> bool:
    return _filled(row) <= _SPARSE * width


def _filled(row: Sequence[str]) -> int:
    return sum(not cell.isspace() and bool(cell) for cell in row)
