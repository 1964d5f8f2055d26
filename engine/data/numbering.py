"""Distinct texts get numbers: many are looked up at once, in a hash table that is made of arrays.

A text is compared eight bytes at a time, as one integer. What the hash finds is compared byte for byte, so two texts
never share a number, whatever their hashes are.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.data.texts import Texts

_EIGHT: Final = 8
# (9,) the first k bytes of eight.
_MASKS: Final = np.array([(1 << (8 * k)) - 1 for k in range(_EIGHT + 1)], np.uint64)
# Odd numbers with irregular bits: the golden ratio, and those of splitmix64 (Steele, Lea and Flood 2014).
_STIR: Final = tuple(np.uint64(k) for k in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
_HALF: Final = np.uint64(32)
# Texts longer than this are no words; they are looked up one by one, so that no pass is made for one text only.
_LONGEST_BYTES: Final = 128
_FIRST_SLOTS: Final = 1 << 12


def eights_of(data: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """data (N,) → (N - 7,): the eight bytes that begin at each place, the first in the lowest bits; no copy."""
    return np.ndarray((len(data) - _EIGHT + 1,), np.dtype("<u8"), data, 0, (1,))


def hash_texts(eights: NDArray[np.uint64], starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.uint64]:
    """A 64-bit number for the sizes[i] bytes from starts[i] on, equal for equal bytes; (n,), (n,) → (n,)."""
    result = _part(eights, starts, sizes)
    result ^= sizes.astype(np.uint64) * _STIR[0]
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
    return result


def head_masks(sizes: NDArray[np.int64]) -> NDArray[np.uint64]:
    """(n,) the bits that belong to texts of these sizes in the eight bytes at their beginning."""
    return _MASKS[np.minimum(sizes, _EIGHT)]


def _part(eights: NDArray[np.uint64], starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Up to eight bytes from each place; zeros where the text ends before."""
    return eights[starts] & head_masks(sizes)


