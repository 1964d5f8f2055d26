"""Which columns of a table say when: dates and times of day, their parts, or numbers that rise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.data.files.number_cells import is_number, steps_between
from engine.data.files.series_apart import Cells
from engine.data.files.table_bounds import FEWEST_ROWS
from engine.data.numbers.gap_marks import is_gap
from engine.data.numbers.one_way import count_in_words, go_one_way, rise_in_parts
from engine.data.numbers.parse import number_of
from engine.data.numbers.time_names import is_named_like_time, speaks_of_duration, speaks_of_time
from engine.data.numbers.times import are_dates, hours_of, is_clock, joined_time, moments, parts_in_order, time_parts
from engine.data.numbers.unix_times import since_1970
from engine.data.numbers.year_parts import is_bare_year

_COUNTER: Final = "index"  # which may number the things of each kind as well as the steps of each series
_YEAR: Final = re.compile(r"1\d{3}|2[01]\d{2}|2200")
_FEWEST_YEARS: Final = 5
_MOSTLY: Final = 0.98  # of the steps
_DAY: Final = 24 * 3600
_UNNAMED: Final = re.compile(r"column \d+")
_UNEVEN: Final = 0.2  # of the usual step
_DECIMAL_YEAR: Final = re.compile(r"(1[5-9]|20)\d\d[.,]\d+")
_YEAR_LENGTH: Final = 365.2425 * _DAY


def times_of(names: Sequence[str], body: Cells, others: set[int]) -> tuple[int, ...]:
    """The columns that say when, in order: a date, perhaps with a time of day; or years, months, days and hours; or a
    column that counts. others: the places of columns that do not."""
    free = [place for place in range(len(names)) if place not in others]
    columns = {place: [row[place] for row in body if not is_gap(row[place])] for place in free}
    written = [place for place in free if columns[place] and are_dates(columns[place])]
    named = {place: (names[place], columns[place]) for place in free}
    first = [columns[place] for place in takewhile(lambda place: len(columns[place]) == len(body), free)]
    parts = time_parts(named) or tuple(free[place] for place in parts_in_order(first))
    if written and not (parts and all(map(is_bare_year, columns[written[0]]))):
        clocks = [place for place in written if is_clock(columns[place])]
        date = next((place for place in written if place not in clocks), written[0])
        of_day = [place for place in clocks if not speaks_of_duration(names[place])]
        if date not in clocks and of_day:
            return date, of_day[0]
        several = len(set(columns[date])) < len(columns[date])  # rows a day
        return (date, *(hours_of(named) if several else ()))
    if parts:
        return parts
    if len(names) == 1:
        return ()
    counting = [place for place in free if columns[place] and _counts(names[place], columns[place])]
    # The name of a first column of years may be in any language.
    years = [place for place in free[:1] if len(columns[place]) >= _FEWEST_YEARS and _are_years(columns[place])]
    seconds = [place for place in free[:1] if since_1970(columns[place]) is not None]
    ticks = [place for place in free[:1] if _UNNAMED.fullmatch(names[place]) and _ticks(columns[place])]
    worded = [
        place
        for place in free[:1]
        if (is_named_like_time(names[place]) and rise_in_parts(columns[place]))
        or count_in_words(columns[place], is_named_like_time)
    ]
    return tuple(counting or years or seconds or ticks or worded)[:1]


def are_moments(cells: Sequence[str]) -> bool:
    """Whether a column that says when does so by dates, or by the seconds since 1970, rather than by counting steps."""
    return are_dates(cells) or since_1970(cells) is not None


def second_times(body: Cells, times: Sequence[int]) -> tuple[int, ...]:
    """The columns that say when once more, beside those that do: the end of each step, or its time in another zone. It
    is mostly after the first time, or before it, and steps are alike or in order. Also years with decimals, and the
    seconds since 1970."""
    found = list[int]()
    for place in range(len(body[0])) if times and body else ():
        rows = [row for row in body if not any(is_gap(row[k]) for k in (*times, place))]
        cells = [row[place] for row in rows]
        if place in times or len(rows) < _MOSTLY * len(body) or not cells:
            continue
        counted = _counted_moments(cells)
        if counted is None and not are_dates(cells):
            continue
        starts = [joined_time([row[k] for k in times]) for row in rows]
        if counted is not None:
            found += [place] if (np.abs(counted[0] - moments(starts)) <= counted[1]).all() else []
            continue
        begin = _of_one_day(starts) if is_clock(starts) else moments(starts)
        lasts = _moments_of_day(cells, begin) if is_clock(cells) else moments(cells) - begin
        if not np.isnan(lasts).any() and _are_alike(lasts, begin):
            found.append(place)
    return tuple(found)


def _counted_moments(cells: Sequence[str]) -> tuple[NDArray[np.float64], float] | None:
    """(T,) the moments that numbers may stand for, as years with decimals or seconds since 1970, and how far they may
    be from the times beside them: the middle of a month from its beginning, or another zone; None for other cells."""
    if all(map(_DECIMAL_YEAR.fullmatch, cells)):
        years = np.array([number_of(cell) for cell in cells])
        return (years - 1970) * _YEAR_LENGTH, _YEAR_LENGTH / 10
    seconds = since_1970(cells)
    return None if seconds is None else (seconds, float(_DAY))


def durations_beside(names: Sequence[str], body: Cells, times: Sequence[int]) -> tuple[int, ...]:
    """The columns that say how long something took, as 00:47:30, beside a date that says when."""
    found = list[int]()
    dates = [row[times[0]] for row in body if not is_gap(row[times[0]])] if times else []
    if not dates or is_clock(dates) or not are_dates(dates):
        return ()
    for place, name in enumerate(names):
        cells = [row[place] for row in body if not is_gap(row[place])]
        if place not in times and speaks_of_duration(name) and cells and is_clock(cells) and are_dates(cells):
            found.append(place)
    return tuple(found)


def _moments_of_day(cells: Sequence[str], begin: NDArray[np.float64]) -> NDArray[np.float64]:
    """(T,) how long it is from each of these moments to the next time of day that a cell names."""
    return np.mod(_of_one_day(cells) - begin, _DAY)


def _of_one_day(cells: Sequence[str]) -> NDArray[np.float64]:
    """(T,) the moments of these times of day, as if all were on the same day."""
    return moments([f"2000-01-01 {cell}" for cell in cells])


def _are_alike(lasts: NDArray[np.float64], begin: NDArray[np.float64]) -> bool:
    """Whether steps (T,) go the same way, and last alike or begin (T,) in order: nearly all of them, since clocks are
    put back once a year."""
    if not (_mostly(lasts >= 0) or _mostly(lasts <= 0)):
        return False
    usual, onwards = abs(float(np.median(lasts))), np.diff(begin)
    steady = (abs(lasts) >= usual / 2) & (abs(lasts) <= usual * 2)
    return _mostly(steady) or _mostly(onwards >= 0) or _mostly(onwards <= 0)


def _mostly(true: NDArray[np.bool_]) -> bool:
    return int(np.count_nonzero(true)) >= _MOSTLY * len(true)


def steps_of_each(names: Sequence[str], body: Sequence[Sequence[str]], apart: int, label: int) -> tuple[int, ...]:
    """The column that counts the steps of each series from 0 or 1 on, where a column tells the series apart."""
    series: dict[str, list[Sequence[str]]] = {}
    for row in body if apart >= 0 else ():
        series.setdefault(row[apart], []).append(row)
    several = [rows for rows in series.values() if len(rows) > 1]
    if len(several) < 2 or len(body) < FEWEST_ROWS:
        return ()
    free = (place for place in range(len(names)) if place not in (apart, label))
    return tuple(p for p in free if all(counts_rows([row[p] for row in rows]) for rows in several))[:1]


def years_of_each(names: Sequence[str], body: Sequence[Sequence[str]]) -> Iterator[int]:
    """The columns of numbers that are named like times."""
    for place, name in enumerate(names):
        cells = [row[place] for row in body if not is_gap(row[place])]
        if is_named_like_time(name) and name.strip().lower() != _COUNTER and cells and all(map(is_number, cells)):
            yield place


def like_years(body: Cells) -> Iterator[int]:
    """The columns of nothing but years, whatever they are called."""
    yield from (place for place in range(len(body[0])) if all(_YEAR.fullmatch(row[place]) for row in body))


def _counts(name: str, cells: Sequence[str]) -> bool:
    """Whether a column counts time: it is called year or t and rises or falls, speaks of time and rises, or holds
    1, 2, 3, …"""
    steps = steps_between(cells)
    if is_named_like_time(name) and len(steps) and bool((steps < 0).all()):
        return True
    if not len(steps) or not (steps > 0).all():
        return False
    return is_named_like_time(name) or speaks_of_time(name) or counts_rows(cells)


def is_year(cell: str) -> bool:
    """Whether a cell is a year and nothing else."""
    return _YEAR.fullmatch(cell) is not None


def _are_years(cells: Sequence[str]) -> bool:
    """Whether cells are years that rise, or fall, from row to row."""
    return all(map(_YEAR.fullmatch, cells)) and go_one_way(steps_between(cells))


def _ticks(cells: Sequence[str]) -> bool:
    """Whether whole numbers rise as a clock does, at nearly the same distance from row to row."""
    steps = steps_between(cells)
    if len(steps) < FEWEST_ROWS or not (steps > 0).all() or not all(map(str.isdecimal, cells)):
        return False
    return _mostly(abs(steps - np.median(steps)) <= _UNEVEN * np.median(steps))


def counts_rows(cells: Sequence[str]) -> bool:
    """Whether a column holds 0, 1, 2, … or 1, 2, 3, …"""
    steps = steps_between(cells)
    return bool(len(steps)) and bool((steps == 1).all()) and number_of(cells[0]) in (0, 1)
