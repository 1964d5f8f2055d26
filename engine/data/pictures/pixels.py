"""From a picture file to the pixels that a network reads, and the recipe that says how."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.data.data_config import DataConfig
from engine.data.pictures.read_picture import read_picture

RECIPE: Final = "picture"
_OPTIONS: Final = ("picture_side", "picture_grey")


def picture_recipe(config: DataConfig) -> dict[str, Any]:
    """How pictures are scaled by these settings, to be kept with what is trained."""
    return {"name": RECIPE, **{name: getattr(config, name) for name in _OPTIONS}}


def pixels_by_recipe(path: Path, recipe: Mapping[str, Any]) -> NDArray[np.float32]:
    """(height, width, channels) of a file. ConfigError for a recipe with other options, or out of their range."""
    return read_pixels(path, DataConfig.from_json({name: recipe[name] for name in recipe if name != "name"}))


def read_pixels(path: Path, config: DataConfig) -> NDArray[np.float32]:
    """(height, width, channels) of a file."""
    return read_picture(path, config.picture_side, config.picture_grey)
