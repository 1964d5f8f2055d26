"""Which columns tell several series in one table apart: those with whose texts each time occurs only once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from math import isnan
from typing import Final

import numpy as np

from engine.data.numbers.parse import number_of
from engine.data.numbers.times import joined_time, moments

MOST_MARKS: Final = 20  # different words in a column that marks each row
_ROWS_A_MARK: Final = 4
_MOST_TOGETHER: Final = 3  # columns whose texts together name a series
_MOST_TRIED: Final = 8

Cells = Sequence[Sequence[str]]


def are_marks(cells: Sequence[str], most: int) -> bool:
    """Whether a column holds few different words, over and over. most: how many there may be."""
    found = set(cells)
    return len(found) <= min(most, len(cells) // _ROWS_A_MARK) and all(isnan(number_of(cell)) for cell in found)


def telling_apart(rows: Cells, times: Sequence[int], words: Sequence[int]) -> tuple[int, ...]:
    """The fewest of these columns of words that tell rows of the same time apart; () if there are none, or no time
    recurs. Where they name more series than a few, each has to be in the order of time."""
    if not repeats(rows, times):
        return ()
    columns = [place for place in words if len({row[place] for row in rows}) > 1][:_MOST_TRIED]
    for count in range(1, _MOST_TOGETHER + 1):
        for chosen in combinations(columns, count):
            series = _distinct(rows, chosen)
            if series * _ROWS_A_MARK <= len(rows) and not repeats(rows, (*times, *chosen)):
                return chosen if series <= MOST_MARKS or are_in_order(rows, times, chosen) else ()
    return ()


def are_in_order(rows: Cells, times: Sequence[int], apart: Sequence[int]) -> bool:
    """Whether the rows of each series are in the order of time, or all in the opposite one. apart: the columns that
    tell the series apart; () for a single one."""
    when = moments([joined_time([row[k] for k in times]) for row in rows])
    if np.isnan(when).any():
        return False
    series = defaultdict[tuple[str, ...], list[float]](list)
    for row, moment in zip(rows, when.tolist(), strict=True):
        series[tuple(row[k] for k in apart)].append(moment)
    steps = np.concatenate([np.diff(one) for one in series.values()])
    return bool(len(steps)) and bool((steps > 0).all() or (steps < 0).all())


def belongs_to(rows: Cells, place: int, apart: Sequence[int]) -> bool:
    """Whether each series has one text in a column."""
    return _distinct(rows, (*apart, place)) == _distinct(rows, apart)


def repeats(rows: Cells, places: Sequence[int]) -> bool:
    """Whether two rows have the same cells in these columns."""
    return _distinct(rows, places) < len(rows)


def _distinct(rows: Cells, places: Sequence[int]) -> int:
    """How many different cells these columns hold side by side."""
    return len({tuple(row[place] for place in places) for row in rows})
