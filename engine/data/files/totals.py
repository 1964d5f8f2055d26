"""Rows of a table that are no steps of a series: totals and subtotals, which say no time or name no series."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import isnan
from typing import Final

from engine.data.numbers.gap_marks import is_gap, is_only_gap
from engine.data.numbers.month_names import month_of
from engine.data.numbers.parse import number_of
from engine.data.numbers.times import is_time

_MOST: Final = 0.35  # of the rows are totals; where more cells are empty, one cell stands for those below it


def says_when(cells: Sequence[str]) -> bool:
    """Whether the cells in the columns of times, the finest last, say when: not if the last is empty, as the month of a
    year's total is, or if one holds words. True also of no cells."""
    return not cells or not (is_gap(cells[-1]) or any(map(_is_word, cells)))


def names_something(cells: Sequence[str]) -> bool:
    """Whether any of these cells is filled; true also of no cells."""
    return not cells or not all(map(is_only_gap, cells))


def without_words(rows: Sequence[list[str]]) -> Sequence[list[str]]:
    """The rows (n, width) without words in the columns that mostly hold numbers or times, as far as words are rare
    enough to be those of totals."""
    telling = list[int]()
    for place in range(len(rows[0])) if rows else ():
        filled = [row[place] for row in rows if not is_gap(row[place])]
        words = sum(map(_is_word, filled))
        if 0 < words <= _MOST * len(filled):
            telling.append(place)
    return [row for row in rows if not any(_is_word(row[place]) for place in telling)] if telling else rows


def are_few(count: int, rows: int) -> bool:
    """Whether so many of the rows may be totals."""
    return count <= _MOST * rows


@lru_cache(maxsize=4096)  # as in `says_something`
def _is_word(cell: str) -> bool:
    """Whether a cell is neither a time nor a part of one, nor a gap."""
    return not is_gap(cell) and isnan(number_of(cell)) and not is_time(cell) and not month_of(cell)
