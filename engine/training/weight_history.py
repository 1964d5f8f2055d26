"""How the distributions of weights and gradients change during a run: a bounded number of histograms."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

BINS = 64
PIECE = 1 << 16  # numbers processed at once
MOST_MOMENTS = 128  # most moments kept beside the newest; beyond that every second one is dropped
WEIGHTS_A_STEP = 1 << 15  # most weights copied for the history, on average; a training step touches each much oftener
FIRST_REACH = 2.0**-20  # initial reach of a histogram to either side of zero; it doubles until everything is inside

Counts = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, eq=False)
class Spread:
    """The distribution of some numbers: a histogram (BINS,) between −reach and +reach, and their Euclidean norm."""

    counts: Counts
    reach: float
    norm: float


@dataclass(frozen=True, eq=False)
class WeightMoment:
    """All parameters after one training step: their weights, and their gradients on some training examples."""

    step: int
    weights: Mapping[str, Spread]
    gradients: Mapping[str, Spread]

    def spreads(self, gradients: bool) -> Mapping[str, Spread]:
        """The distributions of the gradients, or of the weights."""
        return self.gradients if gradients else self.weights


def spread_of(values: np.ndarray[Any, Any]) -> Spread:
    """The histogram of numbers of any shape; non-finite values fall in no bin and make the norm NaN."""
    largest, squares, finite = 0.0, 0.0, 0
    for piece in _pieces(values):
        largest = max(largest, float(np.abs(piece).max(initial=0.0)))
        squares += float((piece**2).sum())
        finite += len(piece)
    reach = FIRST_REACH
    while reach < largest and reach < 1e300:
        reach *= 2.0
    counts = np.zeros(BINS, np.int64)
    for piece in _pieces(values):
        counts += np.histogram(piece, BINS, (-reach, reach))[0]
    return Spread(counts, reach, float(np.sqrt(squares)) if finite == np.size(values) else float("nan"))


def _pieces(values: np.ndarray[Any, Any]) -> Iterator[np.ndarray[Any, np.dtype[np.float64]]]:
    """The finite numbers, piece by piece: a large network in double precision would take several times its memory."""
    flat = np.ravel(values)
    for begin in range(0, len(flat), PIECE):
        piece = flat[begin : begin + PIECE].astype(np.float64)
        yield piece[np.isfinite(piece)]


def widened(spread: Spread, reach: float) -> Counts:
    """(BINS,) the same counts on a longer axis; `reach` is the spread's own times a power of two."""
    counts, own = spread.counts, spread.reach
    while own < reach:
        pairs = counts.reshape(-1, 2).sum(axis=1)
        counts = np.zeros_like(counts)
        counts[BINS // 4 : BINS // 4 + BINS // 2] = pairs
        own *= 2.0
    return counts


def stride_at(made: int) -> int:
    """Steps between two moments of a history that reaches over this many steps; it doubles as they become more."""
    return 1 << (made // MOST_MOMENTS).bit_length()


def is_due(made: int, weights: int) -> bool:
    """Whether the weights are to be recorded after this many steps. weights: their number; large ones are recorded less
    often. Depends on nothing else, so that the same training always leaves the same history.
    """
    return made % max(stride_at(made), 1 << (max(0, weights - 1) // WEIGHTS_A_STEP).bit_length()) == 0


class WeightHistory:
    """Moments in order of step, spread evenly over the run however long it gets."""

    def __init__(self) -> None:
        self.moments: list[WeightMoment] = []

    @property
    def stride(self) -> int:
        """Steps for which one moment is kept."""
        return stride_at(self.moments[-1].step - self.moments[0].step) if self.moments else 1

    def add(self, moment: WeightMoment) -> None:
        """Keep this moment if there is none of its step and it is the first of its stride; the newest is always kept.
        Moments may come in any order, except that the first one stays the first."""
        place = bisect_left(self.moments, moment.step, key=lambda one: one.step)
        if place < len(self.moments) and self.moments[place].step == moment.step:
            return
        self.moments.insert(place, moment)
        begin, stride = self.moments[0].step, self.stride
        first = {(one.step - begin) // stride: one for one in reversed(self.moments)}
        kept = list(reversed(first.values()))
        self.moments = kept if kept[-1] is self.moments[-1] else [*kept, self.moments[-1]]

    def names(self) -> tuple[str, ...]:
        """The names of the parameters."""
        return tuple(self.moments[-1].weights) if self.moments else ()

    def shares(self, name: str, gradients: bool = False) -> tuple[np.ndarray[Any, np.dtype[np.float64]], float]:
        """(BINS, moments) share of the weights (or gradients) of a parameter in each bin at each moment, largest first;
        and the reach of the bins to either side of zero."""
        spreads = [moment.spreads(gradients)[name] for moment in self.moments]
        reach = max((spread.reach for spread in spreads), default=1.0)
        if not spreads:
            return np.zeros((BINS, 0)), reach
        counts = np.stack([widened(spread, reach) for spread in spreads], axis=1).astype(np.float64)
        return counts[::-1] / np.maximum(counts.sum(axis=0, keepdims=True), 1.0), reach
