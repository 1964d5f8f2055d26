"""Dates and times in a column beside a series: recognised, put in order, and searched for gaps."""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.data.files.column_names import fold
from engine.data.numbers.clock_writings import with_iso_clock
from engine.data.numbers.month_names import month_of
from engine.data.numbers.one_way import go_one_way, rise_in_parts
from engine.data.numbers.parse import number_of
from engine.data.numbers.time_names import CLOCKS, DAYS, HOURS, MINUTES, MONTHS, SECONDS, YEARS
from engine.data.numbers.worded_dates import in_english, readings
from engine.data.numbers.year_parts import is_bare_year, joined_part, part_of_year, with_century, year_and_part
from engine.number_text import counted

_MOSTLY: Final = 0.98  # of the cells of a column of times are times
# Columns that together say when: their names, and the smallest and largest number in them.
_PARTS: Final = (
    (YEARS, 1000, 2999), (MONTHS, 1, 12), (DAYS, 1, 31), (HOURS, 0, 24), (MINUTES, 0, 59), (SECONDS, 0, 59),
)  # fmt: skip
_MONTH_PART, _DAY_PART, _HOUR_PART = 1, 2, 3  # places in it
# The column that counts the days of a year, which also one called day may do.
_DAY_OF_YEAR: Final = frozenset(
    {"doy", "day of year", "day_of_year", "dayofyear", "day-of-year", "yday", "jday", "julian", "julian day",
     "julian_day", "julday", "ddd", "tag des jahres", "jour de l'annee", "dia del ano"}
)  # fmt: skip
_DAYS: Final = 366
_MONTHS_A_YEAR: Final = 12
# Three months by their initials, as climate records have them, and the month in the middle.
_MIDDLES: Final = {
    "DJF": 1, "JFM": 2, "FMA": 3, "MAM": 4, "AMJ": 5, "MJJ": 6, "JJA": 7, "JAS": 8, "ASO": 9, "SON": 10, "OND": 11,
    "NDJ": 12,
}  # fmt: skip
_CLOCK: Final = r"\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AaPp][Mm])?"
_DOTTED: Final = r"([01]?\d|2[0-4])\.[0-5]\d(\.[0-5]\d)?"  # 18.30, after a date
_DOTTED_CLOCK: Final = re.compile(r"([01]?\d|2[0-4])\.([0-5]\d)(?:\.[0-5]\d)?")
_ZONE: Final = r"( ?Z| ?[-+]\d{2}:?\d{2})?"
_READ_ZONE: Final = r"( ?Z| ?(?P<ahead>[-+]\d{2}):?(?P<more>\d{2}))?"
# How the names of the days of the week begin in English, German, French and Spanish; and those that German
# abbreviates to two letters.
_WEEKDAY: Final = (
    r"((mon|tue|wed|thu|fri|sat|sun|die|mit|don|fre|sam|son|lun|mar|mer|mié|jeu|jue|ven|vie|sáb|dim|dom)\w*"
    r"|mo|di|mi|do|fr|sa|so)[.,]{0,2} +(?=\d{1,2}[-/. ]+[^\W\d]|\d{1,2}[-/.]\d|[^\W\d])"
)  # and not Mar 2020 or Mar 15, 2020
_MONTH: Final = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"  # as `in_english` writes them
_CENTURY: Final = r"(1[5-9]|20)"
_YEAR_AND_DAY: Final = rf"(?P<y>{_CENTURY}\d\d)[-/]?(?P<count>(?!000)([0-2]\d|3[0-5])\d|36[0-6])"  # 2020-123, 2020123
_TIME: Final = re.compile(
    rf"({_WEEKDAY})?((\d{{4}}[-/.]\d{{1,2}}([-/.]\d{{1,2}})?|{_YEAR_AND_DAY})([T ]({_CLOCK}{_ZONE}|{_DOTTED}))?"
    rf"|{_CENTURY}\d\d[01]\d[0-3]\d[T ]\d{{2}}(:?\d{{2}}){{0,2}}{_ZONE}"
    rf"|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}( ({_CLOCK}{_ZONE}|{_DOTTED}))?"
    rf"|{_CLOCK}|\d{{1,2}}[-/]\d{{4}}|\d{{4}}[ -]?[QMW]\d{{1,2}}|\d{{4}}-W\d\d-[1-7]|Q\d[ -/]\d{{4}}"
    rf"|\d{{4}}[-/–]\d{{4}}"
    rf"|({_MONTH}[ -]?\d{{2,4}}|\d{{1,2}}\.?[ -]{_MONTH}[ -]\d{{2,4}}|{_MONTH} \d{{1,2}},? \d{{4}})"
    rf"( ({_CLOCK}{_ZONE}|{_DOTTED}))?|{_MONTH} {{1,2}}\d{{1,2}} {_CLOCK})",
    re.IGNORECASE,
)
_LATEST: Final = 1e100  # differences of larger numbers may overflow
_GAP: Final = 1.9  # times the usual distance
_BEFORE: Final = re.compile(_WEEKDAY, re.IGNORECASE)
_NAMED: Final = re.compile(_MONTH, re.IGNORECASE)
_MAY_BE_WORDED: Final = re.compile(r"(?=.*[\d元])(.*[^\W\d_]{2}|.*[^\x00-\x7f]|\d+\. ?\d+\. ?\d)")
_SEPARATOR: Final = r"[-/. ]+"
_DAY_FIRST: Final = rf"(?P<d>\d{{1,2}}){_SEPARATOR}(?P<m>\d{{1,2}}){_SEPARATOR}(?P<y>\d{{4}}|\d{{2}})"
_MONTH_FIRST: Final = rf"(?P<m>\d{{1,2}}){_SEPARATOR}(?P<d>\d{{1,2}})[-/. ,]+(?P<y>\d{{4}}|\d{{2}})"
_OF_DAY: Final = (
    r"[T ]+(?P<hour>\d{1,2})(?P<mark>[:.])(?P<minute>\d{2})((?P=mark)(?P<second>\d{2}))?[\d.,]*( ?(?P<half>[AP])M)?"
)
_DATES: Final = (  # ways to write a date, names of months replaced by their numbers
    r"(?P<y>\d{4})[-/. ](?P<m>\d{1,2})([-/. ](?P<d>\d{1,2}))?",
    rf"(?P<y>{_CENTURY}\d\d)(?P<m>\d\d)(?P<d>\d\d)?",
    _YEAR_AND_DAY,
    _DAY_FIRST,
    _MONTH_FIRST,
    rf"(?P<m>\d{{1,2}}){_SEPARATOR}(?P<y>\d{{4}}|\d{{2}})",
    r"(?P<m>\d{1,2}) +(?P<d>\d{1,2})(?= \d)",  # Jan 31 12:00:00, as logs have it
    r"(?P<y>\d{4})[ -]?Q(?P<quarter>[1-4])",
    r"Q(?P<quarter>[1-4])[ -/](?P<y>\d{4})",
    r"(?P<y>\d{4})[ -]?M(?P<m>\d{1,2})",
    r"(?P<y>\d{4})[ -]?W(?P<week>\d{1,2})",
    r"(?P<week>[1-4]?\d|5[0-3]|0\d)/(?P<y>\d{4})",  # of weeks rather than months where some are after the 12th
    r"(?P<y>\d{4})[-/–](\d{4}|\d{2})",  # from one year to the next
)
_WRITTEN: Final = (
    *(re.compile(rf"{date}({_OF_DAY}{_READ_ZONE})?", re.IGNORECASE) for date in _DATES),
    re.compile(r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)(?P<hour>\d\d)((?P<minute>\d\d)(?P<second>\d\d)?)?"),
)
_COMPACT_DAY: Final = rf"{_CENTURY}\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"  # 20200131
_COMPACT: Final = re.compile(  # also 202001, and 2020013123 with an hour
    rf"{_COMPACT_DAY}(([01]\d|2[0-4])([0-5]\d){{0,2}})?|{_CENTURY}\d\d(0[1-9]|1[0-2])|{_YEAR_AND_DAY}"
)
_DOTTED_MONTH: Final = re.compile(r"(0[1-9]|1[0-2])\.((1[5-9]|2[01])\d\d|\d\d)")  # 01.2020, also 01.20
_LONG_MONTH: Final = len("01.2020")
_COMPACT_SIZES: Final = (8, 10, 12, 14)  # of those that are dates whatever their column is called
_HOUR: Final = 3600
_DAY: Final = 24 * _HOUR
_MOST_FIGURES: Final = 9  # of a whole number that is part of a time
_FEWEST: Final = 10  # rows of a single year whose parts are known by their order
_NEARLY: Final = 0.9  # of the steps
_NO_YEAR: Final = 2000  # a leap year, for dates that name none


