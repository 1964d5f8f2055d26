"""Rows of different lengths in one flat array."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

# Below this many values int32 costs nothing worth saving; above it the narrowest type is stored, because a character
# stream in int32 would take four times the file.
PACK_FROM = 1 << 22
# Values handled at once where whole-array temporaries would cost several times the data.
BLOCK = 1 << 20


def narrowest(largest: int) -> np.dtype[Any]:
    """The smallest of uint8, uint16, int32 that holds ids up to `largest`."""
    return np.dtype(np.uint8 if largest < 1 << 8 else np.uint16 if largest < 1 << 16 else np.int32)


class Ragged:
    """Immutable rows of ids: row i is `values[offsets[i]:offsets[i + 1]]`.

    offsets (n+1,) int64. `packed` (N,) is what is stored: int32, or a narrower unsigned type for very long data.
    """

    __slots__ = ("offsets", "packed")

    def __init__(self, values: NDArray[Any], offsets: NDArray[np.int64]) -> None:
        if offsets.ndim != 1 or len(offsets) == 0 or offsets[0] != 0 or offsets[-1] != len(values):
            raise ValueError("offsets begin at 0 and end at the number of values")
        self.packed: NDArray[Any] = values.view()
        self.offsets: NDArray[np.int64] = np.asarray(offsets, np.int64).view()
        self.packed.flags.writeable = False
        self.offsets.flags.writeable = False

    @classmethod
    def of(cls, rows: Iterable[ArrayLike]) -> Self:
        """One row for each array."""
        arrays = [np.asarray(row, np.int32) for row in rows]
        lengths = np.array([len(row) for row in arrays], np.int64)
        values = np.concatenate(arrays) if arrays else np.zeros(0, np.int32)
        return cls.of_lengths(values, lengths)

    @classmethod
    def of_lengths(cls, values: NDArray[Any], lengths: NDArray[Any]) -> Self:
        """Rows of the given lengths (n,), cut from values (sum of lengths,)."""
        offsets = np.zeros(len(lengths) + 1, np.int64)
        np.cumsum(lengths, out=offsets[1:])
        return cls(values, offsets)

    @property
    def values(self) -> NDArray[np.int32]:
        """All values (N,) as int32: a view, but a copy where they are stored narrower (more than four million)."""
        return self.packed.astype(np.int32, copy=False)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """(n,) number of values in each row."""
        return np.diff(self.offsets)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, i: int) -> NDArray[np.int32]:
        """Row i as int32."""
        n = len(self)
        if not -n <= i < n:
            raise IndexError(f"row {i} of {n}")
        i %= n
        return self.packed[self.offsets[i] : self.offsets[i + 1]].astype(np.int32, copy=False)

    def __iter__(self) -> Iterator[NDArray[np.int32]]:
        return (self[i] for i in range(len(self)))

    def part(self, start: int, stop: int) -> NDArray[np.int32]:
        """values[start:stop] as int32 without touching the rest: for windows of a long stream."""
        return self.packed[start:stop].astype(np.int32, copy=False)

    def take(self, indices: ArrayLike) -> Ragged:
        """The rows with these indices, in this order."""
        rows = np.asarray(indices, np.int64)
        if rows.dtype == bool or rows.ndim != 1:
            raise TypeError("take wants a list of row numbers")
        starts, lengths = self.offsets[rows], self.lengths[rows]
        offsets = np.zeros(len(rows) + 1, np.int64)
        np.cumsum(lengths, out=offsets[1:])
        values = np.empty(int(offsets[-1]), self.packed.dtype)
        for first, last in blocks(offsets):
            begin, end = int(offsets[first]), int(offsets[last])
            shift = np.repeat(starts[first:last] - offsets[first:last], lengths[first:last])
            shift += np.arange(begin, end)
            np.take(self.packed, shift, out=values[begin:end], mode="clip")
        return Ragged(values, offsets)

    def remap(self, mapping: NDArray[np.int32]) -> Ragged:
        """Every value v replaced by mapping[v]."""
        largest = int(mapping.max(initial=0))
        dtype = narrowest(largest) if len(self.packed) >= PACK_FROM else np.dtype(np.int32)
        values = np.empty(len(self.packed), dtype)
        table = mapping.astype(dtype)
        for begin in range(0, len(values), BLOCK):
            np.take(table, self.packed[begin : begin + BLOCK], out=values[begin : begin + BLOCK], mode="clip")
        return Ragged(values, self.offsets)

    def counts(self, size: int) -> NDArray[np.int64]:
        """(size,) how often each value occurs."""
        total = np.zeros(size, np.int64)
        for begin in range(0, len(self.packed), BLOCK):
            total += np.bincount(self.packed[begin : begin + BLOCK], minlength=size)
        return total


def blocks(offsets: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Runs of rows (first, last) that hold about BLOCK values each (a longer row is a run of its own)."""
    first, n = 0, len(offsets) - 1
    while first < n:
        last = int(np.searchsorted(offsets, offsets[first] + BLOCK, side="right")) - 1
        last = min(max(last, first + 1), n)
        yield first, last
        first = last


def concatenate(parts: Sequence[Ragged]) -> Ragged:
    """The rows of all parts, one after the other."""
    values = np.concatenate([part.packed for part in parts])
    return Ragged.of_lengths(values, np.concatenate([part.lengths for part in parts]))
