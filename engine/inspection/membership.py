"""Whether a text is in the data: in the training part, only in the validation part, or new. How much of a test file is
in the training part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import starmap
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data.bulk.encode import row_hashes
from engine.data.bulk.ragged import BLOCK, Ragged
from engine.data.codec import Kind
from engine.data.dataset import Dataset
from engine.data.examples import Examples
from engine.data.numbers.same_stretch import shared_steps
from engine.models.answer_scores import padded_edit_distances
from engine.number_text import counted, grouped

Ids = NDArray[np.int32]
MOST_COMPARED = 1_000_000  # most symbols of padded training texts: about 50 ms for a comparison
TRAIN, VALIDATION, NEW = "in training data", "in validation data", "new"
_NOT_COMPARED = "not compared with the training data, which is not at hand"
_ROW_BITS = np.uint64(32)  # bits of an index entry below those of the hash


class RowIndex:
    """Finds the rows that hold exactly given ids: eight bytes a row, sorted, for millions of rows.

    An entry is the upper half of the hash of a row, then the number of the row. Candidate rows are compared in full, so
    the answer is exact.
    """

    def __init__(self, rows: Ragged) -> None:
        self._rows = rows
        self._entries = row_hashes(rows)
        for begin in range(0, len(self._entries), BLOCK):
            piece = self._entries[begin : begin + BLOCK]
            np.left_shift(np.right_shift(piece, _ROW_BITS, out=piece), _ROW_BITS, out=piece)
            np.bitwise_or(piece, np.arange(begin, begin + len(piece), dtype=np.uint64), out=piece)
        self._entries.sort()

    def holds(self, rows: Sequence[Ids]) -> list[bool]:
        """Of each of these rows of ids (T,), whether it is one of the index. Many at once take a fraction of the time
        of each alone."""
        if not rows:
            return []
        packed = np.concatenate(rows).astype(self._rows.packed.dtype)  # what is too large for it is compared in full
        hashes = row_hashes(Ragged.of_lengths(packed, np.array([len(ids) for ids in rows])))
        heads = hashes >> _ROW_BITS << _ROW_BITS
        places = np.searchsorted(self._entries, heads).tolist()
        return [self._is_from(place, head, ids) for place, head, ids in zip(places, heads, rows, strict=True)]

    def _is_from(self, place: int, head: np.uint64, ids: Ids) -> bool:
        """Whether one of the entries that begin here, and have this head, is of a row that holds exactly the ids."""
        below = np.uint64((1 << int(_ROW_BITS)) - 1)
        while place < len(self._entries) and self._entries[place] & ~below == head:
            if np.array_equal(self._rows[int(self._entries[place] & below)], ids):
                return True
            place += 1
        return False


class Membership:
    """Membership in one data set. The first call is slow; make it in the background."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset

    def __call__(self, tokens: Sequence[str]) -> str:
        """TRAIN, VALIDATION or NEW; "" if the data is missing or is one running text."""
        return self.of_each([tokens])[0]

    def of_each(self, texts: Sequence[Sequence[str]]) -> list[str]:
        """The same of many texts, in a fraction of the time."""
        if self.dataset.kind == Kind.STREAM or not len(self.dataset.train):
            return [""] * len(texts)
        rows = [self.dataset.codec.source.encode(tokens) for tokens in texts]
        found = zip(self._train.holds(rows), self._validation.holds(rows), strict=True)
        return [TRAIN if trained else VALIDATION if held_out else NEW for trained, held_out in found]

    def nearest(self, tokens: Sequence[str]) -> tuple[str, int] | None:
        """The training text with the smallest edit distance to this one, and that distance. None if there is too much
        data to compare with.
        """
        table = self._table
        if table is None:
            return None
        ids = self.dataset.codec.source.encode(tokens)
        distances = padded_edit_distances(ids[None], np.array([len(ids)]), *table)
        best = int(distances.argmin())
        return self.dataset.codec.join(self.dataset.train[best].source), int(distances[best])

    @cached_property
    def _table(self) -> tuple[Ids, Ids] | None:
        """Ids of all training texts (N, longest), padded with −1, and their lengths (N,)."""
        source = self.dataset.train.source
        if len(source) > MOST_COMPARED:
            return None
        lengths = np.asarray(source.lengths, np.int32)
        longest = int(lengths.max(initial=0))
        if not len(lengths) or len(lengths) * longest > MOST_COMPARED:
            return None
        table = np.full((len(lengths), longest), -1, np.int32)
        table[np.arange(longest) < lengths[:, None]] = source.values
        return table, lengths

    @cached_property
    def _train(self) -> RowIndex:
        return RowIndex(self.dataset.train.source)

    @cached_property
    def _validation(self) -> RowIndex:
        return RowIndex(self.dataset.validation.source)


def rows_in_training(examples: Examples, dataset: Dataset) -> str:
    """How many texts or rows of numbers of a test file are in the training data too, such as "887 of 900 texts are also
    in the training data"; "" if none. Of a series, the steps of stretches that are in both are counted; of running
    text, the symbols from the beginning, if they are most. Right answers are not compared. If the training data are
    missing, it says that."""
    train, unit, total = dataset.train.source, "row", len(examples)
    if not len(train):
        return _NOT_COMPARED
    if dataset.kind == Kind.SERIES:
        total, unit = len(examples.source.packed), dataset.codec.symbol_name
        shared = shared_steps(examples.source, train)
    elif dataset.kind.is_running:
        total, unit = len(examples.source.packed), dataset.codec.symbol_name
        shared = sum(starmap(_alike_from_the_beginning, zip(_as_learned(examples, dataset), train, strict=False)))
        shared = shared if 2 * shared >= total else 0  # other texts may begin with the same word
    elif dataset.codec.frames is None:
        index, unit = RowIndex(train), "source text" if dataset.kind.writes_text else "text"
        shared = sum(index.holds(list(_as_learned(examples, dataset))))
    else:
        known = {hash(row.tobytes()) for row in train}
        shared = sum(hash(row.tobytes()) in known for row in examples.source)
    are = "is" if shared == 1 else "are"
    return f"{grouped(shared)} of {counted(total, unit)} {are} also in the training data" if shared else ""


def _as_learned(examples: Examples, dataset: Dataset) -> Iterator[NDArray[Any]]:
    """The rows of a file in the ids of the data, where also the symbols that the network does not know have ids of
    their own."""
    return (dataset.codec.source.encode(example.source) for example in examples)


def _alike_from_the_beginning(one: NDArray[Any], other: NDArray[Any]) -> int:
    """How many symbols two rows have in common before they differ."""
    shorter = min(len(one), len(other))
    places = np.flatnonzero(one[:shorter] != other[:shorter])
    return int(places[0]) if len(places) else shorter
