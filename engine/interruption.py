"""Stop a long computation between two steps once its result is no longer wanted.

The computing thread registers a check for the duration of the computation, and the network calls it before every batch
and every step of its sequences, forwards and backwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_WANTED: Final[ContextVar[Callable[[], bool] | None]] = ContextVar("wanted", default=None)


class UnwantedError(BaseException):
    """The computation was stopped early. Not an `Exception`, so that no handler on the way mistakes it for an error."""


@contextmanager
def while_wanted(wanted: Callable[[], bool]) -> Iterator[None]:
    """Inside the block, computations in this thread stop with UnwantedError as soon as this function returns False."""
    token = _WANTED.set(wanted)
    try:
        yield
    finally:
        _WANTED.reset(token)


def go_on() -> None:
    """Called between two steps: raises UnwantedError if the result is no longer wanted."""
    wanted = _WANTED.get()
    if wanted is not None and not wanted():
        raise UnwantedError