def is_time(cell: str) -> bool:
    """Whether a cell is a date or a time rather than a plain number: 1.5.2020 is, 1.5 is not."""
    cell = cell.strip()
    if _TIME.fullmatch(cell):
        return bool(np.isnan(number_of(cell)))
    if year_and_part(cell):
        return True
    plain = with_iso_clock(cell)
    if plain is cell and not _MAY_BE_WORDED.match(cell):
        return False
    if plain is not cell and _TIME.fullmatch(plain):
        return True
    return _TIME.fullmatch(in_english(_without_weekday(plain))) is not None


def are_dates(cells: Sequence[str]) -> bool:
    """Whether a column says when: dates or times, months such as 01.2020, or days such as 20200131, perhaps with an
    hour: 2020013123."""
    if len(cells[0]) in _COMPACT_SIZES and all(map(_COMPACT.fullmatch, cells)):
        return True
    if _are_months(cells):
        return True
    others = (1 for cell in cells if not is_time(cell))  # of numbers, a few are enough
    allowed = int(len(cells) - _MOSTLY * len(cells))
    return sum(islice(others, allowed + 1)) <= allowed


def _are_months(cells: Sequence[str]) -> bool:
    """Whether cells that look like numbers are months, as in German: 01.2020, which no number is written as; or 01.20,
    if each month follows the one before it over the turn of a year, in each series."""
    if not all(map(_DOTTED_MONTH.fullmatch, cells)) or len({*map(len, cells)}) != 1:
        return False
    if not any(cell.startswith("0") for cell in cells):
        return False
    if len(cells[0]) == _LONG_MONTH:
        return True
    months = [_MONTHS_A_YEAR * int(cell[3:]) + int(cell[:2]) for cell in cells]
    follow = all(after - before == 1 or after == months[0] for before, after in pairwise(months))
    return follow and len({cell[3:] for cell in cells}) > 1


