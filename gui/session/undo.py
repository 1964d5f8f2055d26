"""Undo and redo: settings, reset, other data, names and deletions of runs."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

MOST_STEPS = 100
MERGED_S = 1.0  # changes of one setting within this time, as when a slider is dragged, are one change
MERGING = 1  # id of commands that may be merged; Qt asks only those

Act = Callable[[], None]


class _Done(QUndoCommand):
    """Something that has already been done when it is pushed."""

    def __init__(self, what: str, back: Act, again: Act, setting: str) -> None:
        super().__init__(what)
        self.back, self.again, self.setting = back, again, setting
        self.at_s = time.monotonic()
        self._pushed = False

    def redo(self) -> None:
        """Redo the change. Qt also calls this when the change is pushed; by then it has already been made."""
        if self._pushed:
            self.again()
        self._pushed = True

    def undo(self) -> None:
        """Undo the change."""
        self.back()

    def id(self) -> int:
        """The id for merging: only changes of a setting are merged."""
        return MERGING if self.setting else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Merge with a later change of the same setting, if it follows at once."""
        if not isinstance(other, _Done) or other.setting != self.setting or other.at_s - self.at_s > MERGED_S:
            return False
        self.again, self.at_s = other.again, other.at_s
        return True


class Undo(QObject):
    """Changes that can be undone, in order. Changes made while undoing are not recorded."""

    changed = Signal()  # something else can be undone or redone
    offer_used = Signal(object)  # the action of an offer: what it would undo has been undone

    def __init__(self, ready: Callable[[], bool]) -> None:
        """ready: returns whether nothing is in progress, so that undoing is safe."""
        super().__init__()
        self._ready = ready
        self._stack = QUndoStack(self)
        self._stack.setUndoLimit(MOST_STEPS)
        self._stack.indexChanged.connect(self.changed)
        self._stack.indexChanged.connect(self._check_offer)
        self._busy = False
        self._offered: tuple[int, Act] | None = None  # how many changes the newest offer leaves done, and its action

    @property
    def undo_text(self) -> str:
        """The change that `undo` undoes, as in "change of cell"; "" for none."""
        return self._stack.undoText() if self._stack.canUndo() else ""

    @property
    def redo_text(self) -> str:
        """The change that `redo` redoes; "" for none."""
        return self._stack.redoText() if self._stack.canRedo() else ""

    def note(self, what: str, back: Act, again: Act, setting: str = "") -> None:
        """Record a change. what: as in "change of cell". setting: quick changes of the same one are merged."""
        if not self._busy:
            self._stack.push(_Done(what, back, again, setting))

    def undo(self) -> None:
        """Undo the last change."""
        if self._ready():
            self._replay(self._stack.undo)

    def redo(self) -> None:
        """Redo the change that was undone last."""
        if self._ready():
            self._replay(self._stack.redo)

    def offer(self) -> tuple[str, Act]:
        """A button that undoes what was recorded last, and everything recorded after it."""
        before = self._stack.index() - 1

        def back() -> None:
            if self._ready() and self._stack.index() > before:
                self._replay(lambda: self._stack.setIndex(before))

        self._offered = before, back
        return "Undo", back

    def _check_offer(self, done: int) -> None:
        """Tell when the newest offer has been used, by whatever means."""
        if self._offered is not None and done <= self._offered[0]:
            (_, back), self._offered = self._offered, None
            self.offer_used.emit(back)

    def _replay(self, move: Act) -> None:
        self._busy = True
        try:
            move()
        finally:
            self._busy = False
