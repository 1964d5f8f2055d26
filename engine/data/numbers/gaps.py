"""Gaps in series: numbers that are missing, and what they are filled with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.data.numbers.column_notes import ColumnNote, Noted

MOST_MISSING: Final = 0.5  # of the numbers of a series


def filled(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """(T, D) → (T, D): each missing number (NaN) replaced by the one before it; at the beginning, by the first there
    is."""
    known = ~np.isnan(table)
    rows = np.arange(len(table))[:, None]
    last = np.maximum.accumulate(np.where(known, rows, -1), axis=0)
    last = np.where(last < 0, known.argmax(axis=0), last)
    return np.take_along_axis(table, last, axis=0)


def at_start(tables: Sequence[NDArray[np.float64]]) -> NDArray[np.int64]:
    """n series (T, D) → (D,): how many numbers are missing before the first one of their series."""
    counts: NDArray[np.int64] = sum(np.isnan(table).cumprod(axis=0).sum(axis=0) for table in tables)
    return counts


def with_starts(
    notes: Sequence[ColumnNote], names: Sequence[str], tables: Sequence[NDArray[np.float64]]
) -> list[ColumnNote]:
    """The notes on columns (D,) of these names, those on gaps with how many come before the first number."""
    first = dict(zip(names, at_start(tables).tolist(), strict=True))
    return [
        replace(note, at_start=min(first[note.column], note.count)) if note.noted is Noted.GAP else note
        for note in notes
    ]
