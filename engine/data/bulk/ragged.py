"""Rows of different lengths in one flat array: rows of ids, or of frames of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

# From this many values on, the narrowest type is stored: a stream of characters as int32 would take four times the
# size of the file. Below that, int32 costs too little to matter.
PACK_FROM = 1 << 22
# How many values are handled at once if temporaries for the whole array would take several times its memory.
BLOCK = 1 << 18
# The same if each value becomes eight bytes, so that the block stays in the cache.
_SMALL_BLOCK = 1 << 15


def narrowest(largest: int) -> np.dtype[Any]:
    """The smallest of uint8, uint16, int32 that holds ids up to `largest`."""
    return np.dtype(np.uint8 if largest < 1 << 8 else np.uint16 if largest < 1 << 16 else np.int32)


class Ragged:
    """Immutable rows of ids, or of frames: row i is `values[offsets[i]:offsets[i + 1]]`.

    offsets (n+1,) int64, or int32 for very long data. `packed` is what is stored: ids (N,) as int32, or a narrower
    unsigned type for very long data; frames of D numbers (N, D) as float32.
    """

    __slots__ = ("offsets", "packed")

    def __init__(self, values: NDArray[Any], offsets: NDArray[Any]) -> None:
        if offsets.ndim != 1 or len(offsets) == 0 or offsets[0] != 0 or offsets[-1] != len(values):
            raise ValueError("offsets begin at 0 and end at the number of values")
        self.packed: NDArray[Any] = values.view()
        self.offsets: NDArray[Any] = offsets.view()
        self.packed.flags.writeable = False
        self.offsets.flags.writeable = False

    def __reduce__(self) -> tuple[Any, ...]:
        """For pickling: arrays stay read-only, and rows without values take no memory in the other process either."""
        if self.offsets.strides == (0,):
            return Ragged.empty, (len(self),)
        return Ragged, (self.packed, self.offsets)

    @classmethod
    def of(cls, rows: Iterable[ArrayLike]) -> Self:
        """Make one row from each array of ids (T,)."""
        arrays = [np.asarray(row, np.int32) for row in rows]
        lengths = np.array([len(row) for row in arrays], np.int64)
        values = np.concatenate(arrays) if arrays else np.zeros(0, np.int32)
        return cls.of_lengths(values, lengths)

    @classmethod
    def of_frames(cls, rows: Sequence[NDArray[np.float32]]) -> Self:
        """Make one row of frames from each array (T, D); at least one array is needed."""
        return cls.of_lengths(np.concatenate(rows), np.array([len(row) for row in rows], np.int64))

    @classmethod
    def of_lengths(cls, values: NDArray[Any], lengths: NDArray[Any]) -> Self:
        """Rows of the given lengths (n,), cut from values (sum of lengths,)."""
        return cls(values, offsets_of(lengths, len(values)))

    @classmethod
    def empty(cls, rows: int) -> Self:
        """Rows without values; they take no memory."""
        return cls(np.zeros(0, np.int32), np.broadcast_to(np.int64(0), (rows + 1,)))

    @property
    def values(self) -> NDArray[Any]:
        """All values: frames (N, D) as they are stored, or ids (N,) as int32. Ids are a view, or a copy if they are
        stored in a narrower type (above four million)."""
        return self._wide(self.packed)

    def _wide(self, stored: NDArray[Any]) -> NDArray[Any]:
        return stored if stored.dtype.kind == "f" else stored.astype(np.int32, copy=False)

    @property
    def lengths(self) -> NDArray[Any]:
        """(n,): number of values in each row."""
        return np.diff(self.offsets)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, i: int) -> NDArray[Any]:
        """Row i: ids (T,) as int32, or frames (T, D)."""
        n = len(self)
        if not -n <= i < n:
            raise IndexError(f"row {i} of {n}")
        i %= n
        return self._wide(self.packed[self.offsets[i] : self.offsets[i + 1]])

    def __iter__(self) -> Iterator[NDArray[Any]]:
        return (self[i] for i in range(len(self)))

    def part(self, start: int, stop: int) -> NDArray[Any]:
        """values[start:stop]: ids (stop − start,) as int32, or frames (stop − start, D); the rest is not converted."""
        return self._wide(self.packed[start:stop])

    def take(self, indices: ArrayLike) -> Ragged:
        """The rows with these indices (m,), none negative, in this order. TypeError for a mask."""
        rows = np.asarray(indices)
        if rows.dtype == bool:
            raise TypeError("take wants row numbers, not a mask")
        rows = rows.astype(np.int64, copy=False)
        starts = self.offsets[rows]
        lengths = self.offsets[1:][rows] - starts
        offsets = offsets_of(lengths, int(lengths.sum()))
        values = np.empty((int(offsets[-1]), *self.packed.shape[1:]), self.packed.dtype)
        for first, last in blocks(offsets):
            begin, end = int(offsets[first]), int(offsets[last])
            shift = np.repeat(starts[first:last] - offsets[first:last], lengths[first:last])
            shift += np.arange(begin, end)
            np.take(self.packed, shift, axis=0, out=values[begin:end], mode="clip")
        return Ragged(values, offsets)


def blocks(offsets: NDArray[Any]) -> Iterator[tuple[int, int]]:
    """Ranges of rows (first, last) with about BLOCK values each; a longer row is a range of its own."""
    first, n = 0, len(offsets) - 1
    while first < n:
        # In the type of the offsets; with another type the search would copy them all.
        limit = offsets.dtype.type(min(int(offsets[first]) + BLOCK, int(offsets[-1])))
        last = int(np.searchsorted(offsets, limit, side="right")) - 1
        last = min(max(last, first + 1), n)
        yield first, last
        first = last


def offsets_of(lengths: NDArray[Any], total: int) -> NDArray[Any]:
    """lengths (n,) → offsets (n+1,)."""
    offsets = np.zeros(len(lengths) + 1, np.int32 if PACK_FROM <= total < 1 << 31 else np.int64)
    for begin in range(0, len(lengths), BLOCK):  # a single call for millions of rows would freeze the window
        piece = offsets[begin + 1 : begin + 1 + BLOCK]
        np.cumsum(lengths[begin : begin + BLOCK], out=piece)
        np.add(piece, offsets[begin], out=piece)
    return offsets


def count_values(values: NDArray[Any], size: int) -> NDArray[np.int64]:
    """(size,): how often each id below `size` occurs in values (N,)."""
    total = np.zeros(size, np.int64)
    if values.dtype == np.uint8 and len(values) >= PACK_FROM:
        # Two at a time, as one 16-bit number.
        pairs = count_values(values[: len(values) // 2 * 2].view(np.uint16), 1 << 16).reshape(256, 256)
        counts: NDArray[np.int64] = pairs.sum(0) + pairs.sum(1)
        counts[values[len(values) // 2 * 2 :]] += 1
        return counts[:size]
    step = max(_SMALL_BLOCK, size)
    for begin in range(0, len(values), step):
        total += np.bincount(values[begin : begin + step], minlength=size)
    return total


def remap(values: NDArray[Any], mapping: NDArray[np.int32]) -> NDArray[Any]:
    """values (N,), mapping (V,) → (N,): every id v replaced by mapping[v], in place if the type allows it, because
    there may be a great many."""
    wide = narrowest(int(mapping.max(initial=0))).itemsize > values.dtype.itemsize
    result = np.empty(len(values), narrowest(int(mapping.max(initial=0)))) if wide else values
    table = mapping.astype(result.dtype)
    for begin in range(0, len(values), _SMALL_BLOCK):
        piece = values[begin : begin + _SMALL_BLOCK]
        result[begin : begin + _SMALL_BLOCK] = table.take(piece, mode="clip")
    return result


def split_in_place(values: NDArray[Any], offsets: NDArray[Any], chosen: NDArray[np.bool_]) -> tuple[Ragged, Ragged]:
    """Rows (values, offsets) → (rows not chosen, chosen rows), both in their original order.

    The rows not chosen reuse the memory of `values`, which must own it and must not be used afterwards.
    """
    lengths = np.diff(offsets)
    moved_offsets = offsets_of(lengths[chosen], len(values))
    kept_offsets = offsets_of(lengths[~chosen], len(values))
    moved = np.empty(int(moved_offsets[-1]), values.dtype)
    kept_end = moved_end = 0
    for first, last in blocks(offsets):
        piece = values[int(offsets[first]) : int(offsets[last])]
        inside = np.repeat(chosen[first:last], lengths[first:last])
        out = piece[inside]
        moved[moved_end : moved_end + len(out)] = out
        moved_end += len(out)
        # Rows only move towards the front, so none is overwritten before it has moved.
        rest = piece[~inside]
        values[kept_end : kept_end + len(rest)] = rest
        kept_end += len(rest)
    values.resize(kept_end, refcheck=False)
    return Ragged(values, kept_offsets), Ragged(moved, moved_offsets)
