"""A forecast as a table: a row for each step, with the figures of all columns of the series side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.data.codec import Kind
from engine.models.answer_types import Forecast
from engine.number_text import counted

_FIGURES: Final = ("mean", "deviation", "lower", "upper")
SERIES_NAME: Final = str(Kind.SERIES)  # the column that names the series, where a file has several
BAND: Final = "90 % of the futures lie between lower and upper."


def too_few_read(steps: int, lag: int) -> str:
    """A sentence, if a series has fewer steps than the network looks back; "" otherwise."""
    if steps >= lag:
        return ""
    why = f"the network counts from {lag} steps earlier, and from the first value where there is none that early"
    return f"The series has {counted(steps, 'step')}, too few for a good forecast: {why}."


@dataclass(frozen=True, eq=False)
class ForecastTable:
    """The figures of a forecast whose first step is number `first` of the series; times: of its steps, () if unknown.
    Of a network that has learned no uncertainty, the means alone."""

    found: Forecast
    names: Sequence[str]
    first: int = 1
    times: Sequence[str] = ()

    @property
    def figures(self) -> tuple[str, ...]:
        """What is known of each column of the series."""
        return _FIGURES if np.isfinite(self.found.deviation).all() else _FIGURES[:1]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns: step, time, sales mean, sales deviation, …"""
        when = ("step", "time") if self.times else ("step",)
        return (*when, *(f"{name} {figure}" for name in self.names for figure in self.figures))

    def steps(self) -> Iterator[tuple[tuple[int | str, ...], dict[str, dict[str, float]]]]:
        """Of each step: its number and time, and the figures of each column by their names."""
        for t in range(len(self.found.mean)):
            by_name = {
                name: {figure: float(getattr(self.found, figure)[t, k]) for figure in self.figures}
                for k, name in enumerate(self.names)
            }
            yield (self.first + t, *self.times[t : t + 1]), by_name

    def rows(self) -> Iterator[tuple[int | float | str, ...]]:
        """A row for each step, with the numbers to six digits."""
        for when, by_name in self.steps():
            yield *when, *(float(f"{value:.6g}") for figures in by_name.values() for value in figures.values())
