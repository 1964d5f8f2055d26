"""A long computation that nobody waits for any more ends between two of its steps.

Only the thread that computes knows whether somebody waits; it says so for as long as the computation lasts, and the
network asks each time it begins a step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_WANTED: Final[ContextVar[Callable[[], bool] | None]] = ContextVar("wanted", default=None)


class UnwantedError(BaseException):
    """The computation has ended early. No `Exception`, so that nothing on the way takes it for a fault."""


@contextmanager
def while_wanted(wanted: Callable[[], bool]) -> Iterator[None]:
    """What this thread computes in the block may end early with UnwantedError, as soon as this is False."""
    token = _WANTED.set(wanted)
    try:
        yield
    finally:
        _WANTED.reset(token)


def go_on() -> None:
    """Between two steps: UnwantedError if nobody waits for the rest."""
    wanted = _WANTED.get()
    if wanted is not None and not wanted():
        raise UnwantedError
