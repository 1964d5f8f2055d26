"""The training loop: obeys commands between two steps, and reports. It does not know where it runs."""

from __future__ import annotations

import pickle
import queue
import time
import traceback
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

import engine
from engine.processes.freed_memory import give_back_freed
from engine.training.verdict import verdict
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
    Lost,
    Pause,
    Resume,
    Stepped,
    Train,
    TrainingReport,
)

SNAPSHOT_S = 0.125  # weights are copied at most this often; nobody can follow more
SNAPSHOT_SHARE = 0.02  # of the time, that copying them may take
REPORT_S = 0.02  # between two reports of steps: the window shows no more than 30 frames a second


class TrainingLoop:
    """Alone has trainer, model and weights."""

    def __init__(
        self,
        commands: queue.SimpleQueue[Command],
        tell: Callable[[TrainingReport], object],
        may_look: Callable[[], bool] = lambda: True,
    ) -> None:
        """may_look: whether the last weights have gone on their way, so that newer ones are worth a copy."""
        self._commands = commands
        self._tell = tell
        self._may_look = may_look
        self._run = 0
        self._obeyed = 0
        self._left: float = 0  # steps still to make, infinite while training
        self._trainer: engine.Trainer | None = None
        self._updates: Iterator[engine.Update] = iter(())
        self._seconds = 0.0
        self._length = 0  # steps of the run, as last told
        self._events: list[Event] = []
        self._snapshot: engine.Snapshot | None = None  # to go with the next report
        self._snapshot_after = 0.0
        self._reported = 0.0

    def work(self) -> BaseException | None:
        """Until told to close; why, if it was for an error."""
        while not isinstance(command := self._next_command(), Close):
            self.turn(command)
        self._left, self._obeyed = 0, self._obeyed + 1
        self.report()
        return command.error

    def turn(self, command: Command | None) -> None:
        """Obey one command; without one make a step, if there are steps to make."""
        try:
            if command is not None:
                self._obey(command)
            elif self._left:
                with np.errstate(all="ignore"):  # a run that diverges overflows first; the trainer finds out by itself
                    self._step()
        except Exception as error:  # the window tells the user; the loop lives on for the next network
            self._updates, self._left = iter(()), 0
            self._events.append(Failed(self._run, sendable(error)))
        self._obeyed += command is not None

    def report(self) -> None:
        """Tell what has happened since the last report."""
        self._reported = time.perf_counter()
        done = self._obeyed - (1 if self._left else 0)
        self._tell(TrainingReport(self._run, done, tuple(self._events), self._snapshot))
        self._events.clear()
        self._snapshot = None

    def last_words(self, error: BaseException) -> Lost:
        """Why there will be no more reports, and what can be saved of the run."""
        captured = self._copy(0)
        return Lost(self._run, sendable(error), captured.saved)

    def _next_command(self) -> Command | None:
        if self._left and time.perf_counter() - self._reported >= REPORT_S:
            self.report()
        try:
            return self._commands.get(block=False)
        except queue.Empty:
            if self._left:
                return None
        self.report()
        return self._commands.get()

    # ---- commands

    def _obey(self, command: Command) -> None:
        match command:
            case Build():
                self._begin(command.run, partial(_new_trainer, command))
            case Resume(saved=saved, dataset=None):
                self._begin(command.run, None)
                self._snapshot = saved.snapshot
            case Resume(saved=saved):
                self._begin(command.run, partial(saved.trainer, command.dataset), saved.history.seconds)
            case Capture(ticket=ticket):
                self._events.append(self._copy(ticket))
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
                give_back_freed()  # what copies of an earlier network have left, if that was a large one
            case Change(values=values) if self._trainer is not None:
                self._trainer.change(**values)
                if "epochs" in values:
                    self._tell_length(self._trainer)
            case _:
                pass  # train or change without a network: its failure has been told already

    def _begin(self, run: int, make: Callable[[], engine.Trainer] | None, seconds: float = 0.0) -> None:
        self._left = 0
        if self._events or self._snapshot is not None:
            self.report()  # of the run before
        self._run, self._seconds = run, seconds
        self._trainer, self._updates = None, iter(())  # its memory is free before the next one is made
        give_back_freed()
        if make is not None:
            self._trainer = make()
            self._updates = iter(self._trainer)
            self._tell_length(self._trainer)
            self._look()

    def _copy(self, ticket: int) -> Captured:
        """Training goes on if there is no room for a copy."""
        try:
            saved = None if self._trainer is None else engine.Run.of(self._trainer)
        except MemoryError as error:
            return Captured(self._run, ticket, None, error)
        return Captured(self._run, ticket, saved)

    def _tell_length(self, trainer: engine.Trainer) -> None:
        self._length = trainer.steps_total
        self._events.append(Built(self._run, self._length, trainer.steps_per_epoch))

    # ---- training

    def _step(self) -> None:
        start = time.perf_counter()
        update = next(self._updates, None)
        self._seconds += time.perf_counter() - start
        if update is not None:
            self._left -= 1
            self._events.append(Stepped(self._run, update, self._seconds))
            if self._trainer is not None and self._trainer.steps_total != self._length:
                self._tell_length(self._trainer)
        diverged = update is not None and update.diverged
        if update is None or diverged:
            self._left = 0
            good_step = 0 if self._trainer is None else self._trainer.last_good_step
            kept, findings = (None, ()) if diverged else (self._kept(), self._findings())
            self._events.append(Ended(self._run, diverged, kept, good_step, findings))
        if diverged:
            return  # weights that are not numbers are nothing to look at
        if self._left == 0 or (time.perf_counter() >= self._snapshot_after and self._may_look()):
            self._look()

    def _kept(self) -> Kept | None:
        """What the trainer has put back at the end; None where the last weights are the best, or stay as they are."""
        trainer = self._trainer
        if trainer is None or not trainer.training.patience or trainer.best is None:
            return None
        early = trainer.ended_early
        best = trainer.best
        return Kept(best.step, best.loss, early) if early or best.step < trainer.step else None

    def _findings(self) -> tuple[str, ...]:
        """What the end says of the settings, and the loss of all validation examples where each look saw but a part."""
        trainer = self._trainer
        if trainer is None or trainer.final is None:
            return ()
        whole, limit = trainer.final, trainer.progress.validation_limit
        every = f"On all {whole.examples:,} validation examples the loss is {whole.loss:.3f}."
        return (*((every,) if 0 < limit < whole.examples else ()), *verdict(trainer))

    def _look(self) -> None:
        """Have the weights as they are now go with the next report."""
        if self._trainer is not None:
            began = time.perf_counter()
            self._snapshot = self._trainer.snapshot()
            now = time.perf_counter()
            self._snapshot_after = now + max(SNAPSHOT_S, (now - began) / SNAPSHOT_SHARE)


def sendable(error: BaseException) -> Exception:
    """The error with the place where it was raised, which does not go over a pipe by itself."""
    if error.__traceback__ is not None:
        error.add_note("".join(traceback.format_exception(error)))
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # made from more, or from less, than its message
        return RuntimeError("".join(traceback.format_exception_only(error)))
    return error if isinstance(error, Exception) else RuntimeError(repr(error))


def _new_trainer(command: Build) -> engine.Trainer:
    """A trainer of a new network. ConfigError if it would take more memory than there is."""
    engine.require_memory(command.model, command.training, command.dataset)
    model = engine.build_model(command.model, command.dataset, seed=command.training.seed)
    return engine.Trainer(model, command.dataset, command.training)
