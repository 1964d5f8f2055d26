"""Which rows are held back for validation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from engine.data.bulk.ragged import BLOCK, count_values
from engine.errors import DataError

_PARTS: Final = 8
_MANY_ROWS: Final = 1 << 20
_FEW_ROWS: Final = 10_000


@dataclass(frozen=True, eq=False)
class Repeats:
    """Rows whose text occurs more than once.

    rows (m,): their numbers, ascending; group (m,): which text each holds, from 0; first (g,): the row where each text
    first occurs; sizes (g,): how many rows hold it. All int32, because nearly all rows may be repeats.
    """

    rows: NDArray[np.int32]
    group: NDArray[np.int32]
    first: NDArray[np.int32]
    sizes: NDArray[np.int64]

    @classmethod
    def of(cls, hashes: NDArray[np.uint64]) -> Self:
        """hashes (n,): equal for rows of equal text. Their memory is reused; they must not be read afterwards."""
        parts, count = [np.zeros(0, np.uint64)], 0
        for begin in range(0, 256, 256 // _PARTS):  # sorted in parts, because copying all of it costs memory
            last = (begin + 256 // _PARTS << 56) - 1
            ordered = np.sort(hashes[(hashes >= np.uint64(begin << 56)) & (hashes <= np.uint64(last))])
            again = ordered[1:] == ordered[:-1]
            begins = again.copy()  # the second row of each repeated text
            begins[1:] &= ~again[:-1]
            parts.append(ordered[1:][begins])
            count += int(again.sum()) + len(parts[-1])
        repeated = np.concatenate(parts)
        # In place: each pair of row and group overwrites a hash that is no longer needed.
        found = hashes.view(np.int32).reshape(-1, 2)
        # Hashes are spread evenly, so the leading bits say where among the repeated ones to look.
        bits = max(1, len(repeated).bit_length())
        shift = np.uint64(64 - bits)
        starts = np.searchsorted(repeated >> shift, np.arange(1 << bits, dtype=np.uint64)).astype(np.int32)
        repeated = np.append(repeated, np.uint64(2**64 - 1))
        done = 0
        for begin in range(0, len(hashes) if count else 0, BLOCK):
            piece = hashes[begin : begin + BLOCK]
            place = starts[piece >> shift]
            behind = np.flatnonzero(repeated[place] < piece)
            while len(behind):
                place[behind] += 1
                behind = behind[repeated[place[behind]] < piece[behind]]
            hit = np.flatnonzero((repeated[place] == piece) & (place < len(repeated) - 1))
            found[done : done + len(hit), 0] = begin + hit
            found[done : done + len(hit), 1] = place[hit]
            done += len(hit)
        found = found[:count] if 2 * count > len(found) else found[:count].copy()
        rows, group = found[:, 0], found[:, 1]
        first = np.zeros(len(repeated) - 1, np.int32)
        for begin in reversed(range(0, count, BLOCK)):
            part = slice(begin, begin + BLOCK)
            first[group[part][::-1]] = rows[part][::-1]
        return cls(rows, group, first, count_values(group, len(first)))

    @property
    def later(self) -> int:
        """Rows whose text occurred in an earlier row."""
        return len(self.rows) - len(self.first)

    def leaks(self, chosen: NDArray[np.bool_]) -> int:
        """chosen (n,), a mask of all rows → how many of them hold a text that also occurs in a row not chosen."""
        inside = chosen[self.rows]
        outside = np.bincount(self.group[~inside], minlength=len(self.first)) > 0
        return int(outside[self.group[inside]].sum())

    def expected_leaks(self, share: float) -> int:
        """How many rows a plain random split of this share would leak on average."""
        return round(float((self.sizes * share * (1 - share ** (self.sizes - 1))).sum()))


def split_rows(
    rows: int, repeats: Repeats, share: float, generator: np.random.Generator, strata: NDArray[Any] | None = None
) -> NDArray[np.bool_]:
    """Mask (rows,) of the validation rows, about `share` of them.

    Rows with the same text stay on one side. strata (rows,): labels, each of which gives its share; of labels so rare
    that their share is less than half a row, some give one, so that together they give theirs. There is at least one
    row on each side; DataError if all rows are the same text.
    """
    if rows - repeats.later < 2:
        raise DataError(f"All {rows:,} rows are the same text; at least two different ones are needed, one to train "
                        "on and one to validate on.")  # fmt: skip
    follows = np.zeros(rows, bool)
    for begin in range(0, len(repeats.rows), BLOCK):  # piece by piece, because row numbers are widened when used
        follows[repeats.rows[begin : begin + BLOCK]] = True
    follows[repeats.first] = False
    # Each text is represented by its first row, in random order.
    order = _candidates(rows, repeats, share, generator, strata, follows)
    generator.shuffle(order)
    order = order[~follows[order]]
    bounds = np.array([0, len(order)])
    totals = np.array([float(rows)])
    if strata is not None:
        order = order[np.argsort(strata[order], kind="stable")]
        totals = np.bincount(strata).astype(float)
        bounds = np.searchsorted(strata[order], np.arange(len(totals) + 1))
    by_first = np.argsort(repeats.first)
    chosen = np.zeros(rows, bool)
    owed = 0.0  # by the rare labels
    for begin, end, total in zip(bounds[:-1], bounds[1:], totals, strict=True):
        texts = order[begin : min(end, begin + int(share * total) + 1)]
        sizes = _sizes(texts, repeats, by_first)
        middle = np.cumsum(sizes) - sizes / 2
        taken = np.searchsorted(middle, share * total, side="right")
        if not taken and end - begin > 1:  # one text at least stays to learn the label from
            owed += share * total
            taken = int(owed >= middle[0])
            owed -= taken * sizes[0]
        chosen[texts[:taken]] = True
    _leave_none_empty(chosen, order, _sizes(order, repeats, by_first) if len(order) < BLOCK else None)
    of_group = chosen[repeats.first]
    for begin in range(0, len(repeats.rows), BLOCK):
        piece = slice(begin, begin + BLOCK)
        chosen[repeats.rows[piece]] = of_group[repeats.group[piece]]
    return chosen


def _candidates(
    rows: int,
    repeats: Repeats,
    share: float,
    generator: np.random.Generator,
    strata: NDArray[Any] | None,
    follows: NDArray[np.bool_],
) -> NDArray[np.int32]:
    """Rows to shuffle: all of them, or of a great many only somewhat more than needed, because shuffling is slow."""
    if rows < _MANY_ROWS:
        return np.arange(rows, dtype=np.int32)
    if repeats.later * 10 > rows:
        return np.flatnonzero(~follows).astype(np.int32)
    drawn = generator.random(rows, np.float32) < 1.25 * share + 0.01
    if strata is not None:
        drawn |= (np.bincount(strata) < _FEW_ROWS)[strata]
    return np.flatnonzero(drawn).astype(np.int32)


def _sizes(texts: NDArray[Any], repeats: Repeats, by_first: NDArray[Any]) -> NDArray[np.int64]:
    """How many rows hold the text that first occurs in each of these rows."""
    sizes = np.ones(len(texts), np.int64)
    if len(repeats.first):
        place = by_first[np.minimum(np.searchsorted(repeats.first, texts, sorter=by_first), len(by_first) - 1)]
        hit = repeats.first[place] == texts
        sizes[hit] = repeats.sizes[place[hit]]
    return sizes


def _leave_none_empty(chosen: NDArray[np.bool_], order: NDArray[Any], sizes: NDArray[np.int64] | None) -> None:
    """If all rows ended up on one side, move the text with the fewest rows. This happens only with few rows."""
    if sizes is None:
        return
    inside = chosen[order]
    if not inside.any() or inside.all():
        chosen[order[np.argmin(sizes)]] = not inside.any()


def stream_cut(length: int, share: float) -> int:
    """Where a running text of `length` symbols is cut: training before, validation after, two symbols at least."""
    return min(max(round(length * (1 - share)), 2), length - 2)
