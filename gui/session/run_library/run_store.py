"""Stores runs, whether or not the user has saved them to a file: private to the user, each written in one step.

`open` holds the autosave of each open window, and a lock that the system frees when the program dies; `kept` holds the
runs that were replaced, and those of windows that were closed or crashed. Beside each run is a card with everything
that the list shows, so that weights are read only when a run is opened.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QLockFile

import engine
from engine.number_text import counted
from engine.runs.atomic_write import write_text
from engine.runs.safetensors_container import RUN_SUFFIX
from gui.session.run_library.listed_run import ListedRun

CARD = ".json"  # what the list shows about the run beside it
MOST_UNKNOWN = 5  # runs without a card, which the list does not show
LARGEST_CARD_BYTES = 4_000_000


class RunStore:
    """The folder of runs, as one window sees it. Methods that read or write runs may be called in any thread."""

    def __init__(self, folder: Path) -> None:
        """OSError if the folder cannot be created."""
        self.folder = folder
        self.left_out = ""  # about runs that `cards` could not read, in words
        for name in ("open", "kept"):
            make_private(folder / name)
        self.token = f"{datetime.now():%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
        self.autosave = folder / "open" / f"{self.token}{RUN_SUFFIX}"
        self._lock = _lock_of(self.autosave)
        self._lock.tryLock(0)

    def holds(self, path: Path) -> bool:
        """Whether a file is one of these runs."""
        return path.parent in (self.folder / "open", self.folder / "kept")

    def path_of(self, run_id: str) -> Path:
        """The path of a kept run."""
        return self.folder / "kept" / f"{run_id}{RUN_SUFFIX}"

    # ---- reading and writing

    def write(self, run: ListedRun, path: Path | None = None) -> int:
        """Write a run and its card, to a path or among the kept runs; returns the size in bytes. StorageError on
        failure."""
        assert run.capture is not None
        path = path or self.path_of(run.id)
        make_private(path.parent)
        self.write_card(run, path)  # first, so that whoever finds a run also finds its name
        try:
            engine.write_run(path, run.capture)
        except engine.StorageError:
            if not path.exists():
                path.with_suffix(CARD).unlink(missing_ok=True)
            raise
        path.chmod(0o600)
        return path.stat().st_size

    def write_card(self, run: ListedRun, path: Path | None = None) -> None:
        """Write the card of a run, for example after renaming it. StorageError on failure."""
        card = (path or self.path_of(run.id)).with_suffix(CARD)
        write_text(card, json.dumps(run.to_json()))
        card.chmod(0o600)

    def cards(self) -> list[ListedRun]:
        """All runs that can be restored, the oldest first; `left_out` tells of those that cannot be read.

        The size of a run is taken from its file: a wrong card would push others out of the list.
        """
        found, unreadable = [], 0
        for path in (self.folder / "kept").glob(f"*{RUN_SUFFIX}"):
            run = card_of(path)
            if run is not None and run.id == path.stem and path.is_file():
                found.append(replace(run, size=size_of(path)))
            elif path.with_suffix(CARD).exists():
                unreadable += 1
        if unreadable:
            what, them = counted(unreadable, "kept run"), "it" if unreadable == 1 else "them"
            text = f"{what} cannot be read, and the list of runs leaves {them} out."
            self.left_out = f"{text} Nothing was deleted: {self.folder / 'kept'}"
        return sorted(found, key=lambda run: run.changed_s)

    def remove(self, run_id: str) -> None:
        """Delete a kept run."""
        for path in (self.path_of(run_id), self.path_of(run_id).with_suffix(CARD)):
            path.unlink(missing_ok=True)

    # ---- the autosave

    def drop_autosave(self) -> None:
        """Delete the autosave of this window, because its run has been saved elsewhere."""
        for path in (self.autosave, self.autosave.with_suffix(CARD)):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    def drop_outdated(self, run_id: str, step: int) -> None:
        """Delete the autosave of this window if it is of this run, at this step or an earlier one: there is a copy of
        this step elsewhere."""
        card = card_of(self.autosave)
        if card is not None and card.id == run_id and card.step <= step:
            self.drop_autosave()

    def relock(self) -> None:
        """Make the lock again if somebody has removed the folder."""
        if not Path(self._lock.fileName()).exists():
            self._lock.unlock()
            self._lock = _lock_of(self.autosave)
            self._lock.tryLock(0)

    def rescue(self) -> list[Path]:
        """Move the autosaves of windows that did not close properly to the kept runs; returns their new paths."""
        found = []
        for path in (self.folder / "open").glob(f"*{RUN_SUFFIX}"):
            lock = _lock_of(path)
            if path != self.autosave and lock.tryLock(0):
                found.append(self._keep(path))
                lock.unlock()
        unknown = [
            path for path in (self.folder / "kept").glob(f"*{RUN_SUFFIX}") if not path.with_suffix(CARD).exists()
        ]
        for path in sorted(unknown, key=changed_at, reverse=True)[MOST_UNKNOWN:]:
            with contextlib.suppress(OSError):  # such as a folder of that name
                path.unlink(missing_ok=True)
        return [path for path in found if path.exists()]

    def kept(self) -> list[Path]:
        """The paths of the kept runs, newest first."""
        return sorted((self.folder / "kept").glob(f"*{RUN_SUFFIX}"), key=changed_at, reverse=True)

    def keep_autosave(self) -> None:
        """Move the autosave of this window to the kept runs."""
        if self.autosave.exists():
            self._keep(self.autosave)

    def _keep(self, path: Path) -> Path:
        """Move a run with its card to the kept ones, in place of an older copy of the same run."""
        card = card_of(path)
        target = self.path_of(path.stem if card is None else card.id)
        there = card_of(target)
        if card is not None and there is not None and there.step >= card.step:  # the run was kept after the autosave
            for old in (path, path.with_suffix(CARD)):
                with contextlib.suppress(OSError):
                    old.unlink(missing_ok=True)
            return target
        with contextlib.suppress(OSError):
            make_private(target.parent)
        if _moved(path, target) == target:
            _moved(path.with_suffix(CARD), target.with_suffix(CARD))
            return target
        return path

    def release(self) -> None:
        """Release the lock, because the window is closed."""
        self._lock.unlock()


def card_of(path: Path) -> ListedRun | None:
    """The card of a run; None if it cannot be read."""
    card = path.with_suffix(CARD)
    try:
        if not card.is_file() or card.stat().st_size > LARGEST_CARD_BYTES:
            return None
        return ListedRun.from_json(json.loads(card.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, LookupError, OverflowError, RecursionError, engine.UnrollError):
        return None


def title_of_run(path: Path) -> str:
    """The name of the run at a path, or "the run of 14:03" if it is unknown."""
    card = card_of(path)
    return f"the run of {moment(path)}" if card is None else f"“{card.name}”"


def moment(path: Path) -> str:
    """When a file was written: "14:03" for today, else "19 Nov 14:03"."""
    when = datetime.fromtimestamp(changed_at(path))
    return f"{when:%H:%M}" if when.date() == datetime.now().date() else f"{when.day} {when:%b %H:%M}"


def changed_at(path: Path) -> float:
    """When a file was written; 0 if it is gone, because another window has tidied up."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def size_of(path: Path) -> int:
    """Size in bytes; 0 if the file is gone."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def make_private(folder: Path) -> None:
    """Create a folder, unless it exists, and let nobody else look into it."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)


def _lock_of(path: Path) -> QLockFile:
    lock = QLockFile(str(path.with_suffix(".lock")))
    lock.setStaleLockTime(0)  # a lock never goes stale by age, only when its process is gone
    return lock


def _moved(path: Path, target: Path) -> Path:
    """The path of the file afterwards: the target, or the old path if it cannot be moved."""
    try:
        os.replace(path, target)
    except OSError:
        return path
    return target