def is_clock(cells: Sequence[str]) -> bool:
    """Whether a column holds times of day without a date: 18:00, or 18.00.00 where not all cells can be dates."""
    if re.fullmatch(_CLOCK, with_iso_clock(cells[0])):
        return True
    found = [_DOTTED_CLOCK.fullmatch(cell) for cell in cells]
    return all(found) and not all(int(m[1]) >= 1 and 1 <= int(m[2]) <= _MONTHS_A_YEAR for m in found if m is not None)


def time_parts(columns: Mapping[int, tuple[str, Sequence[str]]]) -> tuple[int, ...]:
    """The columns that hold years, months and so on, down to the finest that there is; or years and their days counted
    from 1 to 366, their quarters, halves or weeks; () without these.

    columns: place → name and cells.
    """
    found = list[int]()
    for part, (names, least, most) in enumerate(_PARTS):
        place = _part(columns, names, least, most)
        if place < 0 and part == _MONTH_PART and found:
            place = _part(columns, _DAY_OF_YEAR | _PARTS[_DAY_PART][0], 1, _DAYS)
            if place < 0 <= (part_place := part_of_year(columns)):
                return found[0], part_place
        elif part == _DAY_PART and counts_days([columns[k][0] for k in found]):
            continue
        if place < 0:
            break
        found.append(place)
    return tuple(found) if len(found) > 1 else ()


