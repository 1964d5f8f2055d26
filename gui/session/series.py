"""A list of numbers that grows."""

from __future__ import annotations

import numpy as np

from engine.types import DoubleArray


class Series:
    """A column of numbers that grows; appending costs the same however long it is."""

    def __init__(self, values: DoubleArray | None = None) -> None:
        given = np.empty(0) if values is None else values
        self._length = len(given)
        self._buffer = np.empty(max(1024, 2 * self._length))
        self._buffer[: self._length] = given

    def append(self, value: float) -> None:
        """Add one number at the end."""
        if self._length == len(self._buffer):
            self._grow(self._length + 1)
        self._buffer[self._length] = value
        self._length += 1

    def extend(self, values: DoubleArray) -> None:
        """Add numbers at the end."""
        length = self._length + len(values)
        if length > len(self._buffer):
            self._grow(length)
        self._buffer[self._length : length] = values
        self._length = length

    def _grow(self, length: int) -> None:
        grown = np.empty(2 * length)
        grown[: self._length] = self._buffer[: self._length]
        self._buffer = grown

    def view(self) -> DoubleArray:
        """(length,): a read-only view of the current numbers, which stays valid and does not grow."""
        values = self._buffer[: self._length]
        values.flags.writeable = False
        return values
