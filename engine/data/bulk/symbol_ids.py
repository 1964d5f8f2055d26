"""Ids for distinct texts: many are looked up at once, in a hash table made of arrays.

Texts are compared eight bytes at a time, as one integer. Whatever the hash finds is compared in full, so two texts
never share an id, even if they share a hash.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.data.bulk.text_array import Texts

_EIGHT: Final = 8
# (9,): masks for the first 0 to 8 of eight bytes.
_MASKS: Final = np.array([(1 << (8 * k)) - 1 for k in range(_EIGHT + 1)], np.uint64)
# Odd numbers with irregular bits: the golden ratio, and the constants of splitmix64 (Steele, Lea and Flood 2014).
_STIR: Final = tuple(np.uint64(k) for k in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
_HALF: Final = np.uint64(32)
_LOW: Final = np.uint64(2**32 - 1)
# Longer texts are not words. They are looked up one by one, to save a pass over the table for a single text.
_LONGEST_BYTES: Final = 128
_FIRST_SLOTS: Final = 1 << 12
_MANY_SLOTS: Final = 1 << 18


def eights_of(data: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """data (N,) → (N - 7,): the eight bytes that start at each position, the first in the lowest bits; no copy."""
    return np.ndarray((len(data) - _EIGHT + 1,), np.dtype("<u8"), data, 0, (1,))


def hash_texts(
    eights: NDArray[np.uint64], starts: NDArray[np.int64], sizes: NDArray[np.int64]
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """The first eight of the sizes[i] bytes at starts[i], and a 64-bit hash of all of them.

    (n,), (n,) → (n,), (n,)
    """
    heads = _part(eights, starts, sizes)
    result = sizes.astype(np.uint64)
    result *= _STIR[0]
    result ^= heads
    result *= _STIR[1]
    result ^= result >> _HALF
    done = _EIGHT
    rows = np.flatnonzero(sizes > done)
    while len(rows):
        mixed = result[rows] ^ _part(eights, starts[rows] + done, sizes[rows] - done)
        mixed *= _STIR[2]
        mixed ^= mixed >> _HALF
        result[rows] = mixed
        done += _EIGHT
        rows = rows[sizes[rows] > done]
    result *= _STIR[0]
    return heads, result


def head_masks(sizes: NDArray[np.int64]) -> NDArray[np.uint64]:
    """(n,) which bits of the first eight bytes belong to texts of these sizes."""
    return _MASKS[np.minimum(sizes, _EIGHT)]


def _part(eights: NDArray[np.uint64], starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Up to eight bytes at each position; zeros after the end of the text."""
    return eights[starts] & head_masks(sizes)


