"""Files of runs: saved where the user says, and automatically where they can be restored after a crash."""

from __future__ import annotations

import contextlib
import math
import os
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QLockFile, QObject, QTimer, Signal

import engine
from gui.runs.exports import Export
from gui.runs.known_files import KnownFiles
from gui.session import run_data
from gui.session.background import Background, Deadline
from gui.session.notice import NO_MEMORY, Level
from gui.session.session import Session

T = TypeVar("T")

SUFFIX = "unroll"
AUTOSAVE_MS = 60_000
POLL_MS = 20
MOST_KEPT = 5  # runs of closed windows that can be restored


class RunFiles(QObject):
    """Saves, opens and exports the run of a session, in a thread of its own.

    folder: where runs are saved automatically, or None for no autosave. `open` holds one run and a lock for each open
    window; `kept` holds the runs of windows that were closed or crashed.
    """

    changed = Signal()  # another file, or none
    opened = Signal(str)  # a run was read from there, or written there

    def __init__(self, session: Session, known: KnownFiles, folder: Path | None = None) -> None:
        super().__init__()
        self._session = session
        self._known = known
        self._folder = folder
        self._file: tuple[int, Path] | None = None  # run and where it was saved
        self._saved: tuple[int, int] = (0, 0)  # run and step that are in a file of the user's
        self._autosaved: tuple[int, int] = (0, 0)
        self._writing: set[Path] = set()  # files that the user has asked for and that are not complete yet
        self._background = Background("unroll-keep")
        self._poll = QTimer(self)
        self._poll.setInterval(POLL_MS)
        self._poll.timeout.connect(self.take_answers)
        self._lock: QLockFile | None = None
        self._own = Path()
        self._trouble = ""  # why there is no autosave at all
        self._told = ""  # what kept the last autosave from being made, as the user was told
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.autosave)
        if folder is not None:
            self._occupy(folder)

    @property
    def path(self) -> Path | None:
        """Where the run at hand was saved, or opened from; a run that began anew has no file."""
        return self._file[1] if self._file is not None and self._file[0] == self._session.run.number else None

    @property
    def busy(self) -> bool:
        """Whether something is being read or written."""
        return self._background.busy

    # ---- the user's files

    def save(self, path: Path) -> None:
        """Write the run as it is now, between two steps of its training."""

        def write(run: engine.Run, number: int) -> None:
            def done(_: None) -> None:
                self._file, self._saved = (number, path), (number, run.progress.step)
                self._session.tell(f"Saved “{path.name}” at step {run.progress.step:,}.")
                self.changed.emit()
                self.opened.emit(str(path))

            self._write(path, partial(engine.write_run, path, run), done)

        self._capture(write)

    def open(self, path: Path) -> None:
        """Read a run; the one at hand stays until that went well."""
        at_hand = self._session.data.dataset

        def done(found: run_data.Found) -> None:
            step = found.run.progress.step
            self._show(found, path)
            if self._is_own(path):
                self._adopt(path, step)
            else:
                self._file = self._session.run.number, path
                self._saved = self._session.run.number, step
                self.opened.emit(str(path))
            self.changed.emit()

        known = None if self._is_own(path) else self._known.paths()
        self._aside("open", partial(run_data.open_run, path, at_hand, known), done, self._refused)

    def _refused(self, error: BaseException) -> None:
        self._tell(error)
        if self._session.data.dataset is None and not self._session.data.loading:
            self._session.data.load_first()  # a bad file at the start: there are always data to play with

    def _show(self, found: run_data.Found, path: Path) -> None:
        run, session = found.run, self._session
        session.take_run(found)
        step = f"step {run.progress.step:,}"
        text = (
            f"Restored the {moment(path)} run ({step})." if self._is_own(path) else f"Opened “{path.name}” at {step}."
        )
        if not isinstance(found.dataset, run_data.AbsentData):
            session.tell(text)
            return
        text = f"{text} You can use it. {found.dataset.why}"
        if not found.unasked:
            session.run.ask_for_data(text)
            return

        def read_them() -> None:
            self._known.add(found.unasked)
            self.open(path)

        files = f"“{Path(found.unasked[0]).name}”" if len(found.unasked) == 1 else "these files"
        session.tell(text, Level.WARNING, f"Read {files}", read_them)

    def find_data(self, paths: Sequence[Path], otherwise: Callable[[], None] | None = None) -> None:
        """Take a file, or files that belong together, as the data of the run at hand.

        If they are others, tell, or do what is to be done otherwise.
        """
        run = self._session.run.opened
        if run is None:
            return
        number, file = self._session.run.number, self._file

        def done(found: run_data.Found) -> None:
            if self._session.run.opened is not run:
                return
            self._session.take_run(found)
            if file is not None and file[0] == number:
                self._file, self._saved = (
                    (self._session.run.number, file[1]),
                    (self._session.run.number, run.progress.step),
                )
            self._session.tell(f"{paths[0].name} holds the data of this run, so training can continue.")
            self.changed.emit()

        def failed(error: BaseException) -> None:
            if otherwise is not None and isinstance(error, engine.UnrollError):
                otherwise()
            else:
                self._tell(error)

        self._aside("open", partial(run_data.with_data, run, paths, self._known.paths()), done, failed)

    def export(self, form: Export, path: Path) -> None:
        """Write the run as it is now in another form."""
        session = self._session
        dataset = session.data.dataset if session.run.opened is None else None

        def write(run: engine.Run, _: int) -> None:
            def done(_: None) -> None:
                session.tell(f"Saved “{path.name}” with the weights of step {run.progress.step:,}.")

            self._write(path, partial(form.write, run, dataset, path), done)

        self._capture(write)

    def _capture(self, take: Callable[[engine.Run, int], None]) -> None:
        number = self._session.run.number

        def captured(run: engine.Run | None) -> None:
            if run is None:
                self._session.tell("There is no network to save yet.")
            else:
                take(run, number)

        self._session.run.capture(captured)

    # ---- by itself

    def _occupy(self, folder: Path) -> None:
        """A file of this window alone, with a lock that the system frees when the program dies."""
        try:
            for name in ("open", "kept"):
                _make_private(folder / name)
        except OSError as error:
            self._folder = None
            self._trouble = f"Autosave is off: the folder {folder} cannot be created ({error.strerror})."
            return
        self._own = folder / "open" / f"{datetime.now():%Y%m%d-%H%M%S}-{secrets.token_hex(4)}.{SUFFIX}"
        self._lock = _lock_of(self._own)
        self._lock.tryLock(0)
        self._timer.start(AUTOSAVE_MS)

    def _is_own(self, path: Path) -> bool:
        return self._folder is not None and path.parent in (self._folder / "open", self._folder / "kept")

    def _adopt(self, path: Path, step: int) -> None:
        """A run that was brought back is this window's from now on; what the window had stays among the kept."""
        if self._lock is None or self._folder is None:
            return
        if self._own.exists():
            self._put_aside()
        if _moved(path, self._own) == self._own:
            self._autosaved = self._session.run.number, step

    def _put_aside(self) -> None:
        """What this window has saved by itself joins the kept ones."""
        if self._folder is not None:
            with contextlib.suppress(OSError):
                _make_private(self._folder / "kept")
            _moved(self._own, self._folder / "kept" / f"{self._own.stem}-{secrets.token_hex(2)}.{SUFFIX}")

    def autosave(self) -> None:
        """Save the run where it is brought back from after a crash, if it has gone on."""
        session = self._session
        now = session.run.number, session.run.progress.step
        if self._lock is None or not now[1] or session.run.opened is not None or now in (self._autosaved, self._saved):
            return

        if self._autosaved[0] not in (0, now[0]) and self._own.exists():
            self._put_aside()  # another network was begun: the old one can still be brought back
            self._prune()

        def captured(run: engine.Run | None) -> None:
            if run is not None:
                done = partial(self._have_autosaved, (now[0], run.progress.step))
                self._aside("autosave", partial(_write_private, self._own, run), done, self._autosave_failed)

        session.run.capture(captured, self._autosave_failed)

    def _have_autosaved(self, state: tuple[int, int], _: None) -> None:
        self._autosaved, self._told = state, ""
        if self._lock is not None and not Path(self._lock.fileName()).exists():  # somebody has removed the folder
            self._lock.unlock()
            self._lock = _lock_of(self._own)
            self._lock.tryLock(0)

    def _autosave_failed(self, error: BaseException) -> None:
        """Tell it once, and try again quietly each minute. That the training process has ended was told before."""
        text = str(error) or NO_MEMORY
        if text != self._told and not isinstance(error, ChildProcessError):
            self._session.tell(f"Autosave failed, and is tried again every minute: {text}", Level.WARNING)
        self._told = text

    def offer(self) -> None:
        """Offer the run of a window that could not close; tell if this one has no place to save by itself."""
        if self._trouble:
            self._session.tell(self._trouble, Level.WARNING)
        if self._folder is None:
            return
        orphans = []
        for path in (self._folder / "open").glob(f"*.{SUFFIX}"):
            lock = _lock_of(path)
            if path != self._own and lock.tryLock(0):
                orphans.append(_moved(path, self._folder / "kept" / path.name))
                lock.unlock()
        self._prune()
        orphans = [path for path in orphans if path.exists()]
        if orphans:
            newest = max(orphans, key=_changed_at)
            text = f"Unroll did not close properly. Restore the {moment(newest)} run?"
            self._session.tell(text, Level.WARNING, "Restore", partial(self.open, newest))

    def kept(self) -> list[Path]:
        """Runs of closed windows, the newest first."""
        if self._folder is None:
            return []
        return sorted((self._folder / "kept").glob(f"*.{SUFFIX}"), key=_changed_at, reverse=True)

    def _prune(self) -> None:
        for path in self.kept()[MOST_KEPT:]:
            path.unlink(missing_ok=True)

    # ---- life

    def close(self, end_session: Callable[[Deadline], bool], deadline: Deadline) -> bool:
        """Save what has no file yet, and end all threads; whether they have ended in time.

        If the run cannot be saved in time, its last autosave is kept. A file that the user has asked for is finished.
        """
        self._timer.stop()
        self.autosave()
        ended = end_session(deadline)
        finished = self._background.close(deadline, finish=True)
        if not finished and self._writing:
            finished = self._background.close(Deadline(math.inf), finish=True)
        ended = finished and ended
        self._poll.stop()
        for answer in self._background.take_answers():
            if answer.error is None and answer.owner == "autosave":
                answer.done(answer.value)
        if self._lock is not None and self._folder is not None:
            now = self._session.run.number, self._session.run.progress.step
            if now == self._saved and self._autosaved[0] == now[0]:
                self._own.unlink(missing_ok=True)  # the user has a file that holds as much
            if self._own.exists():
                self._put_aside()
            self._lock.unlock()
            self._lock = None
            self._prune()
        return ended

    # ---- the thread

    def _write(self, path: Path, work: Callable[[], None], done: Callable[[None], None]) -> None:
        """Write a file that the user has asked for."""
        self._writing.add(path)

        def written(_: None) -> None:
            self._writing.discard(path)
            done(None)

        def failed(error: BaseException) -> None:
            self._writing.discard(path)
            self._tell(error)

        self._aside(("write", path), work, written, failed)

    def _aside(
        self,
        owner: object,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[BaseException], None] | None = None,
    ) -> None:
        def guarded() -> T | BaseException:
            try:
                return work()
            except Exception as error:  # told in the GUI thread
                return error

        def take(value: T | BaseException) -> None:
            if isinstance(value, BaseException):
                (failed or self._tell)(value)
            else:
                done(value)

        self._background.submit(owner, guarded, take)
        self._poll.start()

    def take_answers(self) -> None:
        """What has been read and written."""
        for answer in self._background.take_answers():
            answer.done(answer.value)
        if not self._background.busy:
            self._poll.stop()

    def _tell(self, error: BaseException) -> None:
        self._session.notices.tell_error(error)


def moment(path: Path) -> str:
    """ "14:03" of today, else "19 Nov 14:03": when a file was written."""
    when = datetime.fromtimestamp(_changed_at(path))
    return f"{when:%H:%M}" if when.date() == datetime.now().date() else f"{when.day} {when:%b %H:%M}"


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # another window has tidied up
        return 0.0


def _make_private(folder: Path) -> None:
    """Make a folder, if it is not there, that nobody else can look into."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)


def _write_private(path: Path, run: engine.Run) -> None:
    """Write a run that nobody else can read; its folder is made again if somebody has removed it."""
    _make_private(path.parent)
    engine.write_run(path, run)
    path.chmod(0o600)


def _lock_of(path: Path) -> QLockFile:
    lock = QLockFile(str(path.with_suffix(".lock")))
    lock.setStaleLockTime(0)  # old is not dead: only the process says so
    return lock


def _moved(path: Path, target: Path) -> Path:
    """Where the file is then: at the target, or where it was if it cannot be moved."""
    try:
        os.replace(path, target)
    except OSError:
        return path
    return target
