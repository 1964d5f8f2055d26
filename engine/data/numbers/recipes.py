"""Turns a file into frames for a trained network, in the same way as its training files.

A recipe is a JSON object with the name it has here and the options it was used with, kept in the codec of every run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from numpy.typing import NDArray

from engine.data.pictures import pixels
from engine.data.sound import frames
from engine.errors import DataError

_TABLE: Final = "numbers"


def table_recipe(columns: Sequence[str]) -> dict[str, Any]:
    """For files that are tables of numbers with these columns."""
    return {"name": _TABLE, "columns": list(columns)}


def _columns(path: Path, recipe: Mapping[str, Any]) -> NDArray[Any]:
    """The columns of a table of numbers."""
    # Imported here, because readers import the codec and the codec imports the recipes.
    from engine.data.files.number_columns import read_number_columns
    from engine.data.files.textfile import TextFile

    columns = recipe.get("columns")
    if not isinstance(columns, list) or not all(isinstance(name, str) for name in columns):
        raise DataError("The columns that this network reads are unknown; expected an array of numbers.", path=path)
    with TextFile(path) as file:
        return read_number_columns(file, columns)


# Name → path and recipe to an array that `NumberScaling.rows` takes; DataError for a file that cannot be read.
RECIPES: Final[dict[str, Callable[[Path, Mapping[str, Any]], NDArray[Any]]]] = {
    _TABLE: _columns,
    frames.RECIPE: frames.frames_by_recipe,
    pixels.RECIPE: pixels.pixels_by_recipe,
}
