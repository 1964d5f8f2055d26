"""Only regular files may be opened: reading a pipe or a terminal would block until something is written to it."""

from __future__ import annotations

from pathlib import Path

from engine.errors import DataError


def check_regular(path: Path) -> None:
    """DataError for a pipe, a device, a folder, or an impossible file name. A missing file is not an error here."""
    try:
        if path.exists() and not path.is_file():
            raise DataError("This is not a file that can be read.", path=path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"The file cannot be opened ({reason}).", path=path) from None
    if "\0" in str(path):
        raise DataError("The file cannot be opened (its name holds a null character).", path=path)
