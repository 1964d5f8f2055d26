"""Sizes and times of change of files, by which one can tell later whether they have changed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import Final

_MOST_IN_A_FOLDER: Final = 10_000  # somebody may open a whole disk
Stamp = tuple[int, int]
FileStamps = tuple[tuple[str, tuple[tuple[str, Stamp], ...]], ...]  # of each path, those of the files there


def stamp_of(path: str | os.PathLike[str]) -> Stamp:
    """The size and the time of change of a file. OSError if it is not there."""
    status = os.stat(path)
    return status.st_size, status.st_mtime_ns


def stamps_of(paths: Iterable[str | os.PathLike[str]]) -> FileStamps:
    """Those of these files, and of the files in these folders, as far as they are there."""
    return tuple((os.fspath(path), tuple(_stamps_at(path))) for path in paths)


def _stamps_at(path: str | os.PathLike[str]) -> Iterator[tuple[str, Stamp]]:
    if "\0" in os.fspath(path):
        return  # no file has such a name
    inside = (os.path.join(at, name) for at, _, names in os.walk(path) for name in names)
    for name in sorted(islice(inside, _MOST_IN_A_FOLDER)) or [os.fspath(path)]:
        with suppress(OSError):
            yield name, stamp_of(name)
