"""Turns texts into ids, many rows at once.

Words and characters get ids in order of appearance ("draft ids"). When all rows have been read and split, the
vocabulary is ordered by training counts and the draft ids are replaced in one pass. No list of tokens is ever built:
ids go straight from the bytes of a block into a growing integer array.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.data.bulk.ragged import PACK_FROM, Ragged, blocks, count_values, narrowest
from engine.data.bulk.symbol_ids import SymbolIds, eights_of, hash_texts, roomy
from engine.data.bulk.text_array import INVISIBLE, PADDING, WHITE, WIDE_WHITE, Texts
from engine.data.characters import may_cluster, split_characters
from engine.data.codec import Unit, split_mixed, split_words
from engine.data.pieces import chunks_of, in_use, learn_pieces, split_chunk, usual_number

# How many distinct chunks with punctuation inside are remembered between batches. Without a limit, memory would grow
# with the file.
_REMEMBERED_CHUNKS: Final = 1 << 20
_CODE_POINTS: Final = 0x110000
_NO_BYTE_ID: Final = 255
# Large arrays grow by at most this many values at a time, because spare room uses memory too.
_GROWTH: Final = 1 << 22
# Rows with more bytes than this are hashed one by one.
_LONG_ROW: Final = 1 << 12


class GrowingArray:
    """An array of ids, appended piece by piece and stored in the narrowest type that holds them all."""

    def __init__(self) -> None:
        self._values: NDArray[Any] = np.empty(1 << 12, np.uint8)
        self._size = 0

    def append(self, values: NDArray[Any]) -> None:
        """Append ids (n,), none negative."""
        dtype = narrowest(int(values.max(initial=0)))
        if dtype.itemsize > self._values.dtype.itemsize:
            wider = np.empty(len(self._values), dtype)
            wider[: self._size] = self._values[: self._size]
            self._values = wider
        size = self._size + len(values)
        if size > len(self._values):
            # In place, so that the system can move large arrays by remapping pages instead of copying.
            self._values.resize(max(size, len(self._values) + min(len(self._values), _GROWTH)), refcheck=False)
        self._values[self._size : size] = values
        self._size = size

    def __len__(self) -> int:
        return self._size

    def finish(self) -> NDArray[Any]:
        """(N,): all ids appended so far, as int32, or in their narrowest type if there are very many. Call it last."""
        self._values.resize(self._size, refcheck=False)
        return self._values if self._size >= PACK_FROM else self._values.astype(np.int32)


class Encoder(ABC):
    """Encodes one side of the rows as draft ids, and keeps the symbols of all rows so far."""

    def __init__(self) -> None:
        self._symbol_ids = SymbolIds()

    @property
    def symbols(self) -> list[str]:
        """The symbols by draft id."""
        return self._symbol_ids.symbols

    @abstractmethod
    def encode(self, texts: Sequence[str]) -> tuple[NDArray[Any], NDArray[np.int64]]:
        """Rows of text → draft ids of all rows (N,), number of symbols in each row (n,)."""


class TokenEncoder(Encoder):
    """Each text is one symbol: labels, tags, or the words of a file that is already split."""

    def encode(self, texts: Sequence[str]) -> tuple[NDArray[Any], NDArray[np.int64]]:
        return self._symbol_ids.of(Texts.of(texts)), np.ones(len(texts), np.int64)


class _Chunks:
    """The words of chunks that are more than one plain word. Each distinct chunk is split only once."""

    def __init__(self, words: SymbolIds) -> None:
        self._words = words
        self._chunk_ids = SymbolIds()
        # By chunk id: where its words start in `_ids`, and how many it has.
        self._starts, self._sizes, self._ids = (np.zeros(1 << 10, np.int32) for _ in range(3))
        self._ids_count = 0

    def __len__(self) -> int:
        return len(self._chunk_ids)

    def encode(self, chunks: Texts) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Chunks (n,) → draft ids of all their words (N,), how many words each has (n,)."""
        known = len(self)
        numbers = self._chunk_ids.of(chunks)
        if len(self) > known:
            self._learn(list(map(split_words, self._chunk_ids.symbols[known:])), known)
        sizes = self._sizes[numbers]
        places = np.repeat(self._starts[numbers] - np.cumsum(sizes) + sizes, sizes)
        places += np.arange(len(places))
        return self._ids[places], sizes

    def _learn(self, chunks: list[list[str]], first: int) -> None:
        """Remember the words of new chunks, whose ids start at `first`."""
        ids = self._words.of(Texts.of([word for words in chunks for word in words]))
        sizes = np.fromiter(map(len, chunks), np.int32, len(chunks))
        begin, self._ids_count = self._ids_count, self._ids_count + len(ids)
        last = first + len(chunks)
        self._starts, self._sizes = roomy(self._starts, last), roomy(self._sizes, last)
        self._ids = roomy(self._ids, self._ids_count)
        self._ids[begin : self._ids_count] = ids
        self._sizes[first:last] = sizes
        self._starts[first:last] = begin + np.cumsum(sizes) - sizes


