"""Files of data, which nothing that is written may take the place of."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from engine.data.files.recognition import Recognition
from engine.errors import DataError
from engine.runs.data_source import on_another_machine


def is_kept(path: str | os.PathLike[str], files: Iterable[str], like: Recognition | None) -> bool:
    """Whether data are read from what is at `path`: one of `files`, a file in a folder of data, or the other side of
    parallel files.

    files: of a data set, its validation set and its test set, whose form is `like`. A run from a stranger may name any:
    no other machine is asked about them.
    """
    target = Path(os.path.abspath(path))
    own = [Path(os.path.abspath(name)) for name in files if not on_another_machine(name)]
    return os.path.exists(target) and any(
        _is_one(target, member) for one in own for member in _members(one, target, like)
    )


def _members(given: Path, target: Path, like: Recognition | None) -> Sequence[Path]:
    """What is read from the file or folder `given`, as far as it may be `target`."""
    from engine.data.files.readers import READERS  # of files only; most runs that are saved need none of that
    from engine.data.files.readers.folder import files_of

    try:
        if given.resolve() in target.resolve().parents:
            inside = files_of(given)
            return [target] if inside == [given] else inside
        if like is not None and like.form in READERS:
            return [given, *READERS[like.form].members([given], like)]
    except DataError:  # a folder of sounds, or half of two parallel files
        return [target if given.is_dir() else given]
    return [given]


def _is_one(target: Path, other: Path) -> bool:
    with suppress(OSError):
        return target.samefile(other)
    return False
