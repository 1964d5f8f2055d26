"""The times that come after the last one of a series, written as the file writes its own."""

from __future__ import annotations

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from engine.data.numbers.month_names import month_of
from engine.data.numbers.worded_dates import SHORT

_LOOKED_AT: Final = 1000  # times at the end of the series, which tell how they are written and spaced
_FEWEST: Final = 3
_REGULAR: Final = 0.95  # of the steps are alike: some series have gaps
_DAYS: Final = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%d-%m-%Y", "%m-%d-%Y",
    "%m/%d/%y", "%d/%m/%y", "%d.%m.%y", "%Y年%m月%d日", "%d %b %Y", "%d-%b-%Y", "%b %d, %Y", "%B %d, %Y",
)  # fmt: skip
_MONTHS: Final = (
    "%Y年%m月",
    "%Y-%m",
    "%Y/%m",
    "%m/%Y",
    "%m.%Y",
    "%m-%Y",
    "%Y%m",
    "%b %Y",
    "%B %Y",
    "%b-%Y",
    "%b-%y",
    "%Y",
)
_CLOCKS: Final = (
    " %H:%M", " %H:%M:%S", " %H.%M", " %H.%M.%S", "T%H:%M", "T%H:%M:%S", "T%H:%MZ", "T%H:%M:%SZ", " %I:%M %p",
    " %I:%M:%S %p",
)  # fmt: skip
_HAS_CLOCK: Final = re.compile(r".*:.*|.*\d \d{1,2}\.\d\d(\.\d\d)?")
_WORD: Final = re.compile(r"[^\W\d_]+")
_ENGLISH: Final = re.compile("|".join(SHORT[1:]))
_CENTURY: Final = re.compile(r"\d{4}")
_ZEROS: Final = re.compile(r"(?<![:\d])0(?=\d\D)")  # 01/05/2020 is also written as 1/5/2020
_TAIL: Final = re.compile(r"\D*$")
_COMMA: Final = re.compile(r"(?<=\d), (?=\d{1,2}:\d)")
_BEFORE_CLOCK: Final = re.compile(r" (?=\d{1,2}:\d)")
_Continued = tuple[str, ...]


def times_after(times: Sequence[str], count: int) -> _Continued:
    """The next `count` times of a series, as the file writes them: dates or whole numbers; () unless those that are
    known are evenly spaced, so many months or so many seconds apart, and can be read in one way only."""
    known = times[-_LOOKED_AT:]
    if len(known) < _FEWEST:
        return ()
    with_clock = [f"{day}{clock}" for day in _DAYS for clock in _CLOCKS]
    forms = with_clock if _HAS_CLOCK.fullmatch(known[-1]) else [*_DAYS, *_MONTHS, "%Y%m%d%H"]
    found = {continued for form in forms for continued in _dates(known, form, count)}
    found = found or set(_numbers(known, count)) or set(_worded(known, count)) or set(_dressed(known, count))
    return found.pop() if len(found) == 1 else ()


def _dates(times: Sequence[str], form: str, count: int) -> Iterator[_Continued]:
    """The dates that follow if the times are written in this form and evenly spaced."""
    with suppress(ValueError, OverflowError):  # written otherwise, or later than the year 9999
        found = [datetime.strptime(time, form) for time in times]
        for zeros in (True, False):
            if all(_written(one, form, zeros) == time for one, time in zip(found, times, strict=True)):
                yield tuple(_written(one, form, zeros) for one in _following(found, count))
                return


def _written(time: datetime, form: str, zeros: bool) -> str:
    return time.strftime(form) if zeros else _ZEROS.sub("", time.strftime(form))


def _following(times: Sequence[datetime], count: int) -> list[datetime]:
    """What follows at the same distance: in months if all have the same place in theirs. ValueError if they are not
    evenly spaced."""
    last, steps = times[-1], range(1, count + 1)
    last_days = all(time.day == monthrange(time.year, time.month)[1] for time in times)
    if last_days or len({time.day for time in times}) == 1:
        with suppress(ValueError):
            months = _usual([12 * time.year + time.month for time in times])
            return [_months_later(last, months * k, 31 if last_days else last.day) for k in steps]
    seconds = _usual([round((time - times[0]).total_seconds()) for time in times])
    return [last + timedelta(seconds=seconds * k) for k in steps]


def _months_later(time: datetime, months: int, day: int) -> datetime:
    year, month = divmod(12 * time.year + time.month - 1 + months, 12)
    return time.replace(year=year, month=month + 1, day=min(day, monthrange(year, month + 1)[1]))


def _worded(times: Sequence[str], count: int) -> Iterator[_Continued]:
    """The same for dates with the names of months in another language, as far as the series has those that follow."""
    words = [[word for word in _WORD.findall(time) if month_of(word)] for time in times]
    if any(len(found) != 1 for found in words):
        return
    names = {SHORT[month_of(word)]: word for (word,) in words}
    english = [time.replace(word, SHORT[month_of(word)]) for time, (word,) in zip(times, words, strict=True)]
    has_century = _CENTURY.search(english[-1]) is not None
    form = _CENTURY.sub("%Y", _ENGLISH.sub("%b", english[-1]))
    figures = ["%d"] if has_century else ["%d", "%y"][2 - len(re.findall(r"\d+", form)) :]
    if len(re.findall(r"\d+", form)) > len(figures):
        return
    for figure in figures:
        form = re.sub(r"\d+", figure, form, count=1)
    for continued in _dates(english, form, count):
        if all(_ENGLISH.findall(time)[0] in names for time in continued):
            yield tuple(_ENGLISH.sub(lambda found: names[found[0]], time) for time in continued)


def _dressed(times: Sequence[str], count: int) -> Iterator[_Continued]:
    """The same for times with a word behind them, such as 12:00 Uhr or 12:00 UTC, or a comma before their clock."""
    tails = {_TAIL.findall(time)[0] for time in times}
    tail = tails.pop() if len(tails) == 1 else ""
    bare = [_COMMA.sub(" ", time.removesuffix(tail)) for time in times]
    between = ", " if all(map(_COMMA.search, times)) else " "
    if bare != [*times] and (continued := times_after(bare, count)):
        yield tuple(f"{_BEFORE_CLOCK.sub(between, time)}{tail}" for time in continued)


def _numbers(times: Sequence[str], count: int) -> Iterator[_Continued]:
    """The same for whole numbers, such as seconds or the numbers of rows."""
    if all(time.isdecimal() for time in times):
        with suppress(ValueError):
            step = _usual(list(map(int, times)))
            yield tuple(str(int(times[-1]) + step * k) for k in range(1, count + 1))


def _usual(places: Sequence[int]) -> int:
    """The step that nearly all of these numbers are apart. ValueError if there is none, or it goes backwards."""
    step, often = Counter(after - before for before, after in pairwise(places)).most_common(1)[0]
    if step <= 0 or often < _REGULAR * (len(places) - 1):
        raise ValueError("not evenly spaced")
    return step