class SymbolIds:
    """text → id, in order of appearance. `symbols` are the texts by id."""

    def __init__(self) -> None:
        self.symbols: list[str] = []
        # Open addressing. A slot holds the first eight bytes of a text, and its id and size + 1 in one integer: 0 in
        # a free slot. `_entries` holds the same by id, and the hashes, for filling a larger table.
        self._slots = np.zeros((_FIRST_SLOTS, 2), np.uint64)
        self._entries = np.zeros((_FIRST_SLOTS, 3), np.uint64)
        self._count = 0
        # By id: where the bytes of a text after the first eight start in `_more`.
        self._places = np.zeros(_FIRST_SLOTS, np.int32)
        self._more = np.zeros(_FIRST_SLOTS, np.uint64)
        self._more_count = 0
        self._long: dict[bytes, int] = {}

    def __len__(self) -> int:
        return len(self.symbols)

    def of(self, texts: Texts) -> NDArray[np.int32]:
        """Texts (n,) → ids (n,)."""
        sizes = texts.sizes
        if int(sizes.max(initial=0)) <= _LONGEST_BYTES:
            return self._of_short(texts, sizes)
        short = np.flatnonzero(sizes <= _LONGEST_BYTES)
        result = np.empty(len(texts), np.int32)
        result[short] = self._of_short(texts.take(short), sizes[short])
        for row in np.flatnonzero(sizes > _LONGEST_BYTES).tolist():
            key = texts.data[texts.starts[row] : texts.ends[row]].tobytes()
            number = self._long.get(key)
            if number is None:
                number = self._long[key] = len(self.symbols)
                self.symbols.append(texts[row])
            result[row] = number
        return result

    def _of_short(self, texts: Texts, sizes: NDArray[np.int64]) -> NDArray[np.int32]:
        eights = eights_of(texts.data)
        heads, hashes = hash_texts(eights, texts.starts, sizes)
        result = np.empty(len(texts), np.int32)
        rows = np.arange(len(texts))  # texts without an id so far
        slots = self._slots_of(hashes)
        while len(rows):
            found = self._slots.take(slots, axis=0)
            facts = found[:, 1]
            numbers = (facts >> _HALF).astype(np.int32)
            same = (found[:, 0] == heads[rows]) & (facts & _LOW == sizes[rows] + 1)
            self._compare_rest(eights, texts.starts, sizes, rows, numbers, same)
            result[rows[same]] = numbers[same]
            free = np.flatnonzero(facts == 0)
            if len(free):
                # The first text to want a slot gets it; the others look at that slot again.
                claim = (free + 1).astype(np.uint64)
                self._slots[slots[free[::-1]], 1] = claim[::-1]
                first = free[self._slots[slots[free], 1] == claim]
                result[rows[first]] = self._enter(texts, eights, rows[first], slots[first], heads, hashes)
                same[first] = True
            on = np.flatnonzero(~same)
            slots = (slots[on] + (facts[on] != 0)) & (len(self._slots) - 1)
            rows = rows[on]
            if 2 * self._count > len(self._slots):
                self._grow()
                slots = self._slots_of(hashes[rows])
        return result

    def _slots_of(self, hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
        bits = len(self._slots).bit_length() - 1
        return (hashes >> np.uint64(64 - bits)).astype(np.int64)

    def _compare_rest(
        self, eights: NDArray[np.uint64], starts: NDArray[np.int64], sizes: NDArray[np.int64],
        rows: NDArray[np.int64], numbers: NDArray[np.int32], same: NDArray[np.bool_],
    ) -> None:  # fmt: skip
        """Set `same` to false where the bytes after the first eight differ."""
        at = np.flatnonzero(same & (sizes[rows] > _EIGHT))
        done = _EIGHT
        while len(at):
            row = rows[at]
            part = _part(eights, starts[row] + done, sizes[row] - done)
            equal = self._more[self._places[numbers[at]] + (done // _EIGHT - 1)] == part
            same[at[~equal]] = False
            done += _EIGHT
            at = at[equal & (sizes[row] > done)]

    def _enter(
        self, texts: Texts, eights: NDArray[np.uint64], rows: NDArray[np.int64], slots: NDArray[np.int64],
        heads: NDArray[np.uint64], hashes: NDArray[np.uint64],
    ) -> NDArray[np.int64]:  # fmt: skip
        """Give these rows new ids, in these slots."""
        new = texts.take(rows)
        sizes, starts = new.sizes, new.starts
        numbers = np.arange(len(self.symbols), len(self.symbols) + len(rows))
        self.symbols += new.strings()
        facts = (numbers.astype(np.uint64) << _HALF) | (sizes + 1).astype(np.uint64)
        self._slots[slots, 0], self._slots[slots, 1] = heads[rows], facts
        begin, self._count = self._count, self._count + len(rows)
        self._entries = roomy(self._entries, self._count)
        entries = self._entries[begin : self._count]
        entries[:, 0], entries[:, 1], entries[:, 2] = heads[rows], facts, hashes[rows]
        self._places = roomy(self._places, len(self.symbols))
        counts = np.maximum(0, sizes - 1) // _EIGHT
        places = self._more_count + np.cumsum(counts) - counts
        self._places[numbers] = places
        self._more_count += int(counts.sum())
        self._more = roomy(self._more, self._more_count)
        for k in range(int(counts.max(initial=0))):
            at = np.flatnonzero(counts > k)
            done = (k + 1) * _EIGHT
            self._more[places[at] + k] = _part(eights, starts[at] + done, sizes[at] - done)
        return numbers

    def _grow(self) -> None:
        """Move to a table with more slots."""
        times = 4 if len(self._slots) < _MANY_SLOTS else 2
        self._slots = np.zeros((times * len(self._slots), 2), np.uint64)
        entries = self._entries[: self._count]
        slots = self._slots_of(entries[:, 2])
        while len(entries):
            free = self._slots[slots, 1] == 0
            self._slots[slots[free]] = entries[free, :2]
            lost = np.flatnonzero(self._slots[slots, 1] != entries[:, 1])
            slots = (slots[lost] + 1) & (len(self._slots) - 1)
            entries = entries[lost]


def roomy(values: NDArray[Any], size: int) -> NDArray[Any]:
    """values (n, …) if n is at least `size`, else a copy that is, and at least 1.5 times as long; zeros fill it up."""
    if size <= len(values):
        return values
    longer = np.zeros((max(size, len(values) * 3 // 2), *values.shape[1:]), values.dtype)
    longer[: len(values)] = values
    return longer
