"""Where the training lives: a process of its own that alone has trainer, model and weights.

Python runs one thread at a time. A training in a thread of the window would stand still while anything is drawn, and
the window while the training holds Python's lock.
"""

from __future__ import annotations

import os
import pickle
import queue
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np

import engine
from engine.processes.child_process import Channel, parent
from engine.processes.split_batch import keep_blas_to_one_thread
from gui.training.messages import (
    Build,
    Built,
    Capture,
    Captured,
    Change,
    Close,
    Command,
    Ended,
    Event,
    Failed,
    GoBack,
    Kept,
    Pause,
    Report,
    Resume,
    Stepped,
    Taken,
    Train,
)

SNAPSHOT_S = 0.125  # weights are copied at most this often; nobody can follow more
SNAPSHOT_SHARE = 0.02  # of the time, that copying them may take
REPORT_S = 0.02  # between two reports of steps: the window shows no more than 30 frames a second


def serve() -> None:
    """The life of the process."""
    channel = parent()
    keep_blas_to_one_thread()
    commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(channel, commands), daemon=True).start()
    # A pipe holds little: where the window is slow to take a report, the training does not wait for it.
    with ThreadPoolExecutor(1) as sender:
        Bench(commands, lambda report: sender.submit(channel.send, report)).work()
    os._exit(0)  # the listener waits for commands that will not come


def _listen(channel: Channel, commands: queue.SimpleQueue[Command]) -> None:
    try:
        while True:
            commands.put(channel.receive())
    except EOFError:
        os._exit(0)  # the window is gone, and with it everybody who would want this


class Bench:
    """Obeys commands between two steps, and reports."""

    def __init__(self, commands: queue.SimpleQueue[Command], tell: Callable[[Report], object]) -> None:
        self._commands = commands
        self._tell = tell
        self._run = 0
        self._handled = 0
        self._left: float = 0
        self._trainer: engine.Trainer | None = None
        self._updates: Iterator[engine.Update] = iter(())
        self._seconds = 0.0
        self._events: list[Event] = []
        self._snapshot: engine.Snapshot | None = None  # to go with the next report
        self._snapshot_taken = True  # a snapshot that nobody has taken yet is not worth replacing by a newer one
        self._snapshot_after = 0.0
        self._reported = 0.0

    def work(self) -> None:
        """Until told to close. Training that diverges overflows first; the trainer finds out by itself."""
        with np.errstate(all="ignore"):
            while not isinstance(command := self._next_command(), Close):
                try:
                    if command is None:
                        self._step()
                    else:
                        self._obey(command)
                except Exception as error:  # the window tells the user; the process lives on for the next network
                    self._trainer, self._updates, self._left = None, iter(()), 0
                    self._events.append(Failed(self._run, _sendable(error)))
                self._handled += command is not None
        self._handled += 1
        self._report()

    def _next_command(self) -> Command | None:
        if self._left and time.perf_counter() - self._reported >= REPORT_S:
            self._report()
        try:
            return self._commands.get(block=False)
        except queue.Empty:
            if self._left:
                return None
        self._report()
        return self._commands.get()

    def _report(self) -> None:
        self._reported = time.perf_counter()
        self._tell(Report(self._run, self._handled, self._left, tuple(self._events), self._snapshot))
        self._events.clear()
        self._snapshot = None

    # ---- commands

    def _obey(self, command: Command) -> None:
        match command:
            case Build():
                build = partial(engine.build_model, command.model, command.dataset, seed=command.training.seed)
                self._begin(command.run, lambda: engine.Trainer(build(), command.dataset, command.training))
            case Resume(saved=saved, dataset=None):
                self._begin(command.run, None)
                self._snapshot = saved.snapshot
            case Resume(saved=saved):
                self._begin(command.run, partial(saved.trainer, command.dataset), saved.history.seconds)
            case Capture(ticket=ticket):
                self._capture(ticket)
            case GoBack(learning_rate=rate) if self._trainer is not None:
                self._trainer.change(learning_rate=rate)
                self._trainer.go_back()
                self._look()
            case Train(steps=steps) if self._trainer is not None:
                self._left = float("inf") if steps is None else steps
            case Pause():
                if self._left:
                    self._look()
                self._left = 0
            case Change(values=values) if self._trainer is not None:
                self._trainer.change(**values)
                if "epochs" in values:
                    self._tell_length(self._trainer)
            case Taken():
                self._snapshot_taken = True
            case _:
                pass  # train or change without a network: its failure has been told already

    def _begin(self, run: int, make: Callable[[], engine.Trainer] | None, seconds: float = 0.0) -> None:
        self._left, self._run, self._seconds = 0, run, seconds
        self._trainer, self._updates = None, iter(())  # its memory is free before the next one is made
        if make is not None:
            self._trainer = make()
            self._updates = iter(self._trainer)
            self._tell_length(self._trainer)
            self._look()

    def _capture(self, ticket: int) -> None:
        """Training goes on if there is no room for a copy."""
        saved, failed = None, None
        try:
            saved = None if self._trainer is None else engine.Run.of(self._trainer)
        except MemoryError as error:
            failed = error
        self._events.append(Captured(self._run, ticket, saved, failed))

    def _tell_length(self, trainer: engine.Trainer) -> None:
        self._events.append(Built(self._run, trainer.steps_total, trainer.steps_per_epoch))

    # ---- training

    def _step(self) -> None:
        start = time.perf_counter()
        update = next(self._updates, None)
        self._seconds += time.perf_counter() - start
        if update is not None:
            self._left -= 1
            self._events.append(Stepped(self._run, update, self._seconds))
        diverged = update is not None and update.diverged
        if update is None or diverged:
            self._left = 0
            self._events.append(Ended(self._run, diverged, None if diverged else self._kept()))
        if diverged:
            return  # weights that are not numbers are nothing to look at
        if self._left == 0 or (self._snapshot_taken and time.perf_counter() >= self._snapshot_after):
            self._look()

    def _kept(self) -> Kept | None:
        """What the trainer has put back at the end; None where the last weights are the best, or stay as they are."""
        trainer = self._trainer
        if trainer is None or not trainer.training.patience or trainer.best is None:
            return None
        early = trainer.step < trainer.steps_total
        best = trainer.best
        return Kept(best.step, best.loss, early) if early or best.step < trainer.step else None

    def _look(self) -> None:
        """Have the weights as they are now go with the next report."""
        if self._trainer is not None:
            began = time.perf_counter()
            self._snapshot, self._snapshot_taken = self._trainer.snapshot(), False
            now = time.perf_counter()
            self._snapshot_after = now + max(SNAPSHOT_S, (now - began) / SNAPSHOT_SHARE)


def _sendable(error: Exception) -> Exception:
    """The error with the place where it was raised, which does not go over the pipe by itself."""
    error.add_note(traceback.format_exc())
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # made from more, or from less, than its message
        return RuntimeError("".join(traceback.format_exception_only(error)))
    return error
