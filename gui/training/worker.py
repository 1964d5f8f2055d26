"""The training process, for the window: commands in by queue, a mailbox out."""

from __future__ import annotations

import signal
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import engine
from engine.processes.child_process import Child
from gui.session.background import CLOSE_S
from gui.training.messages import Build, Capture, Captured, Close, Command, Event, Failed, Report, Resume, Taken

DATA, CODEC = "data of run ", "codec of run "  # what the process has been given once


@dataclass(frozen=True)
class Mailbox:
    """What the training has left for the window: events in order, and only the newest snapshot with its run."""

    events: deque[Event] = field(default_factory=deque)
    snapshots: deque[tuple[int, engine.Snapshot]] = field(default_factory=lambda: deque(maxlen=1))


class Worker:
    """Handle of the training, for the GUI thread. A process that has died is replaced when there is need of one."""

    def __init__(self, died: Callable[[], None]) -> None:
        """died: called, in a thread, when the process has ended by itself and the mailbox tells of it."""
        self.mailbox = Mailbox()
        self._died = died
        self._link = _Link(self.mailbox, died)

    @property
    def busy(self) -> bool:
        """Whether something may still arrive in the mailbox."""
        return self._link.busy

    def send(self, command: Command) -> None:
        """Have the training obey before its next step."""
        if self._link.ended and isinstance(command, Build | Resume):
            self._link.close()
            self._link = _Link(self.mailbox, self._died)
        if not self._link.send(command) and isinstance(command, Capture):
            self.mailbox.events.append(Captured(0, command.ticket, None, self._link.error))

    def take_snapshot(self) -> tuple[int, engine.Snapshot] | None:
        """The newest weights and the number of their run; None where there are no newer ones than the last."""
        if not self.mailbox.snapshots:
            return None
        self.send(Taken())
        return self.mailbox.snapshots.popleft()

    def close(self, timeout_s: float = CLOSE_S) -> None:
        """End the training after the step at hand and all that it was told before, or in the middle of a long step."""
        self._link.close(timeout_s)


class _Link:
    """One process. A thread reads what it tells; another sends, so that the window never waits for a full pipe."""

    def __init__(self, mailbox: Mailbox, died: Callable[[], None]) -> None:
        self.ended = False
        self.error: Exception | None = None  # why it has ended, or had to be ended
        self._mailbox, self._died = mailbox, died
        self._sent = self._handled = self._left = 0.0
        self._run = 0
        self._dataset: engine.Dataset | None = None
        self._given: deque[int] = deque()  # runs that came with data of their own, oldest first
        self._tickets: set[int] = set()  # copies that are still to come
        self._closing = False
        self._child = Child("gui.training.trainer_process", {})
        self._channel = self._child.channel
        self._sender = ThreadPoolExecutor(1, thread_name_prefix="unroll-send")
        self._reader = threading.Thread(target=self._read, name="unroll-train", daemon=True)
        self._reader.start()

    @property
    def busy(self) -> bool:
        return not self.ended and (self._handled != self._sent or self._left != 0)

    def send(self, command: Command) -> bool:
        """Whether the process was there to be told."""
        if self.ended or self._closing:
            return False
        self._sent += 1
        if isinstance(command, Capture):
            self._tickets.add(command.ticket)
        elif isinstance(command, Build | Resume):
            self._run = command.run
            self._give(command.dataset)
        self._submit(self._channel.send, command)
        return True

    def close(self, timeout_s: float = 0.0) -> None:
        self._closing = True
        self._submit(self._channel.send, Close())
        self._reader.join(timeout_s)
        self._child.close()  # also in the middle of a step of minutes, that nobody wants any more
        self._reader.join()
        self._sender.shutdown()

    def _give(self, dataset: engine.Dataset | None) -> None:
        """Data go over once; after that, and for what is built from them, their name is enough."""
        if dataset is None or dataset is self._dataset:
            return
        before = self._given[-1] if self._given else 0
        self._dataset = dataset
        self._given.append(self._run)
        for name, value in ((CODEC, dataset.codec), (DATA, dataset)):
            self._submit(self._channel.introduce, f"{name}{self._run}", value, f"{name}{before}")

    def _submit(self, work: Callable[..., None], *values: object) -> None:
        self._sender.submit(self._guarded, work, *values)

    def _guarded(self, work: Callable[..., None], *values: object) -> None:
        try:
            work(*values)
        except BrokenPipeError:
            pass  # the process has ended, as the reader finds out
        except Exception as error:  # it waits for what cannot be sent
            self.error = error
            self._child.close()

    def _read(self) -> None:
        try:
            while True:
                self._take(self._channel.receive())
        except EOFError:
            self.error = self.error or _gone(self._child.wait())
            self.ended = True
            for ticket in tuple(self._tickets):
                self._mailbox.events.append(Captured(self._run, ticket, None, self.error))
            if not self._closing:
                self._mailbox.events.append(Failed(self._run, self.error))
                self._died()

    def _take(self, report: Report) -> None:
        while len(self._given) > 1 and self._given[1] <= report.run:  # it has newer data, and names the old no more
            old = self._given.popleft()
            for name in (CODEC, DATA):
                self._submit(self._channel.forget, f"{name}{old}")
        self._mailbox.events.extend(report.events)
        self._tickets -= {event.ticket for event in report.events if isinstance(event, Captured)}
        if report.snapshot is not None:
            self._mailbox.snapshots.append((report.run, report.snapshot))
        self._handled, self._left = report.handled, report.left  # last: now it has all arrived


def _gone(status: int) -> ChildProcessError:
    how = f"signal {signal.Signals(-status).name}" if status < 0 else f"status {status}"
    return ChildProcessError(
        f"The training process has ended unexpectedly ({how}), perhaps for want of memory. What it had learned can "
        "still be tried, but not be saved or trained on: a run that was saved can be opened, Train begins anew."
    )
