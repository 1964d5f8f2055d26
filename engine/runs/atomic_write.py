"""Writing files atomically: whatever happens, a file has either its old content or all of the new."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import StorageError

# A writer that has not touched its file for this long was killed: one of the same file, and one of any other file.
_LEFT_BEHIND_S = 600
_SURELY_LEFT_BEHIND_S = 86_400
_TEMPORARY = re.compile(r"\..+\.[0-9a-f]{16}\.part")


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """A temporary file in the same folder, to write within the block; afterwards it replaces the file at `path`.

    Its content is flushed to disk first, and then takes the place of the old file in one step. If anything fails, the
    old file stays as it was. StorageError for whatever the operating system refuses.
    """
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(8)}.part")
    try:
        _sweep(target)
        with temporary.open("xb"):  # created with the permissions that the user's files usually have
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
    """Write a text to a file, as UTF-8 with Unix line ends. StorageError as for `replacing`."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def _flush(path: Path, flags: int) -> None:
    """Have the operating system write its buffers to disk."""
    number = os.open(path, flags | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _sweep(target: Path) -> None:
    """Remove temporary files left behind in this folder when earlier writers were killed."""
    prefix, now = f".{target.name}.", time.time()
    for entry in os.scandir(target.parent):
        if _TEMPORARY.fullmatch(entry.name):
            patience = _LEFT_BEHIND_S if entry.name.startswith(prefix) else _SURELY_LEFT_BEHIND_S
            with contextlib.suppress(OSError):
                if now - entry.stat().st_mtime > patience:
                    os.unlink(entry.path)
