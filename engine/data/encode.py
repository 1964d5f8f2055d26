"""From texts to ids, many rows at once.

Words and characters are numbered in the order in which they turn up ("draft ids"); when all rows are read and split,
the vocabulary is ordered by training counts and the draft ids are replaced in one pass. No list of tokens is ever
built for more than a batch of rows: ids go straight into a growing integer array.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.data.codec import Unit, may_cluster, split_characters, split_words
from engine.data.ragged import BLOCK, PACK_FROM, Ragged, narrowest

# Parts the rows when many are split into words at once; not white space to str.split, and never a word of its own.
_ROW_MARK: Final = "\x00"
# Distinct white-space-parted chunks that are remembered between batches; beyond it memory would grow with the file.
_REMEMBERED_CHUNKS: Final = 1 << 20
_CODE_POINTS: Final = 0x110000
# Large arrays grow by this many values at a time, because what is reserved and not used is memory all the same.
_GROWTH: Final = 1 << 22


class GrowingArray:
    """Ids appended piece by piece, stored in the narrowest type that holds them so far."""

    def __init__(self) -> None:
        self._values: NDArray[Any] = np.empty(1 << 12, np.uint8)
        self._size = 0

    def append(self, values: NDArray[np.int32]) -> None:
        dtype = narrowest(int(values.max(initial=0)))
        if dtype.itemsize > self._values.dtype.itemsize:
            wider = np.empty(len(self._values), dtype)
            wider[: self._size] = self._values[: self._size]
            self._values = wider
        size = self._size + len(values)
        if size > len(self._values):
            # In place, so that large arrays are moved by the system's page tables and not copied.
            self._values.resize(max(size, len(self._values) + min(len(self._values), _GROWTH)), refcheck=False)
        self._values[self._size : size] = values
        self._size = size

    def __len__(self) -> int:
        return self._size

    def view(self) -> NDArray[Any]:
        """The values so far; a copy, because the array moves when it grows."""
        return self._values[: self._size].copy()

    def finish(self) -> NDArray[Any]:
        """The values, as int32 unless there are very many of them."""
        self._values.resize(self._size, refcheck=False)
        return self._values if self._size >= PACK_FROM else self._values.astype(np.int32)


class Encoder(ABC):
    """Draft ids of one side; the vocabularies of all rows added so far."""

    def __init__(self) -> None:
        self.symbols: list[str] = []

    @abstractmethod
    def encode(self, texts: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Rows of text → draft ids of all rows (N,), number of symbols in each row (n,)."""


class TokenEncoder(Encoder):
    """Each text is one symbol: labels, tags, words that a file has split already."""

    def __init__(self) -> None:
        super().__init__()
        self._index = _Numbering(self.symbols)

    def encode(self, texts: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        ids = np.fromiter(map(self._index.__getitem__, texts), np.int32, len(texts))
        return ids, np.ones(len(texts), np.int64)


class _Numbering(dict[str, int]):
    """symbol → its number, given on first sight."""

    def __init__(self, symbols: list[str]) -> None:
        self.symbols = symbols

    def __missing__(self, symbol: str) -> int:
        number = self[symbol] = len(self.symbols)
        self.symbols.append(symbol)
        return number


class _Chunks(dict[str, int]):
    """White-space-parted piece of text → its number; `ids` gives the draft ids of the words in numbered pieces."""

    def __init__(self, numbering: _Numbering) -> None:
        self._numbering = numbering
        self._new_words: list[int] = []
        self._new_sizes: list[int] = []
        self._stored = self._stored_words = 0
        # By number: where the words of a piece begin in `words`, and how many they are.
        self._starts, self._sizes, self._words = (np.zeros(1 << 12, np.int32) for _ in range(3))
        self[_ROW_MARK]  # takes number 0

    def __missing__(self, chunk: str) -> int:
        number = self[chunk] = len(self)
        if chunk.isascii() and chunk.isalpha():  # most are, and are one word
            self._new_words.append(self._numbering[chunk])
            self._new_sizes.append(1)
            return number
        words = [] if chunk == _ROW_MARK else split_words(chunk)
        self._new_words += [self._numbering[word] for word in words]
        self._new_sizes.append(len(words))
        return number

    def ids(self, numbers: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """numbers (n,) → draft ids of all their words (N,), how many words each has (n,)."""
        self._store_new()
        sizes, starts = self._sizes[numbers], self._starts[numbers]
        ends = np.cumsum(sizes)
        places = np.repeat(starts - ends + sizes, sizes)
        places += np.arange(len(places))
        return self._words[places], sizes

    def _store_new(self) -> None:
        sizes = np.array(self._new_sizes, np.int32)
        count, words = self._stored + len(sizes), self._stored_words + len(self._new_words)
        self._starts, self._sizes = _roomy(self._starts, count), _roomy(self._sizes, count)
        self._words = _roomy(self._words, words)
        self._sizes[self._stored : count] = sizes
        self._starts[self._stored : count] = self._stored_words + np.cumsum(sizes) - sizes
        self._words[self._stored_words : words] = self._new_words
        self._stored, self._stored_words = count, words
        self._new_words.clear()
        self._new_sizes.clear()


def _roomy(values: NDArray[np.int32], size: int) -> NDArray[np.int32]:
    """The array, or a copy twice as long, so that `size` values fit."""
    if size <= len(values):
        return values
    longer = np.zeros(max(size, 2 * len(values)), np.int32)
    longer[: len(values)] = values
    return longer


class WordEncoder(Encoder):
    """Words. Most chunks between white space have been seen before, so each distinct one is split once."""

    def __init__(self) -> None:
        super().__init__()
        self._numbering = _Numbering(self.symbols)
        self._chunks = _Chunks(self._numbering)

    def encode(self, texts: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        if len(self._chunks) > _REMEMBERED_CHUNKS:
            self._chunks = _Chunks(self._numbering)
        chunks = self._chunks
        pieces = f" {_ROW_MARK} ".join([*texts, ""]).split()
        numbers = np.fromiter(map(chunks.__getitem__, pieces), np.int32, len(pieces))
        del pieces
        ends = np.flatnonzero(numbers == 0)
        if len(ends) != len(texts):
            raise ValueError("a text holds a NUL character")
        ids, sizes = chunks.ids(numbers)
        total = np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)[ends]))
        return ids, np.diff(total)


