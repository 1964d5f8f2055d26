"""A sweep as the window sees it: trained in a thread that drives the engine's queue, its results in a folder."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

import engine
from engine.number_text import counted
from gui.session.background import Deadline
from gui.session.notice import NO_MEMORY, Level, Notices

if TYPE_CHECKING:  # most users never start a sweep; what runs it is imported when one does
    from engine.sweeps.executors import Executor
    from engine.sweeps.one_run import RunOutcome
    from engine.sweeps.plan import PlannedRun, Sweep
    from engine.sweeps.queue import SweepProgress
    from engine.sweeps.results import SweepFolder

    MakeExecutor = Callable[[engine.Dataset, Any, str, int], Executor]


@dataclass(frozen=True)
class RunsKnown:
    """A sweep that has begun, with the outcomes of the runs trained before."""

    folder: Path
    runs: tuple[PlannedRun, ...]
    outcomes: Mapping[int, RunOutcome]


@dataclass(frozen=True)
class SweepEnded:
    """The end of a sweep. error: why, if it ended unexpectedly."""

    error: Exception | None = None


class Sweeps(QObject):
    """At most one sweep at a time. Belongs to the GUI thread; everything that takes a while happens in another one.

    Nothing is lost when the window closes: results are in the folder, and opening it continues the sweep.
    """

    wanted = Signal()  # the user wants to see the sweep
    changed = Signal()  # a sweep has begun or ended
    frame = Signal()  # there are new results
    _news = Signal()  # emitted in a thread

    def __init__(
        self, notices: Notices, wake: Callable[[], None], make_executor: MakeExecutor | None = None
    ) -> None:  # fmt: skip
        """wake: called when a thread has a result. make_executor: where runs are trained; None: `executor_for`."""
        super().__init__()
        self.folder: Path | None = None  # of the last sweep that has begun; None: there was none
        self.runs: tuple[PlannedRun, ...] = ()
        self.outcomes: dict[int, RunOutcome] = {}
        self.fresh: list[int] = []  # numbers of runs with an outcome since the last frame
        self.progress: SweepProgress | None = None
        self.running = False
        self._begun = False  # whether the sweep that is running has got further than its preparations
        self.complaint = ""  # why the last one could not start
        self._found = 0  # number of results that were there before
        self._notices, self._make_executor = notices, make_executor
        self._lock = threading.Lock()
        self._mail: list[RunsKnown | SweepProgress | SweepEnded] = []
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._news.connect(wake)

    @property
    def busy(self) -> bool:
        """Whether results have not been taken yet."""
        with self._lock:
            return bool(self._mail)

    @property
    def training(self) -> frozenset[int]:
        """The numbers of the runs that are being trained."""
        return self.progress.running if self.running and self.progress is not None else frozenset()

    # ---- what the user does

    def start(self, values: Mapping[str, Any], folder: Path, scheduler: str = "", processes: int = 1) -> None:
        """Start the sweep described by these values (as in a TOML file) in a folder. ConfigError for an invalid
        plan."""
        from engine.sweeps.plan import sweep_of

        self._require_idle()
        self._begin(sweep_of(values, folder), folder, scheduler, processes)

    def open(self, folder: Path, scheduler: str = "", processes: int = 1) -> None:
        """Continue the sweep in a folder. StorageError if it holds none."""
        from engine.sweeps.results import sweep_in

        self._require_idle()
        self._begin(sweep_in(folder), folder, scheduler, processes)

    def cancel(self) -> None:
        """Stop training; results are kept, and `open` continues."""
        self._stop.set()

    def complain(self, why: str) -> None:
        """Say why a sweep cannot start, until another plan is made."""
        self.complaint = why
        self._notices.tell(why, Level.ERROR)

    def retract(self) -> None:
        """No longer say why a sweep could not start: the plan is now another."""
        self._notices.withdraw(self.complaint)
        self.complaint = ""

    def _require_idle(self) -> None:
        if self._thread is not None:
            raise engine.ConfigError("A sweep is running already; cancel it first.")

    def _begin(self, sweep: Sweep, folder: Path, scheduler: str, processes: int) -> None:
        """Prepare a sweep. The results of the one before stay until it has really begun: it may not be able to."""
        self.retract()
        self.fresh, self.progress, self.running, self._begun = [], None, True, False
        self._stop = threading.Event()
        work = _Work(sweep, folder, scheduler, processes, self._make_executor, self._stop, self._post)
        self._thread = threading.Thread(target=work, name="unroll-sweep", daemon=True)
        self._thread.start()
        self.changed.emit()

    def _post(self, news: RunsKnown | SweepProgress | SweepEnded) -> None:
        """Called in the thread; many runs may end between two frames."""
        with self._lock:
            self._mail.append(news)
            first = len(self._mail) == 1
        if first:
            with contextlib.suppress(RuntimeError):  # the window is gone, which does not matter to the thread
                self._news.emit()

    # ---- news

    def pull(self) -> None:
        """Take the new results."""
        with self._lock:
            mail, self._mail = self._mail, []
        if not mail:
            return
        self.fresh = []
        for news in mail:
            match news:
                case RunsKnown():
                    self.folder, self.runs, self.outcomes = news.folder, news.runs, dict(news.outcomes)
                    self.fresh += self.outcomes
                    if not self._begun:
                        self._begun, self._found = True, len(self.outcomes)
                        self.changed.emit()
                case SweepEnded():
                    self._end(news)
                case _:
                    self.progress = news
                    if news.finished is not None:
                        self.outcomes[news.finished.number] = news.finished
                        self.fresh.append(news.finished.number)
        self.frame.emit()

    def _end(self, news: SweepEnded) -> None:
        self.running = False
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        error = news.error
        if isinstance(error, engine.UnrollError | OSError | MemoryError):
            begun = "The sweep has ended" if self._begun else "The sweep cannot start"
            self.complain(f"{begun}: {error or NO_MEMORY}")
        elif error is not None:
            self._notices.tell_error(error)
        else:
            left = len(self.runs) - len(self.outcomes)
            where = "" if self.folder is None else f" Results are in “{self.folder.name}”."
            rest = f" {left:,} runs are left; open the folder to continue." if left > 0 else ""
            found = f" {counted(self._found, 'result')} were already there." if self._found else ""
            if self._found == len(self.runs) and self.folder is not None:
                self._notices.tell(f"No run was trained: “{self.folder.name}” has the results of all {self._found:,}.")
            else:
                done = "was cancelled" if self._stop.is_set() else "is over"
                self._notices.tell(f"The sweep {done}.{where}{found}{rest}")
        self.changed.emit()

    def close(self, deadline: Deadline) -> bool:
        """Stop; returns whether the thread has ended in time."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(deadline.left_s)
            return not self._thread.is_alive()
        return True


