"""Rows of numbers as a reader finds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.data.codec import Kind
from engine.data.numbers.column_notes import ColumnNote, notes_in_words
from engine.data.report import Skipped
from engine.errors import DataError

T = TypeVar("T")
VALUE: Final = "value"  # the name of a single column that has none


def _no_recipe() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, eq=False)
class NumberRows:
    """n rows of numbers in their own units, each with its label or text where the kind has one.

    frames: arrays (T, D), or (height, width, channels) from 0 to 1. targets (n,); () for series. names (D,): of the
    columns. recipe: how a file becomes such an array, see `RECIPES`. skipped: rows left out, and why. remarks: other
    things worth knowing, one sentence each. times (n,): of series, the time of each step (T,), as the file writes it.
    row_names (n,): what each row is called, a file by its place in its folder, a series by its name; () if unknown.
    notes: on the columns.
    """

    frames: Sequence[NDArray[Any]]
    targets: Sequence[str] = ()
    names: tuple[str, ...] = ()
    recipe: Mapping[str, Any] = field(default_factory=_no_recipe)
    skipped: Sequence[Skipped] = ()
    remarks: tuple[str, ...] = ()
    times: tuple[tuple[str, ...], ...] = ()
    row_names: tuple[str, ...] = ()
    notes: tuple[ColumnNote, ...] = ()

    @classmethod
    def of(cls, rows: Iterable[Any] | NDArray[Any], kind: Kind) -> Self:
        """From Python: one series or several, or (numbers, label or text) rows. DataError for anything else."""
        if kind == Kind.SERIES:
            if isinstance(rows, np.ndarray):
                return cls([_array(rows, 0, kind)])
            given = _listed(rows)
            if given and not any(np.ndim(row) for row in given):
                return cls([_array(given, 0, kind)])
            return cls([_array(row, i, kind) for i, row in enumerate(given)])
        pairs = _listed(rows)
        for i, row in enumerate(pairs):
            if isinstance(row, str) or not isinstance(row, Sequence) or len(row) != 2 or not isinstance(row[1], str):
                raise DataError(f"Row {i + 1:,} is {type(row).__name__}; expected (numbers, text).")
        return cls([_array(row[0], i, kind) for i, row in enumerate(pairs)], [row[1] for row in pairs])

    @property
    def told(self) -> tuple[str, ...]:
        """All remarks, and the notes in words."""
        return *notes_in_words(self.notes), *self.remarks

    def only(self, places: Sequence[int]) -> Self:
        """The rows at these places, from 0."""

        def chosen(column: Sequence[T]) -> tuple[T, ...]:
            return tuple(column[place] for place in places) if len(column) else ()

        return replace(
            self,
            frames=chosen(self.frames),
            targets=chosen(self.targets),
            times=chosen(self.times),
            row_names=chosen(self.row_names),
        )

    def without(self, places: Sequence[int]) -> Self:
        """The same rows of a table without these columns."""
        names = tuple(np.delete(self.names, places).tolist())
        frames = [np.delete(frame, places, axis=1) for frame in self.frames]
        notes = tuple(note for note in self.notes if note.column in names)
        recipe = {**self.recipe, "columns": list(names)}
        return replace(self, frames=frames, names=names, recipe=recipe, notes=notes)


def _listed(rows: Any) -> list[Any]:
    try:
        return list(rows)
    except TypeError:
        raise DataError(f"The data are {type(rows).__name__}; expected rows of numbers.") from None


def _array(values: Any, i: int, kind: Kind) -> NDArray[Any]:
    """The numbers of a row: (T, D), or of a picture (height, width, channels) from 0 to 1."""
    try:
        array = np.asarray(values)
        whole = array.dtype.kind in "iu"
        if array.dtype.kind == "c":
            raise TypeError("complex numbers")
        numbers = array.astype(np.float64)
    except (TypeError, ValueError):
        raise DataError(f"Row {i + 1:,} holds something other than numbers.") from None
    if kind == Kind.PICTURES:
        numbers = numbers[..., None] if numbers.ndim == 2 else numbers
        wanted, needed = 3, "(height, width, channels)"
        numbers = numbers / 255 if whole else numbers
    else:
        numbers = numbers[:, None] if numbers.ndim == 1 else numbers
        wanted, needed = 2, "(steps, columns)"
    if numbers.ndim != wanted:
        raise DataError(f"Row {i + 1:,} has the shape {array.shape}; expected {needed}.")
    bad = np.argwhere(~np.isfinite(numbers))
    if len(bad):
        place = tuple(bad[0].tolist())
        raise DataError(f"Row {i + 1:,} holds {numbers[place]} at step {place[0] + 1:,}; expected finite numbers.")
    return numbers
