"""All numbers of a network in one flat vector, cut into named views.

Weights, gradients and optimizer moments share one layout. Whatever treats every number alike (clipping, Adam,
copying, checking, storing) is one line on the flat vector; whatever concerns a single matrix uses its name.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import DTypeLike

from engine.types import FloatArray

Shapes = Mapping[str, tuple[int, ...]]

# Begins the names of numbers that are counted in the data, not learned. They come last and have no gradient.
COUNTED = "counted."
CACHED = 1 << 15  # numbers: five arrays of this length fit in a core's cache
_FLOOR = 1e-6  # added to the norm when clipping, as PyTorch does


def total_size(shapes: Shapes) -> int:
    """How many numbers the named shapes hold in total."""
    return sum(math.prod(shape) for shape in shapes.values())


def learned_shapes(shapes: Shapes) -> dict[str, tuple[int, ...]]:
    """The named shapes without those of numbers that are counted in the data."""
    return {name: shape for name, shape in shapes.items() if not name.startswith(COUNTED)}


def cached_blocks(stop: int, start: int = 0) -> Iterator[slice]:
    """Stretches of a flat vector that are worked through one after the other, so that each stays in a core's cache."""
    for begin in range(start, stop, CACHED):
        yield slice(begin, min(begin + CACHED, stop))


def clip_factor(norm: float, limit: float) -> float:
    """What a gradient of this norm is multiplied by to keep it within the limit; 0 is no limit."""
    return limit / (norm + _FLOOR) if 0 < limit < norm else 1.0


class Parameters(Mapping[str, FloatArray]):
    """Named views into `flat` (P,), in the order of `shapes`. Writing into a view writes into the vector."""

    def __init__(self, shapes: Shapes, dtype: DTypeLike = np.float32, flat: FloatArray | None = None) -> None:
        self.shapes = dict(shapes)
        size = total_size(self.shapes)
        # How many of the numbers are learned: the first ones of `flat`.
        self.learned_size = total_size(learned_shapes(self.shapes))
        if flat is None:
            flat = np.zeros(size, dtype)
        elif flat.shape != (size,):
            raise ValueError(f"flat has shape {flat.shape}; the named shapes need ({size},)")
        self.flat = flat
        self._views: dict[str, FloatArray] = {}
        self.places: dict[str, slice] = {}  # of the names in `flat`
        start = 0
        for name, shape in self.shapes.items():
            stop = start + math.prod(shape)
            self.places[name] = slice(start, stop)
            self._views[name] = flat[start:stop].reshape(shape)
            start = stop

    def __getitem__(self, name: str) -> FloatArray:
        """The view of that name, shaped as in `shapes`. KeyError if there is none."""
        return self._views[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._views)

    def __len__(self) -> int:
        return len(self._views)

    def learned(self) -> dict[str, FloatArray]:
        """The views by name, shaped as in `shapes`, without those of numbers that are counted in the data."""
        return {name: self[name] for name in learned_shapes(self.shapes)}

    def zeros_like(self) -> Parameters:
        """Parameters of the same layout, all zeros."""
        return Parameters(self.shapes, self.flat.dtype)
