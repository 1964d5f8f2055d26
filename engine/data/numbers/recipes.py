"""Turns a file into frames for a trained network, in the same way as its training files.

A recipe is a JSON object with the name it has here and the options it was used with, kept in the codec of every run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from os.path import isdir
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from numpy.typing import NDArray

from engine.data.pictures import pixels
from engine.data.sound import frames
from engine.errors import DataError

if TYPE_CHECKING:
    from engine.data.numbers.number_rows import NumberRows

TABLE: Final = "numbers"
SHEET: Final = "sheet"  # of a table: the one that was chosen in the workbook of the training data; may be missing


def table_recipe(columns: Sequence[str]) -> dict[str, Any]:
    """For files that are tables of numbers with these columns."""
    return {"name": TABLE, "columns": list(columns)}


def series_in(path: Path, recipe: Mapping[str, Any]) -> NumberRows:
    """The series in a table of numbers, in the columns that a network reads, with its times; in a workbook, in the
    sheet that was chosen for training, if it has one of that name."""
    # Imported here, because readers import the codec and the codec imports the recipes.
    from engine.data.files.number_columns import read_number_columns
    from engine.data.files.textfile import TextFile

    columns, sheet = recipe.get("columns"), recipe.get(SHEET, "")
    if not isinstance(columns, list) or not all(isinstance(name, str) for name in columns):
        raise DataError("The columns that this network reads are unknown; expected an array of numbers.", path=path)
    if isdir(path):
        raise DataError("This is a folder; expected a file with one series.", path=path)
    with TextFile(path, sheet=str(sheet)) as file:
        rows, about = read_number_columns(file, columns), file.about_sheet(str(sheet))
        return replace(rows, remarks=(about, *rows.remarks)) if about else rows


def _columns(path: Path, recipe: Mapping[str, Any]) -> NDArray[Any]:
    return series_in(path, recipe).frames[0]


# Name → path and recipe to an array that `NumberScaling.rows` takes; DataError for a file that cannot be read.
RECIPES: Final[dict[str, Callable[[Path, Mapping[str, Any]], NDArray[Any]]]] = {
    TABLE: _columns,
    frames.RECIPE: frames.frames_by_recipe,
    pixels.RECIPE: pixels.pixels_by_recipe,
}
