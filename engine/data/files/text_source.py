"""The contract of what can be read like a text file."""

from __future__ import annotations

import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, cast

from engine.data.codec import Kind
from engine.errors import DataError

OnProgress = Callable[[float, str], None]
# All the text of a file, decoded as the person chose.
TextOf = Callable[[Path], str]

LARGEST_BYTES: Final = 1 << 32
# Beyond this size, what unpacks to much more than its packed bytes is an attack or a mistake.
BOMB_FROM: Final = 1 << 26


@dataclass(frozen=True)
class OpenedText:
    """`file`: bytes that can be read again from anywhere. `sheet`: the sheet of a workbook that they come from;
    `sheets`: all that could be taken; `remark`: what the user should know about how it was read."""

    file: BinaryIO
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    remark: str = ""


class TextSource(ABC):
    """One kind of file or folder. Final classes, one per file, each with a line in SOURCES."""

    encoding: str | None = None  # of the bytes that `open` gives; None: the file's own
    instead_of: tuple[str, ...] = ()  # forms that the file itself has, which is read as it is if one was asked for
    kinds: tuple[Kind, ...] = ()  # of data that need this text even then
    row_unit: str = "line"  # what is counted to say where in the file a line of the text comes from
    lines_added: int = 0  # at the beginning of the text, before the first of these

    @abstractmethod
    def fits(self, path: Path, start: bytes) -> bool:
        """Whether `path` is of this kind; `start`: the first few thousand bytes of a file, none of a folder."""

    def made_for(self, path: Path, start: bytes) -> TextSource | None:
        """This kind for the file or folder, with what was found out about it; None if it `fits` another one."""
        return self if self.fits(path, start) else None

    def asked_for(self, path: Path, start: bytes) -> TextSource | None:
        """The same where data of its `kinds` were asked for, whatever the file looks like."""
        return self.made_for(path, start)

    @abstractmethod
    def open(self, path: Path, text_of: TextOf, progress: OnProgress, sheet: str = "") -> OpenedText:
        """The text of the file or folder. sheet: the one to take from a workbook that has it. DataError if it cannot be
        read."""

    def about(self, path: Path) -> str | None:
        """How the text was found, as the reason of a recognition; None: recognition says it."""
        return None


@contextmanager
def unpacking() -> Iterator[BinaryIO]:
    """A temporary file to write to and then to read; closed if writing fails or is cancelled."""
    out = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 - lives as long as what is read from it
    try:
        yield out
    except BaseException:
        out.close()
        raise


def check_unpacked(path: Path, what: str, size: int, ratio: int) -> None:
    """DataError if a file unpacks to more than can be read, or `ratio` times its own size where that is suspicious.

    what: the file, as in "The gzip file"; size: the unpacked bytes so far.
    """
    if size <= BOMB_FROM:
        return
    packed = path.stat().st_size
    if size > min(LARGEST_BYTES, ratio * packed):
        raise DataError(f"{what} unpacks from {packed:,} bytes to {size:,} or more; that is too much to be text.",
                        path=path)  # fmt: skip