class CharacterEncoder(Encoder):
    """Characters as a reader sees them: by a table of code points, and by clusters only in rows that need it."""

    def __init__(self) -> None:
        super().__init__()
        self._numbering = _Numbering(self.symbols)
        self._table = np.full(_CODE_POINTS, -1, np.int32)
        self._clusters = np.zeros(0, bool)  # by draft id: may melt with a neighbour

    def encode(self, texts: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        joined = "".join(texts)
        points: NDArray[Any]
        if joined.isascii():
            points = np.frombuffer(joined.encode("ascii"), np.uint8)
        else:
            points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
        ids = self._table[points]
        if ids.min(initial=0) < 0:
            self._number_new(np.unique(points[ids < 0]))
            ids = self._table[points]
        melting = np.flatnonzero(self._clusters[ids]) if self._clusters.any() else ids[:0]
        if len(melting) == 0:
            return ids, lengths
        rows = np.unique(np.searchsorted(np.cumsum(lengths), melting, side="right"))
        return self._cluster(texts, rows, ids, lengths)

    def _number_new(self, points: NDArray[Any]) -> None:
        for point in points.tolist():
            self._table[point] = self._numbering[chr(point)]
        flags = np.zeros(len(self.symbols), bool)
        flags[: len(self._clusters)] = self._clusters
        flags[self._table[points]] = [may_cluster(point) for point in points.tolist()]
        self._clusters = flags

    def _cluster(
        self, texts: Sequence[str], rows: NDArray[np.int64], ids: NDArray[np.int32], lengths: NDArray[np.int64]
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """`rows` again, cluster by cluster; the other rows as they are."""
        pieces: list[NDArray[np.int32]] = []
        offsets = np.concatenate(([0], np.cumsum(lengths)))
        lengths = lengths.copy()
        done = 0
        for row in rows.tolist():
            clusters = split_characters(texts[row])
            pieces.append(ids[done : offsets[row]])
            pieces.append(np.fromiter(map(self._numbering.__getitem__, clusters), np.int32, len(clusters)))
            lengths[row] = len(clusters)
            done = int(offsets[row + 1])
        pieces.append(ids[done:])
        if len(self.symbols) > len(self._clusters):  # clusters themselves never stand in the table
            self._clusters = np.concatenate([self._clusters, np.zeros(len(self.symbols) - len(self._clusters), bool)])
        return np.concatenate(pieces), lengths


def encoder(unit: Unit) -> Encoder:
    """A new encoder for texts of this unit."""
    return WordEncoder() if unit == "word" else CharacterEncoder()


def row_hashes(rows: Ragged, size: int) -> NDArray[np.uint64]:
    """A 64-bit number for each row (n,), equal for equal rows; `size` draft ids occur.

    Multilinear hashing: the sum over t of a[t] · x[id] with fixed random a and x, so two different rows meet with a
    probability of about 2**-63.
    """
    generator = np.random.default_rng(0x5EED)
    offsets, lengths = rows.offsets, rows.lengths
    longest = int(lengths.max(initial=0))
    places = generator.integers(0, 2**64, longest + 1, np.uint64) | np.uint64(1)
    symbols = generator.integers(0, 2**64, size + 1, np.uint64)
    result = np.zeros(len(rows), np.uint64)
    step = max(1, BLOCK // max(1, int(lengths.mean()) if len(rows) else 1))
    for first in range(0, len(rows), step):
        last = min(first + step, len(rows))
        begin, end = int(offsets[first]), int(offsets[last])
        if begin == end:
            continue
        place = np.arange(begin, end) - np.repeat(offsets[first:last], lengths[first:last])
        mixed = symbols[rows.packed[begin:end]]
        mixed *= places[place]
        filled = np.flatnonzero(lengths[first:last])
        sums = np.add.reduceat(mixed, offsets[first:last][filled] - begin)
        result[first + filled] = sums + places[lengths[first:last][filled]]
    return result
