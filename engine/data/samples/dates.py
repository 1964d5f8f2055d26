"""Dates as people write them, and in ISO 8601 form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from engine.data.ordinal import ordinal

COUNT = 6_000  # pairs
FIRST, LAST = date(1950, 1, 1), date(2049, 12, 31)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def _month(d: date) -> str:
    return MONTHS[d.month - 1]


def _weekday(d: date) -> str:
    return WEEKDAYS[d.weekday()]


# Every style names the month, so that it is clear which number is the day.
STYLES: tuple[Callable[[date], str], ...] = (
    lambda d: f"{d.day} {_month(d)} {d.year}",
    lambda d: f"{_month(d)} {d.day}, {d.year}",
    lambda d: f"{d.day} {_month(d)[:3]} {d.year}",
    lambda d: f"{_month(d)[:3]} {d.day}, {d.year}",
    lambda d: f"the {ordinal(d.day)} of {_month(d)} {d.year}",
    lambda d: f"{_month(d)} the {ordinal(d.day)}, {d.year}",
    lambda d: f"{_weekday(d)}, {d.day} {_month(d)} {d.year}",
    lambda d: f"{_weekday(d)} the {ordinal(d.day)} of {_month(d)}, {d.year}",
    lambda d: f"{_weekday(d)[:3]} {d.day}-{_month(d)[:3]}-{d.year}",
)


def dates(seed: int = 0) -> list[tuple[str, str]]:
    """("Wednesday the 3rd of March, 2021", "2021-03-03"), no written form twice."""
    random = Random(seed)
    days = (LAST - FIRST).days
    rows: dict[str, str] = {}
    while len(rows) < COUNT:
        day = FIRST + timedelta(days=random.randint(0, days))
        rows[random.choice(STYLES)(day)] = day.isoformat()
    return list(rows.items())
