"""Training as the window sees it: commands in, news out. The conversation belongs to a thread of its own."""

from __future__ import annotations

import queue
import signal
import threading
from collections.abc import Callable, Iterable, Mapping

import engine
from engine.processes.child_process import Child
from engine.processes.split_batch import keep_blas_to_one_thread
from gui.training.conversation import WindowEnd
from gui.training.messages import (
    Build,
    BuildRace,
    Capture,
    Captured,
    Close,
    Command,
    Event,
    Failed,
    Lost,
    Resume,
    TrainingReport,
)

PROCESS = "gui.training.trainer_process"  # its module, which this process does not import
CLOSE_S = 1.5  # how long closing waits for copies that are still wanted
KILLED_S = 0.4  # how long the thread may take to notice that its process has been killed
STATUS_S = 1.0  # how long a process may take to end after its last message

Weights = Mapping[int, "engine.Snapshot"]  # by the number of their run


class Worker:
    """The GUI thread's handle on training.

    The training loop runs in a process of its own. A process that has ended is replaced when the next network is to be
    built. If no process can be started, the same loop runs in the worker thread.
    """

    def __init__(self, news: Callable[[], None], own_process: bool = True) -> None:
        """news: called in a thread when there is news, and again only after that has been taken."""
        self._mailbox = _Mailbox(news)
        self._queue: queue.SimpleQueue[Command | _Process] = queue.SimpleQueue()
        self._sent = 0  # commands; these, and not those below, belong to the GUI thread
        self._closed = False
        self._done = 0  # commands that have been carried out
        self._process: _Process | None = None
        self._lost = Lost(0, ChildProcessError("There is no training process."), None)  # why there is no process
        self._hurried = threading.Event()  # set when closing should wait no longer
        target = self._converse if own_process else self._train_here
        self._thread = threading.Thread(target=target, name="unroll-train", daemon=True)
        self._thread.start()

    # ---- for the GUI thread

    @property
    def busy(self) -> bool:
        """Whether a command has not been carried out, or news has not been taken yet."""
        return self._done != self._sent or not self._mailbox.is_empty()  # in this order: news come before `_done`

    @property
    def process_id(self) -> int | None:
        """The id of the training process; None if there is none."""
        process = self._process
        return None if process is None else process.child.process_id

    def send(self, command: Command) -> None:
        """Send a command, which is carried out before the next step."""
        if not self._closed:
            self._sent += 1
            self._queue.put(command)

    def take_events(self) -> list[Event]:
        """The events since the last call, in order."""
        return self._mailbox.take_events()

    def take_snapshots(self) -> Weights:
        """The newest weights of each run, if there are newer ones than at the last call."""
        return self._mailbox.take_snapshots()

    def close(self, timeout_s: float = CLOSE_S) -> bool:
        """End training; returns whether its thread has ended.

        Requested copies are made if that is possible in time, otherwise refused. Nothing else is waited for: a process
        in the middle of a step is killed.
        """
        self.send(Close())
        self._closed = True
        self._thread.join(timeout_s)
        self._hurried.set()
        if (process := self._process) is not None:
            process.child.close()
        self._thread.join(KILLED_S)
        return not self._thread.is_alive()

    # ---- the worker thread

    def _train_here(self) -> None:
        from gui.training.training_loop import TrainingLoop  # usually only the training process needs it

        keep_blas_to_one_thread()
        TrainingLoop(self._queue, self._take_report).work()  # type: ignore[arg-type]  # nobody else puts anything in

    def _take_report(self, report: TrainingReport) -> None:
        self._mailbox.put(report.events, report.snapshots)
        self._done = report.done

    def _converse(self) -> None:
        try:
            self._process = self._start()
        except OSError:
            self._train_here()
            return
        closing = False
        while not closing or self._process is not None:
            item = self._queue.get()
            if isinstance(item, _Process):
                if item is self._process:
                    self._take_end(item, closing)
                continue
            closing = isinstance(item, Close)
            self._pass_on(item)

    def _start(self) -> _Process:
        process = _Process(self._done, self._mailbox, self._take_done, self._queue.put)
        if self._hurried.is_set():
            process.child.close()
        return process

    def _take_done(self, done: int) -> None:
        self._done = done

    def _pass_on(self, command: Command) -> None:
        if self._process is not None and self._process.has_ended():
            self._take_end(self._process, isinstance(command, Close))
        if isinstance(command, Build | Resume | BuildRace):
            self._lost = Lost(command.run, self._lost.error, None)
            if self._process is None:
                try:
                    self._process = self._start()
                except OSError as error:
                    self._mailbox.put([Failed(command.run, error)])
        if self._process is not None:
            self._process.send(command)
            return
        if isinstance(command, Capture):
            self._mailbox.put([self._refusal(command.ticket)])
        self._done += 1

    def _refusal(self, ticket: int) -> Captured:
        lost = self._lost
        return Captured(lost.run, ticket, lost.saved, None if lost.saved is not None else lost.error)

    def _take_end(self, process: _Process, closing: bool) -> None:
        """Tell whoever is waiting for something from a process that it has ended, and why."""
        self._process, self._lost = None, process.end()
        self._mailbox.put([self._refusal(ticket) for ticket in sorted(process.tickets)])
        if not closing:
            self._mailbox.put([Failed(self._lost.run, self._lost.error)])
        self._done = process.sent


