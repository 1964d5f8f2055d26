"""Rules that turn a gradient into a step, on the flat vector of all weights.

Each update is the rule of PyTorch's optimizer of the same name. The clip factor is folded into the constants, and the
vector is worked through in blocks that stay in the cache.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import ClassVar, NamedTuple, final

import numpy as np

from engine.config import TrainingConfig
from engine.network.parameters import CACHED, cached_blocks
from engine.types import FloatArray


class _Block(NamedTuple):
    """The same stretch (n,) of each of the flat vectors; `spare` is scratch of its size."""

    weights: FloatArray
    gradient: FloatArray
    moments: list[FloatArray]
    spare: FloatArray


class VectorPart(NamedTuple):
    """A part of the flat vector. share: of the learning rate, which it moves by. width: the length of its rows, if only
    those with a gradient move; 0: it moves as a whole."""

    place: slice
    share: float = 1.0
    width: int = 0


class Optimizer(ABC):
    """Holds the moments, (P,) by name: its whole state, besides the number of steps.

    high_rate: the learning rate from which a run that learns little probably suffers from too large steps.
    """

    names: ClassVar[tuple[str, ...]] = ()
    high_rate: ClassVar[float] = 1.0

    def __init__(self, config: TrainingConfig, weights: FloatArray, special: Sequence[VectorPart] = ()) -> None:
        """weights (P,). special: parts of it that do not move like the rest, from first to last."""
        self.config = config
        self.moments = {name: np.zeros_like(weights) for name in self.names}
        self.steps = 0
        self._special = special
        self._spare = np.empty(min(CACHED, len(weights)), weights.dtype)

    def step(self, weights: FloatArray, gradient: FloatArray, learning_rate: float, scale: float) -> None:
        """Move the weights (P,) in place, along the gradient (P,) times `scale`, which comes from clipping."""
        self.steps += 1
        for place, share, width in self._parts(len(weights)):
            if width:
                self._move_rows(place, width, weights, gradient, share * learning_rate, scale)
                continue
            for part in cached_blocks(place.stop, place.start):
                moments = [self.moments[name][part] for name in self.names]
                piece = weights[part]
                block = _Block(piece, gradient[part], moments, self._spare[: len(piece)])
                self._move(block, share * learning_rate, scale)

    def _parts(self, size: int) -> Iterator[VectorPart]:
        """The whole vector in parts."""
        begin = 0
        for part in self._special:
            yield VectorPart(slice(begin, part.place.start))
            yield part
            begin = part.place.stop
        yield VectorPart(slice(begin, size))

    def _move_rows(
        self, place: slice, width: int, weights: FloatArray, gradient: FloatArray, rate: float, scale: float
    ) -> None:
        """Move the rows of a table that have a gradient; the others keep their weights and moments."""
        tables = [flat[place].reshape(-1, width) for flat in (weights, gradient, *self.moments.values())]
        read = np.flatnonzero(tables[1].any(axis=1))
        at_once = max(1, CACHED // width)
        for begin in range(0, len(read), at_once):
            rows = read[begin : begin + at_once]
            moved, slope, *moments = (table[rows].reshape(-1) for table in tables)
            spare = self._spare if len(moved) <= len(self._spare) else np.empty_like(moved)
            self._move(_Block(moved, slope, moments, spare[: len(moved)]), rate, scale)
            for table, values in zip((tables[0], *tables[2:]), (moved, *moments), strict=True):
                table[rows] = values.reshape(len(rows), width)

    @abstractmethod
    def _move(self, block: _Block, rate: float, scale: float) -> None:
        """Move one block. rate: the learning rate; scale: factor on the gradient."""


@final
class SGD(Optimizer):
    """w ← w − rate · g."""

    def _move(self, block: _Block, rate: float, scale: float) -> None:
        weights, gradient, _, spare = block
        np.multiply(gradient, rate * scale, out=spare)
        np.subtract(weights, spare, out=weights)


def _gain_speed(block: _Block, momentum: float, scale: float) -> None:
    """m ← μ m + g; the scaled gradient g is left in the spare array."""
    _, gradient, (velocity,), spare = block
    np.multiply(velocity, momentum, out=velocity)
    np.multiply(gradient, scale, out=spare)
    np.add(velocity, spare, out=velocity)


@final
class Momentum(Optimizer):
    """m ← μ m + g; w ← w − rate · m."""

    names = ("velocity",)
    high_rate = 0.1  # nine tenths of each step are taken again: ten steps in one

    def _move(self, block: _Block, rate: float, scale: float) -> None:
        weights, _, (velocity,), spare = block
        _gain_speed(block, self.config.momentum, scale)
        np.multiply(velocity, rate, out=spare)
        np.subtract(weights, spare, out=weights)


@final
class Nesterov(Optimizer):
    """m ← μ m + g; w ← w − rate · (g + μ m). Nesterov (1983) in the form of Sutskever et al. (2013)."""

    names = ("velocity",)
    high_rate = 0.1  # nine tenths of each step are taken again: ten steps in one

    def _move(self, block: _Block, rate: float, scale: float) -> None:
        weights, _, (velocity,), spare = block
        _gain_speed(block, self.config.momentum, scale)
        np.multiply(spare, rate, out=spare)
        np.subtract(weights, spare, out=weights)
        np.multiply(velocity, rate * self.config.momentum, out=spare)
        np.subtract(weights, spare, out=weights)


@final
class RMSprop(Optimizer):
    """v ← α v + (1 − α) g²; w ← w − rate · g / (√v + ε). Tieleman and Hinton (2012), α = 0.99, ε = 1e-8."""

    names = ("square",)
    high_rate = 0.03  # each weight moves by about the rate, however small its gradient

    def _move(self, block: _Block, rate: float, scale: float) -> None:
        weights, gradient, (square,), spare = block
        np.multiply(gradient, gradient, out=spare)
        np.multiply(spare, 0.01 * scale * scale, out=spare)
        np.multiply(square, 0.99, out=square)
        np.add(square, spare, out=square)
        np.sqrt(square, out=spare)
        np.add(spare, 1e-8, out=spare)
        np.divide(gradient, spare, out=spare)
        np.multiply(spare, rate * scale, out=spare)
        np.subtract(weights, spare, out=weights)


class Adam(Optimizer):
    """m ← β₁ m + g; v ← β₂ v + g²; w ← w − rate · m̂ / (√v̂ + ε). Kingma and Ba (2015), β = 0.9, 0.999, ε = 1e-8.

    The moments are kept as sums; the factors 1 − β that make them means go into the two constants of a step.
    """

    names = ("mean", "square")
    high_rate = 0.03  # as for RMSprop

    def _move(self, block: _Block, rate: float, scale: float) -> None:
        weights, gradient, (mean, square), spare = block
        if scale != 1:
            gradient = np.multiply(gradient, scale, out=spare)
        np.multiply(mean, 0.9, out=mean)
        np.add(mean, gradient, out=mean)
        np.multiply(gradient, gradient, out=spare)
        np.multiply(square, 0.999, out=square)
        np.add(square, spare, out=square)
        np.sqrt(square, out=spare)
        # m̂ = (1 − β₁) m / (1 − β₁ᵗ), √v̂ = √((1 − β₂) v / (1 − β₂ᵗ)): one factor on the rate, one on ε
        mean_factor = 0.1 / (1 - 0.9**self.steps)
        root_factor = math.sqrt(0.001 / (1 - 0.999**self.steps))
        np.add(spare, 1e-8 / root_factor, out=spare)
        np.divide(mean, spare, out=spare)
        np.multiply(spare, rate * mean_factor / root_factor, out=spare)
        np.subtract(weights, spare, out=weights)


@final
class AdamW(Adam):
    """Adam after w ← w · (1 − rate · decay). Loshchilov and Hutter (2019)."""

    def _move(self, block: _Block, rate: float, scale: float) -> None:
        np.multiply(block.weights, 1 - rate * self.config.weight_decay, out=block.weights)
        super()._move(block, rate, scale)


OPTIMIZERS: dict[str, type[Optimizer]] = {
    "sgd": SGD,
    "momentum": Momentum,
    "nesterov": Nesterov,
    "rmsprop": RMSprop,
    "adam": Adam,
    "adamw": AdamW,
}
