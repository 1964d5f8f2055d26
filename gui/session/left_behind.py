"""What was left behind with runs that were replaced, in memory only, so that undo comes back to it."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")
MOST_RUNS = 50


class LeftBehind(Generic[T]):
    """One thing for each of the runs that were replaced last, such as the text that was looked at."""

    def __init__(self) -> None:
        self._by_run: dict[str, T] = {}  # the newest last

    def keep(self, run_id: str, thing: T) -> None:
        """Keep this for a run, instead of what was kept for it before. run_id: "" if there is none yet."""
        self._by_run.pop(run_id, None)
        if run_id:
            self._by_run[run_id] = thing
        if len(self._by_run) > MOST_RUNS:
            del self._by_run[next(iter(self._by_run))]

    def of(self, run_id: str) -> T | None:
        """What was left behind with a run; None if nothing was."""
        return self._by_run.get(run_id)
