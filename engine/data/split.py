"""Which rows are kept back to measure on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from engine.data.ragged import BLOCK
from engine.errors import DataError

_FIRST_BITS: Final = 23
_MANY_ROWS: Final = 1 << 20
_FEW_ROWS: Final = 10_000


@dataclass(frozen=True, eq=False)
class Repeats:
    """Rows whose text occurs more than once.

    rows (m,): their numbers, ascending; group (m,): which text each holds, from 0; first (g,): the row where each text
    stands first; sizes (g,): how many rows hold it.
    """

    rows: NDArray[np.int64]
    group: NDArray[np.int64]
    first: NDArray[np.int64]
    sizes: NDArray[np.int64]

    @classmethod
    def of(cls, hashes: NDArray[np.uint64]) -> Self:
        """hashes (n,): equal for rows of equal text. Only the repeated ones cost memory."""
        ordered = np.sort(hashes)
        repeated = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
        del ordered
        rows, group = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        # The first bits tell for most rows that they are not repeated, much faster than a search.
        suspect = np.zeros(1 << _FIRST_BITS, bool)
        suspect[repeated >> np.uint64(64 - _FIRST_BITS)] = True
        for begin in range(0, len(hashes) if len(repeated) else 0, BLOCK):
            piece = hashes[begin : begin + BLOCK]
            maybe = np.flatnonzero(suspect[piece >> np.uint64(64 - _FIRST_BITS)])
            place = np.minimum(np.searchsorted(repeated, piece[maybe]), len(repeated) - 1)
            hit = np.flatnonzero(repeated[place] == piece[maybe])
            rows.append(begin + maybe[hit])
            group.append(place[hit])
        all_rows, all_groups = np.concatenate(rows), np.concatenate(group)
        first = np.zeros(len(repeated), np.int64)
        first[all_groups[::-1]] = all_rows[::-1]
        return cls(all_rows, all_groups, first, np.bincount(all_groups, minlength=len(repeated)))

    @property
    def later(self) -> int:
        """Rows whose text occurred in an earlier row."""
        return len(self.rows) - len(self.first)

    def leaks(self, chosen: NDArray[np.bool_]) -> int:
        """How many of the chosen rows hold a text that also stands in a row not chosen."""
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

    Rows of the same text stay on one side. strata (rows,): each of them (a label) gives its share. At least one row
    lies on each side; DataError if all rows are the same text.
    """
    if rows - repeats.later < 2:
        raise DataError(f"All {rows:,} rows are the same text; at least two different ones are needed, one to learn "
                        "from and one to measure on.")  # fmt: skip
    follows = np.zeros(rows, bool)
    follows[repeats.rows] = True
    follows[repeats.first] = False
    # Each text stands for itself in the row where it is first, in random order.
    order = _candidates(rows, repeats, share, generator, strata)
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
    for begin, end, total in zip(bounds[:-1], bounds[1:], totals, strict=True):
        texts = order[begin : min(end, begin + int(share * total) + 1)]
        sizes = _sizes(texts, repeats, by_first)
        middle = np.cumsum(sizes) - sizes / 2
        chosen[texts[: np.searchsorted(middle, share * total, side="right")]] = True
    _leave_none_empty(chosen, order, _sizes(order, repeats, by_first) if len(order) < BLOCK else None)
    chosen[repeats.rows] = chosen[repeats.first][repeats.group]
    return chosen


def _candidates(
    rows: int, repeats: Repeats, share: float, generator: np.random.Generator, strata: NDArray[Any] | None
) -> NDArray[np.int32]:
    """Rows to be shuffled: all, but of very many only somewhat more than are wanted, because shuffling takes long."""
    if rows < _MANY_ROWS or repeats.later * 10 > rows:
        return np.arange(rows, dtype=np.int32)
    drawn = generator.random(rows, np.float32) < 1.25 * share + 0.01
    if strata is not None:
        drawn |= (np.bincount(strata) < _FEW_ROWS)[strata]
    return np.flatnonzero(drawn).astype(np.int32)


def _sizes(texts: NDArray[Any], repeats: Repeats, by_first: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many rows hold the text that stands first in each of these rows."""
    sizes = np.ones(len(texts), np.int64)
    if len(repeats.first):
        place = by_first[np.minimum(np.searchsorted(repeats.first, texts, sorter=by_first), len(by_first) - 1)]
        hit = repeats.first[place] == texts
        sizes[hit] = repeats.sizes[place[hit]]
    return sizes


def _leave_none_empty(chosen: NDArray[np.bool_], order: NDArray[Any], sizes: NDArray[np.int64] | None) -> None:
    """Move one text, the one with the fewest rows, if all lie on one side. Only few rows can come to that."""
    if sizes is None:
        return
    inside = chosen[order]
    if not inside.any() or inside.all():
        chosen[order[np.argmin(sizes)]] = not inside.any()


def stream_cut(length: int, share: float) -> int:
    """Where a running text of `length` symbols is cut: training before, validation after, two symbols at least."""
    return min(max(round(length * (1 - share)), 2), length - 2)
