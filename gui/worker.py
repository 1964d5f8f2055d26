"""The training thread. It alone owns trainer, model and weights; commands in by queue, a mailbox out."""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import engine
from engine.workers import keep_blas_to_one_thread
from gui.background import CLOSE_S

SNAPSHOT_S = 0.125  # weights are copied at most this often; nobody can follow more


@dataclass(frozen=True)
class Build:
    """Drop what is there and make a new network."""

    run: int
    model: engine.ModelConfig
    dataset: engine.Dataset
    training: engine.TrainingConfig


@dataclass(frozen=True)
class Resume:
    """Drop what is there and go on where a saved run stood; without a trainer it can be used, not trained."""

    run: int
    saved: engine.Run
    trainer: engine.Trainer | None


@dataclass(frozen=True)
class Capture:
    """Copy the training as it is between two steps."""

    ticket: int


@dataclass(frozen=True)
class GoBack:
    """After a divergence: the last good weights, and on at another rate."""

    learning_rate: float


@dataclass(frozen=True)
class Train:
    """Go on: for so many steps, or until told to pause."""

    steps: int | None = None


@dataclass(frozen=True)
class Pause:
    """Stop before the next step."""


@dataclass(frozen=True)
class Change:
    """Settings that may change without a reset."""

    values: dict[str, Any]


@dataclass(frozen=True)
class Close:
    """End the thread."""


Command = Build | Resume | Capture | GoBack | Train | Pause | Change | Close


@dataclass(frozen=True)
class Built:
    """A network is ready, or its training has another length now."""

    run: int
    steps_total: int
    steps_per_epoch: int


@dataclass(frozen=True)
class Captured:
    """A copy of the training; `saved` is None where there is none, or no memory for it."""

    run: int
    ticket: int
    saved: engine.Run | None
    error: MemoryError | None = None


@dataclass(frozen=True)
class Stepped:
    """One step was made; `seconds` is the training time of the run so far."""

    run: int
    update: engine.Update
    seconds: float


@dataclass(frozen=True)
class Kept:
    """The weights with the lowest validation loss are back in place. early: patience ended the run before its time."""

    step: int
    loss: float
    early: bool


@dataclass(frozen=True)
class Ended:
    """The run is over: all epochs done, patience at its end, or diverged."""

    run: int
    diverged: bool
    kept: Kept | None = None


@dataclass(frozen=True)
class Failed:
    """An exception ended the run."""

    run: int
    error: BaseException


Event = Built | Captured | Stepped | Ended | Failed


@dataclass(frozen=True)
class Mailbox:
    """What the thread leaves for the window: events in order, and only the newest snapshot."""

    events: deque[Event] = field(default_factory=deque)
    snapshots: deque[tuple[int, engine.Snapshot]] = field(default_factory=lambda: deque(maxlen=1))


