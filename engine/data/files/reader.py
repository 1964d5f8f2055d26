"""The contract of a reader."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path

from engine.data.bulk.row_batch import RowBatch
from engine.data.codec import Kind
from engine.data.data_config import DataConfig
from engine.data.files.recognition import Recognition
from engine.data.files.textfile import Excerpt, TextFile
from engine.data.numbers.number_rows import NumberRows
from engine.errors import DataError


class Reader(ABC):
    """A form of file. Final classes, one per file, each with a line in READERS."""

    kinds: tuple[Kind, ...]

    @abstractmethod
    def recognise(self, excerpt: Excerpt, config: DataConfig) -> Recognition | None:
        """Recognise the file if it has this form, else None. DataError if `config` asks for something it does not
        have."""

    def recognise_files(self, files: Sequence[TextFile], config: DataConfig) -> Recognition | None:
        """The same for several files that belong together; only a few forms support that."""
        return None

    def members(self, given: Sequence[Path], like: Recognition) -> Sequence[Path]:
        """The files to read for a validation or test file, in the order of those recognised as `like`. DataError if
        one is missing."""
        return given

    @abstractmethod
    def expected(self) -> str:
        """A description of this form, to end the sentence "expected …"."""

    def obstacle(self, excerpt: Excerpt, config: DataConfig) -> str:
        """What in a file that was asked for in this form stands in the way, in a sentence; "" if it is not known."""
        return ""

    def numbers(self, file: TextFile, recognition: Recognition) -> NumberRows:
        """The rows of numbers, for kinds of data that read numbers."""
        raise DataError(f"Expected {self.expected()}.", path=file.path)

    @abstractmethod
    def read(self, files: Sequence[TextFile], recognition: Recognition, config: DataConfig) -> Iterator[RowBatch]:
        """The rows, batch by batch. DataError (file, line, found, expected) for what cannot be read."""
