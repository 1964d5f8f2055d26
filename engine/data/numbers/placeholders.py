"""Numbers that stand for missing ones, such as −999: all nines, and far from everything else in their column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.data.numbers.column_notes import ColumnNote, Noted
from engine.number_text import counted, with_minus

_NINES: Final = re.compile(r"-?9{2,}(\.9+|\.0)?")
_LEAST: Final = 99
_FAR: Final = 2.0  # times the range of the other numbers


def clear_placeholders(table: NDArray[np.float64], names: Sequence[str]) -> list[ColumnNote]:
    """table (T, D): put gaps (NaN) where a column holds placeholders; names (D,). Returns a note on each column that
    does."""
    notes = []
    for column, name in zip(table.T, names, strict=True):
        for value in (np.nanmin(column), np.nanmax(column)) if not np.isnan(column).all() else ():
            places = np.flatnonzero(column == value)
            others = column[(column != value) & ~np.isnan(column)]
            if len(others) < len(places) or abs(value) < _LEAST or not _NINES.fullmatch(repr(float(value))):
                continue
            low, high = float(others.min()), float(others.max())
            if low < high and min(abs(value - low), abs(value - high)) > _FAR * (high - low):
                column[places] = np.nan
                what = f"“{name}” holds {_written(value)} in {counted(len(places), 'row')}"
                others_said = f"its other numbers ({_written(low)} to {_written(high)})"
                sentence = f"{what}, far from {others_said}; it is read as a gap."
                notes.append(ColumnNote(name, Noted.PLACEHOLDER, len(places), sentence))
    return notes


def _written(value: float) -> str:
    return with_minus(f"{value:g}")
