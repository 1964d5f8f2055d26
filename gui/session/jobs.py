"""Work that can take a while, like writing a large file: done in a thread, with progress and a way to stop it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

import engine
from gui.session.background import Background, Deadline
from gui.session.notice import NO_MEMORY, Level, Notice, Notices

T = TypeVar("T")

PROGRESS_MS = 400  # between two notices of progress; a job that ends sooner shows none

TellProgress = Callable[[str], None]  # called by a job now and then with its progress


class CancelledError(Exception):
    """Raised inside a job, when it reports, after it was cancelled."""


@dataclass(frozen=True)
class Job(Generic[T]):
    """A piece of work. Only `done` runs in the GUI thread; it returns the message for the user, "" for none."""

    name: str  # what the user reads meanwhile: "Saving loss.csv"
    work: Callable[[TellProgress], T]
    done: Callable[[T], str]
    failed: str = ""  # how the notice begins if something goes wrong: "Loss was not saved"


class Jobs(QObject):
    """Does one job after another."""

    _ended = Signal()  # a job has ended; emitted in the thread

    def __init__(self, notices: Notices) -> None:
        super().__init__()
        self._notices = notices
        self._background = Background("unroll-jobs", self._ended.emit)
        self._ended.connect(self._take_answers)
        self._telling = QTimer(self)
        self._telling.setInterval(PROGRESS_MS)
        self._telling.timeout.connect(self._tell_progress)
        self._progress = ""  # of the current job, written by the thread
        self._shown = ""  # the progress that the user sees
        self._quiet = False  # whether something more important has been said meanwhile
        self._stop = threading.Event()
        notices.posted.connect(self._make_way)

    @property
    def busy(self) -> bool:
        """Whether a job is running or waiting."""
        return self._background.busy

    def start(self, job: Job[Any]) -> None:
        """Do this after the jobs that are already waiting."""
        if not self.busy:
            self._progress, self._shown, self._quiet = "", "", False
            self._stop.clear()
            self._telling.start()

        def report(progress: str) -> None:
            if self._stop.is_set():
                raise CancelledError
            self._progress = f"{job.name}: {progress}"

        def work() -> Any:
            report("starting")
            return job.work(report)

        def done(value: Any) -> None:
            if message := job.done(value):
                self._notices.tell(message, Level.DONE)

        def failed(error: BaseException) -> None:
            if isinstance(error, CancelledError):
                self._notices.tell(f"{job.name} was cancelled.", Level.DONE)
            elif isinstance(error, engine.UnrollError | OSError | MemoryError):
                why = str(error) or NO_MEMORY
                self._notices.tell(f"{job.failed}: {why}" if job.failed else why, Level.ERROR)
            else:
                raise error

        self._background.submit(object(), work, done, failed)

    def cancel(self) -> None:
        """Stop the current job and drop the waiting ones."""
        self._stop.set()

    def close(self, deadline: Deadline) -> bool:
        """Stop all jobs and end the thread; returns whether it has ended in time."""
        self.cancel()
        self._telling.stop()
        return self._background.close(deadline)

    def _take_answers(self) -> None:
        answers = self._background.take_answers()
        if not self.busy:
            self._telling.stop()
        for answer in answers:
            answer.deliver()

    def _tell_progress(self) -> None:
        if not self._quiet and self._progress != self._shown:
            self._shown = self._progress
            self._notices.tell(self._shown, Level.INFO, ("Cancel", self.cancel))

    def _make_way(self, notice: Notice) -> None:
        """Stop showing progress once something else has been said."""
        self._quiet = notice.text != self._shown
