"""The contract of a loader of sounds or pictures."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

from engine.data.codec import Kind
from engine.data.data_config import DataConfig
from engine.data.files.recognition import Recognition
from engine.data.files.text_source import OnProgress
from engine.data.numbers.number_rows import NumberRows


class FrameLoader(ABC):
    """A form of data that is read file by file. Final classes, one per file, each with a line in LOADERS."""

    kinds: tuple[Kind, ...]
    recipe: str  # the name, in RECIPES, of what turns one of its files into frames
    endings: tuple[str, ...]  # of the names of such files

    @abstractmethod
    def recognise(self, paths: Sequence[Path], config: DataConfig) -> Recognition | None:
        """Recognise the files or the folder if they have this form, else None; `form` is the name in LOADERS.

        Looks only at names, and at the text of a table. DataError if `config` asks for something they do not have.
        """

    @abstractmethod
    def expected(self) -> str:
        """What such data look like, for the message that something else is none."""

    @abstractmethod
    def read(
        self, paths: Sequence[Path], recognition: Recognition, config: DataConfig, progress: OnProgress | None
    ) -> NumberRows:
        """The rows. DataError (file, found, expected) for what cannot be read; progress may raise to stop."""
