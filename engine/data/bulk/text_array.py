"""Many texts in one buffer of bytes, processed with array operations instead of one string each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, Final, overload

import numpy as np
from numpy.typing import NDArray

NEWLINE: Final = 10
# Number of zeros after the bytes, so that eight bytes can be read at once from any position.
PADDING: Final = 8


def _table(characters: bytes) -> NDArray[np.bool_]:
    """(256,) which bytes are among these characters."""
    table = np.zeros(256, bool)
    table[list(characters)] = True
    table.flags.writeable = False
    return table


# The characters that str.split and str.strip treat as white space: ASCII, and two or three bytes of UTF-8.
WHITE: Final = _table(b"\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f ")
WIDE_WHITE: Final = (
    "\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
# Invisible characters: zero-width space, direction marks, word joiner, byte order mark.
INVISIBLE: Final = "\u200b\u200e\u200f\u2060\ufeff"
# Characters that are stripped from both ends of a text or label.
EDGES: Final = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f " + WIDE_WHITE + INVISIBLE
_WIDE_SIGNS: Final = tuple(sign.encode() for sign in WIDE_WHITE + INVISIBLE)
_WIDE_EDGE_STARTS: Final = _table(bytes({sign[0] for sign in _WIDE_SIGNS}))
_WIDE_EDGE_ENDS: Final = _table(bytes({sign[-1] for sign in _WIDE_SIGNS}))
_WIDE_EDGES: Final = {  # size in bytes → the characters of that size, each as one number
    size: [int.from_bytes(sign) for sign in _WIDE_SIGNS if len(sign) == size] for size in set(map(len, _WIDE_SIGNS))
}
_EDGE_STARTS: Final = WHITE | _WIDE_EDGE_STARTS
_EDGE_ENDS: Final = WHITE | _WIDE_EDGE_ENDS
# All bytes of a UTF-8 character but the first: 10xxxxxx.
_CONTINUES_MASK: Final = 0b1100_0000
_CONTINUES: Final = 0b1000_0000
_LOWER: Final = np.frombuffer(bytes(range(256)).lower(), np.uint8)
# How many times one character of white space is removed from all rows at once; few rows have more than that.
_ROUNDS: Final = 4
# With fewer than one text per this many bytes, copying the whole buffer does not pay off.
_SPARSE: Final = 4096


class Texts(Sequence[str]):
    """n immutable texts in ascending order: text i is the UTF-8 of data[starts[i]:ends[i]].

    data (N + PADDING,) uint8; starts, ends (n,) int64. `separated`: there is nothing but white space between the texts.
    Lone surrogates are kept ("surrogatepass").
    """

    def __init__(
        self, data: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64], separated: bool = False
    ) -> None:
        self.data, self.starts, self.ends, self.separated = data, starts, ends, separated

    @classmethod
    def of(cls, texts: Sequence[str]) -> Texts:
        """The texts of a sequence."""
        if isinstance(texts, Texts):
            return texts
        joined = "\n".join(texts)
        data = buffer_of(joined)
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        ends = np.cumsum(lengths + 1) - 1
        starts = ends - lengths
        if not joined.isascii():  # these positions count characters: look up the byte where each one begins
            begins = np.flatnonzero(data[: 1 - PADDING] & _CONTINUES_MASK != _CONTINUES)
            starts, ends = begins[starts], begins[ends]
        return cls(data, starts, ends, True)

    @classmethod
    def lines(cls, block: str, keep_ends: bool = False) -> Texts:
        """The lines of a block, like block.split("\\n") but without an empty last line. keep_ends: with line ends."""
        data = buffer_of(block)
        ends = np.flatnonzero(data[:-PADDING] == NEWLINE)
        if not block.endswith("\n"):
            ends = np.append(ends, len(data) - PADDING)
        starts = np.zeros(len(ends), np.int64)
        starts[1:] = ends[:-1] + 1
        return cls(data, starts, np.minimum(ends + 1, len(data) - PADDING) if keep_ends else ends, not keep_ends)

    def __len__(self) -> int:
        return len(self.starts)

    @overload
    def __getitem__(self, i: int) -> str: ...

    @overload
    def __getitem__(self, i: slice) -> list[str]: ...

    def __getitem__(self, i: int | slice) -> str | list[str]:
        if isinstance(i, slice):
            return [self[k] for k in range(*i.indices(len(self)))]
        return self.data[self.starts[i] : self.ends[i]].tobytes().decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        return iter(self.strings())

    def strings(self) -> list[str]:
        """All texts as strings."""
        if len(self) < len(self.data) // _SPARSE:
            return self[:]
        starts, ends = self.starts.tolist(), self.ends.tolist()
        data = self.data.tobytes()
        if data.isascii():
            whole = data.decode("ascii")
            return [whole[start:end] for start, end in zip(starts, ends, strict=True)]
        return [data[start:end].decode("utf-8", "surrogatepass") for start, end in zip(starts, ends, strict=True)]

    @cached_property
    def is_ascii(self) -> bool:
        """Whether all bytes of the buffer are ASCII."""
        return int(self.data.max(initial=0)) < 0x80

    @property
    def sizes(self) -> NDArray[np.int64]:
        """(n,): number of bytes in each text."""
        return self.ends - self.starts

    def take(self, rows: NDArray[Any]) -> Texts:
        """The texts at these ascending indices, or those chosen by a mask (n,)."""
        return Texts(self.data, self.starts[rows], self.ends[rows])

    def inside(self) -> NDArray[np.bool_]:
        """(N,): which bytes belong to a text."""
        counts = np.empty(2 * len(self) + 1, np.int64)
        counts[:-1:2] = self.starts
        counts[2:-1:2] -= self.ends[:-1]
        counts[1::2] = self.sizes
        counts[-1] = len(self.data) - PADDING - (self.ends[-1] if len(self) else 0)
        flags = np.zeros(len(counts), bool)
        flags[1::2] = True
        return np.repeat(flags, counts)

    def packed(self) -> NDArray[np.uint8]:
        """(sum of sizes,): the bytes of all texts, one after another."""
        if len(self) == 0:
            return self.data[:0]
        if bool((self.starts[1:] == self.ends[:-1]).all()):
            return self.data[self.starts[0] : self.ends[-1]]
        return self.data[:-PADDING][self.inside()]

    def strip(self) -> Texts:
        """The texts without white space and invisible characters at either end, like str.strip(EDGES)."""
        begin, end = self.data[self.starts], self.data[self.ends - 1]
        first = last = some = np.flatnonzero(_EDGE_STARTS[begin] | _EDGE_ENDS[end])
        if len(some) == 0:
            return self
        starts, ends = self.starts.copy(), self.ends.copy()
        for _ in range(_ROUNDS):
            first = first[WHITE[self.data[starts[first]]] & (starts[first] < ends[first])]
            starts[first] += 1
        for _ in range(_ROUNDS):
            last = last[WHITE[self.data[ends[last] - 1]] & (starts[last] < ends[last])]
            ends[last] -= 1
        rows = np.concatenate((first, last))
        if not self.is_ascii:
            rows = np.concatenate((rows, self._wide_ends(some, starts, ends)))
        for row in np.unique(rows).tolist():
            text = self.data[starts[row] : ends[row]].tobytes().decode("utf-8", "surrogatepass")
            left = text.lstrip(EDGES)
            starts[row] += len(utf8(text)) - len(utf8(left))
            ends[row] = starts[row] + len(utf8(left.rstrip(EDGES)))
        if np.array_equal(starts, self.starts) and np.array_equal(ends, self.ends):
            return self
        return Texts(self.data, starts, ends, self.separated)

    def _wide_ends(
        self, rows: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Those of the given texts that begin or end with non-ASCII white space or invisible characters."""
        rows = rows[_WIDE_EDGE_STARTS[self.data[starts[rows]]] | _WIDE_EDGE_ENDS[self.data[ends[rows] - 1]]]
        rows = rows[starts[rows] < ends[rows]]
        begin, end = starts[rows], ends[rows]
        hit = np.zeros(len(rows), bool)
        for size, signs in _WIDE_EDGES.items():
            hit |= np.isin(self._as_numbers(begin, size), signs) | np.isin(self._as_numbers(end - size, size), signs)
        return rows[hit]

    def _as_numbers(self, places: NDArray[np.int64], size: int) -> NDArray[np.int64]:
        """(n,): the `size` bytes at each position as one number."""
        numbers = np.zeros(len(places), np.int64)
        for i in range(size):
            numbers = numbers << 8 | self.data[places + i]
        return numbers

    def lower(self) -> Texts:
        """The texts in lower case, like str.lower."""
        if self.is_ascii:
            return Texts(_LOWER[self.data], self.starts, self.ends, self.separated)
        return Texts.of([text.lower() for text in self])


def utf8(text: str) -> bytes:
    """The bytes of a text, lone surrogates included."""
    return text.encode("utf-8", "surrogatepass")


def buffer_of(text: str) -> NDArray[np.uint8]:
    """(N + PADDING,): the bytes of a text, followed by zeros."""
    return np.frombuffer(utf8(text) + bytes(PADDING), np.uint8)
