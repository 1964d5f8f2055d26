"""The recurrent state of a whole network between two steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from engine.types import FloatArray, IntArray

States = list[FloatArray]  # of one layer in one direction: one array for each state of the cell


@dataclass(frozen=True, eq=False)
class StackStates:
    """The state that a stack of layers carries from step to step, or its gradient: layers[layer][direction][state] (B,
    H)."""

    layers: list[list[States]]

    def __getitem__(self, layer: int) -> list[States]:
        """Of one layer: [direction][state] (B, H)."""
        return self.layers[layer]

    def __iter__(self) -> Iterator[list[States]]:
        return iter(self.layers)

    @property
    def batch(self) -> int:
        """B, the number of sequences."""
        return len(self.layers[0][0][0])

    def arrays(self) -> Iterator[FloatArray]:
        """All arrays (B, H), by layer, direction and state."""
        return (state for layer in self.layers for part in layer for state in part)

    def map(self, change: Callable[[FloatArray], FloatArray]) -> Self:
        """The states with a function applied to every array (B, H)."""
        return type(self)([[[change(state) for state in part] for part in layer] for layer in self.layers])

    def take(self, sequences: IntArray) -> Self:
        """The states of some sequences, in this order: indices (n,) → arrays (n, H)."""
        return self.map(lambda state: state[sequences])

    def copy(self) -> Self:
        """A copy that shares no memory."""
        return self.map(np.copy)

    def zeros_like(self) -> Self:
        """Zeros of the same shapes."""
        return self.map(np.zeros_like)

    @classmethod
    def joined(cls, pieces: Sequence[Self], order: IntArray) -> Self:
        """Pieces of n sequences each, arrays (n, H) → all B sequences, reordered by the indices `order` (B,)."""
        arrays = [iter(piece.arrays()) for piece in pieces]
        return pieces[0].map(lambda _: np.concatenate([next(states) for states in arrays])[order])