@dataclass(frozen=True)
class _Work:
    """The work of the thread."""

    sweep: Sweep
    folder: Path
    scheduler: str
    processes: int
    make_executor: MakeExecutor | None  # None: `executor_for`
    stop: threading.Event
    post: Callable[[RunsKnown | SweepProgress | SweepEnded], None]

    def __call__(self) -> None:
        try:
            self._train()
        except Exception as error:  # reported in the GUI thread
            self.post(SweepEnded(error))
        else:
            self.post(SweepEnded())

    def _train(self) -> None:
        from engine.sweeps.executors import executor_for
        from engine.sweeps.queue import refuse_impossible, run_sweep
        from engine.sweeps.results import SweepFolder

        dataset, sample = self.sweep.load()
        kept = SweepFolder(self.folder, self.sweep, dataset.fingerprint)
        refuse_impossible(kept, dataset, sample)
        if self.stop.is_set() or all(map(kept.has_ended, kept.runs)):
            self._tell(kept)
            return
        with closing((self.make_executor or executor_for)(dataset, sample, self.scheduler, self.processes)) as executor:
            self._tell(kept)
            for progress in run_sweep(self.sweep, kept, executor):
                self.post(progress)
                if self.stop.is_set():
                    break
        self._tell(kept)  # including runs stopped because others were better

    def _tell(self, kept: SweepFolder) -> None:
        self.post(RunsKnown(self.folder, kept.runs, dict(kept.outcomes)))
