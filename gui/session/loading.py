"""Reads data in a thread of its own, with progress and a way to stop it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

import engine
from engine.processes.freed_memory import give_back_freed
from engine.processes.shared_memory import share
from gui.session.background import Background, Deadline, RequestOutcome

OWNER = "data"
Load = Callable[..., engine.Dataset]


class _StoppedError(Exception):
    """This data is no longer wanted."""


class Loader:
    """Reads one data set at a time; the newest request stops the one before it.

    `share` (0 to 1) and `doing` say how far it has got; 0 and "" if the data set does not report its progress.
    """

    def __init__(self, notify: Callable[[], None]) -> None:
        """notify: called from the loading thread after each percent, and once at the end."""
        self.share = 0.0
        self.doing = ""
        self._notify = notify
        self._background = Background("unroll-load", notify)
        self._stop = threading.Event()

    @property
    def busy(self) -> bool:
        """Whether a data set is still being read."""
        return self._background.busy

    def start(
        self, load: Load, changes: Mapping[str, Any], tells: bool, done: Callable[[engine.Dataset], None]
    ) -> None:
        """Read `load(**changes)`. tells: `load` accepts a `progress` callback, which is also used to stop it."""
        self._stop.set()
        stop = self._stop = threading.Event()
        self.share, self.doing = 0.0, ""

        def progress(share: float, doing: str) -> None:
            if stop.is_set():
                raise _StoppedError
            if stop is self._stop:
                moved = int(share * 100) != int(self.share * 100)
                self.share, self.doing = share, doing
                if moved:
                    self._notify()

        def work() -> engine.Dataset:
            dataset = load(**changes, progress=progress) if tells else load(**changes)
            dataset = share(dataset)  # the training process has no copy of its own
            # Passes over all rows, which the data set remembers: not for the GUI thread.
            dataset.longest  # noqa: B018
            dataset.fingerprint  # noqa: B018
            dataset.vectors_beside  # noqa: B018 - looks into a folder
            give_back_freed()
            return dataset

        self._background.submit(OWNER, work, done)

    def cancel(self) -> None:
        """Stop reading; there will be no answer."""
        self._stop.set()
        self._background.forget(OWNER)

    def wait(self, seconds: float) -> None:
        """Block until reading has ended."""
        self._background.wait(seconds)

    def take_answers(self) -> list[RequestOutcome]:
        """The data set that was read, or what went wrong."""
        return self._background.take_answers()

    def close(self, deadline: Deadline) -> bool:
        """End the thread; returns whether it ended in time."""
        self._stop.set()
        return self._background.close(deadline)
