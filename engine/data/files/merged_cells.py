"""Columns in which one cell stands for those below it, as merged cells are saved: a region above the rows of its
years."""

from __future__ import annotations

from collections.abc import Sequence

from engine.data.files.totals import are_few
from engine.data.numbers.gap_marks import is_only_gap


def merged_columns(rows: Sequence[Sequence[str]], places: Sequence[int]) -> list[int]:
    """Those of the columns at these places in which many cells are empty and the first is not. rows: below the names of
    the columns."""
    filled = [place for place in places if rows and not is_only_gap(rows[0][place])]
    gaps = {place: sum(is_only_gap(row[place]) for row in rows) for place in filled}
    return [place for place, count in gaps.items() if not are_few(count, len(rows))]


def fill_down(row: list[str], above: Sequence[str], places: Sequence[int]) -> list[str]:
    """A row with the cells above it in these columns, where its own are empty."""
    if not above:
        return row
    return [above[place] if place in places and is_only_gap(cell) else cell for place, cell in enumerate(row)]
