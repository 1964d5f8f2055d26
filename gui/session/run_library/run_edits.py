"""What the user changes in the list of runs and can undo: names and deletions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from engine.name_list import joined
from engine.number_text import counted
from gui.session.notice import Level, Notices
from gui.session.run_library.run_list import RunList
from gui.session.undo import Undo

MOST_NAMED = 3  # deleted runs in a notice


class RunEdits:
    """Renames and deletes runs of the list."""

    def __init__(self, runs: RunList, undo: Undo, notices: Notices) -> None:
        self._runs, self._undo, self._notices = runs, undo, notices

    def rename(self, run_id: str, name: str) -> None:
        """Rename a run."""
        before = self._runs.identity(run_id).name
        self._runs.rename(run_id, name)
        after = self._runs.identity(run_id).name
        if after != before:
            rename = self._runs.rename
            self._undo.note(f"renaming of “{before}”", partial(rename, run_id, before), partial(rename, run_id, after))

    def delete(self, run_ids: Sequence[str]) -> None:
        """Remove runs from the list; this can be undone until the window is closed."""
        runs = [run for run in map(self._runs.delete, run_ids) if run is not None]
        if not runs:
            return

        def back() -> None:
            for run in runs:
                self._runs.restore(run)

        def again() -> None:
            for run in runs:
                self._runs.delete(run.id)

        names = [f"“{run.name}”" for run in runs]
        self._undo.note(f"deletion of {names[0] if len(runs) == 1 else counted(len(runs), 'run')}", back, again)
        self._notices.tell(f"Deleted {_enumerated(names)}.", Level.INFO, self._undo.offer())


def _enumerated(names: Sequence[str]) -> str:
    """ "a, b and c", or of more "a, b and 4 other runs": the list may not show the runs that are selected in it."""
    if len(names) > MOST_NAMED:
        names = [*names[: MOST_NAMED - 1], counted(len(names) - MOST_NAMED + 1, "other run")]
    return joined(names)
