"""Files of runs: saved where the user says, and automatically where they can be restored after a crash."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

import engine
from engine.runs.data_source import outside
from gui.saving.data_finder import DataFinder
from gui.saving.known_files import KnownFiles
from gui.saving.saved_file import ChangedFileError, SavedFile
from gui.session.background import Background, Deadline
from gui.session.notice import NO_MEMORY, Level
from gui.session.run_endings import loss_held, step_held
from gui.session.run_library import run_data
from gui.session.run_library.run_store import RunStore, card_of, changed_at, moment, title_of_run
from gui.session.run_library.same_run import same_run
from gui.session.session import Session
from gui.widgets.symbols import visible_text

if TYPE_CHECKING:
    from engine.runs.run_set import NamedRun
    from gui.saving.exports import Export

T = TypeVar("T")

AUTOSAVE_MS = 60_000
WAIT_S = 0.005  # for an answer, before the window checks whether training has sent something


class RunFiles(QObject):
    """Saves, opens and exports the run of a session, in a thread of its own.

    folder: where runs are kept by themselves, or None for nowhere; see `RunStore`.
    """

    changed = Signal()  # the run has another file, or none
    opened = Signal(str)  # a run was read from there, or written there
    name_wanted = Signal()  # the user wants to save under another name
    _answered = Signal()  # emitted in the thread

    def __init__(self, session: Session, known: KnownFiles, folder: Path | None = None) -> None:
        super().__init__()
        self._session = session
        self._known = known
        session.runs.ask_before_reading(known.paths)
        self._files: dict[str, SavedFile] = {}  # id of a run → where it was saved
        self._saved: tuple[str, int] = ("", 0)  # id and step of the run as it was last saved by the user
        self._autosaved: tuple[str, int] = ("", 0)
        self._writing: set[Path] = set()  # files that the user has asked for and that are incomplete so far
        self._copying = 0  # number of copies of the run that were requested for writing and have not come yet
        self._failure = ""  # why the last file could not be written
        self._background = Background("unroll-keep", self._answered.emit)
        self._answered.connect(self._take_answers)
        self.data_finder = DataFinder(session, known, self._background)
        self.data_finder.found.connect(self.changed)
        self._store: RunStore | None = None
        self._trouble = ""  # why there is no autosave at all
        self._last_failure = ""  # why the last autosave failed, as the user was told
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.autosave)
        if folder is not None:
            try:
                self._store = RunStore(folder)
            except OSError as error:
                self._trouble = f"Autosave is off: the folder {folder} cannot be created ({error.strerror})."
        if self._store is not None:
            session.runs.keep_in(self._store)
            self._timer.start(AUTOSAVE_MS)

    @property
    def path(self) -> Path | None:
        """Where the current run was saved, or opened from; a run that started over has no file."""
        file = self._files.get(self._session.runs.current)
        return None if file is None else file.path

    @property
    def busy(self) -> bool:
        """Whether something is being read or written."""
        return self._background.busy

    # ---- the user's files

    def save(self, path: Path, *, overwrite: bool = False) -> None:
        """Write the run as it is between two training steps.

        overwrite: even if another window or program has saved to its file meanwhile; otherwise the user is asked.
        """

        def write(run: engine.Run, run_id: str) -> None:
            known = None if overwrite else self._files.get(run_id)

            def work() -> SavedFile:
                if known is not None and known.path == path and known.has_changed():
                    raise ChangedFileError
                engine.write_run(path, run)
                return SavedFile.seen(path)

            def done(file: SavedFile) -> None:
                self._files[run_id], self._saved = file, (run_id, run.progress.step)
                self._drop_outdated(self._saved)
                held = step_held(run.progress.step, run.weights_step)
                self._session.tell(f"Saved “{self._session.folders.told(path)}” at {held}.", Level.DONE)
                self.changed.emit()
                self.opened.emit(str(path))

            self._write(path, work, done)

        self._capture(write)

    def _ask_to_overwrite(self, path: Path) -> None:
        def anyway() -> None:
            if self.path == path:  # it is still the same run
                self.save(path, overwrite=True)

        text = f"“{path.name}” was saved by another window or program at {moment(path)}, after this window read it."
        offers = ("Save anyway", anyway), ("Save as…", self.name_wanted.emit)
        self._session.tell(f"{text} Nothing was saved.", Level.WARNING, *offers)

    def open(self, path: Path, run_id: str = "") -> None:
        """Read a run; the current one stays until that succeeds. run_id: in the list, if it was opened before."""
        at_hand, listed = self._session.data.dataset, card_of(path) if self._is_own(path) else None
        moved = dict(self._session.runs.moved)
        if listed is not None and self._session.runs.find(listed.id) is not None:
            self._session.switch.open(listed.id)
            return

        def work() -> tuple[SavedFile, run_data.Found]:
            return SavedFile.seen(path), run_data.open_with_data(path, at_hand, known, moved)

        def done(read: tuple[SavedFile, run_data.Found]) -> None:
            file, found = read
            self._known.add(beside for beside in found.run.files if not outside([beside], path))  # those were read
            self._show(found, path, run_id)
            if not self._is_own(path):
                current = self._session.runs.current
                if found.run.path is not None:  # otherwise it is not a run file, and must not be overwritten with one
                    self._files[current], self._saved = file, (current, found.run.progress.step)
                self.opened.emit(str(path))
            self.changed.emit()

        known = None if self._is_own(path) else self._known.paths()
        self._session.tell(f"Opening {title_of_run(path) if self._is_own(path) else f'“{path.name}”'}…")
        self._background.submit("open", work, done, self._refused)

    def open_set(self, path: Path) -> None:
        """Read several runs, add them to the list, and compare them."""
        from engine.runs.run_set import NamedRun, open_run_set

        def done(named: list[NamedRun]) -> None:
            self._session.compared.take_runs([NamedRun(visible_text(one.name), one.run) for one in named])
            self._session.tell(f"Opened {len(named)} runs of “{path.name}”; they are in Runs.", Level.DONE)
            self.opened.emit(str(path))

        self._background.submit("open", partial(open_run_set, path), done, self._refused)

    def save_compared(self, write: Callable[[Path, list[NamedRun]], None], path: Path) -> None:
        """Write the runs that are compared, as they are now, into one file."""

        def take(named: list[NamedRun]) -> None:
            message = f"Saved “{self._session.folders.told(path)}” with {len(named)} runs."
            self._write(path, partial(write, path, named), lambda _: self._session.tell(message, Level.DONE))

        self._session.compared.collect(take, self._tell)

    def _refused(self, error: BaseException) -> None:
        if self._session.data.dataset is None and not self._session.data.loading:
            self._session.data.load_first()  # after a bad file at the start, so that there is always data to play with
        self._tell(error)  # only now, because reading data clears earlier notices

    def _show(self, found: run_data.Found, path: Path, run_id: str) -> None:
        run, session = found.run, self._session
        run_id = run_id or same_run(run, session.runs)
        why = "" if run_id and run_id == session.runs.current else f"opening of “{path.name}”"
        session.switch.take(found, why, run_id, looks_again=run.looked_at is not None)
        step = step_held(run.progress.step, run.weights_step)
        own = self._is_own(path)
        text = f"Restored {title_of_run(path)} ({step})" if own else f"Opened “{path.name}” at {step}"
        if not isinstance(found.dataset, run_data.AbsentData):
            figures = "" if own else loss_held(session.run.curve, run.weights_step)
            session.tell(f"{text}{figures}.", Level.DONE)
            session.switch.look_for_changes()
            return
        text = f"{text}. {found.dataset.use} {found.dataset.why}"
        if not found.unasked:
            session.run.ask_for_data(text)
            return

        opened = session.runs.current

        def read_them() -> None:
            self.open(path, opened if session.runs.current == opened and session.run.opened is run else "")

        self.data_finder.ask_to_read(text, found.unasked, read_them)

    def export(self, form: Export, path: Path) -> None:
        """Write the run as it is now in another format."""
        session = self._session
        dataset = session.data.dataset if session.run.opened is None else None

        def write(run: engine.Run, _: str) -> None:
            def done(remark: str | None) -> None:
                step = form.weights_step(run)
                weights = "" if step is None else f" with the weights of step {step:,}"
                message = f"Saved “{session.folders.told(path)}”{weights}."
                if remark is None:
                    session.tell(message, Level.DONE)
                else:
                    session.tell(f"{message} {remark}")

            self._write(path, partial(form.write, run, dataset, path), done)

        self._capture(write)

    def _capture(self, take: Callable[[engine.Run, str], None]) -> None:
        run_id = self._session.runs.current
        self._copying += 1

        def captured(run: engine.Run | None) -> None:
            self._copying -= 1
            if run is None:
                self._session.tell("There is no network to save yet.")
            else:
                take(run, run_id)

        def failed(error: BaseException) -> None:
            self._copying -= 1
            self._tell(error)

        self._session.run.capture(captured, failed)

    # ---- autosave

    def _is_own(self, path: Path) -> bool:
        return self._store is not None and self._store.holds(path)

    def autosave(self) -> None:
        """Save the run for restoring after a crash, if it has progressed."""
        session, store = self._session, self._store
        now = session.runs.current, session.run.progress.step
        if store is None or not now[1] or session.run.opened is not None or now in (self._autosaved, self._saved):
            return

        before = self._autosaved
        if before[0] not in ("", now[0]) and not session.runs.is_on_disk(*before):
            self._rescue_autosave(store)  # the training process has died, so no newer copy can be made
        self._copying += 1

        def captured(saved: engine.Run | None) -> None:
            self._copying -= 1
            listed = None if saved is None else session.runs.with_capture(saved)
            if listed is not None and listed.id == now[0]:
                done = partial(self._have_autosaved, (now[0], listed.step))
                self._background.submit(
                    "autosave", partial(store.write, listed, store.autosave), done, self._autosave_failed
                )

        def failed(error: BaseException) -> None:
            self._copying -= 1
            self._autosave_failed(error)

        session.run.capture(captured, failed)

    def _rescue_autosave(self, store: RunStore) -> None:
        listed = card_of(store.autosave)
        store.keep_autosave()
        if listed is not None:
            self._session.runs.rescue(listed)

    def _have_autosaved(self, state: tuple[str, int], _: int) -> None:
        self._autosaved, self._last_failure = state, ""
        if self._store is not None:
            self._store.relock()
        self._drop_outdated(self._saved)  # it may have been saved while this was written
        self.drop_replaced()

    def drop_replaced(self) -> None:
        """Delete the autosave of a run that is no longer the current one, once it is among the kept runs: after a crash
        it would be offered as if it had been lost."""
        if self._autosaved[0] != self._session.runs.current and self._session.runs.is_on_disk(*self._autosaved):
            self._drop_outdated(self._autosaved)

    def _drop_outdated(self, kept: tuple[str, int]) -> None:
        """Delete the autosave if it is of this run at this step or an earlier one, which has a copy elsewhere."""
        run_id, step = self._autosaved
        if self._store is not None and run_id and run_id == kept[0] and step <= kept[1]:
            self._autosaved = ("", 0)
            self._background.submit("outdated", partial(self._store.drop_outdated, *kept))

    def _autosave_failed(self, error: BaseException) -> None:
        """Report a failure once, then retry quietly every minute. The death of the training process has already been
        reported."""
        text = str(error) or NO_MEMORY
        if not isinstance(error, ChildProcessError):
            self._failure = text
        if text != self._last_failure and not isinstance(error, ChildProcessError):
            self._session.tell(f"Autosave failed and will be retried every minute: {text}", Level.WARNING)
        self._last_failure = text

    def offer(self) -> None:
        """Offer to restore the run of a window that did not close properly; report if autosave is impossible."""
        if self._trouble:
            self._session.tell(self._trouble, Level.WARNING)
        if self._store is None:
            return
        found = self._store.rescue()
        for listed in map(card_of, found):
            if listed is not None:
                self._session.runs.rescue(listed)
        if found:
            newest = max(found, key=changed_at)
            listed = card_of(newest)
            step = "" if listed is None else f" (step {listed.step:,})"
            text = f"Unroll did not close properly. Restore {title_of_run(newest)}{step}?"
            self._session.tell(text, Level.WARNING, ("Restore", partial(self.open, newest)))

    def kept(self) -> list[Path]:
        """The runs of the run store, newest first."""
        return [] if self._store is None else self._store.kept()

    # ---- life

    def secure(self, deadline: Deadline) -> str:
        """Write everything that has no file yet, while everything still works. Returns why that failed, or "". Stops at
        the deadline; `close` does the rest.
        """
        run = self._session.run
        trained = run.training
        run.pause()  # so that nothing changes after it has been written
        self._failure = ""
        self.autosave()
        while (self._copying or self._background.busy) and deadline.left_s:
            run.pull()
            self._background.wait(WAIT_S)
            self._take_answers()
        if self._failure and trained:
            run.train()
        return self._failure

    def close(self, end_session: Callable[[Deadline], bool], deadline: Deadline) -> bool:
        """Keep the run, of which the list also tells after the next start, and end all threads; returns whether they
        have ended in time.

        If the run cannot be saved in time, its last autosave is kept. A file that the user has asked for is finished.
        """
        self._timer.stop()
        now = self._session.runs.current, self._session.run.progress.step
        self._session.runs.end(keep=now != self._autosaved)
        ended = end_session(deadline)
        finished = self._background.close(deadline, finish=True)
        if not finished and self._writing:
            finished = self._background.close(Deadline(math.inf), finish=True)
        ended = finished and ended
        self._background.take_answers()  # nobody is waiting for them any more
        if self._store is not None:
            if self._session.runs.is_on_disk(*now):
                self._store.drop_autosave()
            else:
                self._store.keep_autosave()
            self._store.release()
            self._store = None
        return ended

    # ---- the thread

    def _write(self, path: Path, work: Callable[[], T], done: Callable[[T], None]) -> None:
        """Write a file that the user has asked for."""
        self._writing.add(path)

        def written(value: T) -> None:
            self._writing.discard(path)
            done(value)

        def failed(error: BaseException) -> None:
            self._writing.discard(path)
            if isinstance(error, ChangedFileError):
                self._failure = f"another window or program has saved “{path.name}”"
                self._ask_to_overwrite(path)
            else:
                self._failure = str(error) or NO_MEMORY
                self._tell(error)

        self._background.submit(("write", path), work, written, failed)

    def _take_answers(self) -> None:
        for answer in self._background.take_answers():
            answer.deliver()

    def _tell(self, error: BaseException) -> None:
        self._session.notices.tell_error(error)
