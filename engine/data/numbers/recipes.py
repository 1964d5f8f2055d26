"""How a file becomes frames once a network is trained: what was done to the training files, done again.

A recipe is a JSON object with the name it has here and the options it was used with, kept in the codec of every run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from numpy.typing import NDArray

from engine.data.pictures import pixels
from engine.data.sound import frames

# Name → path and recipe to an array that `Numbers.rows` takes; DataError for a file that cannot be read.
RECIPES: Final[dict[str, Callable[[Path, Mapping[str, Any]], NDArray[Any]]]] = {
    frames.RECIPE: frames.frames_by_recipe,
    pixels.RECIPE: pixels.pixels_by_recipe,
}
