"""Dates and times in a column beside a series: recognised, put in order, and searched for gaps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

import numpy as np

from engine.data.numbers.parse import number_of
from engine.number_text import counted

# Names of columns of rising numbers that stand for time.
TIME_NAMES: Final = frozenset(
    {"year", "month", "week", "day", "hour", "minute", "second", "date", "time", "timestamp", "datetime", "period", "t",
     "step", "index", "jahr", "datum", "zeit", "année", "seconds", "ms"}
)  # fmt: skip
_CLOCK: Final = r"\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AaPp][Mm])?"
_ZONE: Final = r"( ?Z| ?[-+]\d{2}:?\d{2})?"
# How the names of the months begin in English, German, French and Spanish, January first.
_MONTHS: Final = (
    ("jan", "ene"), ("feb", "fév", "fev"), ("mar", "mär", "mrz"), ("apr", "avr", "abr"), ("may", "mai"),
    ("jun", "juin"), ("jul", "juil"), ("aug", "aoû", "aou", "ago"), ("sep",), ("oct", "okt"), ("nov",),
    ("dec", "dez", "déc", "dic"),
)  # fmt: skip
_MONTH: Final = rf"({'|'.join(begin for begins in _MONTHS for begin in begins)})\w*\.?"
_TIME: Final = re.compile(
    rf"\d{{4}}[-/.]\d{{1,2}}([-/.]\d{{1,2}})?([T ]{_CLOCK}{_ZONE})?|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}( {_CLOCK})?"
    rf"|{_CLOCK}|\d{{1,2}}[-/]\d{{4}}|\d{{4}}[ -]?[QMW]\d{{1,2}}|Q\d[ -/]\d{{4}}"
    rf"|{_MONTH}[ -]?\d{{2,4}}|\d{{1,2}}\.?[ -]{_MONTH}[ -]\d{{2,4}}|{_MONTH} \d{{1,2}},? \d{{4}}",
    re.IGNORECASE,
)
_LATEST: Final = 1e100  # differences of larger numbers may overflow
_GAP: Final = 1.9  # times the usual distance


def is_time(cell: str) -> bool:
    """Whether a cell is a date or a time rather than a plain number: 1.5.2020 is, 1.5 is not."""
    return _TIME.fullmatch(cell.strip()) is not None and np.isnan(number_of(cell))


def month_of(name: str) -> int:
    """The month that a column's name means, 1 to 12, from its name or number ("March", "Mär.", "03"); 0 for others."""
    name = name.strip().lower()
    if name.isdecimal():
        return int(name) if len(name) < 3 and 1 <= int(name) <= 12 else 0
    found = (number for number, begins in enumerate(_MONTHS, 1) if name.startswith(begins))
    return next(found, 0) if name.rstrip(".").isalpha() else 0


def _moment(text: str) -> float:
    """Seconds, or the number itself; NaN for anything else."""
    number = number_of(text)
    if not np.isnan(number):
        return number if abs(number) < _LATEST else np.nan
    whole = f"{text}-01" if re.fullmatch(r"\d{4}-\d{2}", text) else text
    if month := re.fullmatch(r"(\d{1,2})[-/](\d{4})", text):
        whole = f"{month[2]}-{month[1]:0>2}-01"
    with suppress(ValueError, OverflowError):
        found = datetime.fromisoformat(whole)
        return found.replace(tzinfo=found.tzinfo or UTC).timestamp()
    return np.nan


def runs_backwards(times: Sequence[str]) -> bool:
    """Whether the newest comes first."""
    moments = np.array([_moment(time) for time in times])
    return len(moments) > 1 and not np.isnan(moments).any() and bool((np.diff(moments) < 0).all())


def about_times(times: Sequence[str]) -> list[str]:
    """Remarks about the times of a series, one sentence each: gaps, and times out of order."""
    moments = np.array([_moment(time) for time in times])
    if len(moments) < 3 or np.isnan(moments).any():
        return []
    steps = np.diff(moments)
    if (steps <= 0).any():
        place = int(np.flatnonzero(steps <= 0)[0])
        return [
            f"The times are not in order: {times[place + 1]} comes after {times[place]}. The rows are read as they are."
        ]
    gaps = np.flatnonzero(steps > _GAP * np.median(steps))
    if not len(gaps):
        return []
    place = int(gaps[0])
    first = f"the first between {times[place]} and {times[place + 1]}"
    return [f"{counted(len(gaps), 'gap')} in time, {first}; the rows are read as if there were none."]
