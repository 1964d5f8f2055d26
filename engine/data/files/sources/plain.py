"""A file that is read as it is."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from engine.data.files.regular import check_regular
from engine.data.files.text_source import OnProgress, OpenedText, TextOf, TextSource
from engine.errors import DataError


class PlainFile(TextSource):
    """The bytes of the file itself."""

    def fits(self, path: Path, start: bytes) -> bool:
        return True

    def open(self, path: Path, text_of: TextOf, progress: OnProgress, sheet: str = "") -> OpenedText:
        return OpenedText(open_file(path))


def open_file(path: Path) -> BinaryIO:
    """The file, opened for reading, or a DataError that says why not."""
    try:
        check_regular(path)
        return open(path, "rb")
    except FileNotFoundError:
        raise DataError("There is no such file.", path=path) from None
    except PermissionError:
        raise DataError("You have no permission to read this file.", path=path) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"The file cannot be opened ({reason}).", path=path) from None