class WordEncoder(Encoder):
    """Encodes words. Chunks between white space are found in the bytes; most are a word, or a word followed by a
    mark."""

    def __init__(self) -> None:
        super().__init__()
        self._chunks = _Chunks(self._symbol_ids)

    def encode(self, texts: Sequence[str]) -> tuple[NDArray[Any], NDArray[np.int64]]:
        rows = _plain_spaces(Texts.of(texts))
        chunks = _chunks_of(rows)
        data, ends = rows.data, chunks.ends
        # The bytes in chunks that are not part of a word; there are only a few.
        if rows.separated:
            marks = np.flatnonzero(_MARK[data[:-PADDING]])
        else:
            marks = np.flatnonzero(_MARK[data[:-PADDING]] & rows.inside())
        owners = np.searchsorted(ends, marks, side="right")
        alone = np.ones(len(marks), bool)
        alone[1:] &= owners[1:] != owners[:-1]
        alone[:-1] &= owners[1:] != owners[:-1]
        # A chunk like "word," is always the word and the mark; a mark on its own is not such a chunk.
        alone &= (marks == ends[owners] - 1) & (chunks.starts[owners] < marks) & (data[marks] < 0x80)
        followed, strange = owners[alone], np.unique(owners[~alone])
        sizes = np.ones(len(chunks), np.int64)
        sizes[followed] = 2
        ends = ends.copy()
        ends[followed] -= 1
        plain = np.ones(len(chunks), bool)
        plain[strange] = False
        parts = self._strange(Texts(data, chunks.starts[strange], ends[strange]))
        sizes[strange] = parts[1]
        total = np.concatenate(([0], np.cumsum(sizes)))
        ids = np.empty(int(total[-1]), np.int32)
        begins = total[:-1]
        ids[begins[plain]] = self._symbol_ids.of(Texts(data, chunks.starts[plain], ends[plain]))
        single = Texts(data, marks[alone], marks[alone] + 1)
        ids[begins[followed] + 1] = self._symbol_ids.of(single)
        inside = np.repeat(begins[strange] - np.cumsum(parts[1]) + parts[1], parts[1]) + np.arange(len(parts[0]))
        ids[inside] = parts[0]
        return ids, np.diff(total[np.searchsorted(chunks.starts, np.append(rows.starts, len(data)))])

    def _strange(self, chunks: Texts) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        if len(self._chunks) > _REMEMBERED_CHUNKS:
            self._chunks = _Chunks(self._symbol_ids)
        return self._chunks.encode(chunks)


def _marks() -> NDArray[np.bool_]:
    """(256,) bytes that are neither white space nor ASCII letters, digits or underscores."""
    table = ~WHITE
    table[[byte for byte in range(0x80) if chr(byte).isalnum() or byte == ord("_")]] = False
    table.flags.writeable = False
    return table


_MARK: Final = _marks()


def _plain_spaces(texts: Texts) -> Texts:
    """The texts with spaces instead of non-ASCII white space and invisible characters, which separate words too."""
    if texts.is_ascii:
        return texts
    data = texts.data.tobytes()
    if not any(start in data for start in _SPACE_STARTS) or not any(space in data for space in _SPACES):
        return texts
    return Texts.of([text.translate(_TO_SPACES) for text in texts])


_SPACES: Final = tuple(space.encode() for space in WIDE_WHITE + INVISIBLE)
_SPACE_STARTS: Final = tuple({space[:2] for space in _SPACES})  # fewer byte sequences to look for
_TO_SPACES: Final = dict.fromkeys(map(ord, WIDE_WHITE + INVISIBLE), " ")


