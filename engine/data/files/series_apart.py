"""Which columns tell several series in one table apart: those with whose cells each time occurs only once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations
from math import isnan
from typing import Final

import numpy as np

from engine.data.files.column_names import words_in_name
from engine.data.numbers.one_way import go_one_way
from engine.data.numbers.parse import limit_of, number_of
from engine.data.numbers.time_names import is_named_like_time
from engine.data.numbers.times import joined_time, moments

MOST_MARKS: Final = 20  # different words in a column that marks each row
_ROWS_A_MARK: Final = 4
_MISTAKES: Final = 0.02  # of the cells of a column of numbers may be mistyped
_OFTEN: Final = 2  # times that a flag occurs
_MOST_TOGETHER: Final = 3  # columns whose texts together name a series
_MOST_TRIED: Final = 8
_MOST_TIMES: Final = 0.75  # different times for each row, where numbers may tell series apart
_FILLED: Final = 0.6  # of all times that all series have together, where nothing else says that numbers are names
# Columns of whole numbers with such a word in their name may hold the numbers of things.
_THINGS: Final = frozenset(
    {"id", "nr", "code", "key", "store", "shop", "branch", "sensor", "station", "machine", "device", "item", "product",
     "sku", "article", "group", "region", "site", "customer", "patient", "subject", "user", "plant", "zone",
     "node", "meter", "vehicle", "asset", "filiale", "gerät", "maschine", "standort", "artikel", "kunde", "magasin",
     "capteur", "tienda", "dept", "department", "abteilung"}
)  # fmt: skip

Cells = Sequence[Sequence[str]]


def are_marks(cells: Sequence[str], most: int) -> bool:
    """Whether a column holds few different words, over and over. most: how many there may be."""
    found = set(cells)
    return len(found) <= min(most, len(cells) // _ROWS_A_MARK) and all(isnan(number_of(cell)) for cell in found)


def are_codes(cells: Sequence[str], most: int) -> bool:
    """Whether a column holds few different cells, over and over, and not all are numbers: the flags 0 and E1. A few
    words in a column of numbers may be mistakes: then there are as many different ones as different numbers. most: how
    many different cells there may be."""
    counts = Counter(cells)
    words = [cell for cell in counts if isnan(number_of(cell)) and not limit_of(cell)]
    few = len(counts) <= min(most, len(cells) // _ROWS_A_MARK)
    if not words or not few or min(counts[word] for word in words) < _OFTEN:
        return False
    return sum(counts[word] for word in words) > _MISTAKES * len(cells) or 2 * len(words) >= len(counts)


def telling_apart(names: Sequence[str], rows: Cells, times: Sequence[int], words: Sequence[int]) -> tuple[int, ...]:
    """The fewest of these columns of words that tell rows of the same time apart; () if there are none, or no time
    recurs. Where they name more series than a few, each has to be in the order of time."""
    if not repeats(rows, times):
        return ()
    columns = [place for place in words if len({row[place] for row in rows}) > 1][:_MOST_TRIED]
    for count in range(1, _MOST_TOGETHER + 1):
        for chosen in combinations(columns, count):
            series = _distinct(rows, chosen)
            if series * _ROWS_A_MARK <= len(rows) and not repeats(rows, (*times, *chosen)):
                return chosen if series <= MOST_MARKS or are_in_order(names, rows, times, chosen) else ()
    return ()


def is_named_like_things(name: str) -> bool:
    """Whether a column's name says that its numbers stand for things: store, sensor_id, machineid."""
    words = words_in_name(name)
    return not _THINGS.isdisjoint(words) or any(word.endswith("id") and word[:-2] in _THINGS for word in words)


def numbers_apart(
    names: Sequence[str], rows: Cells, times: Sequence[int], places: Sequence[int], chosen: bool
) -> tuple[int, ...]:
    """The column of whole numbers among `places` that tells rows of the same time apart; () if there is none. The times
    `recur`.

    Such a column may also be measured: its name has to say what it is, or each number has most of the times, in order;
    unless others were `chosen` to be the numbers of the series.
    """
    for place in places:
        several, named = len({row[place] for row in rows}), is_named_like_things(names[place])
        whole = all(row[place].isdecimal() for row in rows)
        if not whole or not 1 < several <= len(rows) // _ROWS_A_MARK or repeats(rows, (*times, place)):
            continue
        few = several <= MOST_MARKS and not is_named_like_time(names[place])
        full = len(rows) >= _FILLED * several * _distinct(rows, times)
        ordered = are_in_order(names, rows, times, (place,))
        if (few and (chosen or named or (full and ordered))) or (named and ordered):
            return (place,)
    return ()


def are_in_order(names: Sequence[str], rows: Cells, times: Sequence[int], apart: Sequence[int]) -> bool:
    """Whether the rows of each series are in the order of time, or all in the opposite one. apart: the columns that
    tell the series apart; () for a single one."""
    of_times = [names[k] for k in times]
    when = moments([joined_time([row[k] for k in times], of_times) for row in rows])
    if np.isnan(when).any():
        return False
    series = defaultdict[tuple[str, ...], list[float]](list)
    for row, moment in zip(rows, when.tolist(), strict=True):
        series[tuple(row[k] for k in apart)].append(moment)
    steps = np.concatenate([np.diff(one) for one in series.values()])
    return len(steps) > 0 and go_one_way(steps)


def belongs_to(rows: Cells, place: int, apart: Sequence[int]) -> bool:
    """Whether each series has one text in a column."""
    return _distinct(rows, (*apart, place)) == _distinct(rows, apart)


def recur(rows: Cells, times: Sequence[int]) -> bool:
    """Whether times recur as often as in several series, rather than by mistake."""
    return _distinct(rows, times) <= _MOST_TIMES * len(rows)


def repeats(rows: Cells, places: Sequence[int]) -> bool:
    """Whether two rows have the same cells in these columns."""
    return _distinct(rows, places) < len(rows)


def _distinct(rows: Cells, places: Sequence[int]) -> int:
    """How many different cells these columns hold side by side."""
    return len({tuple(row[place] for place in places) for row in rows})
