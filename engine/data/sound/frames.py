"""From a sound file to the frames that a network reads, and the recipe that says how."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.data.data_config import DataConfig
from engine.data.sound.mel import log_mel, mel_centres

RECIPE: Final = "log-mel"
_OPTIONS: Final = ("sound_rate", "sound_window", "sound_hop", "sound_bands")


def sound_recipe(config: DataConfig) -> dict[str, Any]:
    """How sounds become frames by these settings, to be kept with what is trained."""
    return {"name": RECIPE, **{name: getattr(config, name) for name in _OPTIONS}}


def band_names(config: DataConfig) -> tuple[str, ...]:
    """What the columns of frames are called: by the pitch in the middle of each band, in Hz."""
    return tuple(f"{round(hz)} Hz" for hz in mel_centres(config.sound_rate, config.sound_bands).tolist())


def frames_by_recipe(path: Path, recipe: Mapping[str, Any]) -> NDArray[np.float32]:
    """(T, bands) log-mel frames of a file. ConfigError for a recipe with other options, or out of their range."""
    return read_frames(path, DataConfig.from_json({name: recipe[name] for name in recipe if name != "name"}))


def read_frames(path: Path, config: DataConfig) -> NDArray[np.float32]:
    """(T, bands) log-mel frames of a file."""
    from engine.data.sound.read_sound import read_sound  # not needed to list the samples at the start

    return frames_of(read_sound(path, config.sound_rate), config)


def frames_of(samples: NDArray[np.float32], config: DataConfig) -> NDArray[np.float32]:
    """(n,) samples at the rate of `config` → (T, bands) log-mel frames as it says."""
    window, hop = config.sound_window / 1000, config.sound_hop / 1000
    return log_mel(samples, config.sound_rate, window=window, hop=hop, bands=config.sound_bands)
