"""What layers compute with: weights, gradients, and memory for one training step, allocated once and reused.

Touching a new large array causes page faults, which in a small network take longer than the arithmetic.
The arena hands out consecutive pieces of one block; `reset` at the start of the next step frees the whole block. So two
uses of the same layer within one step never share memory, and memory does not grow over a long run.
"""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np
from numpy.typing import DTypeLike

from engine.interruption import go_on
from engine.network.parameters import Parameters
from engine.types import FloatArray

_ALIGNMENT_BYTES = 64  # a cache line, and the width of an AVX-512 register
_MAX_SURPLUS = 8  # a block this many times larger than a whole step needed is released


class Arena:
    """A bump allocator for arrays of one dtype; its arrays are valid until `reset`."""

    def __init__(self, dtype: DTypeLike) -> None:
        self.dtype = np.dtype(dtype)
        self._step = _ALIGNMENT_BYTES // self.dtype.itemsize
        self._block: FloatArray = np.empty(0, self.dtype)
        self._used = 0

    def reset(self) -> None:
        """Forget everything handed out; grow the block if the last step did not fit."""
        if self._used > self._block.size or self._used * _MAX_SURPLUS < self._block.size:
            raw = np.empty(self._used + self._step, self.dtype)
            start = (-raw.ctypes.data % _ALIGNMENT_BYTES) // self.dtype.itemsize
            self._block = raw[start : start + self._used]
        self._used = 0

    def take(self, *shape: int) -> FloatArray:
        """An array of the given shape, contents undefined."""
        size = math.prod(shape)
        start = self._used
        # one line more than needed, or pieces with power-of-two sizes would all start at the same place in the cache
        self._used = start + (-(-size // self._step) + 1) * self._step
        if self._used > self._block.size:
            return np.empty(shape, self.dtype)
        return self._block[start : start + size].reshape(shape)

    def zeros(self, *shape: int) -> FloatArray:
        """An array of zeros of the given shape."""
        array = self.take(*shape)
        array.fill(0)
        return array

    def ones(self, *shape: int) -> FloatArray:
        """An array of ones of the given shape: a product with it is the fastest sum of rows."""
        array = self.take(*shape)
        array.fill(1)
        return array


class Workspace:
    """The arrays that the layers of one network compute with: weights, gradients and scratch."""

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters
        self.arena = Arena(parameters.flat.dtype)

    @cached_property
    def gradients(self) -> Parameters:
        """Laid out like the parameters. Never allocated for a network that is used but not trained."""
        return self.parameters.zeros_like()

    def move_weights(self, flat: FloatArray) -> None:
        """Keep the weights in this vector (P,) from now on, which takes over their values."""
        flat[:] = self.parameters.flat
        self.parameters = Parameters(self.parameters.shapes, flat=flat)

    def reset(self) -> None:
        """Begin a step: all scratch arrays of the previous one are free again. Raises UnwantedError like `go_on`."""
        go_on()
        self.arena.reset()