def parts_in_order(columns: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Which of these columns, the first of a table, are years, months, days and hours by what they hold: nearly each
    row is a month, a day or an hour after the one before it, over the turn of a year or through most of one; () if none
    are. A month may stand before its year."""
    for order in ((0, 1, 2, 3), (1, 0)):
        whole = list[list[int]]()
        for place, (_, least, most) in zip(order[: len(columns)], _PARTS, strict=False):
            numbers = [_whole(cell) for cell in columns[place]] if place < len(columns) else []
            if not numbers or not all(least <= number <= most for number in numbers):
                break
            whole.append(numbers)
        if len(whole) < 2 or (len({*whole[0]}) == 1 and len(whole[0]) < _FEWEST):
            continue
        if _go_by_one(np.array(whole[0]) * float(_MONTHS_A_YEAR) + whole[1]):
            return order[:2]
        for count, unit in ((3, _DAY), (4, _HOUR)):
            rows = zip(*columns[:count], strict=True) if len(whole) >= count else ()
            if _go_by_one(moments([joined_time(row) for row in rows]) / unit):
                return order[:count]
    return ()


def _go_by_one(places: NDArray[np.float64]) -> bool:
    """Whether numbers (T,) only rise, or only fall, nearly always by one."""
    steps = np.diff(places)
    return len(steps) > 0 and go_one_way(steps) and int(np.count_nonzero(np.abs(steps) == 1)) >= _NEARLY * len(steps)


def _part(columns: Mapping[int, tuple[str, Sequence[str]]], names: frozenset[str], least: int, most: int) -> int:
    """The place of the column that has one of these names and holds whole numbers in this range, -1 for none."""
    named = (place for place, (name, cells) in columns.items() if cells and fold(name.strip()) in names)
    return next((place for place in named if all(least <= _whole(cell) <= most for cell in columns[place][1])), -1)


def counts_days(names: Sequence[str]) -> bool:
    """Whether columns of parts of a time, of which these are the names, have the day of the year after the year."""
    after = [fold(name.strip()) for name in names[:2]]
    return len(after) == 2 and after[0] in _PARTS[0][0] and after[1] in _DAY_OF_YEAR | _PARTS[_DAY_PART][0]


def hours_of(columns: Mapping[int, tuple[str, Sequence[str]]]) -> tuple[int, ...]:
    """The column that holds the hours of the dates beside it, if there is one, perhaps as 18.30; see `time_parts`."""
    place = _part(columns, *_PARTS[_HOUR_PART])
    if place >= 0:
        return (place,)
    known = CLOCKS | _PARTS[_HOUR_PART][0]
    named = (place for place, (name, cells) in columns.items() if cells and fold(name.strip()) in known)
    return tuple(place for place in named if all(map(_DOTTED_CLOCK.fullmatch, columns[place][1])))[:1]


def joined_time(cells: Sequence[str], names: Sequence[str] = ()) -> str:
    """The time that the cells of `time_parts`, or a date and a time of day, say together. names: of their columns."""
    if len(cells) == len(names) == 2 and (joined := joined_part(cells[0], cells[1], names[1])):
        return joined
    is_date = len(cells) > 1 and is_time(cells[0]) and not is_bare_year(cells[0])
    if len(cells) < 2 or is_date or -1 in (whole := [_whole(cell) for cell in cells]):
        return " ".join(cells)
    if counts_days(names):
        date, clock = f"{whole[0]}-{whole[1]:03d}", whole[2:]
    else:
        date, clock = "-".join(f"{part:02d}" for part in whole[:3]), whole[3:]
    return f"{date} {':'.join(f'{part:02d}' for part in [*clock, 0][: max(2, len(clock))])}" if clock else date


def _whole(cell: str) -> int:
    """A whole number, perhaps with the sign for a year or a day, or that of a month; -1 for anything else."""
    number = cell.rstrip("年년日일 ")
    return (
        int(number) if number.isdecimal() and len(number) <= _MOST_FIGURES else month_of(cell) or _MIDDLES.get(cell, -1)
    )


def moments(times: Sequence[str]) -> NDArray[np.float64]:
    """(T,) seconds, or the numbers themselves; NaN for all if one is neither a date nor a number.

    1/2/2020 is taken for the day or for the month that makes the steps of the column more regular.
    """
    numbers = np.array([number_of(time) for time in times])
    if not np.isnan(numbers).any() and not all(map(_COMPACT.fullmatch, times)) and not _are_months(times):
        return np.where(np.abs(numbers) < _LATEST, numbers, np.nan)
    if (exact := _iso_moments(times)) is not None:
        return exact
    bare = [_plain(time) for time in times]
    if (exact := _iso_moments(bare)) is not None:
        return exact
    found = list[NDArray[np.float64]]()
    for cells in readings(bare):
        plain = [_NAMED.sub(lambda name: f" {month_of(name[0])} ", cell).strip() for cell in cells]
        found += [seconds for written in _WRITTEN if (seconds := _seconds(plain, written)) is not None]
    return min(found, key=_irregularity, default=np.full(len(times), np.nan))


def _iso_moments(times: Sequence[str]) -> NDArray[np.float64] | None:
    """(T,) the seconds of times as ISO 8601 has them, a hundred times as fast as the patterns; None for others."""
    with suppress(ValueError, OverflowError):
        exact = [datetime.fromisoformat(time) for time in times]
        return np.array([time.replace(tzinfo=time.tzinfo or UTC).timestamp() for time in exact])
    return None


def _plain(time: str) -> str:
    """A time without the day of its week and the words around its clock; a part of a year as in 2020Q3."""
    return year_and_part(time) or _without_weekday(with_iso_clock(time))


def _without_weekday(time: str) -> str:
    """março de 2022 does not begin with one."""
    found = _BEFORE.match(time)
    return time[found.end() :] if found and in_english(time) == time else time


def _seconds(times: Sequence[str], written: re.Pattern[str]) -> NDArray[np.float64] | None:
    """(T,) the seconds of times that are all written in this way; None if they are not."""
    found = np.zeros(len(times))
    for place, time in enumerate(times):
        match = written.fullmatch(time)
        if match is None:
            return None
        parts = match.groupdict()
        half = parts.pop("half", None)
        parts.pop("mark", None)  # a colon or a dot, which says nothing about the time
        ahead, more = int(parts.pop("ahead", None) or 0), int(parts.pop("more", None) or 0)
        part = {name: int(text) for name, text in parts.items() if text}
        year, month = part.get("y", _NO_YEAR), part.get("m", 3 * part.get("quarter", 1) - 2)
        if len(parts.get("y", "")) == 2:
            year = with_century(year)
        hour, minute, second = (part.get(name, 0) for name in ("hour", "minute", "second"))
        if half:
            hour = hour % 12 + 12 * (half in "pP")
        if hour > 24 or minute > 59 or second > 60 or part.get("count", 1) > 365 + isleap(year):
            return None
        try:
            day = datetime(year, month, part.get("d", 1), tzinfo=UTC).timestamp()
        except ValueError:
            return None
        day += _DAY * (part.get("count", 1) - 1 + 7 * (part.get("week", 1) - 1))
        day -= _HOUR * ahead + 60 * (-more if ahead < 0 else more)
        found[place] = day + _HOUR * hour + 60 * minute + second  # hour 24 is the end of the day
    return found


def _irregularity(seconds: NDArray[np.float64]) -> tuple[bool, float]:
    """Whether times go back and forth, and how much the intervals between them differ."""
    steps = np.diff(seconds)
    return not go_one_way(steps), float(steps.std() / max(1.0, abs(float(steps.mean())))) if len(steps) else 0.0


def runs_backwards(found: NDArray[np.float64]) -> bool:
    """Whether the newest comes first. found (T,): the `moments` of a series."""
    return len(found) > 1 and not np.isnan(found).any() and bool((np.diff(found) < 0).all())


class Oddity(StrEnum):
    """What may be odd about the times of a series."""

    ORDER = "out of order"
    REPEATED = "repeated"
    GAPS = "with gaps"
    UNREAL = "not in the calendar"


def _unreal_time(times: Sequence[str]) -> str:
    """The first time that looks like one but does not exist, such as 29.02.2026, among times that do; "" if there is
    none. times: of which some cannot be read."""

    def are_read(some: Sequence[str]) -> bool:
        return not np.isnan(moments(some)).any()

    if not any(are_read([time]) for time in (times[0], times[-1])):
        return ""  # these are no times that can be read
    begin, end = 0, len(times)  # it is among these
    while end - begin > 1:
        middle = (begin + end) // 2
        begin, end = (middle, end) if are_read(times[begin:middle]) else (begin, middle)
    suspect, beside = times[begin], times[begin - 1 if begin else 1]
    return suspect if is_time(suspect) and not are_read([suspect]) and are_read([beside]) else ""


def odd_times(times: Sequence[str], found: NDArray[np.float64]) -> Iterator[tuple[Oddity, str]]:
    """What is odd about the times of a series, with a remark about each. found (T,): their `moments`."""
    if len(found) < 3 or rise_in_parts(times):
        return
    if np.isnan(found).any():
        if unreal := _unreal_time(times):
            yield (
                Oddity.UNREAL,
                f"There is no day or time {unreal}; the times are not checked for their order and gaps.",
            )
        return
    steps = np.diff(found)
    if (steps < 0).any():
        place = int(np.flatnonzero(steps < 0)[0])
        order = f"{times[place + 1]} comes after {times[place]}"
        yield Oddity.ORDER, f"The times are not in order: {order}. The rows are read as they are."
        return
    if len(repeated := np.flatnonzero(steps == 0)):
        many = counted(len(repeated), "time is", "times are")
        first = f"the first: {times[int(repeated[0]) + 1]}"
        how = "The rows are read as they are, each as a step of its own."
        yield Oddity.REPEATED, f"{many} the same as the one before, {first}. {how}"
    onwards = steps[steps > 0]
    gaps = np.flatnonzero(steps > _GAP * np.median(onwards)) if len(onwards) else onwards
    if len(gaps):
        place = int(gaps[0])
        first = f"the first between {times[place]} and {times[place + 1]}"
        gone = f"{counted(len(gaps), 'gap')} in time, {first}; the rows are read as if there were none."
        yield Oddity.GAPS, gone
