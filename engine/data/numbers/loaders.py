"""Loaders of data that are not text files: folders and tables of sounds or pictures, and folders of series. They are
asked before a file is opened as text."""

from __future__ import annotations

from typing import Final

from engine.data.numbers.frame_loader import FrameLoader
from engine.data.numbers.series_folder import SeriesFolderLoader
from engine.data.pictures.picture_loader import PictureLoader
from engine.data.sound.sound_loader import SoundLoader

# In the order in which they are asked.
LOADERS: Final[dict[str, FrameLoader]] = {
    "sounds": SoundLoader(),
    "images": PictureLoader(),
    "series-files": SeriesFolderLoader(),
}
