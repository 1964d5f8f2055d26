"""Lets what is drawn wait while much changes at once, so that each part is drawn once, with everything that is new."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class DeferredRedraws:
    """Collects what wants to draw itself during a longer change, and calls it afterwards."""

    def __init__(self) -> None:
        self._changing = False
        self._waiting: dict[Callable[[], None], None] = {}

    def wait(self, draw: Callable[[], None]) -> bool:
        """Whether a longer change is going on; `draw` is then called once when it is over."""
        if self._changing:
            self._waiting[draw] = None
        return self._changing

    @contextmanager
    def held(self) -> Iterator[None]:
        """A longer change; what waits is drawn at its end. One within another ends with the outer one."""
        outermost, self._changing = not self._changing, True
        try:
            yield
        finally:
            if outermost:
                self._changing = False
                self._tell()

    def _tell(self) -> None:
        waiting, self._waiting = self._waiting, {}
        for draw in waiting:
            try:
                draw()
            except Exception as error:  # of one view, as if a signal had called it: the others are drawn nevertheless
                sys.excepthook(type(error), error, error.__traceback__)
