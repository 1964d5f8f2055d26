"""Turns a file into frames for a trained network, in the same way as its training files.

A recipe is a JSON object with the name it has here and the options it was used with, kept in the codec of every run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from os.path import isdir
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from numpy.typing import NDArray

from engine.data.pictures import pixels
from engine.data.sound import frames
from engine.errors import DataError
from engine.name_list import some_of

if TYPE_CHECKING:
    from engine.data.numbers.number_rows import NumberRows

_NAMED: Final = 4  # series in a message
TABLE: Final = "numbers"
SHEET: Final = "sheet"  # of a table: the one that was chosen in the workbook of the training data; may be missing
DECIMAL: Final = "decimal"  # the mark before decimals in the training data; missing where none was told
TIME: Final = "time_column"  # of a table: the column that was chosen by hand to say when; missing where none was
SERIES: Final = "series_column"  # of a table: the column that tells its series apart; missing where there is none


def table_recipe(columns: Sequence[str], series: str = "", decimal: str = "") -> dict[str, Any]:
    """For files that are tables of numbers with these columns. series: the column that tells their series apart.
    decimal: the mark before their decimals."""
    given = {SERIES: series, DECIMAL: decimal}
    return {"name": TABLE, "columns": list(columns), **{name: value for name, value in given.items() if value}}


def series_in(path: Path, recipe: Mapping[str, Any]) -> NumberRows:
    """The series in a table of numbers, in the columns that a network reads, with their times; in a workbook, in the
    sheet that was chosen for training, if it has one of that name."""
    # Imported here, because readers import the codec and the codec imports the recipes.
    from engine.data.codec import Kind
    from engine.data.files.number_columns import read_number_columns
    from engine.data.files.sources import source_of
    from engine.data.files.textfile import TextFile

    columns, sheet = recipe.get("columns"), recipe.get(SHEET, "")
    if not isinstance(columns, list) or not all(isinstance(name, str) for name in columns):
        raise DataError("The columns that this network reads are unknown; expected an array of numbers.", path=path)
    if isdir(path):
        raise DataError("This is a folder; expected a file with one series.", path=path)
    with TextFile(path, sheet=str(sheet), source=partial(source_of, kind=Kind.SERIES)) as file:
        rows = read_number_columns(file, columns, recipe)
        about = file.about_sheet(str(sheet))
        return replace(rows, remarks=(about, *rows.remarks)) if about else rows


def _columns(path: Path, recipe: Mapping[str, Any]) -> NDArray[Any]:
    rows = series_in(path, recipe)
    if len(rows.frames) > 1:
        named = f": {some_of(rows.row_names, _NAMED)}" if rows.row_names else ""
        raise DataError(f"The file holds {len(rows.frames):,} series{named}; expected one.", path=path)
    return rows.frames[0]


# Name → path and recipe to an array that `NumberScaling.rows` takes; DataError for a file that cannot be read.
RECIPES: Final[dict[str, Callable[[Path, Mapping[str, Any]], NDArray[Any]]]] = {
    TABLE: _columns,
    frames.RECIPE: frames.frames_by_recipe,
    pixels.RECIPE: pixels.pixels_by_recipe,
}
