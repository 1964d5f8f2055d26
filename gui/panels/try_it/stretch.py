"""The piece of a series that a forecast begins from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple, Self

import numpy as np

import engine
from engine.data.examples import Examples
from engine.data.numbers.next_times import times_after
from engine.types import FloatArray
from gui.plots.forecast_plot import Stroke

SHOWN = 120  # steps of the series
MOST_EARLIER = 2000  # steps before those that are read too


@dataclass(frozen=True, eq=False)
class Stretch:
    """A piece of a series. values (T, D), in their own units. before: how many steps come before it; earlier (n, D):
    the last ones of these. drawn: whether some of the values were drawn by hand. times: of all steps of the series, ()
    if unknown. trained: how many of the first values the network was trained on; None: unknown, as of a series from a
    file. name: what its file calls the series, "" where it has no name for it. Equal only to itself."""

    values: FloatArray
    before: int = 0
    drawn: bool = False
    earlier: FloatArray | None = None
    times: tuple[str, ...] = ()
    trained: int | None = None
    name: str = ""

    @classmethod
    def at_the_end(
        cls, whole: FloatArray, length: int = 0, times: tuple[str, ...] = (), held_out: int | None = None
    ) -> Self:  # fmt: skip
        """The last steps of a series. length: of the series, if `whole` is only the end of it. held_out: how many of
        its last steps the network was not trained on."""
        values = whole[-SHOWN:]
        before = max(len(whole), length) - len(values)
        trained = None if held_out is None else max(len(values) - held_out, 0)
        return cls(values, before, earlier=whole[:-SHOWN][-MOST_EARLIER:], times=times, trained=trained)

    def up_to(self, now: int) -> FloatArray:
        """What the network reads for a forecast from the first `now` values on."""
        known = self.values[:now]
        return known if self.earlier is None else np.concatenate([self.earlier, known])

    def last_season(self, now: int, period: int) -> FloatArray:
        """(period, D) the values before `now` that make up one season; none if there are fewer."""
        read = self.up_to(now)
        return read[len(read) - period :] if len(read) >= period else read[:0]


class OwnSeries(NamedTuple):
    """A series of the data. name: "" if it has none. places: of the examples that hold out pieces of it, the last
    one at its end; or of the one that is trained on, where nothing is held out. times: of all its steps, () if
    unknown."""

    name: str
    places: tuple[int, ...]
    times: tuple[str, ...] = ()

    def end(self, dataset: engine.Dataset) -> Stretch:
        """Held-out values at its end and what comes before them, in their own units."""
        train, part = dataset.train, _held_out(dataset)
        whole, places = part[self.places[-1]].source, list(self.places)
        if part is train:
            held, before = 0, 0
        elif dataset.config.validation_file:
            held, before = len(whole), int(train.source.lengths.sum()) if len(train) == len(part) == 1 else 0
        else:
            held = int(part.target.lengths[places].sum())
            trained = train.names.index(self.name) if self.name else len(train) - 1
            before = int(train.source.lengths[trained]) if self.name or len(train) == 1 else 0
        return replace(Stretch.at_the_end(whole, before + held, self.times, held), name=self.name)


def own_series(dataset: engine.Dataset) -> tuple[OwnSeries, ...]:
    """The series of the data, of those without names the last one; none without data."""
    train, part = dataset.train, _held_out(dataset)
    pieces = dict[str, list[int]]()
    for place in range(len(part)):
        name = part.names[place] if part.names else ""
        whole = name.rpartition(", part ")[0]  # of a long one, several pieces are held out
        pieces.setdefault(whole if whole in train.names else name, []).append(place)
    times = dataset.series_times if len(dataset.series_times) == len(pieces) else ((),) * len(pieces)
    return tuple(OwnSeries(name, tuple(pieces[name]), when) for name, when in zip(pieces, times, strict=True))


def _held_out(dataset: engine.Dataset) -> Examples:
    return dataset.validation if len(dataset.validation) else dataset.train


def times_in(stretch: Stretch, first: int, steps: int) -> tuple[str, ...]:
    """The times of so many steps of the series from one on, counted from 0; () if one of them is unknown."""
    times = (*stretch.times, *times_after(stretch.times, steps))
    return times[first : first + steps] if first + steps <= len(times) else ()


def drawn_over(stretch: Stretch, column: int, stroke: Stroke) -> Stretch:
    """The stretch with one column changed where the mouse went; x counts the steps of the series from 1."""
    left, right = sorted((stroke.start, stroke.end), key=lambda point: point.x())
    first = stretch.before + 1
    begin = max(round(left.x()) - first, 0)
    stop = min(round(right.x()) - first + 1, len(stretch.values))
    if begin >= stop:
        return stretch
    values = stretch.values.copy()
    steps = np.arange(begin, stop) + first
    values[begin:stop, column] = np.interp(steps, (left.x(), right.x()), (left.y(), right.y()))
    return replace(stretch, values=values)