class _Mailbox:
    """What training has left for the window: events in order, and only the newest weights."""

    def __init__(self, news: Callable[[], None]) -> None:
        self._news = news
        self._lock = threading.Lock()
        self._events: list[Event] = []
        self._snapshots: dict[int, engine.Snapshot] = {}
        self._notified = False

    def put(self, events: Iterable[Event], snapshots: Weights | None = None) -> None:
        with self._lock:
            self._events.extend(events)
            self._snapshots.update(snapshots or {})
            tell = not self._notified and bool(self._events or self._snapshots)
            self._notified = self._notified or tell
        if tell:
            self._news()

    def take_events(self) -> list[Event]:
        with self._lock:
            events, self._events, self._notified = self._events, [], False
        return events

    def take_snapshots(self) -> Weights:
        with self._lock:
            snapshots, self._snapshots = self._snapshots, {}
        return snapshots

    def is_empty(self) -> bool:
        with self._lock:
            return not self._events and not self._snapshots


class _Process:
    """One training process. The worker thread sends commands to it; another thread reads its messages."""

    def __init__(
        self,
        done_before: int,
        mailbox: _Mailbox,
        take_done: Callable[[int], None],
        tell_end: Callable[[_Process], None],
    ) -> None:
        """done_before: number of commands that earlier processes handled. OSError if the process cannot be started."""
        self.child = Child(PROCESS, {})
        self.sent = done_before  # commands, including those before this process
        self.tickets: set[int] = set()  # of copies that have not come yet
        self._done_before = done_before
        self._mailbox, self._take_done, self._tell_end = mailbox, take_done, tell_end
        self._end = WindowEnd(self.child.channel)
        self._run = self._seen = 0  # the newest network, and the newest of which weights have come
        self._error: BaseException | None = None  # why this side could not continue
        self._lost: Lost | None = None  # why the other side could not continue
        self._reader = threading.Thread(target=self._read, name="unroll-read", daemon=True)
        self._reader.start()

    def has_ended(self) -> bool:
        """Whether its last message has been read."""
        return not self._reader.is_alive()

    def send(self, command: Command) -> None:
        """Send a command. If that fails, the process is ended, and the reader notices."""
        self.sent += 1
        if isinstance(command, Build | Resume | BuildRace):
            self._run = command.run
        elif isinstance(command, Capture):
            self.tickets.add(command.ticket)
        elif isinstance(command, Close) and not self.tickets:
            self.child.close()  # nobody is waiting for it
            return
        try:
            self._end.send(command)
        except BrokenPipeError:
            pass  # it has ended, as the reader will notice
        except BaseException as error:
            self._break_off(error)

    def end(self) -> Lost:
        """Clean up; returns why it has ended."""
        self._reader.join()
        status = self.child.wait(STATUS_S) if self._error is None else None
        self.child.close()
        saved, cause = None, self._error
        if self._lost is not None:
            saved, cause = self._lost.saved if self._lost.run == self._run else None, self._lost.error
            how = f"The training process could not continue ({_in_words(cause)})."
        elif cause is not None:
            how = f"The window could no longer talk to the training process ({_in_words(cause)})."
        else:
            how = f"The training process ended unexpectedly ({_status_in_words(status)}), perhaps for lack of memory."
        has_network = 0 < self._seen >= self._run
        left = _WITH_COPY if saved is not None else _WITHOUT_COPY if has_network else _WITHOUT_NETWORK
        error = ChildProcessError(f"{how} {left}; {_AGAIN}")
        error.__cause__ = cause
        return Lost(self._run, error, saved)

    def _break_off(self, error: BaseException) -> None:
        self._error = self._error or error
        self.child.close()

    def _read(self) -> None:
        try:
            while True:
                message = self._end.receive()
                if isinstance(message, Lost):
                    self._lost = message
                else:
                    self._take(message)
        except EOFError:
            pass
        except BaseException as error:
            self._break_off(error)
        finally:
            self._tell_end(self)

    def _take(self, report: TrainingReport) -> None:
        self._seen = max(self._seen, *report.snapshots, 0)
        self.tickets -= {event.ticket for event in report.events if isinstance(event, Captured)}
        self._mailbox.put(report.events, report.snapshots)
        self._take_done(self._done_before + report.done)  # last, now that all of it has come


_WITH_COPY = "You can still save the network"
_WITHOUT_COPY = "You can still try the network, but not save it or train it further"
_WITHOUT_NETWORK = "There is no network to try or save yet"
_AGAIN = "a saved run can be opened, and Train starts again from the beginning."


def _in_words(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return "there is not enough memory"
    text = str(error)
    return text if text and isinstance(error, engine.UnrollError | OSError) else f"{type(error).__name__}: {text}"


def _status_in_words(status: int | None) -> str:
    if status is None:
        return "it does not answer"
    return f"signal {signal.Signals(-status).name}" if status < 0 else f"status {status}"
