"""Which rows are kept back to measure on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.errors import DataError


def split_rows(
    groups: NDArray[np.int64], share: float, generator: np.random.Generator, strata: NDArray[np.int64] | None = None
) -> NDArray[np.bool_]:
    """Rows (n,) → mask (n,) of the validation rows.

    groups (n,): rows with the same number (the same text) stay on one side. strata (n,): each of them (a label) gives
    its share. At least one row lies on each side; DataError if there is only one group.
    """
    count = int(groups.max(initial=-1)) + 1
    if count < 2:
        raise DataError(f"All {len(groups):,} rows are the same text; at least two different ones are needed, "
                        "one to learn from and one to measure on.")
    sizes = np.bincount(groups, minlength=count)
    first = np.zeros(count, np.int64)
    first[groups[::-1]] = np.arange(len(groups) - 1, -1, -1)
    stratum = np.zeros(count, np.int64) if strata is None else strata[first]
    # A random order that depends on where a text first stands, not on how groups happen to be numbered.
    drawn = generator.random(len(groups))[first]
    order = np.lexsort((drawn, stratum))
    before = np.cumsum(sizes[order]) - sizes[order]
    starts = np.concatenate(([True], np.diff(stratum[order]) != 0))
    before -= np.maximum.accumulate(np.where(starts, before, 0))
    wanted = share * np.bincount(stratum, weights=sizes)[stratum[order]]
    chosen = np.zeros(count, bool)
    chosen[order] = before + sizes[order] / 2 <= wanted
    if not chosen.any():
        chosen[np.lexsort((drawn, sizes))[0]] = True
    elif chosen.all():
        chosen[np.lexsort((drawn, -sizes))[0]] = False
    return chosen[groups]


def stream_cut(length: int, share: float) -> int:
    """Where a running text of `length` symbols is cut: training before, validation after, two symbols at least."""
    return min(max(round(length * (1 - share)), 2), length - 2)