def _chunks_of(texts: Texts) -> Texts:
    """The chunks between white space in all texts; none extends beyond the end of its text."""
    solid = np.zeros(len(texts.data) - PADDING + 2, bool)
    np.take(~WHITE, texts.data[:-PADDING], out=solid[1:-1], mode="clip")
    if not texts.separated:
        solid[1:-1] &= texts.inside()
    edges = np.flatnonzero(solid[1:] != solid[:-1])
    return Texts(texts.data, edges[::2], edges[1::2])


class CharacterEncoder(Encoder):
    """Encodes characters as a reader sees them: with a table of code points, and as clusters only in rows that need
    it, unless `marks_apart` leaves accents and other marks on their own."""

    def __init__(self, marks_apart: bool = False) -> None:
        super().__init__()
        self._marks_apart = marks_apart
        self._table = np.full(_CODE_POINTS, -1, np.int32)
        self._bytes = np.full(256, _NO_BYTE_ID, np.uint8)  # the same table for ASCII, as long as ids fit into a byte
        self._clusters = np.zeros(0, bool)  # by draft id: whether it may combine with a neighbour

    def encode(self, texts: Sequence[str]) -> tuple[NDArray[Any], NDArray[np.int64]]:
        rows = Texts.of(texts)
        packed = rows.packed()
        if rows.is_ascii or int(packed.max(initial=0)) < 0x80:
            return self._encode_ascii(packed), rows.sizes
        begins = np.cumsum((packed & 0xC0) != 0x80)  # number of characters up to and including each byte
        lengths = np.diff(np.concatenate(([0], begins))[np.concatenate(([0], np.cumsum(rows.sizes)))])
        text = packed.tobytes().decode("utf-8", "surrogatepass")
        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        ids = self._table[points]
        if ids.min(initial=0) < 0:
            self._number_new(np.unique(points[ids < 0]))
            ids = self._table[points]
        combining = np.flatnonzero(self._clusters[ids]) if self._clusters.any() else ids[:0]
        if len(combining) == 0 or self._marks_apart:
            return ids, lengths
        found = np.unique(np.searchsorted(np.cumsum(lengths), combining, side="right"))
        return self._cluster(rows, found, ids, lengths)

    def _encode_ascii(self, data: NDArray[np.uint8]) -> NDArray[Any]:
        ids: NDArray[Any] = self._bytes.take(data, mode="clip")
        if int(ids.max(initial=0)) < _NO_BYTE_ID:
            return ids
        new = np.flatnonzero(np.bincount(data, minlength=256))
        self._number_new(new[self._table[new] < 0])
        known = self._table[:256]
        fits = (known >= 0) & (known < _NO_BYTE_ID)
        self._bytes[fits] = known[fits]
        return self._table[data]

    def _number_new(self, points: NDArray[Any]) -> None:
        self._table[points] = self._symbol_ids.of(Texts.of([chr(point) for point in points.tolist()]))
        flags = np.zeros(len(self.symbols), bool)
        flags[: len(self._clusters)] = self._clusters
        flags[self._table[points]] = [may_cluster(point) for point in points.tolist()]
        self._clusters = flags

    def _cluster(
        self, texts: Texts, rows: NDArray[np.int64], ids: NDArray[np.int32], lengths: NDArray[np.int64]
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Encode `rows` again, cluster by cluster; the other rows stay as they are."""
        clusters = [split_characters(texts[row]) for row in rows.tolist()]
        numbers = self._symbol_ids.of(Texts.of([cluster for row in clusters for cluster in row]))
        sizes = np.fromiter(map(len, clusters), np.int64, len(clusters))
        pieces: list[NDArray[np.int32]] = []
        offsets = np.concatenate(([0], np.cumsum(lengths)))
        bounds = np.concatenate(([0], np.cumsum(sizes))).tolist()
        done = 0
        for i, row in enumerate(rows.tolist()):
            pieces.append(ids[done : offsets[row]])
            pieces.append(numbers[bounds[i] : bounds[i + 1]])
            done = int(offsets[row + 1])
        pieces.append(ids[done:])
        lengths = lengths.copy()
        lengths[rows] = sizes
        if len(self.symbols) > len(self._clusters):  # clusters themselves are never in the table
            self._clusters = np.concatenate([self._clusters, np.zeros(len(self.symbols) - len(self._clusters), bool)])
        return np.concatenate(pieces), lengths


class WhiteSpaceEncoder(Encoder):
    """Encodes tokens: everything between white space is one symbol."""

    def encode(self, texts: Sequence[str]) -> tuple[NDArray[Any], NDArray[np.int64]]:
        rows = Texts.of(texts)
        if not rows.is_ascii:  # a no-break space between two rows is in neither, but separates no tokens
            rows = Texts(rows.data, rows.starts, rows.ends)
        pieces = _chunks_of(rows)
        bounds = np.searchsorted(pieces.starts, np.append(rows.starts, len(rows.data)))
        return self._symbol_ids.of(pieces), np.diff(bounds)


class MixedEncoder(Encoder):
    """Encodes characters in the first column and whole features in the others, row by row, because such files are
    small."""

    def encode(self, texts: Sequence[str]) -> tuple[NDArray[Any], NDArray[np.int64]]:
        rows = [split_mixed(text) for text in texts]
        ids = self._symbol_ids.of(Texts.of([symbol for row in rows for symbol in row]))
        return ids, np.fromiter(map(len, rows), np.int64, len(rows))


class ChunkEncoder(Encoder):
    """Encodes chunks of text, which are cut into pieces once all of them are known: see `in_pieces`."""

    def encode(self, texts: Sequence[str]) -> tuple[NDArray[Any], NDArray[np.int64]]:
        rows = Texts.of(texts)
        chunks = chunks_of(rows)
        bounds = np.searchsorted(chunks.starts, np.append(rows.starts, len(rows.data)))
        return self._symbol_ids.of(chunks), np.diff(bounds)

    def in_pieces(self, sides: Sequence[Ragged], wanted: int, fewest: int) -> tuple[list[str], tuple[Ragged, ...]]:
        """The pieces by draft id, and the rows in them. sides: training rows, then others, in draft ids of chunks.
        wanted: the most pieces to learn from the training rows; 0: the usual number. fewest: how often a piece must
        occur there."""
        counts = count_values(sides[0].packed, len(self.symbols))
        held = np.flatnonzero(counts).tolist()
        chunks = {self.symbols[i]: int(counts[i]) for i in held}
        known = in_use(learn_pieces(chunks, wanted or usual_number(int(counts.sum()))), chunks, fewest)
        longest = max(map(len, known), default=1)
        cut = [split_chunk(chunk, known, longest) for chunk in self.symbols]  # each distinct chunk only once
        pieces = SymbolIds()
        ids = pieces.of(Texts.of([piece for one in cut for piece in one]))
        table = Ragged.of_lengths(ids, np.fromiter(map(len, cut), np.int64, len(cut)))
        return pieces.symbols, tuple(_expanded(side, table) for side in sides)


def _expanded(rows: Ragged, table: Ragged) -> Ragged:
    """The rows with each value v replaced by the values of table[v]."""
    sizes = table.lengths[rows.packed]
    ends = np.concatenate(([0], np.cumsum(sizes)))
    return Ragged(table.take(rows.packed).values, ends[rows.offsets])


def encoder(unit: Unit, marks_apart: bool = False) -> Encoder:
    """A new encoder for texts of this unit; `marks_apart` of characters: see there."""
    return CharacterEncoder(marks_apart) if unit == "character" else _ENCODERS[unit]()


_ENCODERS: Final[dict[Unit, type[Encoder]]] = {
    "word": WordEncoder, "token": WhiteSpaceEncoder, "piece": ChunkEncoder, "mixed": MixedEncoder,
}  # fmt: skip


def row_hashes(rows: Ragged) -> NDArray[np.uint64]:
    """A 64-bit hash of each row (n,). Two different rows have the same hash with a probability of 2**-64."""
    width = rows.packed.dtype.itemsize
    result = np.zeros(len(rows), np.uint64)
    for first, last in blocks(rows.offsets):
        offsets = rows.offsets[first : last + 1].astype(np.int64)
        data = np.zeros((offsets[-1] - offsets[0]) * width + PADDING, np.uint8)
        data[:-PADDING] = rows.packed[offsets[0] : offsets[-1]].view(np.uint8)
        starts, sizes = (offsets[:-1] - offsets[0]) * width, np.diff(offsets) * width
        long = np.flatnonzero(sizes > _LONG_ROW)
        piece = result[first:last]
        if len(long) == 0:
            piece[:] = hash_texts(eights_of(data), starts, sizes)[1]
            continue
        short = np.flatnonzero(sizes <= _LONG_ROW)
        piece[short] = hash_texts(eights_of(data), starts[short], sizes[short])[1]
        for row in long.tolist():
            digest = blake2b(data[starts[row] : starts[row] + sizes[row]].tobytes(), digest_size=8).digest()
            piece[row] = int.from_bytes(digest, "little")
    return result