class Numbering:
    """text → its number, given on first sight; `symbols` by number."""

    def __init__(self) -> None:
        self.symbols: list[str] = []
        # Arrays of the texts begin at 1, because a slot with 0 is free: first eight bytes, size, hash, and where the
        # further eights begin in `_more`. The free entry has a size that no text has.
        self._count = 1
        self._heads, self._hashes = (np.zeros(_FIRST_SLOTS, np.uint64) for _ in range(2))
        self._sizes, self._places = (np.full(_FIRST_SLOTS, -1, np.int32) for _ in range(2))
        self._more = np.zeros(_FIRST_SLOTS, np.uint64)
        self._more_count = 0
        self._slots = np.zeros(_FIRST_SLOTS, np.int32)
        # symbol numbers by entry; they differ only once there are long texts, which have no entry.
        self._numbers = np.zeros(_FIRST_SLOTS, np.int32)
        self._long: dict[bytes, int] = {}

    def __len__(self) -> int:
        return len(self.symbols)

    def number(self, texts: Texts) -> NDArray[np.int32]:
        """Texts (n,) → numbers (n,)."""
        sizes = texts.sizes
        long = np.flatnonzero(sizes > _LONGEST_BYTES)
        if len(long) == 0:
            return self._number_short(texts, sizes)
        short = np.flatnonzero(sizes <= _LONGEST_BYTES)
        result = np.empty(len(texts), np.int32)
        result[short] = self._number_short(texts.take(short), sizes[short])
        for row in long.tolist():
            key = texts.data[texts.starts[row] : texts.ends[row]].tobytes()
            number = self._long.get(key)
            if number is None:
                number = self._long[key] = len(self.symbols)
                self.symbols.append(texts[row])
            result[row] = number
        return result

    def _number_short(self, texts: Texts, sizes: NDArray[np.int64]) -> NDArray[np.int32]:
        eights = eights_of(texts.data)
        heads, hashes = _part(eights, texts.starts, sizes), hash_texts(eights, texts.starts, sizes)
        entries = np.zeros(len(texts), np.int32)
        open_rows = np.arange(len(texts))
        slots = self._slots_of(hashes)
        while len(open_rows):
            found = self._slots[slots]
            same = (self._heads[found] == heads[open_rows]) & (self._sizes[found] == sizes[open_rows])
            self._compare_rest(eights, texts.starts, sizes, open_rows, found, same)
            entries[open_rows[same]] = found[same]
            free = np.flatnonzero(found == 0)
            if len(free):
                # The first of those that want a slot gets it; the others look there again.
                self._slots[slots[free[::-1]]] = -free[::-1] - 1
                first = free[self._slots[slots[free]] == -free - 1]
                self._slots[slots[first]] = np.arange(self._count, self._count + len(first))
                self._enter(texts, eights, open_rows[first], heads, hashes, sizes)
                entries[open_rows[first]] = self._slots[slots[first]]
                same[first] = True
            on = ~same
            slots = (slots[on] + (found[on] != 0)) & (len(self._slots) - 1)
            open_rows = open_rows[on]
            if 2 * self._count > len(self._slots):
                self._grow()
                slots = self._slots_of(hashes[open_rows])
        return self._numbers[entries]

    def _slots_of(self, hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
        bits = len(self._slots).bit_length() - 1
        return (hashes >> np.uint64(64 - bits)).astype(np.int64)

    def _compare_rest(
        self, eights: NDArray[np.uint64], starts: NDArray[np.int64], sizes: NDArray[np.int64],
        open_rows: NDArray[np.int64], found: NDArray[np.int32], same: NDArray[np.bool_],
    ) -> None:  # fmt: skip
        """Take back `same` where the bytes after the first eight differ."""
        at = np.flatnonzero(same & (sizes[open_rows] > _EIGHT))
        done = _EIGHT
        while len(at):
            rows = open_rows[at]
            part = _part(eights, starts[rows] + done, sizes[rows] - done)
            equal = self._more[self._places[found[at]] + (done // _EIGHT - 1)] == part
            same[at[~equal]] = False
            done += _EIGHT
            at = at[equal & (sizes[rows] > done)]

    def _enter(
        self, texts: Texts, eights: NDArray[np.uint64], rows: NDArray[np.int64], heads: NDArray[np.uint64],
        hashes: NDArray[np.uint64], sizes: NDArray[np.int64],
    ) -> None:  # fmt: skip
        """New entries for these rows."""
        begin, self._count = self._count, self._count + len(rows)
        self._heads, self._hashes = (roomy(values, self._count) for values in (self._heads, self._hashes))
        self._sizes, self._places, self._numbers = (
            roomy(values, self._count) for values in (self._sizes, self._places, self._numbers)
        )
        new = slice(begin, self._count)
        self._heads[new], self._hashes[new], self._sizes[new] = heads[rows], hashes[rows], sizes[rows]
        self._numbers[new] = np.arange(len(self.symbols), len(self.symbols) + len(rows))
        self.symbols += texts.take(rows).strings()
        counts = np.maximum(0, sizes[rows] - 1) // _EIGHT
        places = self._more_count + np.cumsum(counts) - counts
        self._places[new] = places
        self._more_count += int(counts.sum())
        self._more = roomy(self._more, self._more_count)
        for k in range(int(counts.max(initial=0))):
            at = np.flatnonzero(counts > k)
            done = (k + 1) * _EIGHT
            self._more[places[at] + k] = _part(eights, texts.starts[rows[at]] + done, sizes[rows[at]] - done)

    def _grow(self) -> None:
        """Four times as many slots."""
        self._slots = np.zeros(4 * len(self._slots), np.int32)
        entries = np.arange(1, self._count, dtype=np.int32)
        slots = self._slots_of(self._hashes[1 : self._count])
        while len(entries):
            free = self._slots[slots] == 0
            self._slots[slots[free]] = entries[free]
            lost = self._slots[slots] != entries
            slots = (slots[lost] + 1) & (len(self._slots) - 1)
            entries = entries[lost]


def roomy(values: NDArray[Any], size: int) -> NDArray[Any]:
    """The array, or a copy at least half as long again, so that `size` values fit."""
    if size <= len(values):
        return values
    longer = np.zeros(max(size, len(values) * 3 // 2), values.dtype)
    longer[: len(values)] = values
    return longer
