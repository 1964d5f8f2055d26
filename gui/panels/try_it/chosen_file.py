"""Reading a file of numbers that the user has just chosen, in the background."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import engine
from engine.data.numbers.number_scaling import NumberScaling

T = TypeVar("T")


def read_chosen(path: Path, read: Callable[[NumberScaling, Path], T]) -> Callable[[engine.Snapshot], T]:
    """The work of a question: what `read` finds in the file, as the network reads such files."""

    def work(snapshot: engine.Snapshot) -> T:
        numbers = snapshot.codec.frames
        assert numbers is not None, "only networks that read numbers are asked"
        try:
            return read(numbers, path)
        except engine.DataError as error:  # without its folder, which was just chosen, it has room
            raise engine.DataError(error.message, path=path.name, line=error.line) from error

    return work
