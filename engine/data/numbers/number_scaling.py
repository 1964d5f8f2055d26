"""Describes the numbers of a data set, and converts them to and from the input of a network."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from engine.data.numbers.recipes import DECIMAL, RECIPES, SERIES, SHEET, TABLE, TIME, series_in
from engine.data.numbers.recording import Recording
from engine.data.sound.frames import RECIPE as SOUND
from engine.errors import DataError
from engine.number_text import own_units

_SHOWN: Final = 8  # numbers of an array written out
_ROW_ENDS: Final = re.compile(r"[\n;]+")
_CELL_ENDS: Final = re.compile(r"[\s,]+")
_MOST_DECIMALS: Final = 9  # of a standardised number that float32 can tell apart
_SAME: Final = 1e-12  # a spread below this share of the values is rounding
_LARGEST: Final = 1e100  # of a number, a mean or a deviation: beyond it squares overflow
_SMALLEST: Final = 1e-100  # of a deviation: below it squares vanish
_FARTHEST: Final = 1e12  # deviations from the mean: beyond it a network's own numbers overflow


def _no_recipe() -> Mapping[str, Any]:
    return MappingProxyType({})


class SeriesInFile(NamedTuple):
    """(T, D) numbers in their own units, the time of each step as the file writes it, () if it has none, and the name
    of the series, "" if the file has none for it."""

    values: NDArray[np.float64]
    times: tuple[str, ...] = ()
    name: str = ""


class SeriesOfFile(NamedTuple):
    """The series in a file, one or several, and what is worth knowing of how they were read."""

    series: tuple[SeriesInFile, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class NumberScaling:
    """The D numbers of each step; a network reads (x − mean) / deviation.

    names (D,): of the columns; () for a picture. mean, deviation (D,), or (1,) for all numbers alike: fitted on the
    training rows alone. shape: (height, width, channels) of a picture, whose numbers are a single frame; () otherwise.
    recipe: how a file becomes frames: its name in `RECIPES`, and its options.
    """

    names: tuple[str, ...]
    mean: tuple[float, ...]
    deviation: tuple[float, ...]
    shape: tuple[int, ...] = ()
    recipe: Mapping[str, Any] = field(default_factory=_no_recipe, hash=False)

    @classmethod
    def fit(
        cls,
        rows: Sequence[NDArray[Any]],
        names: Sequence[str],
        shape: Sequence[int] = (),
        recipe: Mapping[str, Any] | None = None,
    ) -> Self:
        """Means and deviations of training rows (T, D) in their own units. DataError for a column that never varies
        or holds numbers beyond 1e100.

        The bands of a sound may be constant (silent), because unlike the columns of a table they cannot be left out.
        """
        axis = None if shape else 0
        low, high = (
            np.atleast_1d(far(np.stack([far(row, axis=axis) for row in rows if row.size]), axis=0))
            for far in (np.min, np.max)
        )
        for column, far in enumerate(np.maximum(-low, high).tolist()):
            if far > _LARGEST:
                what = f"The column “{names[column]}” holds" if names else "The data hold"
                raise DataError(f"{what} a number as large as {far:g}; expected numbers up to {_LARGEST:g}.")
        count = sum(row.size if shape else len(row) for row in rows)
        mean = np.atleast_1d(sum(row.sum(axis=axis, dtype=np.float64) for row in rows) / count)
        squares = np.atleast_1d(sum(((row - mean) ** 2).sum(axis=axis, dtype=np.float64) for row in rows) / count)
        deviation = np.sqrt(squares)
        flat = np.flatnonzero(deviation <= np.maximum(_SMALLEST, _SAME * np.abs(mean)))
        made = recipe and "columns" not in recipe
        if made and len(flat) < len(deviation):
            deviation[flat] = 1.0
        elif len(flat):
            what = f"The column “{names[flat[0]]}”" if names else "All the data"
            least, most = low[flat[0]], high[flat[0]]
            found = (
                f"the same number, {mean[flat[0]]:g}, in every training row"
                if least == most
                else f"numbers from {least:g} to {most:g}, too close together to be told apart"
            )
            advice = " Leave the column out." if len(flat) < len(deviation) else ""
            raise DataError(f"{what} holds {found}; expected numbers that vary.{advice}")
        return cls(tuple(names), tuple(mean.tolist()), tuple(deviation.tolist()), tuple(shape), dict(recipe or {}))

    @property
    def is_sound(self) -> bool:
        """Whether each row is a frame of a sound."""
        return self.recipe.get("name") == SOUND

    @property
    def size(self) -> int:
        """D, numbers of each step."""
        return math.prod(self.shape) if self.shape else len(self.names)

    def rows(self, values: Any) -> NDArray[np.float64]:
        """Values that were given, in their original units, as (T, D); DataError if they do not fit or are not finite.

        One column may be given without its axis; pixels may be whole numbers from 0 to 255.
        """
        try:
            given = np.asarray(values)
        except ValueError:
            raise DataError("The rows differ in length; expected the same number of values in each.") from None
        if given.dtype.kind not in "biuf":
            raise DataError(f"Expected numbers; found {given.dtype} values, such as {_first(given)!r}.")
        if self.shape:
            return self._picture(given)
        rows = given.astype(np.float64)
        if rows.ndim == 1 and self.size == 1:
            rows = rows[:, None]
        if rows.ndim != 2 or rows.shape[1] != self.size or len(rows) == 0:
            columns = f"{self.size} columns" if self.size > 1 else "one column"
            raise DataError(f"The array has the shape {given.shape}; expected (steps, {self.size}): {columns}.")
        bad = np.argwhere(~np.isfinite(rows))
        if len(bad):
            step, column = bad[0].tolist()
            raise DataError(
                f"“{self.names[column]}” is {rows[step, column]} at step {step + 1:,}; expected a finite number."
            )
        return rows

    def _picture(self, given: NDArray[Any]) -> NDArray[np.float64]:
        height, width, channels = self.shape
        picture = given[..., None] if given.ndim == 2 else given
        if picture.shape != self.shape:
            raise DataError(
                f"The picture has the shape {given.shape}; expected ({height}, {width}, {channels}): height, width, "
                "channels."
            )
        pixels = picture.astype(np.float64) / (255 if picture.dtype.kind in "iu" else 1)
        if not np.isfinite(pixels).all():
            raise DataError("The picture has pixels that are not finite numbers.")
        return pixels.reshape(1, -1)

    def standardise(self, values: Any) -> NDArray[np.float32]:
        """(T, D) in the data's own units, or anything that `rows` takes → (T, D) float32 as a network reads them.

        DataError also for a number so far from those of the training rows that a network cannot compute with it.
        """
        rows = self.rows(values)
        with np.errstate(over="ignore"):  # becomes infinite, which is refused
            standard = (rows - self.mean) / self.deviation
        far = np.argwhere(np.abs(standard) > _FARTHEST)
        if len(far):
            step, column = far[0].tolist()
            name, k = (f"“{self.names[column]}”", column) if self.names else ("A pixel", 0)
            raise DataError(
                f"{name} is {rows[step, column]:g} at step {step + 1:,}, too far from the training data: "
                f"{self.mean[k]:g} on average, with a deviation of {self.deviation[k]:g}."
            )
        return standard.astype(np.float32)

    def restore(self, rows: NDArray[Any]) -> NDArray[np.float64]:
        """(…, D) as a network reads or answers them → the same in the data's own units."""
        return np.asarray(np.asarray(rows, np.float64) * self.deviation + self.mean)

    def given(self, rows: NDArray[Any]) -> NDArray[np.float64]:
        """(T, D) as a network reads them → as they were given: in their own units, with just enough decimals to be read
        back as the same numbers; a picture with its shape."""
        exact = self.restore(rows)
        values, left = exact.copy(), np.ones(exact.shape, bool)
        least = -math.floor(math.log10(max(self.deviation)))
        for decimals in range(least, -math.floor(math.log10(min(self.deviation))) + _MOST_DECIMALS):
            rounded = np.round(exact, decimals)
            same = left & (((rounded - self.mean) / self.deviation).astype(np.float32) == rows)
            values[same] = rounded[same]
            left &= ~same
            if not left.any():
                break
        return values.reshape(self.shape) if self.shape else values

    def restore_deviation(self, sigma: NDArray[Any]) -> NDArray[np.float64]:
        """(…, D) deviations or differences as a network answers them → the same in the data's own units."""
        return np.asarray(sigma, np.float64) * self.deviation

    def read(self, given: Any) -> NDArray[np.float64]:
        """(T, D), or a picture, in their own units: from an array, a recording, a file (by the recipe), or typed
        numbers: one step per line, or a single column separated by spaces. DataError for anything else."""
        values = given.values if isinstance(given, Recording) else given
        if isinstance(given, PathLike) or (isinstance(given, str) and _is_file(given)):
            name = self.recipe.get("name", "")
            if name not in RECIPES:
                raise DataError("These data were not read from files; expected an array of numbers.", path=given)
            values = RECIPES[name](Path(given), self.recipe)
        elif isinstance(given, str):
            values = self.parse(given)
        rows = self.rows(values)
        return rows.reshape(self.shape) if self.shape else rows

    def read_series(self, path: Path) -> SeriesOfFile:
        """The numbers as `read` gives them, of each series in a file, and what else the file says."""
        if self.recipe.get("name") != TABLE:
            return SeriesOfFile((SeriesInFile(self.read(path)),))
        found = series_in(path, self.recipe)
        frames = [self.rows(frames) for frames in found.frames]
        each = zip_longest(frames, found.times, found.row_names, fillvalue=None)
        return SeriesOfFile(
            tuple(SeriesInFile(values, times or (), name or "") for values, times, name in each if values is not None),
            found.told,
        )

    def in_sheet(self, sheet: str) -> Self:
        """The same, where a workbook is read from the sheet of that name; "" for the one with the most rows."""
        is_table = self.recipe.get("name") == TABLE
        return replace(self, recipe={**self.recipe, SHEET: sheet}) if sheet and is_table else self

    def parse(self, text: str) -> NDArray[np.float64]:
        """(T, D) numbers that a person typed, or copied with their proper minus signs."""
        text = text.replace("−", "-")
        try:
            cells = [[float(cell) for cell in _CELL_ENDS.split(row.strip()) if cell] for row in _ROW_ENDS.split(text)]
        except ValueError as error:
            raise DataError(f"Expected numbers, or a file; {error}.") from None
        cells = [row for row in cells if row]
        if self.size == 1:
            return np.array([[cell] for row in cells for cell in row]).reshape(-1, 1)
        if any(len(row) != self.size for row in cells):
            raise DataError(f"Expected {self.size} numbers on each line: {', '.join(self.names)}.")
        return np.array(cells).reshape(-1, self.size)

    def typed(self, values: NDArray[Any]) -> str:
        """(T, D) as a person could type them; `parse` reads them back, exact to a thousandth of their deviation."""
        rows = (" ".join(map(_plain, row)) for row in self._digits(values))
        return (" " if self.size == 1 else "; ").join(rows).replace("−", "-")

    @property
    def names_steps(self) -> bool:
        """Whether a step is called by what it holds rather than by its place; see `step_names`."""
        return bool(self.shape) or self.size == 1

    def step_names(self, values: NDArray[Any]) -> tuple[str, ...]:
        """The label of each step (T,): its number, as it could be typed, if there is only one, otherwise the index of
        the step."""
        if self.shape:
            return (self.written(values),)
        if self.size == 1:
            return tuple(_plain(row[0]) for row in self._digits(values))
        return tuple(str(step + 1) for step in range(len(values)))

    def written(self, values: NDArray[Any]) -> str:
        """Values (T, D) or (D,) in their own units as a short text for a person."""
        if self.shape:
            return " × ".join(map(str, self.shape[:2])) + " pixels"
        shown = [", ".join(row[:_SHOWN]) for row in self._digits(np.atleast_2d(values)[:_SHOWN])]
        return ("; " if self.size > 1 else " ").join(shown) + (" …" if len(values) > _SHOWN else "")

    def _digits(self, values: NDArray[Any]) -> list[list[str]]:
        """Each number of (T, D), with just enough digits to distinguish it from others in its column."""
        rows = np.asarray(values, np.float64)
        deviations = np.broadcast_to(self.deviation, rows.shape[1:]).tolist()
        return [[_digits(*pair) for pair in zip(row, deviations, strict=True)] for row in rows.tolist()]

    def to_json(self) -> dict[str, Any]:
        """Convert to a plain dictionary."""
        return {
            "names": list(self.names),
            "mean": list(self.mean),
            "deviation": list(self.deviation),
            "shape": list(self.shape),
            "recipe": dict(self.recipe),
        }

    @property
    def identity(self) -> dict[str, Any]:
        """`to_json` without what says where the numbers are and how they are written, not what they are: the sheet, the
        column of names, and the mark before decimals."""
        recipe = {name: value for name, value in self.recipe.items() if name not in (SHEET, SERIES, DECIMAL, TIME)}
        return self.to_json() | {"recipe": recipe}

    @classmethod
    def from_json(cls, values: Any) -> Self:
        """From the output of `to_json`; ValueError, KeyError or TypeError for anything else."""
        names = tuple(str(name) for name in values["names"])
        mean, deviation = (tuple(float(number) for number in values[key]) for key in ("mean", "deviation"))
        shape = tuple(int(side) for side in values["shape"])
        fitting = (1,) if shape else (len(names),)
        if (len(mean),) != fitting or len(deviation) != len(mean) or not (names or shape):
            raise ValueError("means and deviations do not fit the columns")
        if not all(abs(one) <= _LARGEST for one in mean) or not all(_SMALLEST < one <= _LARGEST for one in deviation):
            raise ValueError("means or deviations are not usable numbers")
        if shape and (len(shape) != 3 or min(shape) < 1):
            raise ValueError("the shape is not that of a picture")
        if not isinstance(values["recipe"], dict) or not isinstance(values["recipe"].get("name", ""), str):
            raise ValueError("the recipe is not an object with a name")
        return cls(names, mean, deviation, shape, values["recipe"])


def _first(values: NDArray[Any]) -> object:
    return values.reshape(-1)[0] if values.size else None


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except (OSError, ValueError):
        return False


def _digits(number: float, deviation: float) -> str:
    """A number to a thousandth of the deviation, without zeros at its end."""
    written = own_units(number, deviation)
    return written.rstrip("0").rstrip(".") if "." in written and "e" not in written else written


def _plain(written: str) -> str:
    """A number as one types it: thousands are not grouped, as commas are between numbers."""
    return written.replace(",", "")