class Worker:
    """Handle of the training thread, for the GUI thread."""

    def __init__(self, before_step: Callable[[], None]) -> None:
        """before_step: called in the thread before each step; the place to let others go first."""
        self.mailbox = Mailbox()
        self._commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._sent = 0
        self._bench = _Bench(self._commands, self.mailbox, before_step)
        self._thread = threading.Thread(target=self._bench.work, name="unroll-train", daemon=True)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether something may still arrive in the mailbox."""
        return self._bench.handled != self._sent or self._bench.left != 0

    def send(self, command: Command) -> None:
        """Have the thread obey before its next step."""
        self._sent += 1
        self._commands.put(command)

    def close(self, timeout_s: float = CLOSE_S) -> bool:
        """End the thread after the step at hand; whether it has ended in time."""
        self.send(Close())
        self._thread.join(timeout_s)
        return not self._thread.is_alive()


class _Bench:
    """What lives in the training thread only, but for the two numbers that `Worker.busy` reads."""

    def __init__(self, commands: queue.SimpleQueue[Command], mailbox: Mailbox, before_step: Callable[[], None]) -> None:
        self.handled = 0
        self.left: float = 0  # steps still to make; infinite while training
        self._commands = commands
        self._mailbox = mailbox
        self._before_step = before_step
        self._run = 0
        self._trainer: engine.Trainer | None = None
        self._updates: Iterator[engine.Update] = iter(())
        self._seconds = 0.0
        self._snapshot_at = 0.0

    def work(self) -> None:
        """The whole life of the thread. Training that diverges overflows first; the trainer finds out by itself."""
        keep_blas_to_one_thread()
        with np.errstate(all="ignore"):
            self._work()

    def _work(self) -> None:
        while True:
            command = self._next_command()
            if isinstance(command, Close):
                self.handled += 1
                return
            try:
                if command is None:
                    self._step()
                else:
                    self._obey(command)
            except BaseException as error:  # the window tells the user; the thread lives on for the next network
                self._trainer, self._updates, self.left = None, iter(()), 0
                self._mailbox.events.append(Failed(self._run, error))
            if command is not None:
                self.handled += 1

    def _next_command(self) -> Command | None:
        try:
            return self._commands.get(block=self.left == 0)
        except queue.Empty:
            return None

    def _obey(self, command: Command) -> None:
        match command:
            case Build():
                self._build(command)
            case Resume():
                self._resume(command)
            case Capture(ticket=ticket):
                self._capture(ticket)
            case GoBack(learning_rate=rate) if self._trainer is not None:
                self._trainer.change(learning_rate=rate)
                self._trainer.go_back()
                self._publish()
            case Train(steps=steps) if self._trainer is not None:
                self.left = float("inf") if steps is None else steps
            case Pause():
                if self.left:
                    self._publish()
                self.left = 0
            case Change(values=values) if self._trainer is not None:
                self._trainer.change(**values)
                if "epochs" in values:
                    self._tell_length(self._trainer)
            case _:
                pass  # train or change without a network: its failure has been told already

    def _build(self, command: Build) -> None:
        self.left, self._run, self._seconds = 0, command.run, 0.0
        self._trainer, self._updates = None, iter(())
        model = engine.build_model(command.model, command.dataset, seed=command.training.seed)
        self._take(engine.Trainer(model, command.dataset, command.training))

    def _resume(self, command: Resume) -> None:
        self.left, self._run, self._seconds = 0, command.run, command.saved.history.seconds
        self._trainer, self._updates = None, iter(())
        if command.trainer is None:
            self._mailbox.snapshots.append((self._run, command.saved.snapshot))
        else:
            self._take(command.trainer)

    def _capture(self, ticket: int) -> None:
        """Training goes on if there is no room for a copy."""
        saved, failed = None, None
        try:
            saved = None if self._trainer is None else engine.Run.of(self._trainer)
        except MemoryError as error:
            failed = error
        self._mailbox.events.append(Captured(self._run, ticket, saved, failed))

    def _take(self, trainer: engine.Trainer) -> None:
        self._trainer, self._updates = trainer, iter(trainer)
        self._tell_length(trainer)
        self._publish()

    def _tell_length(self, trainer: engine.Trainer) -> None:
        self._mailbox.events.append(Built(self._run, trainer.steps_total, trainer.steps_per_epoch))

    def _step(self) -> None:
        self._before_step()
        start = time.perf_counter()
        update = next(self._updates, None)
        self._seconds += time.perf_counter() - start
        if update is not None:
            self.left -= 1
            self._mailbox.events.append(Stepped(self._run, update, self._seconds))
        diverged = update is not None and update.diverged
        if update is None or diverged:
            self.left = 0
            self._mailbox.events.append(Ended(self._run, diverged, None if diverged else self._kept()))
        if diverged:
            return  # weights that are not numbers are nothing to look at
        # A snapshot that nobody has fetched yet is not worth replacing by a newer one, but for the last.
        due = time.perf_counter() - self._snapshot_at >= SNAPSHOT_S and not self._mailbox.snapshots
        if self.left == 0 or due:
            self._publish()

    def _kept(self) -> Kept | None:
        """What the trainer has put back at the end; None where the last weights are the best, or stay as they are."""
        trainer = self._trainer
        if trainer is None or not trainer.training.patience or trainer.best is None:
            return None
        early = trainer.step < trainer.steps_total
        best = trainer.best
        return Kept(best.step, best.loss, early) if early or best.step < trainer.step else None

    def _publish(self) -> None:
        if self._trainer is not None:
            self._snapshot_at = time.perf_counter()
            self._mailbox.snapshots.append((self._run, self._trainer.snapshot()))
