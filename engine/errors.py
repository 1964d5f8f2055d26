"""The errors that the engine raises on purpose.

Each message is one or two plain sentences: what is wrong, where, what was found and what was expected.
Any other exception is a bug in the program.
"""

from __future__ import annotations

from os import PathLike, fspath
from typing import Final

_QUOTED: Final = 40  # characters of a text in a message


class UnrollError(Exception):
    """Something the user can fix; the message says how."""


class DataError(UnrollError):
    """A file or a text that cannot be read as data.

    `path` and `line` (counted from 1) say where; when known, they precede the `message`. unit: what is counted, if it
    is not lines. other_kinds, other_forms: what else the rows, or the file as a whole, can be read as.
    """

    other_kinds: tuple[str, ...] = ()
    other_forms: tuple[str, ...] = ()

    def __init__(
        self, message: str, *, path: str | PathLike[str] | None = None, line: int | None = None, unit: str = "line"
    ) -> None:
        self.path = None if path is None else fspath(path)
        self.line, self.unit = line, unit
        self.message = message
        where = "" if self.path is None else self.path
        if line is not None:
            where += f", {unit} {line:,}" if where else f"{unit.capitalize()} {line:,}"
        super().__init__(f"{where}: {message}" if where else message)

    def in_file(self, path: str | PathLike[str]) -> DataError:
        """The same error with this file as the place, unless it names one itself."""
        return self if self.path is not None else type(self)(self.message, path=path, line=self.line, unit=self.unit)


class UnknownAnswersError(DataError):
    """A file with right answers to another question than the network has learned."""


class MeasurementsError(DataError):
    """A table whose rows are no sequences, nor texts in any other form."""


class ConfigError(UnrollError):
    """A setting out of range, or settings that do not fit each other or the data."""


class StorageError(UnrollError):
    """A run file that cannot be written or cannot be trusted."""


class OtherDataError(StorageError):
    """Data that could be read, but are not those that a run was trained on."""


def quoted(text: str) -> str:
    """A text as a message quotes it: of a long one the beginning."""
    return repr(text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…")
