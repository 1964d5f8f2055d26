"""Writing so that nothing is ever lost: a file is its old self or its new self, whatever happens in between."""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import StorageError

_LEFT_BEHIND_S = 600  # nobody writes that long without touching the file: whoever began it was killed


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Where to write what is to become the file at `path`.

    Within the block a temporary file in the same folder is written; after it the file's content is brought to the disk
    and takes the place of the old one in one step. If anything fails the old file is as it was. StorageError for what
    the operating system refuses.
    """
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(8)}.part")
    try:
        _sweep(target)
        with temporary.open("xb"):  # as a new file of the user's: with the usual rights
            pass
        yield temporary
        if target.exists():
            temporary.chmod(target.stat().st_mode & 0o7777)
        _flush(temporary, os.O_RDWR)
        os.replace(temporary, target)
        if os.name == "posix":
            _flush(target.parent, os.O_RDONLY)
    except OSError as error:
        raise StorageError(f"{path}: cannot be written ({error.strerror or error}).") from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Put a text into a file, in UTF-8 with plain line ends."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def _flush(path: Path, flags: int) -> None:
    """Have the operating system bring what was written to the disk."""
    number = os.open(path, flags | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _sweep(target: Path) -> None:
    """Remove what earlier writers of the same file left when they were killed."""
    prefix, now = f".{target.name}.", time.time()
    for entry in os.scandir(target.parent):
        if entry.name.startswith(prefix) and entry.name.endswith(".part"):
            with contextlib.suppress(OSError):
                if now - entry.stat().st_mtime > _LEFT_BEHIND_S:
                    os.unlink(entry.path)
