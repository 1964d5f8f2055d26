"""Puts the steps of the series of a file in the order of time, and says what is odd about their times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.data.numbers.times import moments, odd_times, runs_backwards
from engine.number_text import counted


@dataclass(frozen=True, eq=False)
class TimedSeries:
    """Numbers (T, D); the time of each step as the file writes it, () if unknown; the name of the series, "" if it has
    none."""

    table: NDArray[np.float64]
    times: tuple[str, ...] = ()
    name: str = ""


def in_order_of_time(series: Sequence[TimedSeries], steps: str = "rows") -> tuple[list[TimedSeries], list[str]]:
    """The series, each with its oldest step first where the newest came first, and remarks about their times, one
    sentence each. steps: what the file has for each step."""
    found = [moments(one.times) for one in series]
    backwards = [runs_backwards(one) for one in found]
    forwards = [
        replace(one, table=one.table[::-1], times=one.times[::-1]) if turned else one
        for one, turned in zip(series, backwards, strict=True)
    ]
    found = [one[::-1] if turned else one for one, turned in zip(found, backwards, strict=True)]
    remarks = list[str]()
    if any(backwards):
        remarks.append(f"The {steps}{_of_which(series, backwards)} run backwards in time; they were reversed.")
    return forwards, [*remarks, *_about(forwards, found)]


def _of_which(series: Sequence[TimedSeries], chosen: Sequence[bool]) -> str:
    """Of which of several series something is said; "" of a single one."""
    if len(series) == 1:
        return ""
    if all(chosen):
        return f" of all {len(series):,} series"
    first = next(one.name for one, is_chosen in zip(series, chosen, strict=True) if is_chosen)
    return f" of {sum(chosen):,} of {len(series):,} series, the first of them “{first}”,"


def _about(series: Sequence[TimedSeries], found: Sequence[NDArray[np.float64]]) -> list[str]:
    """A remark about each oddity, with the first of the series that have it. found: their `moments`."""
    odd = [(one.name, about) for one, when in zip(series, found, strict=True) for about in odd_times(one.times, when)]
    if len(series) == 1:
        return [remark for _, (_, remark) in odd]
    remarks = list[str]()
    for oddity in dict.fromkeys(what for _, (what, _) in odd):
        (name, first), *others = [(name, remark) for name, (what, remark) in odd if what == oddity]
        too = f" The same is true of {counted(len(others), 'other series', 'other series')}." if others else ""
        remarks.append(f"In “{name}”, {first[0].lower()}{first[1:]}{too}")
    return remarks
