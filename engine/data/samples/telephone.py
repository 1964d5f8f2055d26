"""How sound samples are turned into frames: at the sampling rate of a telephone, with few frames per second."""

from __future__ import annotations

from typing import Final

from engine.data.data_config import DataConfig

SOUND: Final = DataConfig(sound_rate=8_000, sound_window=32.0, sound_hop=16.0, sound_bands=32)
